"""Whole tickets read for paper: with people, timeline, words, decisions, ratings, follow-ups.

Read in batches and given one by one, so that a register of many tickets needs no more memory than
one of few. Nothing is locked. What a form shows of them is `desk.sheets`' business.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from maildesk.desk.arrival.directory import Directory
from maildesk.desk.charter import DeskConfig
from maildesk.desk.sheets.dossier import Dossier, FollowedUp, Opinion, Step, Written
from maildesk.desk.ticket import KnownTicket
from maildesk.store import approvals, cases
from maildesk.store.schema import approvals as asked
from maildesk.store.schema import (
    articles,
    attachments,
    events,
    follow_ups,
    letters,
    people,
    ratings,
    texts,
    tickets,
)

_BATCH = 200
_UNTOLD = ("letter_queued", "letter_withheld")
_SPEAKING = frozenset(("words", "answered", "corrected", "chased", "confirmed", "reopened"))
_BY_KEY = ("to", "who", "of", "owner", "by")  # values of events that are address keys

_WANTED: BindParameter[Any] = bindparam("wanted", expanding=True)
_confirmers = people.alias("confirmers")
_relatives = tickets.alias("relatives")
# Built once: building a statement costs several times what running it does.
_PAGE = (
    select(tickets.c.id)
    .where(
        tickets.c.desk_id == bindparam("desk"),
        tickets.c.opened_at >= bindparam("at"),
        tickets.c.opened_at < bindparam("until"),
        (tickets.c.opened_at > bindparam("at"))
        | ((tickets.c.opened_at == bindparam("at")) & (tickets.c.id > bindparam("after"))),
    )
    .order_by(tickets.c.opened_at, tickets.c.id)
    .limit(_BATCH)
)
_HOW_MANY = select(func.count()).where(
    tickets.c.desk_id == bindparam("desk"),
    tickets.c.opened_at >= bindparam("since"),
    tickets.c.opened_at < bindparam("until"),
)
_MORE = (
    select(
        tickets.c.id,
        tickets.c.opened_at,
        tickets.c.closed_by,
        tickets.c.reopens,
        tickets.c.archived_at,
        _confirmers.c.name.label("confirmer"),
    )
    .outerjoin(_confirmers, _confirmers.c.id == tickets.c.confirmed_by_id)
    .where(tickets.c.id.in_(_WANTED))
)
_RELATIVES = select(_relatives.c.id, _relatives.c.number).where(_relatives.c.id.in_(_WANTED))
_EVENTS = (
    select(
        events.c.ticket_id,
        events.c.letter_id,
        events.c.at,
        events.c.kind,
        events.c.data,
        people.c.name.label("actor"),
    )
    .outerjoin(people, people.c.id == events.c.actor_id)
    .where(events.c.ticket_id.in_(_WANTED), events.c.kind.not_in(_UNTOLD))
    .order_by(events.c.ticket_id, events.c.id)
)
_WORDS = (
    select(texts.c.ticket_id, texts.c.letter_id, texts.c.reply)
    .where(texts.c.ticket_id.in_(_WANTED))
    .order_by(texts.c.ticket_id, texts.c.letter_id)
)
_FILES = (
    select(letters.c.ticket_id, attachments.c.filename)
    .join(letters, letters.c.id == attachments.c.letter_id)
    .where(letters.c.ticket_id.in_(_WANTED), attachments.c.decoration.is_(False))
    .order_by(letters.c.ticket_id, attachments.c.letter_id, attachments.c.position)
)
_RATINGS = (
    select(ratings, people.c.name)
    .join(people, people.c.id == ratings.c.person_id)
    .where(ratings.c.ticket_id.in_(_WANTED), ratings.c.current.is_(True))
)
_ALL_RATINGS = (
    select(ratings, people.c.name)
    .join(people, people.c.id == ratings.c.person_id)
    .where(ratings.c.ticket_id == bindparam("ticket"))
    .order_by(ratings.c.id)
)
_FOLLOW_UPS = (
    select(follow_ups, people.c.name)
    .outerjoin(people, people.c.id == follow_ups.c.done_by_id)
    .where(follow_ups.c.ticket_id.in_(_WANTED))
    .order_by(follow_ups.c.id)
)
_ARTICLES = (
    select(articles.c.ticket_id, articles.c.number, articles.c.state)
    .where(articles.c.ticket_id.in_(_WANTED))
    .order_by(articles.c.id)
)
_ASKED = select(asked.c.ticket_id).where(asked.c.ticket_id.in_(_WANTED)).distinct()


def read_dossier(
    db: Connection, desk: DeskConfig, ticket: int, directory: Directory, now: datetime
) -> Dossier | None:
    """One ticket; None when the desk has no such."""
    return next(read_dossiers(db, desk, (ticket,), directory, now), None)


def read_register(
    db: Connection,
    desk: DeskConfig,
    since: datetime,
    until: datetime,
    directory: Directory,
    now: datetime,
) -> Iterator[Dossier]:
    """The desk's tickets opened from `since` to before `until`, the oldest first."""
    at, after = since, 0
    while True:
        period = {"desk": desk.id, "until": until, "at": at, "after": after}
        page = list(db.execute(_PAGE, period).scalars())
        if not page:
            return
        for found in read_dossiers(db, desk, page, directory, now):
            at, after = found.ticket.opened or at, found.ticket.id
            yield found


def count_register(db: Connection, desk: str, since: datetime, until: datetime) -> int:
    """How many tickets `read_register` will give."""
    period = {"desk": desk, "since": since, "until": until}
    return int(db.execute(_HOW_MANY, period).scalar_one())


def read_dossiers(
    db: Connection,
    desk: DeskConfig,
    wanted: Sequence[int],
    directory: Directory,
    now: datetime,
) -> Iterator[Dossier]:
    """These tickets of the desk, in this order; one that is gone is left out."""
    for start in range(0, len(wanted), _BATCH):
        yield from _read_batch(db, desk, list(wanted[start : start + _BATCH]), directory, now)


def read_opinions(db: Connection, ticket: int) -> tuple[Opinion, ...]:
    """Every rating the ticket ever got, the newest last: a changed mind is one more."""
    return tuple(map(_read_opinion, db.execute(_ALL_RATINGS, {"ticket": ticket})))


def _read_batch(
    db: Connection, desk: DeskConfig, wanted: list[int], directory: Directory, now: datetime
) -> Iterator[Dossier]:
    batch = {"wanted": wanted}
    loaded = cases.load(db, desk.id, wanted, directory, now, lock=False)
    known = {ticket.id: ticket for ticket in loaded}
    more = {row.id: row for row in db.execute(_MORE, batch)}
    kin = [key for it in loaded for key in (it.merged_into, it.parent) if key is not None]
    numbers = {row.id: row.number for row in db.execute(_RELATIVES, {"wanted": kin})} if kin else {}
    words: dict[int, dict[int, str]] = defaultdict(dict)
    for ticket_id, letter_id, reply in db.execute(_WORDS, batch):
        words[ticket_id][letter_id] = reply
    told = _group(db, _EVENTS, batch)
    files = _group(db, _FILES, batch)
    opinions = {row.ticket_id: _read_opinion(row) for row in db.execute(_RATINGS, batch)}
    followed = _group(db, _FOLLOW_UPS, batch)
    written = _group(db, _ARTICLES, batch)
    decided = set(db.execute(_ASKED, batch).scalars())
    for key in wanted:
        ticket = known.get(key)
        if ticket is None:
            continue
        row, said = more[key], words[key]
        asked = approvals.read(db, key) if key in decided else ()
        deciders = [address for item in asked for address in item.asked_of]
        names, numbers_of_staff = _name_people(ticket, told[key], deciders, directory)
        yield Dossier(
            desk=desk,
            ticket=ticket,
            request=said[min(said)] if said else "",
            steps=_read_steps(told[key], said),
            names=names,
            staff_numbers=numbers_of_staff,
            files=tuple(dict.fromkeys(item.filename for item in files[key])),
            approvals=asked,
            opinion=opinions.get(key),
            follow_ups=tuple(map(_read_follow_up, followed[key])),
            articles=tuple(Written(it.number, it.state) for it in written[key]),
            confirmed_by=row.confirmer or "",
            closed_by=row.closed_by or "",
            reopens=row.reopens,
            archived=row.archived_at,
            merged_into=numbers.get(ticket.merged_into or 0, ""),
            parent=numbers.get(ticket.parent or 0, ""),
        )


def _group(db: Connection, query: Any, batch: Mapping[str, Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.execute(query, batch):
        found[row.ticket_id].append(row)
    return found


def _read_steps(rows: Sequence[Any], said: Mapping[int, str]) -> tuple[Step, ...]:
    """Each mail's words stand at its first event that tells no words of its own."""
    first = min(said, default=0)
    spoken = {first} | {row.letter_id for row in rows if row.data.get("words")}
    steps = []
    for row in rows:
        words = ""
        if row.kind in _SPEAKING and row.letter_id in said and row.letter_id not in spoken:
            spoken.add(row.letter_id)
            words = said[row.letter_id]
        data = {key: value for key, value in row.data.items() if isinstance(value, str)}
        steps.append(Step(row.at, row.kind, row.actor or "", data, words))
    return tuple(steps)


def _name_people(
    ticket: KnownTicket, rows: Sequence[Any], others: Sequence[str], directory: Directory
) -> tuple[dict[str, str], dict[str, str]]:
    """(names, staff numbers) by address key: of those in it, of those its timeline names, and of
    the `others`."""
    names = {key: item.name for item in ticket.people for key in item.addresses}
    numbers = {}
    for item in ticket.people:
        listed = directory.at(item.key) if item.listed else None
        if listed is not None and listed.staff_number:
            numbers[item.key] = listed.staff_number
    told = (row.data.get(key) for row in rows for key in _BY_KEY)
    for value in (*told, *others):
        if isinstance(value, str) and "@" in value and value not in names:
            person = directory.at(value)
            if person is not None:
                names[value] = person.name
    return names, numbers


def _read_opinion(row: Any) -> Opinion:
    answers = {str(key): int(score) for key, score in (row.answers or {}).items()}
    return Opinion(row.at, row.name, row.score, answers, row.words, row.source)


def _read_follow_up(row: Any) -> FollowedUp:
    return FollowedUp(row.why, row.due_at, row.done_at, row.name or "", row.record or "")
