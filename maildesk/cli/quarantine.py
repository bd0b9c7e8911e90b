"""`maildesk quarantine`: mails that could not be handled; nothing of them is lost."""

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
def quarantine() -> None:
    """Mails that could not be handled: list, look, try again."""


@quarantine.command("list")
@config_option
def list_(config_file: Path) -> None:
    """List quarantined mails, the newest first.

    \b
    Example:
      maildesk quarantine list
    """
    from maildesk.mail.peek import peek
    from maildesk.store.ledger import quarantined

    memory = open_memory(config_file)
    with memory.store.read() as db:
        rows = quarantined(db)
    zone, hide = zone_of(memory.config), hider_of(memory.config)
    for row in rows:
        head = peek(memory.blobs.raw_path(row.raw_sha)) if row.raw_sha else ("", "")
        click.echo(
            f"{row.id}  {say_moment(row.internaldate, zone)}  {row.mailbox}  "
            f"{hide(head[0]) or '?'}  {hide(head[1]) or '-'}: {row.reason}"
        )
    if not rows:
        click.echo("the quarantine is empty")


@quarantine.command()
@click.argument("mail", type=int, metavar="ID")
@config_option
def show(mail: int, config_file: Path) -> None:
    """Show why a mail is there, with the traceback, and where its raw bytes lie.

    \b
    Example:
      maildesk quarantine show 12
    """
    from maildesk.store.ledger import get_sighting

    memory = open_memory(config_file)
    with memory.store.read() as db:
        row = get_sighting(db, mail)
    if row is None or row.outcome != "quarantined":
        click.echo(f"there is no quarantined mail {mail}", err=True)
        raise SystemExit(1)
    click.echo(f"mailbox   {row.mailbox}, UID {row.uid}")
    click.echo(
        f"received  {say_moment(row.internaldate, zone_of(memory.config))}, {row.size} bytes"
    )
    click.echo(f"reason    {row.reason}")
    where = memory.blobs.raw_path(row.raw_sha) if row.raw_sha else "still on the server"
    click.echo(f"raw       {where}")
    if row.trouble:
        click.echo(row.trouble.rstrip())


@quarantine.command()
@click.argument("mails", nargs=-1, required=True, type=int, metavar="ID…")
@config_option
def retry(mails: tuple[int, ...], config_file: Path) -> None:
    """Handle mails anew, for example after an upgrade or with larger limits.

    \b
    Example:
      maildesk quarantine retry 12
    """
    from maildesk.store import ledger

    house = open_house(config_file, decides=True)
    failed = False
    for mail in mails:
        there, outcome = house.decide_again(mail, ledger.retry_quarantined)
        if outcome is not None:
            said = outcome.value
        elif there:
            said = "it will be fetched or decided again in a later round"
        else:
            said = "there is nothing to try again"
        failed = failed or not there or said == "quarantined"
        click.echo(f"{mail}: {said}")
    raise SystemExit(1 if failed else 0)
