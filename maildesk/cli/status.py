"""`maildesk status`: how every part is, whether a daemon is there, and what waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from maildesk.cli.setting import config_option, open_memory, say_moment, zone_of

if TYPE_CHECKING:
    from maildesk.memory import Memory
    from maildesk.store.health import Health

_MARK = {"ok": "✓", "degraded": "!", "down": "✗"}


@click.command()
@config_option
def status(config_file: Path) -> None:
    """How every part is, and what waits.

    Signs: ✓ works, ! works but look at it, ✗ does not work. Then how many mails and letters are
    in which state, tickets nobody has, mails of engineers that wait for their #send or code, who
    of the staff is away, and whose letters come back.
    Exit codes: 0 all is well; 1 something is not.

    \b
    Examples:
      maildesk status
      maildesk status --config /srv/desk/maildesk.toml
    """
    from maildesk.store.attendance import read_away
    from maildesk.store.health import list_health
    from maildesk.store.ledger import count_states
    from maildesk.store.mailboxes import list_readers
    from maildesk.store.outbox import count_by_state
    from maildesk.store.tickets import count_drafts, count_unassigned
    from maildesk.store.unreached import find_among

    memory = open_memory(config_file)
    with memory.store.read() as db:
        parts = {part.part: part for part in list_health(db)}
        readers = list_readers(db, memory.store.now())
        mails = count_states(db)
        letters = count_by_state(db)
        unassigned = count_unassigned(db)
        drafts = count_drafts(db, memory.store.now())
        notices = read_away(db, memory.store.now())
        lost = find_among(db, _list_told(memory), memory.store.now())
    zone = zone_of(memory.config)
    # What a part last said of itself says nothing once nobody is there to say it.
    unread = [
        box.name
        for box in memory.config.mailboxes
        if box.name not in readers and _said_well(parts.get(f"mailbox:{box.name}"))
    ]
    for name in unread:
        last = parts.pop(f"mailbox:{name}", None)
        since = f"; last said at {say_moment(last.updated_at, zone)}" if last else ""
        click.echo(f"✗ mailbox:{name}: no daemon reads it{since}. Start one: maildesk run")
    silent = _find_silence(parts, memory.store.now())
    if silent is not None:
        del parts[silent.part]
        since = say_moment(silent.updated_at, zone)
        click.echo(f"✗ {silent.part}: nobody looks after limits since {since}. maildesk run")
    for part in parts.values():
        since = say_moment(part.since, zone)
        click.echo(f"{_MARK[part.state]} {part.part}: {part.detail} (since {since})")
    for address, mark in lost.items():
        since, until = say_moment(mark.since, zone), say_moment(mark.until, zone)
        told = f"letters come back since {since} ({mark.why}); notices pause until {until}"
        click.echo(f"! {address}: {told}")
    _warn_of_holidays(memory)
    _warn_of_leads(memory)
    for (mailbox, state, outcome), count in sorted(mails.items(), key=str):
        click.echo(f"  {mailbox}: {count} {outcome or state}")
    for state, count in sorted(letters.items()):
        click.echo(f"  letters: {count} {state}")
    click.echo(f"  tickets: {unassigned} without an engineer")
    click.echo(f"  drafts: {drafts} waiting for their author")
    for line in _list_away(memory, notices):
        click.echo(f"  away: {line}")
    well = all(part.state == "ok" for part in parts.values())
    raise SystemExit(0 if well and not unread and silent is None and not lost else 1)


def _list_told(memory: Memory) -> list[str]:
    """Whoever hears of what goes wrong: nobody would know that he hears no more."""
    from maildesk.desk.arrival.directory import Directory
    from maildesk.mail.message import address_key

    readers = [item for desk in memory.config.desks for item in desk.report_readers]
    staff = [item for who in Directory(memory.config.people).staff for item in who.addresses]
    return list(map(address_key, (*staff, *readers)))


def _list_away(memory: Memory, notices: Mapping[str, datetime]) -> Iterator[str]:
    """Who of the staff gets no tickets now, why, and until when."""
    from maildesk.desk.arrival.directory import Directory
    from maildesk.desk.calendar.absence import find_away

    now = memory.store.now()
    for person in Directory(memory.config.people).staff:
        zone = memory.config.desks[0].zone_info
        away = find_away(person, notices, now, zone)
        if away is not None:
            yield f"{person.name}, {away.describe(zone)}"


def _warn_of_holidays(memory: Memory) -> None:
    """Due times will run into a year whose holidays are not known: for a person to look at."""
    from maildesk.desk.calendar.almanac import find_unknown_year

    for desk in memory.config.desks:
        today = memory.store.now().astimezone(desk.zone_info).date()
        year = find_unknown_year(desk.profile.calendars, today)
        if year is not None:
            click.echo(f"! calendar of {desk.id}: the holidays of {year} are not known yet")


def _warn_of_leads(memory: Memory) -> None:
    """What is told to leads alone is told to nobody, and not again once there is one."""
    from maildesk.desk.person import Role

    if not any(person.role is Role.LEAD for person in memory.config.people):
        what = "tickets nobody has, misses and alarms are told to nobody"
        click.echo(f"! leads: nobody is listed as lead: {what}")


def _find_silence(parts: Mapping[str, Health], now: datetime) -> Health | None:
    """The clock's own heartbeat, when it has stopped."""
    from maildesk.store.outages import GAP, HEART

    heart = parts.get(HEART)
    return heart if heart is not None and now - heart.updated_at > GAP else None


def _said_well(part: Health | None) -> bool:
    return part is None or part.state == "ok"
