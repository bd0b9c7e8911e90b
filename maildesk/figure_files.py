"""A period's figures and the tickets behind them as files: CSV, and a workbook with both.

Reads through `store.figures`, writes row by row in flat memory. The same tickets always make the
same bytes. What the cells say, `desk.reports.figure_table` and `desk.reports.figure_book` know.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, TextIO

from maildesk.desk.charter import DeskConfig
from maildesk.desk.reports.figure_book import list_blocks, title_period
from maildesk.desk.reports.figure_table import FigureTable
from maildesk.desk.reports.figures import Figures
from maildesk.desk.reports.measured import Measured
from maildesk.desk.reports.period import Period
from maildesk.desk.sheets.cells import BOM, write_row
from maildesk.store.engine import Connection
from maildesk.store.figures import Through, read_measured, sum_up
from maildesk.workbook import Page, Row, write_workbook


def write_csv(
    db: Connection,
    desk: DeskConfig,
    period: Period,
    language: str,
    file: TextIO,
    through: Through = iter,
) -> Figures:
    """A row a ticket that counts; the figures, summed up on the way."""
    table = FigureTable(desk, language)
    file.write(BOM + write_row(table.head))

    def write(found: Iterator[Measured]) -> Iterator[Measured]:
        for item in through(found):
            row = table.make_row(item)
            if row is not None:
                file.write(write_row(row))
            yield item

    return sum_up(db, desk, period, write)


def write_xlsx(
    db: Connection,
    desk: DeskConfig,
    figures: Figures,
    language: str,
    file: BinaryIO,
    through: Through = iter,
) -> None:
    """The figures on the first sheet, their tickets on the second. `figures` are of the same
    reading transaction, so that both agree."""
    period, table = figures.period, FigureTable(desk, language)

    def list_tickets() -> Iterator[Row]:
        yield Row(table.head, "head")
        for found in through(read_measured(db, desk, period)):
            row = table.make_row(found)
            if row is not None:
                yield Row(row)

    chinese = language.startswith("zh")
    pages = (
        Page(
            "指标" if chinese else "Figures",
            _WIDTHS,
            _list_figures(desk, figures, language),
            lines=0,
        ),
        Page("工单" if chinese else "Tickets", table.widths, list_tickets(), frozen=1, lines=2),
    )
    write_workbook(file, pages, period.until)


_WIDTHS = (26, 24, 12, 16, 16, 20, 44, 9)


def _list_figures(desk: DeskConfig, figures: Figures, language: str) -> Iterator[Row]:
    yield Row([title_period(desk, figures.period, language)], "title")
    for block in list_blocks(figures, language):
        yield Row([])
        yield Row([block.title], "block")
        for line in block.definition.split("\n"):
            yield Row([line], "note")
        head, *rows = block.rows
        yield Row(head, "head")
        for row in rows:
            yield Row([_make_number(cell) for cell in row], open=True)


def _make_number(cell: str) -> str | int:
    """Counts are numbers, so that a spreadsheet can go on reckoning."""
    counts = cell.isascii() and cell.isdigit() and len(cell) < 10 and str(int(cell)) == cell
    return int(cell) if counts else cell
