"""What a mail says, as it is kept: its words, its subject, and a row for each of its files.

Written once with the decision; written over when a better reader has read the raw mail again
(`rewrite`), without touching what was decided, given or sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from maildesk.desk.arrival.encrypted import read_title, read_words
from maildesk.desk.arrival.subject import strip_prefixes
from maildesk.desk.request.opening import LONGEST_TITLE
from maildesk.mail.message import Attachment, Incoming
from maildesk.store.schema import attachments, letters, sightings, texts, tickets
from maildesk.store.statement import Statement

_LONGEST_NAME = 255
# Built once: building a statement costs several times what running it does.
_NEW_TEXT = Statement(insert(texts))
_NEW_ATTACHMENT = Statement(insert(attachments))
_KEPT = (
    select(
        letters.c.id,
        letters.c.desk_id,
        letters.c.raw_sha,
        letters.c.subject,
        letters.c.outcome,
        letters.c.ticket_id,
        tickets.c.number,
        tickets.c.title,
        texts.c.id.label("text_id"),
        texts.c.reply,
        texts.c.body,
        select(func.min(sightings.c.id))
        .where(sightings.c.letter_id == letters.c.id)
        .scalar_subquery()
        .label("sighting"),
    )
    .outerjoin(texts, texts.c.letter_id == letters.c.id)
    .outerjoin(tickets, tickets.c.id == letters.c.ticket_id)
    .where(letters.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(letters.c.id)
)
_FILES = (
    select(attachments)
    .where(attachments.c.letter_id.in_(bindparam("ids", expanding=True)))
    .order_by(attachments.c.letter_id, attachments.c.position)
)


@dataclass(frozen=True, slots=True)
class Change:
    """What of a kept mail reads differently now: each value as it was and as it is.

    `files` are rows of the attachments table, without ids. None: that stays as it is.
    """

    letter: int
    reply: tuple[str, str] | None = None
    body: tuple[str, str] | None = None
    subject: tuple[str, str] | None = None
    title: tuple[str, str] | None = None
    files: tuple[Sequence[Mapping[str, Any]], Sequence[Mapping[str, Any]]] | None = None

    @property
    def is_empty(self) -> bool:
        said = (self.reply, self.body, self.subject, self.title, self.files)
        return all(item is None for item in said)


def write(db: Connection, letter: int, ticket: int | None, mail: Incoming, language: str) -> None:
    """Keep a new mail's words and name its files. `language` is the desk's."""
    reply, body = _say(mail, language)
    row = {"letter_id": letter, "ticket_id": ticket, "reply": reply, "body": body}
    _NEW_TEXT.run(db, row)
    if mail.attachments:
        _NEW_ATTACHMENT.run_all(db, _list_files(letter, mail.attachments))


def list_ids(
    db: Connection, after: int, most: int, since: datetime | None, only: Sequence[int] | None
) -> list[int]:
    """Letters above id `after`, in order; those received from `since` on, those in `only`."""
    query = select(letters.c.id).where(letters.c.id > after).order_by(letters.c.id).limit(most)
    if since is not None:
        query = query.where(letters.c.received_at >= since)
    if only is not None:
        query = query.where(letters.c.id.in_(only))
    return list(db.execute(query).scalars())


def count(db: Connection, since: datetime | None) -> int:
    """How many letters there are; those received from `since` on."""
    query = select(func.count()).select_from(letters)
    if since is not None:
        query = query.where(letters.c.received_at >= since)
    return int(db.execute(query).scalar_one())


def read_kept(db: Connection, ids: Sequence[int]) -> list[tuple[Any, list[Mapping[str, Any]]]]:
    """(row, rows of its files) of each letter, by id."""
    files: dict[int, list[Mapping[str, Any]]] = {letter: [] for letter in ids}
    for row in db.execute(_FILES, {"ids": list(ids)}):
        kept = {name: row._mapping[name] for name in _FILE_COLUMNS}
        files[row.letter_id].append(kept)
    return [(row, files[row.id]) for row in db.execute(_KEPT, {"ids": list(ids)})]


def compare(row: Any, kept: Sequence[Mapping[str, Any]], mail: Incoming, language: str) -> Change:
    """What of a kept mail differs from how it is read now. `language` is its desk's.

    A title follows its mail's subject as long as nobody gave the ticket another one.
    """
    reply, body = _say(mail, language)
    subject, files = _safe(mail.subject), _list_files(row.id, mail.attachments)
    said = row.text_id is not None  # else the mail was not worth keeping words of
    title = None
    if row.outcome == "opened" and row.title == strip_prefixes(row.subject)[:LONGEST_TITLE]:
        named = _safe(read_title(mail, strip_prefixes(mail.subject)[:LONGEST_TITLE], language))
        title = (row.title, named) if named and named != row.title else None
    return Change(
        letter=row.id,
        reply=(row.reply, reply) if said and row.reply != reply else None,
        body=(row.body, body) if said and row.body != body else None,
        subject=(row.subject, subject) if row.subject != subject else None,
        title=title,
        files=(kept, files) if said and list(kept) != files else None,
    )


def rewrite(db: Connection, changes: Sequence[Change]) -> None:
    """Make these changes true. A letter that is gone meanwhile is left out."""
    wanted = [item.letter for item in changes]
    there = set(
        db.execute(select(letters.c.id).where(letters.c.id.in_(wanted)).with_for_update()).scalars()
    )
    for item in changes:
        if item.letter not in there:
            continue
        words = {name: both[1] for name in ("reply", "body") if (both := getattr(item, name))}
        if words:
            db.execute(update(texts).where(texts.c.letter_id == item.letter).values(words))
        if item.subject is not None:
            subject = item.subject[1]
            db.execute(update(letters).where(letters.c.id == item.letter).values(subject=subject))
        if item.title is not None:
            before, now = item.title
            ticket = select(letters.c.ticket_id).where(letters.c.id == item.letter)
            db.execute(
                update(tickets)
                .where(tickets.c.id == ticket.scalar_subquery(), tickets.c.title == before)
                .values(title=now)
            )
        if item.files is not None:
            _rewrite_files(db, item.letter, *item.files)


def _rewrite_files(
    db: Connection,
    letter: int,
    before: Sequence[Mapping[str, Any]],
    now: Sequence[Mapping[str, Any]],
) -> None:
    """By position, so that a row keeps its id."""
    for old, new in zip(before, now, strict=False):
        if old != new:
            db.execute(
                update(attachments)
                .where(
                    attachments.c.letter_id == letter,
                    attachments.c.position == new["position"],
                )
                .values(dict(new))
            )
    if len(now) > len(before):
        _NEW_ATTACHMENT.run_all(db, now[len(before) :])
    elif len(now) < len(before):
        db.execute(
            delete(attachments).where(
                attachments.c.letter_id == letter, attachments.c.position >= len(now)
            )
        )


_FILE_COLUMNS = tuple(column.name for column in attachments.c if column.name != "id")


def _list_files(letter: int, files: Sequence[Attachment]) -> list[dict[str, Any]]:
    return [
        {
            "letter_id": letter,
            "position": position,
            "filename": _safe(item.filename)[:_LONGEST_NAME],
            "content_type": item.content_type[:_LONGEST_NAME],
            "size": item.size,
            "sha256": item.sha256,
            "inline": item.inline,
            "content_id": item.content_id[:_LONGEST_NAME] if item.content_id else None,
            "detected": item.detected[:_LONGEST_NAME] if item.detected else None,
            "decoration": item.decoration,
        }
        for position, item in enumerate(files)
    ]


def _say(mail: Incoming, language: str) -> tuple[str, str]:
    """(new words, whole text) as they are kept."""
    reply = read_words(mail, language)
    return _safe(reply), _safe(mail.text or reply)


def _safe(text: str) -> str:
    # PostgreSQL keeps no NUL, UTF-8 no lone surrogate.
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    return text.encode("utf-8", "replace").decode() if not text.isprintable() else text
