"""`maildesk outbox`: letters that wait, failed or were held back, and how to try again."""

from __future__ import annotations

from pathlib import Path

import click

from maildesk.cli.setting import config_option, open_memory, say_moment, zone_of

_OPEN = ("queued", "sending", "dead", "unknown", "withheld")


@click.group()
def outbox() -> None:
    """Letters: what waits, what failed, what was held back; try again."""


@outbox.command("list")
@config_option
@click.option("--state", multiple=True, help="Only this state; default: all but those that left.")
@click.option("--all", "everything", is_flag=True, help="Letters that left as well.")
@click.option("--limit", default=100, show_default=True, help="At most so many, newest first.")
def list_(config_file: Path, state: tuple[str, ...], everything: bool, limit: int) -> None:
    """List letters, and whether a brake is closed.

    \b
    States: queued (waits), sending, dead (the server refused it), unknown (cut off at the end,
    look before you retry), withheld (held by a brake), accepted, superseded (no longer true).

    \b
    Examples:
      maildesk outbox list
      maildesk outbox list --state dead --state withheld
      maildesk outbox list --all --limit 20
    """
    from maildesk.store.health import list_health
    from maildesk.store.outbox import STATES, list_letters

    for item in state:
        if item not in STATES:
            raise click.BadParameter(f"there is no state {item!r}; states are {', '.join(STATES)}")
    memory = open_memory(config_file)
    with memory.store.read() as db:
        for part in list_health(db):
            if part.part.startswith("brake:") and part.state != "ok":
                desk = part.part.removeprefix("brake:")
                since = say_moment(part.since, zone_of(memory.config, desk))
                click.echo(f"BRAKE {desk} since {since}: {part.detail}")
        now = memory.store.now()
        rows = list_letters(db, state or (STATES if everything else _OPEN), limit)
    for row in rows:
        about = f" [{row.number}]" if row.number else ""
        why = f"  {row.reason}" if row.reason else ""
        if row.state == "queued" and row.next_at > now:
            why += f"  not before {say_moment(row.next_at, zone_of(memory.config, row.desk_id))}"
        at = say_moment(row.created_at, zone_of(memory.config, row.desk_id))
        click.echo(f"{row.id}  {row.state}  {at}  {row.letter} → {row.address}{about}{why}")
    if not rows:
        click.echo("nothing waits")


@outbox.command()
@click.argument("letters", nargs=-1, required=True, type=int, metavar="ID…")
@config_option
def retry(letters: tuple[int, ...], config_file: Path) -> None:
    """Send letters again now; each keeps its Message-ID.

    \b
    Example:
      maildesk outbox retry 17 18
    """
    from maildesk.store import outbox as rows

    memory = open_memory(config_file)
    failed = False
    for letter in letters:
        with memory.store.write() as db:
            done = rows.retry(db, letter, memory.store.now())
        click.echo(f"{letter}: {'queued' if done else 'there is nothing to send again'}")
        failed = failed or not done
    raise SystemExit(1 if failed else 0)
