"""`maildesk report`: the figures of a day, a week or a month, and the tickets they count."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from maildesk.cli.output import open_bytes, open_text, output_option
from maildesk.cli.progress import show_progress
from maildesk.cli.sent_reports import sent
from maildesk.cli.setting import choose_desk, config_option, open_memory, say_moment

if TYPE_CHECKING:
    from maildesk.desk.charter import DeskConfig
    from maildesk.desk.reports.figures import Figures
    from maildesk.desk.reports.period import Kind, Period
    from maildesk.store.engine import Connection
    from maildesk.store.figures import Through

_FORMATS = ("text", "html", "csv", "xlsx", "json")
_SHAPES = {"daily": "2026-11-20", "weekly": "2026-W47", "monthly": "2026-11"}


@click.group()
def report() -> None:
    """Figures of a day, a week or a month, each with its definition, and the tickets behind them.

    text and html print the figures, json gives them to programs. csv is the table of the tickets:
    its last column says which figures a ticket counts in. xlsx has both, a sheet each.

    \b
    Examples:
      maildesk report daily
      maildesk report daily --date 2026-11-20
      maildesk report weekly --format html -o week.html
      maildesk report monthly --period 2026-11 --format xlsx -o november.xlsx
      maildesk report monthly --period 2026-11 --format csv -o november.csv
      maildesk report sent
    """


def _offer(kind: Kind, said: str) -> click.Command:
    """The command of one kind of report."""

    @click.command(kind, help=said, short_help=said.split("\n", 1)[0])
    @click.option("--date", "day", metavar="DAY", help="The period this day is in: 2026-11-20.")
    @click.option("--period", "name", metavar="NAME", help=f"The period named: {_SHAPES[kind]}.")
    @click.option("--desk", "desk_id", metavar="NAME", help="The desk; else the first one.")
    @click.option(
        "--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True
    )
    @click.option(
        "--language", type=click.Choice(("zh-CN", "en")), help="Else the desk's language."
    )
    @output_option
    @config_option
    def command(**given: Any) -> None:
        _print(kind, **given)

    return command


def _print(
    kind: Kind,
    day: str | None,
    name: str | None,
    desk_id: str | None,
    form: str,
    language: str | None,
    output: Path | None,
    config_file: Path,
) -> None:
    from maildesk.store.figures import count_tickets, read_steadily

    memory = open_memory(config_file)
    desk = choose_desk(memory, desk_id)
    period = _choose_period(kind, desk, day, name, memory.store.now())
    said = language or desk.language
    with read_steadily(memory.store) as db:
        total = count_tickets(db, desk.id, period)
        through: Through = partial(show_progress, total=total, label="tickets")
        _WRITERS[form](db, desk, period, said, output, through)
    if output is not None:
        until = f"{say_moment(period.since, desk.zone)} to {say_moment(period.until, desk.zone)}"
        click.echo(f"written: {output} ({period.name}, {until})", err=True)


def _choose_period(
    kind: Kind, desk: DeskConfig, day: str | None, name: str | None, now: datetime
) -> Period:
    """The one asked for, as far as it has passed; else the newest that has ended."""
    from maildesk.desk.reports.period import cut, find_ended, find_period, read_name

    profile, zone = desk.profile, desk.zone_info
    if day is not None and name is not None:
        raise click.UsageError("give --date or --period, not both")
    period: Period | None
    if day is not None:
        try:
            period = find_period(kind, profile, zone, date.fromisoformat(day))
        except (ValueError, OverflowError) as fault:
            raise click.BadParameter("write it as 2026-11-20", param_hint="--date") from fault
    elif name is not None:
        period = read_name(kind, name, profile, zone)
        if period is None:
            raise click.BadParameter(f"write it as {_SHAPES[kind]}", param_hint="--period")
    else:
        return find_ended(kind, profile, zone, now)
    if period.since >= now:
        begins = say_moment(period.since, desk.zone)
        raise click.UsageError(f"{period.name} has not begun: it begins at {begins}")
    return cut(period, now)


Writer = Callable[["Connection", "DeskConfig", "Period", str, Path | None, "Through"], None]


def _write_figures(
    write: Callable[[DeskConfig, Figures, str], Iterable[str]],
) -> Writer:
    """A text made of the figures alone."""

    def run(
        db: Connection,
        desk: DeskConfig,
        period: Period,
        language: str,
        output: Path | None,
        through: Through,
    ) -> None:
        from maildesk.store.figures import sum_up

        figures = sum_up(db, desk, period, through)
        with open_text(output) as file:
            file.writelines(write(desk, figures, language))

    return run


def _write_text(desk: DeskConfig, figures: Figures, language: str) -> Iterable[str]:
    from maildesk.desk.reports.figure_book import list_blocks, title_period, write_text

    title = title_period(desk, figures.period, language)
    return (f"{line}\n" for line in write_text(title, list_blocks(figures, language)))


def _write_html(desk: DeskConfig, figures: Figures, language: str) -> Iterable[str]:
    from maildesk.desk.reports.figure_book import list_blocks, title_period, write_page

    title = title_period(desk, figures.period, language)
    return write_page(title, list_blocks(figures, language), language)


def _write_json(_: DeskConfig, figures: Figures, language: str) -> Iterable[str]:
    from maildesk.desk.reports.figure_words import MEANINGS
    from maildesk.desk.reports.figures_json import write_figures

    meanings = {
        key: {
            "name": item.name.in_language(language),
            "definition": item.definition.in_language(language),
        }
        for key, item in MEANINGS.items()
    }
    found = {"figures": write_figures(figures), "meanings": meanings}
    yield json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _write_csv(
    db: Connection,
    desk: DeskConfig,
    period: Period,
    language: str,
    output: Path | None,
    through: Through,
) -> None:
    from maildesk.figure_files import write_csv

    with open_text(output) as file:
        write_csv(db, desk, period, language, file, through)


def _write_xlsx(
    db: Connection,
    desk: DeskConfig,
    period: Period,
    language: str,
    output: Path | None,
    through: Through,
) -> None:
    from maildesk.figure_files import write_xlsx
    from maildesk.store.figures import sum_up

    with open_bytes(output) as file:
        figures = sum_up(db, desk, period, through)
        write_xlsx(db, desk, figures, language, file, through)


_WRITERS: dict[str, Writer] = {
    "text": _write_figures(_write_text),
    "html": _write_figures(_write_html),
    "json": _write_figures(_write_json),
    "csv": _write_csv,
    "xlsx": _write_xlsx,
}

_SAID: dict[Kind, str] = {
    "daily": """Figures of a working day, from one daily report to the next.

    Without --date the newest that has ended. Evenings and weekends belong to the next one.

    \b
    Examples:
      maildesk report daily
      maildesk report daily --date 2026-11-20 --format html -o day.html
    """,
    "weekly": """Figures of a week, from one weekly report to the next.

    \b
    Examples:
      maildesk report weekly
      maildesk report weekly --period 2026-W47 --language en
    """,
    "monthly": """Figures of a calendar month.

    \b
    Examples:
      maildesk report monthly --period 2026-11 --format xlsx -o november.xlsx
      maildesk report monthly --date 2026-11-20 --format json
    """,
}

for _kind, _said in _SAID.items():
    report.add_command(_offer(_kind, _said))
report.add_command(sent)
