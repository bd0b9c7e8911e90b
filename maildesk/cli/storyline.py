"""How a desk's story looks on a terminal: for `simulate`, which plays it, and `run --shadow`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from maildesk.desk.arrival.directory import Directory
    from maildesk.simulation.budget import Cost
    from maildesk.simulation.story import Line

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MARKS = {"sent": " ", "waits": "…", "withheld": "✗", "superseded": "✗", "unsent": "-"}
_HELD = {"withheld": "withheld: ", "superseded": "superseded: ", "unsent": "not written: "}


def write_line(line: Line, zone: str) -> Iterator[str]:
    """One thing that happened, at its time in `zone`; a letter's reason on a line of its own."""
    clock = f"{_local(line.at, zone):%H:%M}"
    ticket = f" [{line.ticket}]" if line.ticket and line.ticket not in line.subject else ""
    if line.what in ("mail", "change", "trouble"):
        sign = {"mail": ">", "change": "·", "trouble": "!"}[line.what]
        subject = f"“{line.subject}”" if line.subject else ""
        told = "  ".join(filter(None, (line.name, line.person, subject)))
        yield f"  {clock} {sign} {told}{ticket}{f': {line.why}' if line.why else ''}"
        return
    yield f"  {clock} {_MARKS[line.what]} {line.name:<11} {line.person:<26} {line.subject}{ticket}"
    yield f"          {_HELD.get(line.what, '')}{line.why}"


def write_summary(lines: Sequence[Line], directory: Directory) -> Iterator[str]:
    """How many letters left, waited and were held back, by person and by ticket."""
    from maildesk.simulation.budget import count_people, count_tickets

    people, tickets = count_people(lines, directory), count_tickets(lines, directory)
    count = {what: sum(line.what == what for line in lines) for what in _MARKS}
    trouble = sum(line.what == "trouble" for line in lines)
    yield ""
    letters = "1 letter" if count["sent"] == 1 else f"{count['sent']} letters"
    told = f"{letters}, {count['waits']} wait beyond the end"
    held = count["withheld"] + count["superseded"]
    yield f"{told}, {held} held back{f', {trouble} not carried out (!)' if trouble else ''}"
    if people:
        yield "per person"
        for cost in people:
            yield f"  {cost.total:>4}  {_name(cost, directory):<34} {_say_letters(cost)}"
    if tickets:
        yield "per ticket"
        for cost in tickets:
            over = f"  ({cost.over} more than an ordinary ticket's)" if cost.over else ""
            who = f"{cost.party} {cost.person}"
            yield f"  {cost.ticket}  {cost.total:>2}  {who:<38} {_say_letters(cost)}{over}"


def _name(cost: Cost, directory: Directory) -> str:
    person = directory.at(cost.person)
    return f"{cost.person} ({person.name})" if person else cost.person


def _say_letters(cost: Cost) -> str:
    return ", ".join(name if count == 1 else f"{count} {name}" for name, count in cost.letters)


def say_day(moment: datetime, zone: str) -> str:
    """A day with its weekday, as headings have it."""
    there = _local(moment, zone)
    return f"{there:%Y-%m-%d} {_DAYS[there.weekday()]}"


def _local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))
