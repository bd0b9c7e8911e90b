"""Writes tables as an XLSX workbook, row by row in flat memory; the one door to xlsxwriter.

Texts are written as texts, never as formulas or links; a moment or a percentage, written as our
tables write them, as what it is. The same rows give the same bytes: `made`
is the only time in the file. What stands in the rows is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Literal
from unicodedata import east_asian_width

import xlsxwriter

from maildesk.desk.sheets.cells import Value, clean

_LONGEST = 32_767  # characters Excel takes in a cell
_LONGEST_NAME = 31
_MOST_ROWS = 1_048_576
_FONT: dict[str, Any] = {
    "font_name": "Microsoft YaHei",
    "font_size": 10,
    "valign": "top",
    "text_wrap": True,
}
_STYLES: dict[str, dict[str, Any]] = {
    "cells": {"border": 1, "border_color": "#b8c0c8"},
    "head": {"border": 1, "border_color": "#b8c0c8", "bold": True, "bg_color": "#e8eef4"},
    "title": {"bold": True, "font_size": 14, "text_wrap": False},
    "block": {"bold": True, "font_size": 11, "text_wrap": False},
    "note": {"italic": True, "font_color": "#52606d", "text_wrap": False},
}

_SHAPES: dict[str, dict[str, Any]] = {
    "": {},
    "open": {"text_wrap": False},
    "moment": {"num_format": "yyyy-mm-dd hh:mm", "align": "left"},
    "percent": {"num_format": "0%"},
    "tenths": {"num_format": "0.0%"},
}
_Formats = dict[tuple[str, str], Any]
_LINE = 16.5  # points a line of the font is high
_TALLEST = 24  # lines; a row of Excel is at most 409 points high
_READABLE = 220  # characters across on an A4 page, small but readable

Style = Literal["cells", "head", "title", "block", "note"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `pair`: its first cell is the label of the others. `open`: its last cell runs on
    over the empty ones beside it instead of breaking in a column made for figures."""

    values: Sequence[Value]
    style: Style = "cells"
    pair: bool = False
    open: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One table of a workbook. `widths` are the columns', in characters; `frozen` rows stay in
    sight. `upright`: it is printed on A4 upright instead of across. `lines`: how many lines of text
    each row has room for; 0: as many as its words need, which is remembered for every row."""

    name: str
    widths: Sequence[int]
    rows: Iterable[Row]
    frozen: int = 0
    upright: bool = False
    lines: int = 1


def write_workbook(file: BinaryIO, pages: Iterable[Page], made: datetime) -> None:
    """The pages in their order. Rows are taken once, and none is kept."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"created": made.replace(tzinfo=None)})
        styles = {
            (name, kind): book.add_format({**_FONT, **more, **shape})
            for name, more in _STYLES.items()
            for kind, shape in _SHAPES.items()
        }
        taken: set[str] = set()
        for page in pages:
            _write_page(book.add_worksheet(_name_apart(page.name, taken)), page, styles)


def _write_page(sheet: Any, page: Page, styles: _Formats) -> None:
    _lay_out(sheet, page)
    for at, row in enumerate(page.rows):
        if at == _MOST_ROWS:
            raise ValueError(f"a table of Excel holds {_MOST_ROWS} rows and no more")
        if not page.lines or (row.style == "head" and page.lines > 1):
            # Excel would find out by itself; LibreOffice and others show the first line.
            lines = min(_count_lines(row, page), _TALLEST)
            if lines > 1 or page.lines:
                sheet.set_row(at, lines * _LINE)
        _write_row(sheet, at, row, styles)
        if row.open:  # what runs on is for the screen: on paper it would make all else tiny
            sheet.print_area(0, 0, at, len(page.widths) - 1)


def _lay_out(sheet: Any, page: Page) -> None:
    sheet.set_paper(9)  # A4
    # A table of thirty columns on one sheet of paper could be read by nobody.
    abreast = max(1, -(-sum(page.widths) // _READABLE))
    sheet.fit_to_pages(abreast, 0)
    if not page.upright:
        sheet.set_landscape()
    if page.lines > 1:
        sheet.set_default_row(page.lines * _LINE)
    if page.frozen:
        sheet.freeze_panes(page.frozen, 1 if abreast > 1 else 0)
        sheet.repeat_rows(0, page.frozen - 1)
        if abreast > 1:
            sheet.repeat_columns(0)
    for at, width in enumerate(page.widths):
        sheet.set_column(at, at, width)


def _write_row(sheet: Any, at: int, row: Row, styles: _Formats) -> None:
    for column, value in enumerate(row.values):
        name = "head" if row.pair and column == 0 else row.style
        shape = "open" if row.open and column == len(row.values) - 1 else ""
        if isinstance(value, str) and value:
            found = _read_shape(value) if name == "cells" else None
            if found is None:
                text = clean(value)[:_LONGEST]
                sheet.write_string(at, column, text, styles[name, shape])
            else:
                sheet.write(at, column, found[1], styles[name, found[0]])
        elif isinstance(value, int | float):
            sheet.write_number(at, column, value, styles[name, ""])
        else:
            sheet.write_blank(at, column, None, styles[name, shape])


_MOMENT = re.compile(r"(?:19|20)\d\d-\d\d-\d\d \d\d:\d\d")
_PERCENT = re.compile(r"\d{1,3}(?:\.\d)?%")


def _read_shape(text: str) -> tuple[str, datetime | float] | None:
    """A text that is exactly a moment or a percentage as our tables write them is one for Excel
    too, which then sorts and reckons with it. It looks the same."""
    if len(text) == 16 and _MOMENT.fullmatch(text):
        try:
            return "moment", datetime.fromisoformat(text)
        except ValueError:
            return None
    if text.endswith("%") and _PERCENT.fullmatch(text):
        return "tenths" if "." in text else "percent", float(text[:-1]) / 100
    return None


def _count_lines(row: Row, page: Page) -> int:
    """How many lines the row's tallest cell takes, as far as widths in characters tell."""
    if row.style not in ("cells", "head"):
        return 1
    most = 1
    for place, (value, width) in enumerate(zip(row.values, page.widths, strict=False)):
        if not isinstance(value, str) or ("\n" not in value and 2 * len(value) < width):
            continue
        if row.open and place == len(row.values) - 1:
            continue
        lines = (-(-_measure(line) // max(1, width - 1)) or 1 for line in value.split("\n"))
        most = max(most, sum(lines))
    return most


def _measure(line: str) -> int:
    """In the width of a digit; a Han character takes two."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in line[:_LONGEST])


def _name_apart(name: str, taken: set[str]) -> str:
    """Excel takes names for the same that differ by case alone."""
    made, count = name_page(name), 1
    while made.casefold() in taken:
        count += 1
        mark = f" ({count})"
        made = f"{name_page(name)[: _LONGEST_NAME - len(mark)]}{mark}"
    taken.add(made.casefold())
    return made


def name_page(name: str) -> str:
    """A name Excel takes for a table: without its own signs, at most 31 characters as it counts
    them: a rare Han character is two."""
    kept = "".join(sign for sign in clean(name) if sign not in "[]:*?/\\").strip().strip("'")
    short = kept.encode("utf-16-le")[: 2 * _LONGEST_NAME].decode("utf-16-le", "ignore")
    return short.strip("' ") or "1"
