"""`maildesk tickets`: what the desk has, for somebody at a terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from maildesk.cli.setting import config_option, open_house, say_moment, zone_of

if TYPE_CHECKING:
    from maildesk.store.tickets import History, TicketRow


@click.group()
def tickets() -> None:
    """Tickets: list them, or show one with its whole history."""


@tickets.command("list")
@config_option
@click.option("--state", help="Only tickets in this state, for example unassigned.")
@click.option("--limit", default=50, show_default=True, help="At most so many, the newest first.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_(config_file: Path, state: str | None, limit: int, as_json: bool) -> None:
    """List tickets, the newest first.

    \b
    Example:
      maildesk tickets list --state unassigned
    """
    from maildesk.desk.ticket import State
    from maildesk.store.tickets import list_tickets

    if state is not None and state not in tuple(State):
        raise click.BadParameter(f"there is no state {state!r}; states are {', '.join(State)}")
    house = open_house(config_file)
    with house.store.read() as db:
        rows = list_tickets(db, state=state, limit=limit)
    for row in rows:
        if as_json:
            click.echo(json.dumps(_as_dict(row), ensure_ascii=False))
        else:
            click.echo(_line(row, zone_of(house.config, row.desk_id)))
    if not rows and not as_json:
        click.echo("no tickets")


@tickets.command()
@click.argument("number")
@config_option
def show(number: str, config_file: Path) -> None:
    """Show one ticket: fields, people, timeline, letters.

    \b
    Example:
      maildesk tickets show IT-20261120-0001
    """
    from maildesk.store.tickets import find_ticket, read_history

    house = open_house(config_file)
    with house.store.read() as db:
        ticket = find_ticket(db, number)
        if ticket is None:
            click.echo(f"there is no ticket {number}", err=True)
            raise SystemExit(1)
        history = read_history(db, ticket.id)
    zone = zone_of(house.config, ticket.desk_id)
    _print_head(ticket, zone)
    _print_history(history, zone)


def _line(row: TicketRow, zone: str) -> str:
    from maildesk.desk.ticket import DESK_SHOWS

    state = DESK_SHOWS[row.state].zh
    return (
        f"{row.number}  {say_moment(row.opened_at, zone)}  {state}  {row.category}/{row.priority}  "
        f"{row.requester}  {row.title or '-'}"
    )


def _as_dict(row: TicketRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": row.title,
        "state": row.state.value,
        "category": row.category,
        "priority": row.priority,
        "type": row.type,
        "group": row.group,
        "requester": row.requester,
        "department": row.department,
        "opened_at": row.opened_at.isoformat(),
        "response_due": row.response_due.isoformat() if row.response_due else None,
    }


def _print_head(row: TicketRow, zone: str) -> None:
    from maildesk.desk.ticket import DESK_SHOWS

    state = DESK_SHOWS[row.state]
    click.echo(f"{row.number}  {row.title or '-'}")
    click.echo(f"  state        {state.zh} ({state.en})")
    click.echo(f"  class        {row.category} / {row.priority} / {row.type}, group {row.group}")
    click.echo(f"  requester    {row.requester}{f', {row.department}' if row.department else ''}")
    click.echo(f"  opened       {say_moment(row.opened_at, zone)}")
    click.echo(f"  respond by   {say_moment(row.response_due, zone)}")


def _print_history(history: History, zone: str) -> None:
    for person in history.people:
        click.echo(f"  {person.role:<12} {person.name} <{person.key}>")
    click.echo("timeline")
    mails = {mail.id: mail for mail in history.mails}
    for event in history.events:
        told = ", ".join(f"{key} {value}" for key, value in event.data.items() if value)
        who = f" {event.actor}" if event.actor else ""
        click.echo(
            f"  {say_moment(event.at, zone)}  {event.kind}{who}{f': {told}' if told else ''}"
        )
        mail = mails.get(event.letter_id)
        if mail is not None and event.kind in ("opened", "words", "unverified_note"):
            for line in (mail.reply or "").strip().splitlines():
                click.echo(f"      | {line}")
            for item in history.files:
                if item.letter_id == mail.id:
                    click.echo(f"      + {item.filename} ({item.size} bytes, {item.content_type})")
    click.echo("letters")
    for letter in history.letters:
        why = f": {letter.reason}" if letter.reason else ""
        click.echo(f"  {letter.letter} to {letter.address}: {letter.state}{why}  {letter.subject}")
