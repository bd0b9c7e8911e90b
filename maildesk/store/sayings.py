"""What was said on a ticket, as decisions and letters need it: mails, notes, the solution told.

Read in the transaction that decides. Words that wait for their author's release are `steps`.
"""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection, bindparam, or_, select

from maildesk.desk.evidence import Said
from maildesk.desk.person import Role
from maildesk.mail.message import Attachment
from maildesk.store.schema import (
    addresses,
    attachments,
    events,
    letters,
    people,
    texts,
    tickets,
)

_MOST_SAID = 200  # how far back a ticket's own words are looked at
_TARGETS = tickets.alias("targets")

# The statements are built once: that costs several times what running them does.

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
_RELAYED = (
    select(events.c.data)
    .where(events.c.ticket_id == bindparam("ticket"), events.c.kind == "relayed")
    .order_by(events.c.id.desc())
    .limit(20)
)


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


def read_solution(db: Connection, ticket: int) -> str:
    """The words last sent to the requester as the solution; "" when there were none."""
    rows = db.execute(_RELAYED, {"ticket": ticket})
    return next((row.data["words"] for row in rows if row.data.get("letter") == "solved"), "")
