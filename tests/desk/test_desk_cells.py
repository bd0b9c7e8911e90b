"""Words from mails in a table: no spreadsheet takes one for a formula, and nothing is lost."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.sheets.cells import BOM, clean, guard, write_row

DANGEROUS = (
    "=1+1",
    "+86 10 5555",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =HYPERLINK(\"http://x\",\"y\")",
    "\n=cmd|'/c calc'!A1",
    "＝1+1",
    "＠SUM(1)",
    "\u200b=1",
    "\ufeff=1",
    "\x00=1",
)  # fmt: skip


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_looks_like_a_formula_begins_with_an_apostrophe(text: str) -> None:
    assert guard(text).startswith("'")


@pytest.mark.parametrize("text", ["打印机卡纸", "a=b", "IT-20261120-0001", "", "1-2", "8005"])
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    assert guard(text) == text


@given(st.lists(st.text(), min_size=1))
def test_a_row_reads_back_as_its_cleaned_cells_and_none_begins_a_formula(values: list[str]) -> None:
    line = write_row(values)
    assert line.endswith("\r\n")
    rows = list(csv.reader(io.StringIO(line, newline=""), strict=True))
    assert len(rows) == 1
    assert len(rows[0]) == len(values)
    for read, value in zip(rows[0], values, strict=True):
        assert read.removeprefix("'") == clean(value).removeprefix("'")
        bare = read.lstrip(" \t\r\n\u3000\u200b\ufeff")
        assert not bare.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
        assert "\x00" not in read


def test_numbers_stay_numbers_and_nothing_is_an_empty_cell() -> None:
    assert write_row([-3, 0.5, None, "-3"]) == "-3,0.5,,'-3\r\n"


def test_a_file_that_begins_with_the_mark_is_read_as_utf_8() -> None:
    assert (BOM + write_row(["中"])).encode().startswith(b"\xef\xbb\xbf")
