"""Tickets as decisions need them: whole, locked, with their people, words and what waits on them.

Read in the transaction that decides. Lists and histories for people to look at are `tickets`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Column, Connection, Select, bindparam, or_, select, union

from maildesk.desk.directory import Directory
from maildesk.desk.evidence import Draft, LastChange, Said
from maildesk.desk.pages_of import LastAnswer
from maildesk.desk.person import Role
from maildesk.desk.similar import Candidate
from maildesk.desk.ticket import ENDED, Insider, KnownTicket, Part, Pause, State, Waiting
from maildesk.mail.message import Attachment
from maildesk.store import outbox
from maildesk.store.schema import (
    Instant,
    addresses,
    attachments,
    drafts,
    events,
    letters,
    participants,
    people,
    texts,
    tickets,
)

Kin = Literal["none", "merged", "family"]
"""Which relatives of a ticket are loaded with it."""

# How far back similar tickets and a ticket's own words are looked at.
_RECENT = 50
_MOST_SAID = 200
DRAFTS_KEPT = timedelta(days=30)

# Built once: building a statement costs several times what running it does.
_TICKETS = select(
    tickets.c.id,
    tickets.c.number,
    tickets.c.state,
    tickets.c.title,
    tickets.c.category,
    tickets.c.priority,
    tickets.c.type,
    tickets.c.group_key,
    tickets.c.language,
    tickets.c.department,
    tickets.c.waiting,
    tickets.c.opened_at,
    tickets.c.response_due,
    tickets.c.responded_at,
    tickets.c.eta_at,
    tickets.c.solved_at,
    tickets.c.confirmed_at,
    tickets.c.closed_at,
    tickets.c.chases,
    tickets.c.chased_at,
    tickets.c.impact,
    tickets.c.urgency,
    tickets.c.severity,
    tickets.c.fields,
    tickets.c.tags,
    tickets.c.assigned_at,
    tickets.c.contact_due,
    tickets.c.solution_due,
    tickets.c.pauses,
    tickets.c.result,
    tickets.c.parent_id,
    tickets.c.merged_into_id,
    tickets.c.desk_id,
).order_by(tickets.c.id)
_TARGETS = tickets.alias("targets")


def _choose(ids: Column[int], by: Column[int]) -> Select[Any]:
    return select(ids).where(by.in_(bindparam("wanted", expanding=True)), ids.is_not(None))


_THEMSELVES = _choose(_TARGETS.c.id, _TARGETS.c.id)
_INTO = _choose(_TARGETS.c.merged_into_id, _TARGETS.c.id)
_UNDER = _choose(_TARGETS.c.id, _TARGETS.c.parent_id)
_FROM = _choose(_TARGETS.c.id, _TARGETS.c.merged_into_id)
# One statement for a ticket and its relatives: rows are locked in the order of their ids. Each
# kind of relative is a question of its own, and the desk is compared afterwards: else SQLite reads
# all of the desk's tickets.
_READ: Mapping[Kin, Select[Any]] = {
    "none": _TICKETS.where(tickets.c.id.in_(bindparam("wanted", expanding=True))),
    "merged": _TICKETS.where(tickets.c.id.in_(union(_THEMSELVES, _INTO))),
    "family": _TICKETS.where(tickets.c.id.in_(union(_THEMSELVES, _INTO, _UNDER, _FROM))),
}
# Not FOR UPDATE: that would keep the clock, which holds a deadline this may move, from writing
# to the timeline, and then each waits for the other.
_LOCKED = {kin: query.with_for_update(key_share=True) for kin, query in _READ.items()}
_PEOPLE = (
    select(
        participants.c.ticket_id,
        participants.c.role,
        people.c.id,
        people.c.key,
        people.c.name,
        people.c.role.label("rank"),
        people.c.listed,
        people.c.language,
        people.c.extension,
        people.c.department,
        addresses.c.address,
        addresses.c.bounced_until,
    )
    .join(people, people.c.id == participants.c.person_id)
    .join(addresses, addresses.c.person_id == people.c.id)
    .where(participants.c.ticket_id.in_(bindparam("wanted", expanding=True)))
    .order_by(participants.c.ticket_id, people.c.id)
)
# Its own words, and those of tickets that were merged into it.
_WITH_MERGED = select(_TARGETS.c.id).where(
    or_(_TARGETS.c.id == bindparam("ticket"), _TARGETS.c.merged_into_id == bindparam("ticket"))
)
_SAID = (
    select(
        letters.c.id,
        letters.c.sender,
        letters.c.received_at,
        letters.c.outcome,
        texts.c.reply,
        people.c.name,
        people.c.role,
        people.c.listed,
        (people.c.id == tickets.c.requester_id).label("asks"),
    )
    .join(texts, texts.c.letter_id == letters.c.id)
    .join(tickets, tickets.c.id == letters.c.ticket_id)
    .outerjoin(addresses, addresses.c.address == letters.c.sender)
    .outerjoin(people, people.c.id == addresses.c.person_id)
    .where(letters.c.ticket_id.in_(_WITH_MERGED), letters.c.kind == "ordinary")
    .order_by(letters.c.id.desc())
    .limit(_MOST_SAID)
)
# Words that came by no mail of their own, or by one that held orders as well: staff's notes and
# what of theirs was passed on, an answer on a page.
_NOTES = (
    select(events.c.kind, events.c.data, events.c.at, people.c.name)
    .outerjoin(people, people.c.id == events.c.actor_id)
    .where(
        events.c.ticket_id.in_(_WITH_MERGED),
        events.c.kind.in_(("note", "relayed", "reopened", "rule_note")),
    )
    .order_by(events.c.id.desc())
    .limit(_MOST_SAID)
)
_FILES = (
    select(attachments)
    .where(attachments.c.letter_id.in_(bindparam("letters", expanding=True)))
    .order_by(attachments.c.letter_id, attachments.c.position)
)
# What somebody else did since counts as well: a step back would undo his step, too.
_STEPS = (
    *("changed", "undone", "joined", "merged_in", "confirmed", "reopened"),
    *("approved", "not_approved"),
)
_LAST = (
    select(events.c.kind, events.c.actor_id, events.c.letter_id, events.c.at, events.c.data)
    .where(
        events.c.ticket_id == bindparam("ticket"),
        or_(
            events.c.kind.in_(_STEPS),
            (events.c.kind == "words") & (events.c.actor_id != bindparam("person")),
        ),
    )
    .order_by(events.c.id.desc())
    .limit(1)
)
# Orders of one mail have one moment.
_INVITED = select(events.c.data).where(
    events.c.ticket_id == bindparam("ticket"),
    events.c.actor_id == bindparam("person"),
    events.c.at == bindparam("at", type_=Instant),
    events.c.kind == "joined",
)
_DRAFTS = (
    select(drafts)
    .where(
        drafts.c.person_id == bindparam("person"),
        drafts.c.ticket_id.in_(bindparam("wanted", expanding=True)),
        drafts.c.released_at.is_(None),
        drafts.c.created_at > bindparam("since"),
    )
    .order_by(drafts.c.id.desc())
)
_ASKING = people.alias("asking")
_LATEST = (
    select(
        tickets.c.id, tickets.c.number, tickets.c.title, tickets.c.category, tickets.c.state,
        people.c.name, tickets.c.opened_at, _ASKING.c.key, tickets.c.parent_id, tickets.c.tags,
    )
    .join(_ASKING, _ASKING.c.id == tickets.c.requester_id)
    .outerjoin(people, people.c.id == tickets.c.assignee_id)
    .where(tickets.c.desk_id == bindparam("desk"))
    .order_by(tickets.c.opened_at.desc())
    .limit(_RECENT)
)  # fmt: skip


def load(
    db: Connection,
    desk_id: str,
    wanted: Sequence[int],
    directory: Directory,
    now: datetime,
    *,
    lock: bool = True,
    kin: Kin = "none",
) -> tuple[KnownTicket, ...]:
    """These tickets of the desk with everybody in them; their rows are locked to be decided on.

    `kin` "merged": those they were merged into as well; "family": also what hangs under them or
    was merged into them. In the order of their ids.
    """
    if not wanted:
        return ()
    query = (_LOCKED if lock else _READ)[kin]
    rows = [row for row in db.execute(query, {"wanted": wanted}) if row.desk_id == desk_id]
    crowd = _gather_people(db, [row.id for row in rows], directory, now)
    return tuple(
        KnownTicket(
            id=row.id,
            number=row.number,
            state=State(row.state),
            title=row.title,
            insiders=frozenset(key for person in crowd[row.id] for key in person.addresses),
            people=crowd[row.id],
            category=row.category,
            priority=row.priority,
            type=row.type,
            group=row.group_key,
            language=row.language,
            department=row.department,
            waiting=Waiting(row.waiting),
            opened=row.opened_at,
            response_due=row.response_due,
            responded=row.responded_at,
            eta=row.eta_at,
            solved=row.solved_at,
            confirmed=row.confirmed_at,
            closed=row.closed_at,
            chases=row.chases,
            chased=row.chased_at,
            impact=row.impact,
            urgency=row.urgency,
            severity=row.severity,
            fields=row.fields or {},
            tags=tuple(row.tags or ()),
            assigned=row.assigned_at,
            contact_due=row.contact_due,
            solution_due=row.solution_due,
            pauses=read_pauses(row.pauses),
            result=row.result,
            parent=row.parent_id,
            merged_into=row.merged_into_id,
        )
        for row in rows
    )


def read_pauses(kept: list[list[str | None]] | None) -> tuple[Pause, ...]:
    """As `changes.write_pauses` keeps them."""
    return tuple(
        Pause(datetime.fromisoformat(start), datetime.fromisoformat(end) if end else None)
        for start, end in kept or ()
        if start
    )


def _gather_people(
    db: Connection, wanted: Sequence[int], directory: Directory, now: datetime
) -> dict[int, tuple[Insider, ...]]:
    """By ticket: each part somebody has in it. A listed person is written to at the list's first
    address; anybody else at the one he wrote from first."""
    found: dict[tuple[int, str, int], list[Any]] = defaultdict(list)
    for row in db.execute(_PEOPLE, {"wanted": wanted}) if wanted else ():
        found[row.ticket_id, row.role, row.id].append(row)
    crowd: dict[int, list[Insider]] = {ticket: [] for ticket in wanted}
    for (ticket, part, _), rows in found.items():
        first = rows[0]
        keys = [row.address for row in rows]
        listed = directory.at(keys[0]) if first.listed else None
        main = listed.addresses[0] if listed else first.key if first.key in keys else keys[0]
        crowd[ticket].append(
            Insider(
                part=Part(part),
                key=main,
                name=first.name,
                addresses=frozenset(keys),
                role=Role(first.rank),
                listed=first.listed,
                language=first.language,
                extension=first.extension,
                department=first.department,
                bounced=any(
                    row.address == main and row.bounced_until and row.bounced_until > now
                    for row in rows
                ),
            )
        )
    return {ticket: tuple(persons) for ticket, persons in crowd.items()}


def read_said(db: Connection, ticket: int) -> tuple[Said, ...]:
    """The ticket's words, the oldest first: what mails said, and notes for colleagues."""
    rows = db.execute(_SAID, {"ticket": ticket}).all()
    files: dict[int, list[Attachment]] = defaultdict(list)
    for row in db.execute(_FILES, {"letters": [row.id for row in rows]}) if rows else ():
        files[row.letter_id].append(
            Attachment(
                row.filename,
                row.content_type,
                row.size,
                row.sha256,
                row.inline,
                row.content_id,
                row.detected,
                row.decoration,
            )
        )
    said = []
    for row in rows:
        # What is only kept as a note was not believed, or is a machine's.
        if row.outcome not in ("opened", "appended"):
            continue
        # Who opened it speaks of the problem, whoever he is; so does staff with one of their own.
        works = row.listed and row.role != Role.REQUESTER.value
        internal = bool(works and not row.asks and row.outcome != "opened")
        words, author = "" if internal else row.reply, row.name or row.sender or ""
        mine = tuple(files[row.id])
        said.append(
            Said(author, words, row.received_at, internal, mine, "", row.id, row.sender or "")
        )
    for row in db.execute(_NOTES, {"ticket": ticket}):
        words, told = str(row.data.get("words", "")), str(row.data.get("to", ""))
        if row.kind == "rule_note":  # nobody wrote it: the mail that caused it was somebody's
            rule, words = str(row.data.get("rule", "")), str(row.data.get("note", ""))
            said.append(Said(rule, words, row.at, internal=True))
            continue
        if words:
            said.append(Said(row.name or "", words, row.at, row.kind != "reopened", told=told))
    return tuple(sorted(said, key=lambda item: item.at))


def read_last_change(db: Connection, ticket: int, person: int) -> LastChange | None:
    """The ticket's last change if it is this person's, and not undone already.

    Once somebody else has moved or answered it, a step back would undo his step as well.
    """
    row = db.execute(_LAST, {"ticket": ticket, "person": person}).first()
    if row is None or row.kind not in _UNDOABLE or row.actor_id != person:
        return None
    if row.kind == "joined" and not row.letter_id:
        return None
    cause = f"letter:{row.letter_id}" if row.letter_id else str(row.data.get("cause", ""))
    same = {"ticket": ticket, "person": person, "at": row.at}
    invited = [str(data.get("who", "")) for (data,) in db.execute(_INVITED, same)]
    sent = outbox.states_of(db, cause) if cause else []
    return LastChange(
        cause=cause,
        at=row.at,
        orders=row.data.get("orders", ""),
        before=tuple(sorted(json.loads(row.data.get("before", "{}")).items())),
        left=tuple((name, to) for name, to, state in sent if state not in _STAYS),
        waiting=tuple((name, to) for name, to, state in sent if state == "queued"),
        invited=tuple(filter(None, invited)),
        final="undo_merged" if row.kind == "merged_in" else str(row.data.get("final", "")),
    )


_UNDOABLE = ("changed", "joined", "merged_in")
_STAYS = ("queued", "withheld", "superseded", "dead")


def read_page_answer(db: Connection, ticket: int, person: int) -> LastAnswer | None:
    """What this person answered last on a page of the ticket."""
    for row in db.execute(_PAGES, {"ticket": ticket, "person": person}):
        cause = str(row.data.get("cause", ""))
        if cause.startswith("page:"):
            given = str(row.data.get("orders") or row.kind)
            return LastAnswer(given, row.at, cause.rpartition(":")[2])
    return None


def read_exposure(db: Connection, ticket: int, person: int) -> datetime | None:
    """When this person last mailed his action links to others; older links act no more."""
    return db.execute(_EXPOSED, {"ticket": ticket, "person": person}).scalar_one_or_none()


_EXPOSED = (
    select(events.c.at)
    .where(
        events.c.ticket_id == bindparam("ticket"),
        events.c.actor_id == bindparam("person"),
        events.c.kind == "links_exposed",
    )
    .order_by(events.c.id.desc())
    .limit(1)
)


def read_solution(db: Connection, ticket: int) -> str:
    """The words last sent to the requester as the solution; "" when there were none."""
    rows = db.execute(_RELAYED, {"ticket": ticket})
    return next((row.data["words"] for row in rows if row.data.get("letter") == "solved"), "")


_RELAYED = (
    select(events.c.data)
    .where(events.c.ticket_id == bindparam("ticket"), events.c.kind == "relayed")
    .order_by(events.c.id.desc())
    .limit(20)
)
_PAGES = (
    select(events.c.kind, events.c.at, events.c.data)
    .where(
        events.c.ticket_id == bindparam("ticket"),
        events.c.actor_id == bindparam("person"),
        events.c.letter_id.is_(None),
        events.c.kind.in_(("changed", "confirmed", "reopened")),
    )
    .order_by(events.c.id.desc())
    .limit(5)
)


def read_drafts(
    db: Connection, person: int, wanted: Sequence[int], now: datetime
) -> tuple[Draft, ...]:
    """The person's own words that wait on these tickets, the newest first."""
    if not wanted:
        return ()
    about = {"person": person, "wanted": wanted, "since": now - DRAFTS_KEPT}
    return tuple(
        Draft(
            id=row.id,
            ticket=row.ticket_id,
            kind=row.kind,
            words=row.words,
            relay=row.relay,
            relay_to=row.relay_to or "",
            files=outbox.read_files(row.files),
            created=row.created_at,
            cause=f"letter:{row.letter_id}",
        )
        for row in db.execute(_DRAFTS, about)
    )


def read_recent(db: Connection, desk_id: str) -> tuple[Candidate, ...]:
    """The desk's newest tickets that are still open."""
    return tuple(
        Candidate(
            *(ticket, number, title, category, _STATES[state], handler, opened, key, parent),
            tags=tuple(tags or ()),
        )
        for ticket, number, title, category, state, handler, opened, key, parent, tags in (
            db.execute(_LATEST, {"desk": desk_id}).all()
        )
        if state not in _OVER
    )


_OVER = frozenset(state.value for state in ENDED)
# Calling an enum costs several times what a look-up does.
_STATES = {state.value: state for state in State}
