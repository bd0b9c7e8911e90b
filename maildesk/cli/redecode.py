"""`maildesk redecode`: read the kept mails again after the reader has become better."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from maildesk.cli.setting import config_option, open_house, read_day

if TYPE_CHECKING:
    from maildesk.house import House
    from maildesk.redecode import Reread

_LONGEST = 60


@click.command()
@click.argument("mails", nargs=-1, metavar="[MAIL…]")
@click.option(
    "--since",
    metavar="DATE",
    callback=read_day,
    help="Only mails received from then on, such as 2026-11-01 (the machine's zone).",
)
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@config_option
def redecode(
    mails: tuple[str, ...], since: datetime | None, dry_run: bool, config_file: Path
) -> None:
    """Read the kept raw mails again, and correct what is stored of their words.

    New words, whole text, subject, attachments, and a ticket's title if it was the mail's subject.
    What was decided then stays: kinds, tickets, numbers, the timeline, letters. Run it after an
    upgrade; a second run finds nothing to do. The daemon may run meanwhile.

    MAIL is a ledger number, a Message-ID, a ticket's number or the first digits of a hash, as for
    explain; without one, all mails. Exit code 1: some mails could not be read, and are named.

    \b
    Examples:
      maildesk redecode --dry-run
      maildesk redecode --since 2026-11-01
      maildesk redecode IT-20261120-0001 17
    """
    from maildesk.errors import Transient
    from maildesk.redecode import Redecoder
    from maildesk.store import words

    house = open_house(config_file)
    only = _find(house, mails) if mails else None
    with house.store.read() as db:
        total = len(only) if only is not None else words.count(db, since)
    intake = house.intake
    reader = Redecoder(house.store, intake.blobs, intake.desks, intake.limits, dry_run)
    read = changed = failed = 0
    try:
        for item in reader.reread(since, only, _meter(total)):
            read += 1
            failed += bool(item.trouble)
            changed += not item.change.is_empty
            if item.trouble or not item.change.is_empty:
                click.echo(f"{_name(item)}: {item.trouble or '; '.join(_say(item))}")
    except (Transient, OSError) as fault:
        click.echo(f"stopped: {fault}. What is listed above is done; run it again", err=True)
        failed += 1
    would = "would change" if dry_run else "changed"
    lost = f", {failed} not read" if failed else ""
    click.echo(f"{read} mail{'' if read == 1 else 's'} read, {changed} {would}{lost}")
    house.store.close()
    raise SystemExit(1 if failed else 0)


def _find(house: House, mails: tuple[str, ...]) -> list[int]:
    """The letters meant; a name that means none ends the command."""
    from maildesk.store import ledger

    found: set[int] = set()
    with house.store.read() as db:
        for mail in mails:
            letters = {row.letter_id for row in ledger.find(db, mail) if row.letter_id}
            if not letters:
                house.store.close()
                raise click.BadParameter(f"the desk has no such mail: {mail}")
            found |= letters
    return sorted(found)


def _meter(total: int) -> Callable[[int], None]:
    """Progress on a terminal: one line, written over."""

    def tell(done: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{done} of {total}\r", err=True, nl=False)

    return tell


def _name(item: Reread) -> str:
    mail = str(item.sighting) if item.sighting is not None else f"letter {item.change.letter}"
    return f"{mail} [{item.number}]" if item.number else mail


def _say(item: Reread) -> Iterator[str]:
    change = item.change
    for what, both in (("subject", change.subject), ("title", change.title)):
        if both is not None:
            yield f"{what} “{_short(both[0])}” → “{_short(both[1])}”"
    for what, both in (("new words", change.reply), ("text", change.body)):
        if both is not None:
            yield f"{what} {len(both[0])} → {len(both[1])} characters"
    if change.files is not None:
        before, now = change.files
        names = [file["filename"] for file in now if file not in before]
        told = f": {', '.join(map(_short, names))}" if names else ""
        yield f"files {len(before)} → {len(now)}{told}"


def _short(text: str) -> str:
    from maildesk.desk.privacy.mask import mask

    flat = mask(" ".join(text.split()))  # what was kept before may not be masked yet
    return flat if len(flat) <= _LONGEST else f"{flat[: _LONGEST - 1]}…"
