"""`maildesk doorstep`: mails of strangers wait here, unanswered, until somebody lets them in."""

from __future__ import annotations

from pathlib import Path

import click

from maildesk.cli.setting import (
    config_option,
    hider_of,
    open_house,
    open_memory,
    say_moment,
    zone_of,
)


@click.group()
def doorstep() -> None:
    """Mails of strangers and marked spam: list them, let one in."""


@doorstep.command("list")
@config_option
def list_(config_file: Path) -> None:
    """List who waits, the newest first.

    \b
    Example:
      maildesk doorstep list
    """
    from maildesk.store.ledger import at_doorstep

    memory = open_memory(config_file)
    with memory.store.read() as db:
        rows = at_doorstep(db)
    for row in rows:
        at = say_moment(row.received_at, zone_of(memory.config, row.desk_id))
        subject = hider_of(memory.config, row.desk_id)(row.subject)
        click.echo(f"{row.id}  {at}  {row.sender or '?'}  {subject}")
    click.echo("let one in: maildesk doorstep admit ID" if rows else "nobody waits", err=bool(rows))


@doorstep.command()
@click.argument("mails", nargs=-1, required=True, type=int, metavar="ID…")
@config_option
def admit(mails: tuple[int, ...], config_file: Path) -> None:
    """Let mails in: each becomes a ticket and is acknowledged, as if its sender were accepted.

    \b
    Example:
      maildesk doorstep admit 31
    """
    from maildesk.store import ledger

    house = open_house(config_file, decides=True)
    failed = False
    for mail in mails:
        there, outcome = house.decide_again(mail, ledger.admit)
        failed = failed or not there
        said = outcome.value if outcome else "decided later" if there else "nobody of that number"
        click.echo(f"{mail}: {said}")
    raise SystemExit(1 if failed else 0)
