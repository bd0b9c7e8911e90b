"""What files are by their bytes, what they are called, and which pictures only decorate."""

from __future__ import annotations

import base64
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.mail.files import sniff
from maildesk.mail.files.sink import DiscardingSink
from maildesk.mail.limits import Limits
from maildesk.mail.message import Attachment
from maildesk.mail.parse import parse_source

OFFICE = "application/vnd.openxmlformats-officedocument"


def png(width: int, height: int, filler: int = 0) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"tEXt", b"x" * filler)


def zipped(*names: bytes) -> bytes:
    heads = (
        b"PK\x03\x04" + b"\x00" * 22 + struct.pack("<HH", len(name), 0) + name for name in names
    )
    return b"".join(heads)


@pytest.mark.parametrize(
    ("head", "label", "name", "detected"),
    [
        (png(9, 9), "image/png", "a.png", None),
        (png(9, 9), "image/x-png", "a.png", None),
        (png(9, 9), "application/octet-stream", "a.png", "image/png"),
        (png(9, 9), "image/jpeg", "a.jpg", "image/png"),
        (png(9, 9), "application/vnd.someone", "a", "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/pjpeg", "", None),
        (b"%PDF-1.7\n", "application/octet-stream", "a.pdf", "application/pdf"),
        (b"%PDF-1.7\n", "image/png", "", "application/pdf"),
        (
            b"MZ\x90\x00" + b"\x00" * 60,
            "application/pdf",
            "a.pdf",
            "application/vnd.microsoft.portable-executable",
        ),
        (b"MZ\x90\x00" + b"\x00" * 60, "application/x-msdownload", "a.exe", None),
        (
            zipped(b"[Content_Types].xml", b"word/document.xml"),
            "application/octet-stream",
            "",
            f"{OFFICE}.wordprocessingml.document",
        ),
        (
            zipped(b"[Content_Types].xml", b"xl/workbook.xml"),
            f"{OFFICE}.spreadsheetml.sheet",
            "a.xlsx",
            None,
        ),
        (
            zipped(b"[Content_Types].xml", b"xl/workbook.xml"),
            "application/vnd.ms-excel.sheet.macroEnabled.12",
            "a.xlsm",
            None,
        ),
        (zipped(b"a.txt"), "application/x-zip-compressed", "a.zip", None),
        (zipped(b"a.txt"), "application/vnd.someone", "a.one", None),
        (zipped(b"a.txt"), "image/png", "a.png", "application/zip"),
        (
            zipped(b"mimetype") + b"application/vnd.oasis.opendocument.textPK",
            "application/octet-stream",
            "",
            "application/vnd.oasis.opendocument.text",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "application/octet-stream",
            "a.msg",
            "application/vnd.ms-outlook",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword", "a.doc", None),
        (b"<html><body><table>", "application/vnd.ms-excel", "a.xls", "text/html"),
        (b"<html><body>", "text/plain", "a.txt", None),
        (b"<?xml version='1.0'?><svg ", "image/svg+xml", "a.svg", None),
        (b"{}", "application/json", "a.json", None),
        (b"plain words\n", "application/octet-stream", "", "text/plain"),
        (b"\x00\x01\x02", "application/octet-stream", "", None),
        (b"", "application/octet-stream", "", None),
        (
            b"Received: from a by b\r\n\tfor c\r\nFrom: a@b\r\nSubject: x\r\n\r\nhi",
            "application/octet-stream",
            "a.eml",
            "message/rfc822",
        ),
        (b"Rar!\x1a\x07\x01", "application/x-rar", "a.rar", None),
        (b"\x1f\x8b\x08\x00", "application/x-gzip", "a.gz", None),
        (b"\x00\x00\x00\x18ftypheic", "image/jpeg", "a.jpg", "image/heic"),
        (b"\x00\x00\x00\x18ftypisom", "video/mp4", "a.mp4", None),
        (b"#!/bin/sh\n", "application/octet-stream", "a", "text/x-shellscript"),
        (b"anything", "message/rfc822", "", None),
    ],
)
def test_a_type_is_told_where_the_label_says_nothing_or_lies(
    head: bytes, label: str, name: str, detected: str | None
) -> None:
    assert sniff.detect(head, label, name) == detected


@pytest.mark.parametrize(
    ("head", "size"),
    [
        (png(3, 7), (3, 7)),
        (b"GIF89a\x01\x00\x02\x00", (1, 2)),
        (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x05\x00\x09\x03", (9, 5)),
        (b"RIFF\x00\x00\x00\x00WEBPVP8X" + b"\x00" * 8 + b"\x03\x00\x00\x04\x00\x00", (4, 5)),
        (b"\x89PNG", None),
        (b"", None),
    ],
)
def test_a_picture_s_size_is_read_from_its_beginning(
    head: bytes, size: tuple[int, int] | None
) -> None:
    assert sniff.measure(head) == size


@given(st.binary(max_size=300), st.sampled_from(["", "image/png", "text/plain", "application/pdf"]))
def test_no_bytes_raise(head: bytes, label: str) -> None:
    for start in (b"", b"PK\x03\x04", b"\xff\xd8\xff", b"RIFF1234WEBP", b"GIF89a", b"BM"):
        sniff.detect(start + head, label, "a.doc")
        sniff.measure(start + head)


def show(html: str, picture: bytes) -> Attachment:
    """The one attachment of a mail whose HTML may point at it as `cid:p`."""
    raw = (
        b"From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n"
        b"--x\nContent-Type: text/html; charset=utf-8\n\n" + html.encode() + b"\n"
        b"--x\nContent-Type: image/png; name=p.png\nContent-ID: <p>\n"
        b"Content-Disposition: inline\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(picture)
        + b"--x--\n"
    )
    (found,) = parse_source(raw, DiscardingSink(), prior="gb18030", limits=Limits()).attachments
    return found


SIGNATURE = '<div class="gmail_signature">Anna'
PICTURE = '<img src="cid:p">'


@pytest.mark.parametrize(
    ("html", "picture", "decorates"),
    [
        (f"<p>see {PICTURE}</p>", png(1, 1), True),
        (f"<p>see {PICTURE}</p>", png(400, 300, 9000), False),
        ('<p>see <img width="1" height="1" src="cid:p"></p>', png(20, 20), True),
        ('<p>see <img width="120" height="1" src="cid:p"></p>', png(20, 20), False),
        (f"<p>hi</p>{SIGNATURE}{PICTURE}</div>", png(200, 60, 5000), True),
        (f"<p>hi</p>{SIGNATURE}{PICTURE}</div>", png(1200, 800, 5000), False),
        (f"<p>hi</p>{SIGNATURE}{PICTURE}</div>", png(200, 60, 90_000), False),
        (f"<p>hi {PICTURE}</p>{SIGNATURE}</div>", png(200, 60, 5000), False),
        (f"<blockquote>{SIGNATURE}</div></blockquote><p>{PICTURE}</p>", png(200, 60), False),
        (f'<p>hi</p><div id="divRplyFwdMsg">From</div>{PICTURE}', png(200, 60), True),
        (f"<p>hi</p><hr><p>{PICTURE}</p>", png(200, 60), False),
        ("<p>nothing shown</p>", png(200, 60), False),
    ],
)
def test_only_pixels_and_small_pictures_below_a_signature_s_mark_decorate(
    html: str, picture: bytes, decorates: bool
) -> None:
    assert show(html, picture).decoration is decorates


def test_a_nameless_file_of_no_type_is_called_after_its_bytes() -> None:
    raw = (
        b"From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"
        b"--x\n\nhi\n--x\nContent-Type: application/octet-stream\n"
        b"Content-Disposition: attachment\n\n%PDF-1.7\n--x--\n"
    )
    (found,) = parse_source(raw, DiscardingSink(), prior="gb18030", limits=Limits()).attachments
    assert (found.filename, found.content_type) == ("attachment-1.pdf", "application/octet-stream")
    assert found.detected == "application/pdf"
    assert not found.decoration
