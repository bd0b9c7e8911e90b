"""`maildesk tickets`: what the desk has, for somebody at a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from maildesk.cli.archive import archive
from maildesk.cli.decided import write_decisions
from maildesk.cli.setting import (
    choose_desk,
    config_option,
    hider_of,
    open_memory,
    say_moment,
    zone_of,
)
from maildesk.cli.sheets import register, sheet
from maildesk.cli.timeline import write_timeline

if TYPE_CHECKING:
    from maildesk.memory import Memory
    from maildesk.store.blobs import Blobs
    from maildesk.store.engine import Connection
    from maildesk.store.relatives import Relatives
    from maildesk.store.tickets import History, TicketRow
    from maildesk.store.unreached import UnreachedPerson


@click.group()
def tickets() -> None:
    """Tickets: list them, show one with its whole history, print them as forms and registers."""


tickets.add_command(sheet)
tickets.add_command(register)
tickets.add_command(archive)


@tickets.command("list")
@config_option
@click.option("--state", help="Only tickets in this state, for example unassigned.")
@click.option(
    "--assignee", metavar="NAME", help="Only tickets of this engineer: name, number or address."
)
@click.option("--desk", "desk_id", metavar="NAME", help="Only tickets of this desk; else of all.")
@click.option("--limit", default=50, show_default=True, help="At most so many, the newest first.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_(
    config_file: Path,
    state: str | None,
    assignee: str | None,
    desk_id: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """List tickets, the newest first: number, opened, state, class, requester → engineer, title.

    \b
    Examples:
      maildesk tickets list --state unassigned
      maildesk tickets list --assignee 刘洋 --state in_progress
    """
    from maildesk.desk.ticket import DESK_SHOWS, State
    from maildesk.store.tickets import list_tickets

    if state is not None:
        state = next(
            (key for key, label in DESK_SHOWS.items() if state in (label.zh, label.en)), state
        )
        if state not in tuple(State):
            raise click.BadParameter(f"there is no state {state!r}; states are {', '.join(State)}")
    memory = open_memory(config_file)
    desk = choose_desk(memory, desk_id).id if desk_id is not None else None
    with memory.store.read() as db:
        rows = list_tickets(db, desk=desk, state=state, assignee=assignee, limit=limit)
    for row in rows:
        hide = hider_of(memory.config, row.desk_id)
        if as_json:
            click.echo(json.dumps(_as_dict(row, hide), ensure_ascii=False))
        else:
            click.echo(hide(_line(row, zone_of(memory.config, row.desk_id))))
    if not rows and not as_json:
        click.echo("no tickets")


@tickets.command()
@click.argument("number")
@click.option(
    "--html",
    "page",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write its mails into FILE as their senders laid them out, made harmless, for a browser.",
)
@click.option("--raw", is_flag=True, help="Only say where its mails lie as they came.")
@config_option
def show(number: str, page: Path | None, raw: bool, config_file: Path) -> None:
    """Show one ticket: fields, people, mails that wait, and all that happened, in order.

    Passwords, ID numbers, bank cards and home addresses are masked. Only the raw mails have them:
    --raw says where they lie, for those who may read the data folder.

    \b
    Examples:
      maildesk tickets show IT-20261120-0001
      maildesk tickets show IT-20261120-0001 --html ticket.html
      maildesk tickets show IT-20261120-0001 --raw
    """
    from maildesk.store import approvals, unreached
    from maildesk.store.relatives import read_relatives
    from maildesk.store.tickets import find_ticket, list_drafts, read_history

    memory = open_memory(config_file)
    with memory.store.read() as db:
        ticket = find_ticket(db, number)
        if ticket is None:
            click.echo(f"there is no ticket {number}", err=True)
            raise SystemExit(1)
        history = read_history(db, ticket.id)
        kin = read_relatives(db, ticket.id)
        drafts = list_drafts(db, ticket.id, memory.store.now())
        lost = unreached.list_of(db, ticket.id, memory.store.now())
        limits = _read_limits(memory, db, ticket)
        asked = approvals.read(db, ticket.id)
    zone, hide = zone_of(memory.config, ticket.desk_id), hider_of(memory.config, ticket.desk_id)
    if page is not None:
        from maildesk.cli.page import write_page

        with page.open("w", encoding="utf-8") as file:
            file.writelines(write_page(memory, ticket, history, zone))
        click.echo(f"written: {page}")
        return
    if raw:
        for line in _write_raws(history, memory.blobs, zone):
            click.echo(line)
        return
    for part in (
        _write_head(ticket, zone, limits),
        _write_relatives(kin),
        _write_people(history),
        _write_unreached(lost, zone),
        write_decisions(asked, zone, hide),
        _write_drafts(drafts, zone),
    ):
        for line in part:
            click.echo(hide(line))
    click.echo("timeline")
    for line in write_timeline(history, zone):
        click.echo(hide(line))


def _line(row: TicketRow, zone: str) -> str:
    from maildesk.desk.ticket import DESK_SHOWS

    state = DESK_SHOWS[row.state].zh
    return (
        f"{row.number}  {say_moment(row.opened_at, zone)}  {state}  {row.category}/{row.priority}  "
        f"{row.requester} → {row.assignee or '-'}  {row.title or '-'}"
    )


def _as_dict(row: TicketRow, hide: Callable[[str], str]) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": hide(row.title),
        "state": row.state.value,
        "category": row.category,
        "priority": row.priority,
        "type": row.type,
        "group": row.group,
        "requester": hide(row.requester),
        "assignee": row.assignee,
        "waiting": row.waiting,
        "department": row.department,
        "opened_at": row.opened_at.isoformat(),
        "response_due": row.response_due.isoformat() if row.response_due else None,
        "responded_at": row.responded_at.isoformat() if row.responded_at else None,
        "eta": row.eta.isoformat() if row.eta else None,
        "chases": row.chases,
        "severity": row.severity,
        "tags": list(row.tags),
        "fields": dict(row.fields),
    }


def _read_limits(memory: Memory, db: Connection, ticket: TicketRow) -> list[str]:
    """The ticket's limits in words; none when its desk is no longer configured."""
    from maildesk.cli.limits import write_limits
    from maildesk.store import cases

    desk = memory.desks.get(ticket.desk_id)
    if desk is None:
        return []
    now = memory.store.now()
    known = cases.load(db, desk.id, [ticket.id], memory.directory, now, lock=False)
    return [line for item in known for line in write_limits(item, desk, now)]


def _write_head(row: TicketRow, zone: str, limits: list[str]) -> Iterator[str]:
    from maildesk.desk.request.fields import list_shown
    from maildesk.desk.staff.records import list_records
    from maildesk.desk.ticket import DESK_SHOWS

    state = DESK_SHOWS[row.state]
    waiting = "" if row.waiting == "none" else f", waiting for the {row.waiting.replace('_', ' ')}"
    yield f"{row.number}  {row.title or '-'}"
    yield f"  state        {state.zh} ({state.en}){waiting}"
    yield f"  class        {row.category} / {row.priority} / {row.type}, group {row.group}"
    if row.tags:
        yield f"  tags         {', '.join(row.tags)}"
    yield f"  opened       {say_moment(row.opened_at, zone)}"
    yield from (f"  {line}" for line in limits)
    if row.eta is not None:
        yield f"  expected     {say_moment(row.eta, zone)}"
    if row.chases:
        yield f"  chased       {row.chases} time{'s' if row.chases > 1 else ''}"
    if row.assignee is None:
        yield "  assignee     nobody"
    if row.severity:
        yield f"  severity     {row.severity}, as the requester calls it"
    for label, text in list_shown(row.fields, "en"):
        yield f"  {label.lower():<12} {text}"
    yield from (f"  {line}" for text in list_records(row.fields, "en") for line in text.split("\n"))


def _write_relatives(kin: Relatives) -> Iterator[str]:
    """How it ended, and which tickets belong to it."""
    if kin.merged_into:
        yield f"  merged into  {kin.merged_into}"
    elif kin.result:
        yield f"  result       {kin.result.replace('_', ' ')}"
    if kin.main:
        yield f"  outage       under {kin.main}"
    if kin.under:
        yield f"  outage       over {', '.join(kin.under)}"
    if kin.merged:
        yield f"  merged here  {', '.join(kin.merged)}"


def _write_people(history: History) -> Iterator[str]:
    """Each person once, with every part he has, the requester first."""
    parts: dict[tuple[str, str], list[str]] = {}
    for person in sorted(history.people, key=lambda item: _place(item.role)):
        parts.setdefault((person.name, person.key), []).append(person.role.replace("_", " "))
    for (name, key), roles in parts.items():
        yield f"  {', '.join(roles):<12} {name if name == key else f'{name} ({key})'}"


def _place(role: str) -> int:
    order = ("requester", "reporter", "assignee", "helper", "approver", "third_party", "cc")
    return order.index(role) if role in order else len(order)


def _write_unreached(lost: list[UnreachedPerson], zone: str) -> Iterator[str]:
    """Whose letters come back, why, since when, and until when none leaves by itself."""
    for person in lost:
        since, until = (say_moment(at, zone) for at in (person.mark.since, person.mark.until))
        who = person.name if person.name == person.address else f"{person.name} ({person.address})"
        why = person.mark.why
        yield f"  unreachable  {who} since {since}: {why}; automatic letters pause until {until}"


def _write_raws(history: History, blobs: Blobs, zone: str) -> Iterator[str]:
    """Where each mail lies as it came; `maildesk parse` reads it, the folder's owner lets whom."""
    for mail in history.mails:
        path = blobs.raw_path(mail.raw_sha)
        where = str(path) if path.exists() else "not kept any more"
        yield f"{say_moment(mail.received_at, zone)}  {mail.sender or '-'}  {where}"


def _write_drafts(drafts: list[Any], zone: str) -> Iterator[str]:
    if drafts:
        yield "waiting for their author"
    for draft in drafts:
        what = "#send" if draft.kind == "unsure" else "the one-time code"
        yield f"  {say_moment(draft.created_at, zone)}  {draft.author}: {what}; {draft.reason}"
        yield from (f"      | {line}".rstrip() for line in draft.words.strip().splitlines())
