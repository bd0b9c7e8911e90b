"""What happened, in order of time and with its reason: one line for each thing worth telling.

Letters that left or still wait, letters that did not leave, mails that came; with the small changes
of tickets for whoever wants to know all. Reads only; how it looks on a screen is the command's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from maildesk.simulation.play import Trouble
from maildesk.store import chronicle
from maildesk.store.chronicle import ArrivedMail, FiredRow, Mark, ToldEvent, WrittenLetter
from maildesk.store.engine import Connection

What = Literal["mail", "sent", "waits", "withheld", "superseded", "unsent", "change", "trouble"]

_ORDER: tuple[What, ...] = (
    *("mail", "change", "sent", "withheld", "superseded", "unsent", "waits", "trouble"),
)
_STATES: dict[str, What] = {
    "accepted": "sent",
    "withheld": "withheld",
    "superseded": "superseded",
    "queued": "waits",
    "sending": "waits",
    "dead": "withheld",
    "unknown": "sent",
}
SMALL: tuple[What, ...] = ("mail", "change", "unsent")
"""What is told only to those who want to know all."""

_UNREAD = ("quarantined", "not decided")
_A_WHILE = timedelta(minutes=1)  # a daemon that looks every two seconds is not late by less
_BOOKKEEPING = ("before", "cause")  # of events: for taking a step back, for the page

Say = Callable[[datetime, str | None], str]
"""A moment in words, in the zone of the desk of that id."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened at `at`, why, and about which ticket (its number, or "").

    `name` is the letter, the event or the outcome; `person` whom a letter goes to or who wrote.
    """

    at: datetime
    what: What
    name: str
    person: str
    subject: str
    ticket: str
    why: str
    desk: str | None = None
    automatic: bool = True


def read_story(
    db: Connection,
    since: Mark,
    until: datetime,
    say: Say,
    troubles: Sequence[Trouble] = (),
) -> list[Line]:
    """Everything from the mark to `until`, the oldest first."""
    written = chronicle.list_written(db, since)
    fired = chronicle.list_fired(db, since, until)
    lines = [tell_letter(letter, say) for letter in written]
    for mail in chronicle.list_arrived(db, since):
        lines += _tell_mail(mail, say)
    lines += [_tell_event(event) for event in chronicle.list_events(db, since)]
    lines += _tell_fired(fired, say, until)
    lines += [Line(item.at, "trouble", "script", "", "", "", item.why) for item in troubles]
    return sorted(lines, key=lambda line: (line.at, _ORDER.index(line.what)))


def tell_letter(letter: WrittenLetter, say: Say) -> Line:
    """A letter, and why it was written or why it has not left."""
    what = _STATES[letter.state]
    at = letter.settled_at or letter.created_at
    why = _tell_cause(letter, say)
    if what == "waits":
        at = max(letter.next_at, letter.created_at)
    if at - letter.created_at >= _A_WHILE:
        why += f", written {say(letter.created_at, letter.desk_id)}"
    if what in ("withheld", "superseded"):
        why = f"{letter.reason or letter.state} (for {why})"
    number = letter.number or ""
    return Line(
        at,
        what,
        letter.letter,
        letter.address,
        letter.subject,
        number,
        why,
        letter.desk_id,
        letter.automatic,
    )


def _tell_cause(letter: WrittenLetter, say: Say) -> str:
    """Where a letter comes from, in words; when it was due only if it is late."""
    cause = letter.cause
    if cause.kind == "mail":
        done = f": {cause.note}" if cause.note else ""
        return f"mail of {cause.who or 'nobody'} “{cause.what}”{done}"
    if cause.kind == "deadline":
        late = cause.due is not None and letter.created_at - cause.due >= _A_WHILE
        return (
            f"{cause.what}, due {say(cause.due, letter.desk_id)}"
            if late and cause.due
            else cause.what
        )
    return "an answer on a page" if cause.kind == "page" else cause.what


def choose(lines: Iterable[Line], ticket: str | None, *, everything: bool) -> list[Line]:
    """Those about one ticket, if one is named; the small ones only with `everything`."""
    return [
        line
        for line in lines
        if (ticket is None or line.ticket == ticket or line.what == "trouble")
        and (everything or line.what not in SMALL)
    ]


def _tell_mail(mail: ArrivedMail, say: Say) -> Iterator[Line]:
    number, desk = mail.number or "", mail.desk_id
    outcome, why = mail.outcome or "not decided", mail.reason or ""
    change = ", ".join(f"{name} {_say_value(value, say, desk)}" for name, value in mail.change)
    why = "; ".join(filter(None, (why, change)))
    what: What = "trouble" if outcome in _UNREAD else "mail"
    yield Line(mail.at, what, outcome, mail.sender, mail.subject, number, why, desk)
    for letter, address, reason in mail.unsent:
        yield Line(mail.at, "unsent", letter, address, mail.subject, number, reason, desk)


def _say_value(value: str, say: Say, desk: str | None) -> str:
    if not value:
        return "emptied"
    try:
        return say(datetime.fromisoformat(value), desk) if "T" in value else value
    except ValueError:
        return value


def _tell_event(event: ToldEvent) -> Line:
    data = {key: value for key, value in event.data.items() if key not in _BOOKKEEPING}
    told = "; ".join(f"{key}: {value}" for key, value in data.items() if value)
    who = event.actor or ""
    return Line(event.at, "change", event.kind, who, "", event.number, told, event.desk_id)


def _tell_fired(rows: Iterable[FiredRow], say: Say, until: datetime) -> Iterator[Line]:
    for row in rows:
        number, due = row.number or "", say(row.due, row.desk_id)
        if row.at is None:
            why = "it was due and could not be handled; the log above says why"
            yield Line(until, "trouble", row.kind, "", "", number, f"{why} (due {due})")
        else:
            why = f"{row.note} (due {due})" if row.at - row.due >= _A_WHILE else row.note
            yield Line(row.at, "change", row.kind, "", "", number, why, row.desk_id)
