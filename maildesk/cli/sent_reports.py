"""`maildesk report sent`: which reports went to the leads, and what became of them; or one, whole.

Printed is what was kept when it was sent, whatever tickets became since.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from maildesk.cli.setting import choose_desk, config_option, open_memory, say_moment

if TYPE_CHECKING:
    from maildesk.desk.charter import DeskConfig
    from maildesk.memory import Memory
    from maildesk.store.reports import Kept


@click.command()
@click.argument("name", metavar="[PERIOD]", required=False)
@click.option("--desk", "desk_id", metavar="NAME", help="The desk; else the first one.")
@click.option("--limit", default=30, show_default=True, help="How many are listed.")
@click.option("--language", type=click.Choice(("zh-CN", "en")), help="Else the desk's language.")
@config_option
def sent(
    name: str | None, desk_id: str | None, limit: int, language: str | None, config_file: Path
) -> None:
    """Which reports were sent, who commented, and whether they went to their readers.

    With a PERIOD (2026-11-20, 2026-W47 or 2026-11): that report as it was sent, with the comment.

    \b
    Examples:
      maildesk report sent
      maildesk report sent 2026-11-20
    """
    from maildesk.store import reports

    memory = open_memory(config_file)
    desk = choose_desk(memory, desk_id)
    with memory.store.read() as db:
        found = reports.list_kept(db, desk.id, limit, name)
    if name is None:
        for item in found:
            click.echo(_describe(item, desk))
        if not found:
            click.echo("no report was sent yet")
        return
    if not found:
        raise click.UsageError(f"no report of {name} was sent: `maildesk report` makes one anew")
    click.echo(_print(memory, desk, found[0], language or desk.language), nl=False)


def _describe(item: Kept, desk: DeskConfig) -> str:
    period = item.report.figures.period
    counts = item.report.figures.counts
    made = say_moment(item.made, desk.zone)
    line = f"{period.name:<12} {period.kind:<8} {made}  new {counts.opened.count}"
    line += f", closed {counts.closed.count}"
    if item.author:
        said = "commented" if item.comment else "no comment"
        line += f"; {said} by {item.author}"
    if item.passed_on is not None:
        return f"{line}; passed on {say_moment(item.passed_on, desk.zone)}"
    return f"{line}; not passed on"


def _print(memory: Memory, desk: DeskConfig, item: Kept, language: str) -> str:
    from maildesk.desk.letters.wording import Wording
    from maildesk.desk.reports.report_letters import Reader, write_letter

    reader = Reader(desk.address, "", language)
    plan = write_letter(
        replace(desk, report_readers=()),  # nobody is asked for a comment here
        reader,
        item.id,
        item.report,
        (),
        item.made,
        author=item.author,
        words=item.comment,
    )
    words = Wording(memory.config.templates).render("report", language, plan.values)
    return f"{words.subject}\n\n{words.text}"
