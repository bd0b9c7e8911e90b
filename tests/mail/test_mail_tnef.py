"""Outlook's `winmail.dat` is unpacked, whatever is in it, and never costs more than its bytes."""

from __future__ import annotations

import random
import struct
import time

import pytest

from maildesk.mail.files.sink import DiscardingSink
from maildesk.mail.limits import Limits
from maildesk.mail.message import Incoming
from maildesk.mail.parse import parse_source
from maildesk.mail.parts.leaf import Leaf
from maildesk.mail.parts.rtf import read_rtf, unpack_rtf
from maildesk.mail.parts.tnef import Unpacked, unpack

HEAD = struct.pack("<IH", 0x223E9F78, 1)
REND, TITLE, DATA, FILE_MAPI = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
BODY, MAPI, CODEPAGE = 0x0002800C, 0x00069003, 0x00069007
LONG, SHORT, DATA_PROP, METHOD, MIME, CID = 0x3707, 0x3704, 0x3701, 0x3705, 0x370E, 0x3712
P_BODY, P_RTF, P_HTML, P_CPID = 0x1000, 0x1009, 0x1013, 0x3FDE
LONG_KIND, STRING, UNICODE, OBJECT, BINARY = 0x03, 0x1E, 0x1F, 0x0D, 0x102


def attribute(level: int, number: int, data: bytes) -> bytes:
    return (
        struct.pack("<BII", level, number, len(data)) + data + struct.pack("<H", sum(data) % 65536)
    )


def pad(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def prop(kind: int, number: int, value: bytes | int) -> bytes:
    head = struct.pack("<HH", kind, number)
    if isinstance(value, int):
        return head + struct.pack("<I", value)
    return head + struct.pack("<II", 1, len(value)) + pad(value)


def mapi(*props: bytes) -> bytes:
    return struct.pack("<I", len(props)) + b"".join(props)


def text(number: int, value: str) -> bytes:
    return prop(UNICODE, number, (value + "\0").encode("utf-16-le"))


def file(*parts: bytes, title: bytes = b"SHORT~1.PDF\0", data: bytes = b"PDF") -> bytes:
    return (
        attribute(2, REND, bytes(14))
        + attribute(2, TITLE, title)
        + attribute(2, DATA, data)
        + b"".join(parts)
    )


def opened(data: bytes) -> Unpacked:
    found = unpack(data)
    assert found is not None
    return found


def bytes_of(leaf: Leaf) -> bytes:
    return leaf.read(1_000_000)[0]


def words(found: Unpacked) -> str:
    (leaf,) = found.body
    return bytes_of(leaf).decode(leaf.parameters["charset"]).rstrip("\0")


def read(winmail: bytes, plain: bytes = b"", name: bytes = b"winmail.dat") -> Incoming:
    raw = (
        b"From: a@b.test\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
        b"--b\nContent-Type: text/plain\n\n" + plain + b"\n--b\n"
        b"Content-Type: application/ms-tnef; name=" + name + b"\n\n" + winmail + b"\n--b--\n"
    )
    return parse_source(raw, DiscardingSink(), prior="gb18030", limits=Limits())


def test_files_have_their_long_names_types_and_ids() -> None:
    named = attribute(2, FILE_MAPI, mapi(text(LONG, "价格表 2026.pdf")))
    picture = attribute(
        2, FILE_MAPI, mapi(text(SHORT, "A~1.PNG"), text(MIME, "image/png"), text(CID, "x@y"))
    )
    found = opened(HEAD + file(named) + file(picture, title=b"", data=b"png") + file(title=b""))
    first, second, third = found.files
    assert (first.name, first.content_type, bytes_of(first)) == (
        "价格表 2026.pdf",
        "application/pdf",
        b"PDF",
    )
    assert (second.name, second.content_type, second.content_id) == ("A~1.PNG", "image/png", "x@y")
    assert third.content_type == "application/octet-stream"
    assert not found.damaged


def test_names_in_a_code_page_are_read_in_it() -> None:
    page = attribute(1, CODEPAGE, struct.pack("<II", 1251, 0))
    (leaf,) = opened(HEAD + page + file(title="Счёт.doc\0".encode("cp1251"))).files
    assert leaf.name == "Счёт.doc"


def test_named_and_repeated_properties_are_passed_over() -> None:
    guid = bytes(16)
    by_number = struct.pack("<HH", 3, 0x8001) + guid + struct.pack("<III", 0, 7, 1)
    label = "Keywords\0".encode("utf-16-le")
    by_name = struct.pack("<HH", 3, 0x8002) + guid + struct.pack("<II", 1, len(label)) + pad(label)
    by_name += struct.pack("<I", 1)
    many = struct.pack("<HHI", 0x1003, 0x6001, 3) + struct.pack("<III", 1, 2, 3)
    several = struct.pack("<HHI", 0x101F, 0x6002, 2) + b"".join(
        struct.pack("<I", 4) + "a\0".encode("utf-16-le") for _ in range(2)
    )
    props = mapi(by_number, by_name, many, several, text(P_BODY, "Guten Tag"))
    assert words(opened(HEAD + attribute(1, MAPI, props))) == "Guten Tag"


def test_the_body_is_the_best_of_its_forms() -> None:
    html = prop(BINARY, P_HTML, "<p>Tür</p>".encode("cp1252"))
    page = prop(LONG_KIND, P_CPID, 1252)
    plain = attribute(1, BODY, "дверь\0".encode("cp1251"))
    oem = attribute(1, CODEPAGE, struct.pack("<I", 1251))
    assert words(opened(HEAD + oem + plain + attribute(1, MAPI, mapi(html)))) == "дверь"
    (leaf,) = opened(HEAD + attribute(1, MAPI, mapi(page, html, text(P_BODY, " ")))).body
    assert (leaf.content_type, leaf.parameters) == ("text/html", {"charset": "cp1252"})
    rtf = prop(BINARY, P_RTF, struct.pack("<II4sI", 0, 99, b"MELA", 0) + rb"{\rtf1 door\par five}")
    assert words(opened(HEAD + attribute(1, MAPI, mapi(rtf)))) == "door\nfive"


def test_an_attached_mail_gives_its_files_and_words() -> None:
    inner = HEAD + attribute(1, MAPI, mapi(text(P_BODY, "inner words"))) + file()
    props = mapi(
        text(0x3001, "Re: door"),
        prop(LONG_KIND, METHOD, 5),
        prop(OBJECT, DATA_PROP, bytes(16) + inner),
    )
    raw = HEAD + attribute(2, REND, bytes(14)) + attribute(2, FILE_MAPI, props)
    found = opened(raw)
    assert [(leaf.name, bytes_of(leaf)) for leaf in found.files] == [
        ("Re: door.txt", b"inner words"),
        ("SHORT~1.PDF", b"PDF"),
    ]
    assert not found.body


def test_mails_within_mails_end_somewhere() -> None:
    raw = HEAD + file()
    for _ in range(50):
        props = mapi(prop(LONG_KIND, METHOD, 5), prop(OBJECT, DATA_PROP, bytes(16) + raw))
        raw = HEAD + attribute(2, REND, bytes(14)) + attribute(2, FILE_MAPI, props)
    assert opened(raw).files == []


def test_the_mail_lists_what_was_inside_and_keeps_the_wrapper() -> None:
    winmail = HEAD + attribute(1, MAPI, mapi(text(P_BODY, "rich words"))) + file()
    mail = read(winmail, b"own words")
    assert mail.text == "own words"
    assert [item.filename for item in mail.attachments] == ["SHORT~1.PDF"]
    assert read(winmail).text == "rich words"
    assert read(winmail, name=b"ATT001").text == "rich words"


def test_half_a_wrapper_gives_what_was_read() -> None:
    mail = read((HEAD + file() + file(data=b"x" * 100))[:-40], b"own words")
    assert len(mail.attachments) == 3
    assert "winmail: damaged, read as far as it goes" in mail.defects
    mail = read(b"no tnef at all", b"own words")
    assert [item.filename for item in mail.attachments] == ["winmail.dat"]


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + random.Random(1).randbytes(5_000_000),
        HEAD + attribute(1, MAPI, struct.pack("<I", 0xFFFFFFFF) + prop(LONG_KIND, 5, 5) * 600_000),
        HEAD
        + attribute(
            1, MAPI, struct.pack("<IHHI", 1, 0x101F, 0x1000, 0xFFFFFFFF) + bytes(5_000_000)
        ),
        HEAD + attribute(1, 0x7777, b"") * 500_000,
        HEAD + attribute(2, REND, b"") * 500_000,
        HEAD + attribute(1, MAPI, mapi()) * 400_000,
    ],
    ids=["garbage", "properties", "values", "attributes", "files", "empty"],
)
def test_counts_in_the_file_are_no_promises(raw: bytes) -> None:
    begun = time.process_time()
    unpack(raw)
    assert time.process_time() - begun < 3


def test_any_damage_is_survived() -> None:
    rich = prop(BINARY, P_RTF, struct.pack("<II4sI", 0, 99, b"LZFu", 0) + b"\x00{\\rtf1 hi}")
    raw = HEAD + attribute(1, MAPI, mapi(rich, text(P_BODY, "words"))) + file()
    rnd = random.Random(7)
    for size in range(len(raw)):
        unpack(raw[:size])
        broken = bytearray(raw)
        for _ in range(3):
            broken[rnd.randrange(6, len(raw))] = rnd.randrange(256)
        unpack(bytes(broken))


def test_packed_rich_text_is_unpacked() -> None:
    # The two examples of MS-OXRTFCP, the second one with overlapping references.
    simple = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020"
        "627705b06c647d0a800fa0"
    )
    assert unpack_rtf(simple) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    crossed = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")
    assert unpack_rtf(crossed) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"


def test_rich_text_in_references_without_end_stays_small() -> None:
    data = struct.pack("<II4sI", 0, 0xFFFFFFFF, b"LZFu", 0) + b"\xff" + b"\x00\x0f" * 700_000
    begun = time.process_time()
    assert len(unpack_rtf(data)) <= 2 * 1024 * 1024
    assert time.process_time() - begun < 3


@pytest.mark.parametrize(
    ("rtf", "expected"),
    [
        (rb"{\rtf1\ansi\ansicpg1252 caf\'e9\par\par 9 o\rquote clock}", "café\n\n9 o’clock"),
        (rb"{\rtf1\ansi\ansicpg936 \'c3\'c5\'bb\'b5\'c1\'cb}", "门坏了"),
        (rb"{\rtf1{\fonttbl{\f0\fcharset134 SimSun;}{\f1 Arial;}}\f0 \'c3\'c5\f1 \'e9}", "门é"),
        (rb"{\rtf1\uc1 \u38376?\u22351?}", "门坏"),
        (rb"{\rtf1\uc2 a\u-10179??\u-8704??b}", "a\U0001f600b"),
        (rb"{\rtf1{\stylesheet{\s0 Normal;}}{\*\generator X;}{\pict 0102}words}", "words"),
        (rb"{\rtf1{\field{\*\fldinst HYPERLINK x}{\fldrslt link}} \{a\\b\}}", "link {a\\b}"),
        (rb"{\rtf1{\*\htmltag64 <p>}\htmlrtf{\htmlrtf0 hi\htmlrtf\par}\htmlrtf0 }", "hi\n"),
        (rb"}}}{{\rtf1 words", "words"),
        (b"", ""),
    ],
)  # fmt: skip
def test_rich_text_is_read_as_its_words(rtf: bytes, expected: str) -> None:
    assert read_rtf(rtf, lambda data, page: data.decode(f"cp{page}", "replace")) == expected


@pytest.mark.parametrize("unit", [b"{", b"}", b"\\a", b"\\'41", b"\\u65 ", b"\\*", b"{\\*\\x}"])
def test_rich_text_without_sense_takes_no_time(unit: bytes) -> None:
    begun = time.process_time()
    read_rtf(unit * (2_000_000 // len(unit)), lambda data, page: "x")
    assert time.process_time() - begun < 5
