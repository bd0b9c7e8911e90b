"""`maildesk rules hits`: how many mails each rule matched, and when the last time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from maildesk.cli.progress import show_progress
from maildesk.cli.setting import (
    config_option,
    read_config,
    read_since,
    remember,
    say_moment,
    zone_of,
)

if TYPE_CHECKING:
    from maildesk.store.engine import Store
    from maildesk.store.judged import Hits


@click.command()
@config_option
@click.option(
    "--since",
    callback=read_since,
    metavar="TIME",
    help="Since when: 30d, 12w or 2026-11-01. Default: since the first mail.",
)
def hits(config_file: Path, since: datetime | None) -> None:
    """Count what each rule matched, from what is kept of every judged mail.

    Shadow rules are counted too (marked ~). Rules nothing matched come last; rules that are gone
    since are marked with ?.

    \b
    Examples:
      maildesk rules hits
      maildesk rules hits --since 30d
    """
    config = read_config(config_file)
    counted = count_hits(remember(config).store, since)
    zone = zone_of(config)
    known = {rule.id: rule for rule in config.rules}
    click.echo(f"{counted.mails} judged mails")
    ordered = sorted(counted.hits.values(), key=lambda item: (-item.count, item.rule))
    for item in ordered:
        rule = known.get(item.rule)
        mark = "?" if rule is None else "~" if rule.shadow else " "
        name = f"  {rule.name.zh}" if rule is not None else "  (no such rule any more)"
        last = say_moment(item.last, zone)
        click.echo(f"{item.count:>7} {mark} {item.rule:<34} last {last}{name}")
    for rule in config.rules:
        if rule.id not in counted.hits:
            mark = "~" if rule.shadow else " "
            click.echo(f"{0:>7} {mark} {rule.id:<34} {'never':<21}  {rule.name.zh}")


@dataclass(frozen=True, slots=True)
class Counted:
    """Hits by rule, and of how many mails."""

    mails: int
    hits: dict[str, Hits]


def count_hits(store: Store, since: datetime | None) -> Counted:
    """Reads every trace once; with very many mails it shows how far it is."""
    from maildesk.store.judged import add_up, count_judged, read_traces

    with store.read() as db:
        mails = count_judged(db, since)
        return Counted(mails, add_up(show_progress(read_traces(db, since), mails, "reading")))
