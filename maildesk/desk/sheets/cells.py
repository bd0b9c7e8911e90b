"""Texts from mails as cells of a table: harmless in a spreadsheet, and the same bytes each time.

A program that opens a CSV file takes what begins with `=` for a formula, and others' words must
never become one (CWE-1236). How a workbook is written is `workbook`'s question.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

BOM = "\ufeff"
"""What a CSV file begins with: without it Excel reads Chinese in the machine's old code page."""

Value = str | int | float | None
"""A cell: a text or a number; None is an empty one."""

# Blanks before the sign do not help: some programs drop them. Full-width signs count in Chinese
# and Japanese versions, a tab or carriage return begins a cell of its own in others.
_FORMULA = re.compile(r"[\s\ufeff\u200b-\u200f\u2060]*[=+\-@＝＋－＠]|[\t\r]")
# What no XML 1.0 and no CSV reader takes; line breaks and tabs stay.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Without what no table can hold; every line break is one `\\n`."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def guard(text: str) -> str:
    """The text so that no spreadsheet runs it: an apostrophe before what looks like a formula."""
    text = clean(text)
    return f"'{text}" if _FORMULA.match(text) else text


def write_row(values: Sequence[Value]) -> str:
    """One line of a CSV file with its line end (RFC 4180). Numbers stay numbers."""
    line = io.StringIO()
    cells = (guard(value) if isinstance(value, str) else value for value in values)
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()
