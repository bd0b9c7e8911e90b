"""A sheet as rows of a table, for CSV and workbooks: block, entry, value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from maildesk.desk.sheets.cells import BOM, write_row
from maildesk.desk.sheets.form import Sheet

Style = Literal["cells", "head", "title", "block"]
"""How a row of a workbook looks."""


def list_rows(sheet: Sheet) -> Iterator[tuple[str, str, str]]:
    """(block, entry, value), in the order of the paper."""
    for block in sheet.blocks:
        for line in block.lines:
            yield block.title, line.label, line.value


def list_styled(sheet: Sheet) -> Iterator[tuple[tuple[str, ...], Style, bool]]:
    """As rows of a workbook: (values, style, whether the first is the others' label)."""
    yield (sheet.title,), "title", False
    yield (f"{sheet.desk}  {sheet.number}",), "block", False
    for block in sheet.blocks:
        yield (block.title,), "block", False
        for line in block.lines:
            yield (line.label, line.value), "cells", True


def write_sheets(sheets: Sequence[Sheet]) -> Iterator[str]:
    """As a CSV file, line by line; an empty line between two tickets."""
    chinese = all(sheet.language.lower().startswith("zh") for sheet in sheets)
    head = ("栏目", "项目", "内容") if chinese else ("Block", "Entry", "Value")
    yield BOM + write_row(head)
    for place, sheet in enumerate(sheets):
        if place:
            yield write_row(("", "", ""))
        yield from map(write_row, list_rows(sheet))


def write_register(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A register as a CSV file, row by row."""
    yield BOM + write_row(head)
    yield from map(write_row, rows)
