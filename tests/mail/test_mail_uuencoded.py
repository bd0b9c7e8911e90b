"""Files that stand uuencoded in a text become files; words about them stay words."""

from __future__ import annotations

import binascii
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.mail.files.sink import DiscardingSink
from maildesk.mail.limits import Limits
from maildesk.mail.parse import parse_source
from maildesk.mail.parts.uuencoded import take_out


def encode(data: bytes, name: str = "a file.bin", *, blanks: bool = False) -> str:
    lines = [
        binascii.b2a_uu(data[at : at + 45], backtick=not blanks).decode().rstrip("\n")
        for at in range(0, len(data), 45)
    ]
    zero = " " if blanks else "`"
    return "\n".join([f"begin 644 {name}", *lines, zero, "end"])


def taken(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    words, files = take_out(text)
    return words, [(leaf.name, leaf.read(10**8)[0]) for leaf in files]


DATA = bytes(range(256)) * 3


@pytest.mark.parametrize("blanks", [True, False])
def test_several_files_between_words_are_taken_out(blanks: bool) -> None:
    first, second = encode(DATA, blanks=blanks), encode(b"short", "b.txt", blanks=blanks)
    words, files = taken(f"above\n{first}\nbetween\n{second}\nbelow")
    assert words == "above\nbetween\nbelow"
    assert files == [("a file.bin", DATA), ("b.txt", b"short")]


@given(st.binary(min_size=1, max_size=300))
def test_any_bytes_come_back(data: bytes) -> None:
    assert taken("w\n" + encode(data)) == ("w\n", [("a file.bin", data)])


def test_lost_blanks_checksums_and_other_line_ends_are_tolerated() -> None:
    coded = encode(DATA, blanks=True)
    bare = "\n".join(line.rstrip() for line in coded.split("\n"))
    assert taken(bare)[1] == [("a file.bin", DATA)]
    summed = "\n".join(line + "X" if line.startswith("M") else line for line in coded.split("\n"))
    assert taken(summed)[1] == [("a file.bin", DATA)]
    assert taken(coded.replace("\n", "\r\n").replace("begin 644 a file.bin\r", "begin 644 f"))[1]


def test_a_damaged_line_costs_only_itself() -> None:
    lines = encode(DATA).split("\n")
    lines[3] = "this line is damaged"
    words, files = take_out("\n".join(lines))
    assert words == ""
    assert len(files[0].read(10**6)[0]) == len(DATA) - 45
    assert files[0].defects == ["uuencode: damaged line skipped"]


def test_a_file_cut_off_by_the_end_of_the_text_is_one() -> None:
    lines = encode(DATA).split("\n")
    words, files = taken("above\n" + "\n".join(lines[:8]))
    assert (words, files) == ("above\n", [("a file.bin", DATA[: 45 * 7])])


@pytest.mark.parametrize(
    "text",
    [
        "begin 644 file.bin\n\nend\n",
        "begin 644 file.bin\n",
        "we begin 644 tests\nand\nend",
        "begin 5 minutes late and\nend",
        "begin 644 f\nThese are words.\nNo data.\nend",
        "begin 644 f\nM" + "A" * 60 + "\n\nSorry, it stopped here.\nPlease call me.",
        "> begin 644 f\n> " + encode(b"quoted").replace("\n", "\n> "),
        "begin 644 f\n#86)C\nwords one\nwords two\nend",
    ],
)
def test_words_about_it_stay_words(text: str) -> None:
    assert take_out(text) == (text, [])


def test_the_files_are_files_of_the_mail() -> None:
    raw = b"From: a@b.test\nSubject: s\n\nsee:\n" + encode(DATA, "x.png").encode() + b"\nbye\n"
    mail = parse_source(raw, DiscardingSink(), prior="gb18030", limits=Limits())
    assert mail.text == "see:\nbye"
    (file,) = mail.attachments
    assert (file.filename, file.content_type, file.size) == ("x.png", "image/png", len(DATA))


@pytest.mark.parametrize(
    "text",
    [
        "begin 644 x\n" * 300_000,
        ("begin 644 x\n" + "#86)C\n" * 100) * 5_000,
        "begin 644 x\n" + "#86)C\n" * 600_000,
        ("begin 644 x\n" + "#86)C\nend\n") * 150_000,
        "begin 644 x\n" + "M" * 4_000_000,
        ("begin 644 x\n#86)C\n" + "words\n" * 5) * 80_000,
    ],
)
def test_begins_without_end_take_no_time(text: str) -> None:
    begun = time.process_time()
    take_out(text)
    assert time.process_time() - begun < 4
