"""`maildesk ingest`: mails from files or a pipe, through the same way in as the mailbox's."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from maildesk.cli.setting import config_option, open_house

if TYPE_CHECKING:
    from maildesk.house import House

TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits.h: an MTA keeps the mail and tries again
_SLICE = 256 * 1024


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…|-")
@click.option("--desk", metavar="ID", help="The desk it is for; default: by recipient.")
@config_option
def ingest(files: tuple[str, ...], desk: str | None, config_file: Path) -> None:
    """Take mails from files, or one from standard input with `-`.

    \b
    Each prints its outcome. Exit codes: 0 all are kept; 1 a file does not exist; 2 wrong usage
    or configuration; 75 not kept, try again. From standard input whatever is not kept is 75, a
    wrong configuration as well, so an MTA's pipe keeps the mail instead of returning it.

    \b
    Examples:
      maildesk ingest mail.eml archive/*.eml
      maildesk ingest - < mail.eml
    """
    from maildesk.errors import MaildeskError
    from maildesk.store import inbox

    house = _open(config_file, piped="-" in files)
    known = tuple(item.id for item in house.config.desks)
    if desk is not None and desk not in known:
        raise click.BadParameter(f"there is no desk {desk!r}; desks are {', '.join(known)}")
    desks = (desk,) if desk else known
    worst = 0
    for name in files:
        try:
            kept = house.intake.blobs.spool(_read(name))
            now = house.store.now()
            sighted = inbox.Sighted(None, datetime.now(UTC), kept.size, None, kept.sha256)
            with house.store.write() as db:
                row_id = inbox.record_ingested(db, sighted, now)
            with house.store.read() as db:
                row = inbox.pending_one(db, row_id)
            outcome = house.intake.receive(row, desks) if row else None
        except FileNotFoundError:
            click.echo(f"{name}: there is no such file", err=True)
            worst = max(worst, 1)
            continue
        except (MaildeskError, OSError) as fault:
            click.echo(f"{name}: not kept, try again: {fault}", err=True)
            worst = TRY_AGAIN
            continue
        # Once it is in the ledger it is ours: a daemon finishes what was left spooled.
        click.echo(f"{name}: {outcome.value if outcome else 'kept, decided later'} ({row_id})")
    raise SystemExit(worst)


def _open(config_file: Path, *, piped: bool) -> House:
    try:
        return open_house(config_file, decides=True)
    except SystemExit as end:  # its reason is told already
        raise SystemExit(TRY_AGAIN if piped else end.code) from end
    except Exception as fault:
        if not piped:
            raise
        # An MTA returns the mail to its sender for any exit code but 0 and 75.
        click.echo(f"-: not kept, try again: {type(fault).__name__}: {fault}", err=True)
        raise SystemExit(TRY_AGAIN) from fault


def _read(name: str) -> Iterable[bytes]:
    if name == "-":
        return _slices(sys.stdin.buffer)
    return _slices(Path(name).open("rb"))


def _slices(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_SLICE):
            yield chunk
