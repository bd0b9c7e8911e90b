"""Does what is known of a mail beside its words fit what a rule asks of it?

Who wrote it, to which address, with how many files, when. Nothing here looks for words; what the
desk knows of a person comes from the people list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from maildesk.desk.arrival.directory import Directory
from maildesk.desk.arrival.language import detect
from maildesk.desk.calendar.hours import is_open
from maildesk.desk.person import Person
from maildesk.desk.profile import Calendar
from maildesk.desk.request.fields import drop_particulars
from maildesk.desk.rules.fold import fold
from maildesk.desk.rules.rule import Circumstances, Given, Hit, Hours, Range
from maildesk.mail.message import Incoming, address_key

_DELIVERED = ("delivered-to", "x-original-to", "envelope-to")
_LONG = 600
_LEVELS = re.compile(r"[/\\>|、,，·-]+")


def surround(
    mail: Incoming,
    directory: Directory,
    received: datetime | None,
    zone: ZoneInfo,
    *,
    requester: Person | None = None,
    unproved: str = "",
) -> Circumstances:
    """What is known of this mail. `requester` is whose request it is when not its author's; whom
    a mail that was proved false names as its author says nothing."""
    key = mail.sender.key if mail.sender else ""
    person = directory.at(key) if key else None
    whose = requester or (None if unproved else person)
    named = [item.key for item in (*mail.to, *mail.cc)]
    named += [address_key(value) for name, value in mail.headers if name.lower() in _DELIVERED]
    files = [item for item in mail.attachments if not item.decoration]
    return Circumstances(
        sender=frozenset(_name_sender(key, person)),
        who=key,
        unproved=unproved,
        department=whose.department if whose else None,
        vip=whose is not None and whose.vip,
        to=tuple(dict.fromkeys(named)),
        attachments=len(files),
        size=sum(item.size for item in files),
        received=received.astimezone(zone) if received else None,
    )


def liken_sender(text: str) -> str:
    """A sender as rules and mails are compared in: an address, `@domain`, a name or number."""
    text = text.strip()
    if text.startswith("@"):
        return text.lower()
    return address_key(text) if "@" in text else fold(text)


def split_levels(department: str) -> frozenset[str]:
    """What a department may be called, folded: 财务部 is also a level of 集团/财务部/应付组."""
    return frozenset((department, *_LEVELS.split(department))) - {""}


class Answer(NamedTuple):
    """One circumstance that was asked for: whether it holds, what was asked, and what is."""

    field: str
    holds: bool
    asked: str
    found: str


def find_given(
    given: Given, about: Circumstances, fields: Mapping[str, str], calendars: Mapping[str, Calendar]
) -> tuple[tuple[Hit, ...], str | None]:
    """What fits, as hits, and a sentence on the first thing that does not."""
    hits: list[Hit] = []
    for answer in _ask(given, about, fields, calendars):
        if not answer.holds:
            return tuple(hits), f"{answer.field} is {answer.found}, not {answer.asked}"
        hits.append(Hit(answer.field, answer.asked, answer.found))
    return tuple(hits), None


def _ask(
    given: Given, about: Circumstances, fields: Mapping[str, str], calendars: Mapping[str, Calendar]
) -> Iterator[Answer]:
    """In the order rules are written in; each is worked out only when the ones before it hold."""
    if given.senders:
        yield _ask_sender(given.senders, about)
    if given.departments:
        yield _ask_department(given.departments, about)
    if given.to:
        there = next((key for key in about.to if key in map(address_key, given.to)), None)
        shown = there or ", ".join(about.to) or "nobody"
        yield Answer("to", there is not None, " or ".join(given.to), shown)
    if given.language is not None:
        language = _detect(fields)
        holds = language is not None and language.partition("-")[0] == given.language
        yield Answer("language", holds, given.language, language or "not clear")
    counts: tuple[tuple[str, Range | None, Callable[[], int | None]], ...] = (
        ("attachments", given.attachments, lambda: about.attachments),
        ("size", given.size, lambda: about.size),
        ("length", given.length, lambda: _measure(fields.get("body", ""))),
    )
    for name, wanted, count in counts:
        if wanted is not None:
            yield _compare(name, wanted, count())
    if given.hours is not None:
        yield _ask_time(given.hours, about.received, calendars)
    if given.vip is not None:
        yield Answer("vip", about.vip is given.vip, _write_bool(given.vip), _write_bool(about.vip))


def _measure(words: str) -> int:
    """Characters without blanks and without lines such as 电话：… 期望完成时间：….

    A long mail is long with or without them, and reading its lines costs more than judging it.
    """
    if len(words) > _LONG:
        return len("".join(words.split()))
    return len("".join(drop_particulars(words).split()))


def _name_sender(key: str, person: Person | None) -> Iterator[str]:
    if not key:
        return
    yield key
    yield "@" + key.rpartition("@")[2]
    if person is not None:
        yield from person.addresses
        yield fold(person.name)
        if person.staff_number:
            yield fold(person.staff_number)


def _ask_sender(wanted: tuple[str, ...], about: Circumstances) -> Answer:
    asked = " or ".join(wanted)
    if about.unproved:
        return Answer("from", False, asked, f"not believed ({about.unproved})")
    fits = next((one for one in wanted if liken_sender(one) in about.sender), None)
    return Answer("from", fits is not None, asked, about.who or "not known")


def _ask_department(wanted: tuple[str, ...], about: Circumstances) -> Answer:
    levels = split_levels(fold(about.department or ""))
    holds = any(fold(one) in levels for one in wanted)
    return Answer("department", holds, " or ".join(wanted), about.department or "not known")


def _detect(fields: Mapping[str, str]) -> str | None:
    return detect(fields.get("body", "")) or detect(fields.get("subject", ""))


def _compare(name: str, wanted: Range, count: int | None) -> Answer:
    low, high = wanted.least, wanted.most
    if low is not None and high is not None:
        asked = f"{low} to {high}"
    else:
        asked = f"{low} or more" if low is not None else f"{high} or less"
    holds = count is not None and (low is None or count >= low) and (high is None or count <= high)
    return Answer(name, holds, asked, "not known" if count is None else str(count))


def _ask_time(wanted: Hours, at: datetime | None, calendars: Mapping[str, Calendar]) -> Answer:
    if wanted.calendar is None:
        asked = f"{wanted.start:%H:%M} to {wanted.end:%H:%M}"
    else:
        asked = f"{'outside' if wanted.outside else 'within'} {wanted.calendar}"
    calendar = calendars.get(wanted.calendar or "")
    if at is None or (wanted.calendar is not None and calendar is None):
        return Answer("time", False, asked, "not known")
    if calendar is None:
        holds = _lies_between(at.time(), wanted.start, wanted.end)
    else:
        zone = at.tzinfo
        assert isinstance(zone, ZoneInfo)
        holds = is_open(at, calendar, zone) is not wanted.outside
    return Answer("time", holds, asked, f"{at:%a %H:%M}")


def _lies_between(clock: time, start: time, end: time) -> bool:
    return start <= clock < end if start < end else clock >= start or clock < end


def _write_bool(value: bool) -> str:
    return "yes" if value else "no"
