"""`maildesk status`: how every part is, and what waits."""

from __future__ import annotations

from pathlib import Path

import click

from maildesk.cli.setting import config_option, open_house, say_moment

_MARK = {"ok": "✓", "degraded": "!", "down": "✗"}


@click.command()
@config_option
def status(config_file: Path) -> None:
    """How every part is, and what waits. Exit code 1 when something is not well."""
    from maildesk.store.health import list_health
    from maildesk.store.ledger import count_states
    from maildesk.store.outbox import count_by_state

    house = open_house(config_file)
    with house.store.read() as db:
        parts = list_health(db)
        mails = count_states(db)
        letters = count_by_state(db)
    for part in parts:
        since = say_moment(part.since)
        click.echo(f"{_MARK[part.state]} {part.part}: {part.detail} (since {since})")
    for (mailbox, state, outcome), count in sorted(mails.items(), key=str):
        click.echo(f"  {mailbox}: {count} {outcome or state}")
    for state, count in sorted(letters.items()):
        click.echo(f"  letters: {count} {state}")
    raise SystemExit(0 if all(part.state == "ok" for part in parts) else 1)
