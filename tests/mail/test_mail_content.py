"""Bodies cut out, restored, decoded and stored without being whole in memory."""

from __future__ import annotations

import base64
import hashlib
import quopri
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from maildesk.mail.files.sink import DiscardingSink, FolderSink
from maildesk.mail.limits import Limits
from maildesk.mail.message import Stored
from maildesk.mail.parse import parse_source
from maildesk.mail.parts.content import decode_transfer, join_flowed

PIECES = st.lists(
    st.one_of(
        st.binary(max_size=40),
        st.sampled_from(
            [b"\n\n", b"\r\n\r\n", b"\n--b\n", b"\nContent-Type: message/rfc822\n", b"x" * 500,
             b"\nContent-Transfer-Encoding: base64\n", b"From: a@b.c\n", b"\n--b--\n",
             b"\nContent-Type: multipart/mixed; boundary=b\n", b"QUJD" * 150 + b"\n"]
        ),
    ),
    max_size=20,
).map(b"".join)  # fmt: skip


def collect(encoding: str, data: bytes, size: int) -> tuple[bytes, list[str]]:
    notes: list[str] = []
    pieces = (data[start : start + size] for start in range(0, len(data), size))
    return b"".join(decode_transfer(encoding, pieces, notes.append)), notes


@given(PIECES)
def test_any_mail_around_hostile_bytes_is_read_or_refused(raw: bytes) -> None:
    mail = parse_source(b"Subject: x\n" + raw, DiscardingSink(), prior="gb18030", limits=Limits())
    mail.text.encode("utf-8")


@given(st.binary(max_size=400), st.integers(1, 90))
def test_base64_is_decoded_the_same_in_any_slices(data: bytes, size: int) -> None:
    assert collect("base64", base64.encodebytes(data), size) == (data, [])


@given(st.binary(max_size=400), st.integers(1, 90))
def test_quoted_printable_is_decoded_the_same_in_any_slices(data: bytes, size: int) -> None:
    encoded = quopri.encodestring(data)
    assert collect("quoted-printable", encoded, size)[0] == quopri.decodestring(encoded)


@given(st.sampled_from(["base64", "x-uuencode", "quoted-printable"]), st.binary(max_size=200))
@example("base64", b"\x00" * 14 + b"=+")
def test_damaged_encodings_never_raise(encoding: str, data: bytes) -> None:
    collect(encoding, data, 7)
    collect(encoding, b"begin 644 x\n" + data, 7)


def test_an_unknown_encoding_keeps_the_bytes_and_says_so() -> None:
    data, notes = collect("x-secret", b"bytes", 3)
    assert data == b"bytes"
    assert notes


@pytest.mark.parametrize(
    ("text", "delsp", "joined"),
    [
        ("a \nb", False, "a b"),
        ("a \nb", True, "ab"),
        ("a\nb", False, "a\nb"),
        (" From here", False, "From here"),
        ("> q \n> r\nnew", False, "> q r\nnew"),
        ("> q \nnew", False, "> q \nnew"),
        ("text\n-- \nname", False, "text\n-- \nname"),
    ],
)
def test_flowed_lines_are_rejoined(text: str, delsp: bool, joined: str) -> None:
    assert join_flowed(text, delsp=delsp) == joined


def test_a_blob_lies_under_its_hash_and_is_written_once(tmp_path: Path) -> None:
    sink = FolderSink(tmp_path / "blobs")
    stored = sink.save(iter([b"ab", b"c"]))
    assert stored == Stored(hashlib.sha256(b"abc").hexdigest(), 3)
    path = sink.path(stored.sha256)
    assert path == tmp_path / "blobs" / stored.sha256[:2] / stored.sha256[2:]
    before = path.stat().st_ino
    assert sink.save([b"abc"]) == stored
    assert path.stat().st_ino == before
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == [path.name]


def test_a_sink_whose_source_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def broken() -> object:
        yield b"half"
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        FolderSink(tmp_path).save(broken())  # type: ignore[arg-type]
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]
