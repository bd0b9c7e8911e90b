"""Files that go with a letter arrive as they were, under the names they had, at every try."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32, default
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.mail.compose import Outgoing, compose
from maildesk.mail.enclosure import Incomplete, assemble
from maildesk.mail.files import filename
from maildesk.mail.files.sink import FolderSink
from maildesk.mail.message import Address, Attachment
from maildesk.mail.parse import parse

LETTER = Outgoing(
    message_id="md.abcdef.ghijkl@corp.test",
    from_=Address("IT服务台", "desk@corp.test"),
    to=Address("刘洋", "liu@corp.test"),
    subject="【派单】中｜打印机卡纸",
    text="刘洋您好，请处理。\n",
    html="<p>刘洋您好，请处理。</p>\n",
    date=datetime(2026, 11, 20, 7, 30, tzinfo=UTC),
    mark="aaaa.bbbb",
)
BIG = bytes(range(256)) * (9 * 1024 * 4)  # 9 MB
LONG = "关于三楼打印机反复卡纸的现场照片与处理记录（第二次，含更换搓纸轮前后对比）.docx"


class Kept:
    """Files by their hash, handed out in pieces of an odd size."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def keep(
        self, name: str, data: bytes, kind: str = "application/pdf", **given: str | bool
    ) -> Attachment:
        sha256 = hashlib.sha256(data).hexdigest()
        self.files[sha256] = data
        cid = given.get("content_id")
        return Attachment(
            name,
            kind,
            len(data),
            sha256,
            bool(given.get("inline")),
            cid if isinstance(cid, str) else None,
        )

    def open(self, sha256: str) -> Iterator[bytes]:
        if sha256 not in self.files:
            raise FileNotFoundError(sha256)
        data = self.files[sha256]
        for at in range(0, len(data), 100_003):
            yield data[at : at + 100_003]


def write(files: Iterable[Attachment], kept: Kept, letter: Outgoing = LETTER) -> bytes:
    named = tuple(files)
    return assemble(compose(replace(letter, files=named)), named, kept.open)


def parts_of(raw: bytes) -> list[Message]:
    """The letter's parts as an older reader sees them."""
    parts = message_from_bytes(raw, policy=compat32).get_payload()
    assert isinstance(parts, list)
    return [part for part in parts if isinstance(part, Message)]


def test_both_readers_find_the_same_bytes_and_names_as_went_in(tmp_path: Path) -> None:
    kept = Kept()
    files = (
        kept.keep(LONG, BIG, "application/vnd.openxmlformats-officedocument"),
        kept.keep("空 文件.txt", b"", "text/plain"),
        kept.keep("report (1).pdf", b"%PDF\x00\xff", "application/pdf"),
        kept.keep('报错 "0x8007".html', "<p>错误</p>".encode("gbk"), "text/html"),
        kept.keep("转发的邮件.eml", b"From: a@b.test\r\n\r\n--=_files.x--\r\n", "message/rfc822"),
    )
    raw = write(files, kept)

    path = tmp_path / "letter.eml"
    path.write_bytes(raw)
    sink = FolderSink(tmp_path / "files")
    mail = parse(path, sink)
    assert mail.defects == ()
    assert mail.text == LETTER.text.rstrip()
    assert [item.filename for item in mail.attachments] == [item.filename for item in files]
    assert [item.sha256 for item in mail.attachments] == [item.sha256 for item in files]
    assert [item.size for item in mail.attachments] == [item.size for item in files]
    assert mail.attachments[-1].content_type == "application/octet-stream"
    assert sink.path(files[0].sha256).read_bytes() == BIG

    message = message_from_bytes(raw, policy=default)
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == LETTER.text
    parts = list(message.iter_attachments())
    assert [part.get_filename() for part in parts] == [item.filename for item in files]
    assert [part.get_payload(decode=True) for part in parts] == [
        kept.files[item.sha256] for item in files
    ]
    assert all(part.get_content_disposition() == "attachment" for part in parts)


def test_readers_that_know_encoded_words_only_find_the_name_twice() -> None:
    kept = Kept()
    [_, part] = parts_of(write([kept.keep(LONG, b"x")], kept))
    for found in (part.get_filename(), part.get_param("name")):
        assert isinstance(found, str)
        unfolded = re.sub(r"\r?\n ", " ", found)
        assert str(make_header(decode_header(unfolded))) == LONG
    # In pieces (`filename*0*=`), QQ Mail would not read it at all.
    assert re.search(r"filename\*=utf-8''%E5%85%B3[^\s;]*\.docx;", part["Content-Disposition"])


def test_two_assemblies_are_equal_however_the_files_come_in_pieces() -> None:
    kept = Kept()
    files = (kept.keep("a.bin", BIG[:400_000]), kept.keep("图.png", b"y" * 57, "image/png"))
    data = compose(replace(LETTER, files=files))
    first = assemble(data, files, kept.open)
    assert assemble(data, files, kept.open) == first
    assert assemble(data, files, lambda sha: (kept.files[sha],)) == first
    single = (bytes((byte,)) for byte in kept.files[files[1].sha256])
    assert assemble(data, files[1:], lambda _: single) == assemble(data, files[1:], kept.open)


def test_a_letter_without_files_is_as_it_was() -> None:
    data = compose(LETTER)
    assert assemble(data, (), Kept().open) == data
    assert b"multipart/mixed" not in data


def test_the_row_stays_small_and_is_a_whole_letter_by_itself() -> None:
    kept = Kept()
    files = (kept.keep("big.bin", BIG),)
    data = compose(replace(LETTER, files=files))
    assert len(data) < 2_000
    assert not any(part.defects for part in message_from_bytes(data, policy=default).walk())


def test_every_line_is_ascii_ends_in_crlf_and_keeps_to_the_limit() -> None:
    kept = Kept()
    raw = write([kept.keep("字" * 85, BIG[:1000]), kept.keep("b" * 255, b"b")], kept)
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 998  # RFC 5322 §2.1.1
    assert all(len(line) <= 78 for line in lines if b"filename*=" not in line)


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("message/rfc822", "application/octet-stream"),
        ("multipart/mixed", "application/octet-stream"),
        ("Message/Partial", "application/octet-stream"),
        ("text/plain\r\nBcc: all@corp.test", "application/octet-stream"),
        ("text/plain; charset=x", "application/octet-stream"),
        ("", "application/octet-stream"),
        ("Image/PNG", "image/png"),
    ],
)
def test_a_file_is_never_a_mail_or_a_container_to_its_reader(given: str, written: str) -> None:
    kept = Kept()
    raw = write([kept.keep("x.dat", b"--=_files.x\r\n\r\nwords", given)], kept)
    [part] = message_from_bytes(raw, policy=default).iter_attachments()
    assert part.get_content_type() == written
    assert part.get_payload(decode=True) == b"--=_files.x\r\n\r\nwords"
    assert b"Bcc" not in raw


def test_a_picture_the_text_shows_is_inline_under_its_id_and_another_id_is_left_out() -> None:
    kept = Kept()
    shown = kept.keep("a.png", b"a", "image/png", inline=True, content_id="a@corp.test")
    broken = kept.keep("b.png", b"b", "image/png", inline=True, content_id="b>\r\nBcc: x")
    parts = parts_of(write([shown, broken], kept))[1:]
    assert parts[0]["Content-ID"] == "<a@corp.test>"
    assert parts[0].get_content_disposition() == "inline"
    assert parts[1]["Content-ID"] is None
    assert parts[1]["Bcc"] is None


def test_a_file_that_is_gone_or_changed_lets_no_half_letter_out() -> None:
    kept = Kept()
    files = (kept.keep("一.pdf", b"one"), kept.keep("二.pdf", b"two"))
    data = compose(replace(LETTER, files=files))
    kept.files[files[1].sha256] = b"tw"
    with pytest.raises(Incomplete, match=r"二\.pdf.*damaged"):
        assemble(data, files, kept.open)
    del kept.files[files[1].sha256]
    with pytest.raises(Incomplete, match=r"二\.pdf.*not there"):
        assemble(data, files, kept.open)
    with pytest.raises(Incomplete, match="without room"):
        assemble(compose(LETTER), files[:1], kept.open)
    with pytest.raises(Incomplete, match="without room"):
        assemble(b"no letter at all", files[:1], kept.open)


@given(name=st.text(max_size=300), data=st.binary(max_size=300), body=st.text(max_size=80))
def test_any_name_and_any_bytes_come_out_as_they_went_in(name: str, data: bytes, body: str) -> None:
    kept = Kept()
    item = kept.keep(name, data)
    letter = replace(LETTER, text=body, html=None)
    message = message_from_bytes(write([item], kept, letter), policy=default)
    [part] = message.iter_attachments()
    assert part.get_payload(decode=True) == data
    assert part.get_filename() == (filename.clean(name) or "attachment-1.pdf")
