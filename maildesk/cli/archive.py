"""`maildesk tickets archive`: tickets taken out of the desk, a zip each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from maildesk.cli.progress import show_progress
from maildesk.cli.setting import config_option, hider_of, open_memory, read_since

if TYPE_CHECKING:
    from maildesk.archive import Taken
    from maildesk.memory import Memory


@click.command()
@click.argument("numbers", nargs=-1, metavar="[NUMBER...]")
@click.option(
    "--since",
    callback=read_since,
    metavar="DAY",
    help="All tickets closed from then on: 2026-11-01, or 30d ago.",
)
@click.option("--until", callback=read_since, metavar="DAY", help="Closed before then; else now.")
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write into; it is made.",
)
@click.option(
    "--raw", is_flag=True, help="With the mails as they came: NOT masked, for your eyes only."
)
@config_option
def archive(
    numbers: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    output: Path,
    raw: bool,
    config_file: Path,
) -> None:
    """Take tickets out: one zip each, complete without the desk, the same bytes every time.

    In it: the sheet, the timeline (to read and as JSON), escalation form, approvals, ratings, the
    words of its mails, its attachments, and a manifest with the SHA-256 of each. Texts are masked;
    attachments are as they came.

    \b
    Examples:
      maildesk tickets archive IT-20261120-0001 -o archive
      maildesk tickets archive --since 2026-11-01 --until 2026-12-01 -o archive/2026-11
      maildesk tickets archive IT-20261120-0001 --raw -o for-the-auditor
    """
    from maildesk.archive import write_archive

    if bool(numbers) == (since is not None):
        raise click.UsageError("give ticket numbers, or --since DAY")
    memory = open_memory(config_file)
    wanted = _find(memory, numbers, since, until)
    output.mkdir(parents=True, exist_ok=True)
    now, blobs = memory.store.now(), memory.blobs
    for ticket, desk_id in show_progress(wanted, len(wanted), "tickets"):
        taken = _take(memory, ticket, desk_id, now)
        if taken is None:
            continue
        hide, language = hider_of(memory.config, desk_id), taken.dossier.desk.language
        try:
            path = write_archive(output, taken, blobs, hide, language, now, raw=raw)
        except OSError as fault:
            click.echo(f"{taken.dossier.ticket.number}: {fault}", err=True)
            raise SystemExit(1) from fault
        if numbers:
            click.echo(f"written: {path}")
    if not numbers:
        click.echo(f"{len(wanted)} tickets written into {output}")


def _find(
    memory: Memory, numbers: Sequence[str], since: datetime | None, until: datetime | None
) -> list[tuple[int, str]]:
    """(id, desk) of the tickets meant; a number nobody knows ends the command."""
    from maildesk.store.archived import list_closed
    from maildesk.store.tickets import find_ticket

    found: list[tuple[int, str]] = []
    with memory.store.read() as db:
        if since is not None:
            for desk in memory.desks:
                closed = list_closed(db, desk, since, until or memory.store.now())
                found += [(ticket, desk) for ticket in closed]
        for number in numbers:
            row = find_ticket(db, number)
            if row is None:
                click.echo(f"there is no ticket {number}", err=True)
                raise SystemExit(1)
            if row.desk_id not in memory.desks:
                click.echo(f"{number}: its desk {row.desk_id} is no longer configured", err=True)
                raise SystemExit(1)
            found.append((row.id, row.desk_id))
    return found


def _take(memory: Memory, ticket: int, desk_id: str, now: datetime) -> Taken | None:
    """Everything of one ticket, read at one moment."""
    from maildesk.archive import Taken
    from maildesk.store.dossiers import read_dossier, read_opinions
    from maildesk.store.tickets import read_history

    directory = memory.directory
    with memory.store.read() as db:
        dossier = read_dossier(db, memory.desks[desk_id], ticket, directory, now)
        if dossier is None:
            return None
        return Taken(dossier, read_history(db, ticket), read_opinions(db, ticket))
