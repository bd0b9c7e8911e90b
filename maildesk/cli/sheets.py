"""`maildesk tickets sheet` and `register`: tickets on paper, as their document prints them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from maildesk.cli.output import open_bytes, open_text, output_option
from maildesk.cli.progress import show_progress
from maildesk.cli.setting import choose_desk, config_option, open_memory, read_since

if TYPE_CHECKING:
    from maildesk.desk.charter import DeskConfig
    from maildesk.desk.sheets.dossier import Dossier
    from maildesk.desk.sheets.form import Form, Sheet
    from maildesk.memory import Memory

_LANGUAGES = ("zh-CN", "en")
_FORMS = (
    *("default", "record-sheet", "feedback-template"),
    *("process-manual", "work-order", "response-norms"),
)
_language = click.option(
    "--language", type=click.Choice(_LANGUAGES), help="Else the desk's language."
)
_form = click.option(
    "--form",
    "form_key",
    type=click.Choice(_FORMS),
    help="The form of another document than the profile's.",
)


@click.command()
@click.argument("numbers", nargs=-1, required=True, metavar="NUMBER...")
@click.option(
    "--format",
    "kind",
    type=click.Choice(("html", "csv", "xlsx")),
    default="html",
    show_default=True,
    help="html is made to be printed: A4, also as a PDF by the browser.",
)
@_form
@_language
@output_option
@config_option
def sheet(
    numbers: tuple[str, ...],
    kind: str,
    form_key: str | None,
    language: str | None,
    output: Path | None,
    config_file: Path,
) -> None:
    """Print tickets on the form of their document: record sheet, work order …

    What may not be shown is masked. Several numbers make one file, a sheet each.

    \b
    Examples:
      maildesk tickets sheet IT-20261120-0001 -o sheet.html
      maildesk tickets sheet IT-20261120-0001 --format xlsx -o sheet.xlsx
      maildesk tickets sheet IT-20261120-0001 --form work-order --language en
    """
    memory = open_memory(config_file)
    every = (find_dossier(memory, number) for number in numbers)
    found = list({item.ticket.id: item for item in every}.values())
    sheets = [fill_sheet(memory, item, form_key, language) for item in found]
    if kind == "xlsx":
        made = max(item.ticket.opened or datetime(2000, 1, 1, tzinfo=UTC) for item in found)
        with open_bytes(output) as file:
            _write_book(file, sheets, made)
    else:
        from maildesk.desk.sheets.grid import write_sheets
        from maildesk.desk.sheets.page import write_page

        with open_text(output) as text:
            text.writelines(write_page(sheets) if kind == "html" else write_sheets(sheets))
    if output is not None:
        click.echo(f"written: {output}")


@click.command()
@click.option(
    "--since",
    callback=read_since,
    required=True,
    metavar="DAY",
    help="Tickets opened from then on: 2026-11-01, or 30d ago.",
)
@click.option("--until", callback=read_since, metavar="DAY", help="Opened before then; else now.")
@click.option("--desk", "desk_id", metavar="NAME", help="The desk; else the first one.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(("csv", "xlsx")),
    default="csv",
    show_default=True,
    help="csv begins with a mark by which Excel reads it as UTF-8.",
)
@_form
@_language
@output_option
@config_option
def register(
    since: datetime,
    until: datetime | None,
    desk_id: str | None,
    kind: str,
    form_key: str | None,
    language: str | None,
    output: Path | None,
    config_file: Path,
) -> None:
    """Write the register of a period, a row a ticket, with the columns of the desk's document.

    \b
    Examples:
      maildesk tickets register --since 2026-11-01 --until 2026-12-01 -o november.csv
      maildesk tickets register --since 30d --format xlsx -o register.xlsx
      maildesk tickets register --since 7d --form process-manual
    """
    from maildesk.desk.sheets.form import fill_row, head_row
    from maildesk.desk.sheets.grid import write_register

    memory = open_memory(config_file)
    desk = choose_desk(memory, desk_id)
    form, now = _choose_form(desk, form_key), memory.store.now()
    said = language or desk.language
    told = 0

    def rows() -> Iterator[tuple[str, ...]]:
        nonlocal told
        for item in _read_period(memory, desk, since, until or now, now):
            told += 1
            yield fill_row(form, item, said, now)

    head = head_row(form, said)
    if kind == "xlsx":
        from maildesk.workbook import Page, Row, write_workbook

        table = (Row(row) for row in rows())
        name = form.title.in_language(said)
        widths = [40 if entry.wide else 18 for entry in form.columns]
        page = Page(name, widths, chain((Row(head, "head"),), table), frozen=1, lines=3)
        with open_bytes(output) as file:
            write_workbook(file, [page], since)
    else:
        with open_text(output) as text:
            text.writelines(write_register(head, rows()))
    click.echo(f"{told} tickets{f', written: {output}' if output else ''}", err=True)


def find_dossier(memory: Memory, number: str) -> Dossier:
    """The ticket, whole; ends the command when there is none of that number."""
    from maildesk.store.dossiers import read_dossier
    from maildesk.store.tickets import find_ticket

    now = memory.store.now()
    with memory.store.read() as db:
        row = find_ticket(db, number)
        desk = memory.desks.get(row.desk_id) if row is not None else None
        if row is not None and desk is None:
            click.echo(f"{number}: its desk {row.desk_id} is no longer configured", err=True)
            raise SystemExit(1)
        found = None
        if row is not None and desk is not None:
            found = read_dossier(db, desk, row.id, memory.directory, now)
    if found is None:
        click.echo(f"there is no ticket {number}", err=True)
        raise SystemExit(1)
    return found


def fill_sheet(
    memory: Memory, dossier: Dossier, form_key: str | None = None, language: str | None = None
) -> Sheet:
    """The ticket on its desk's form, in its desk's language unless others are asked for."""
    from maildesk.desk.sheets.form import fill

    form = _choose_form(dossier.desk, form_key)
    return fill(form, dossier, language or dossier.desk.language, memory.store.now())


def _choose_form(desk: DeskConfig, key: str | None) -> Form:
    from maildesk.desk.sheets.forms import FORMS, choose_form

    return FORMS[key] if key else choose_form(desk.profile)


def _read_period(
    memory: Memory, desk: DeskConfig, since: datetime, until: datetime, now: datetime
) -> Iterator[Dossier]:
    from maildesk.store.dossiers import count_register, read_register

    directory = memory.directory
    with memory.store.read() as db:
        total = count_register(db, desk.id, since, until)
        found = read_register(db, desk, since, until, directory, now)
        yield from show_progress(found, total, "tickets")


def _write_book(file: BinaryIO, sheets: Iterable[Sheet], made: datetime) -> None:
    from maildesk.desk.sheets.grid import list_styled
    from maildesk.workbook import Page, Row, write_workbook

    def rows(item: Sheet) -> Iterator[Row]:
        return (Row(values, style, pair) for values, style, pair in list_styled(item))

    pages = (Page(item.number, (18, 76), rows(item), upright=True, lines=0) for item in sheets)
    write_workbook(file, pages, made)
