"""Writes tables as an XLSX workbook, row by row in flat memory; the one door to xlsxwriter.

Texts are written as texts, never as formulas or links. The same rows give the same bytes: `made`
is the only time in the file. What stands in the rows is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Literal

import xlsxwriter

from maildesk.desk.cells import Value, clean

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

Style = Literal["cells", "head", "title", "block", "note"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `pair`: its first cell is the label of the others."""

    values: Sequence[Value]
    style: Style = "cells"
    pair: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One table of a workbook. `widths` are the columns', in characters; `frozen` rows stay in
    sight. `upright`: it is printed on A4 upright instead of across."""

    name: str
    widths: Sequence[int]
    rows: Iterable[Row]
    frozen: int = 0
    upright: bool = False


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
        styles = {name: book.add_format({**_FONT, **more}) for name, more in _STYLES.items()}
        taken: set[str] = set()
        for page in pages:
            sheet = book.add_worksheet(_name_apart(page.name, taken))
            sheet.set_paper(9)  # A4
            sheet.fit_to_pages(1, 0)
            if not page.upright:
                sheet.set_landscape()
            if page.frozen:
                sheet.freeze_panes(page.frozen, 0)
                sheet.repeat_rows(0, page.frozen - 1)
            for at, width in enumerate(page.widths):
                sheet.set_column(at, at, width)
            for at, row in enumerate(page.rows):
                if at == _MOST_ROWS:
                    raise ValueError(f"a table of Excel holds {_MOST_ROWS} rows and no more")
                for column, value in enumerate(row.values):
                    head = row.pair and column == 0
                    style = styles["head" if head else row.style]
                    if isinstance(value, str) and value:
                        sheet.write_string(at, column, clean(value)[:_LONGEST], style)
                    elif isinstance(value, int | float):
                        sheet.write_number(at, column, value, style)
                    else:
                        sheet.write_blank(at, column, None, style)


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
