"""The ledger: every mail seen in every mailbox, and the one outcome each of them has.

A row is committed before anything is done to the mail on its server, and says `spooled`, then
`decided`, then `filed`. What the mail *means* is not decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, insert, select, update

from maildesk.store.deadlines import NewDeadline, set_deadlines
from maildesk.store.schema import sightings
from maildesk.store.statement import Statement, insert_or_ignore

INGEST = "@ingest"  # the mailbox of what came by `maildesk ingest`
MAX_ATTEMPTS = 3  # the attempt at which a mail is quarantined unparsed (DESIGN §3)
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Sighted:
    """A mail to be entered in the ledger. `raw_sha` None: recorded without being fetched."""

    uid: int | None
    internaldate: datetime
    size: int
    identity: str | None
    raw_sha: str | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """A spooled row that still needs its decision."""

    id: int
    mailbox: str
    uid: int | None
    raw_sha: str
    size: int
    internaldate: datetime
    attempts: int
    admitted: bool


_PENDING = (
    sightings.c.id,
    sightings.c.mailbox,
    sightings.c.uid,
    sightings.c.raw_sha,
    sightings.c.size,
    sightings.c.internaldate,
    sightings.c.attempts,
    sightings.c.admitted,
)


_PENDING_ONE = Statement(
    select(*_PENDING)
    .where(sightings.c.id == bindparam("sighting"), sightings.c.state == "spooled")
    .with_for_update()
)
_SETTLE = Statement(update(sightings).where(sightings.c.id == bindparam("sighting")))


@dataclass(frozen=True, slots=True)
class Met:
    """A mail seen under another UIDVALIDITY; `fetched`: its bytes are known too."""

    outcome: str | None
    fetched: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """A row whose outcome is durable and whose mail can be filed away on the server."""

    id: int
    uid: int
    outcome: str


def known_uids(db: Connection, mailbox: str, uidvalidity: int, after: int) -> set[int]:
    """UIDs above `after` that are in the ledger already."""
    rows = db.execute(
        select(sightings.c.uid).where(
            sightings.c.mailbox == mailbox,
            sightings.c.uidvalidity == uidvalidity,
            sightings.c.uid > after,
        )
    )
    return set(rows.scalars())


def record(
    db: Connection, mailbox: str, uidvalidity: int, mails: Sequence[Sighted], now: datetime
) -> None:
    """Enter spooled mails as `spooled, attempts=1`. One already there is left as it is."""
    if not mails:
        return
    rows = [
        {**_row(mailbox, uidvalidity, mail, now), "state": "spooled", "attempts": 1}
        for mail in mails
    ]
    insert_or_ignore(db, sightings, rows)


def record_ingested(db: Connection, mail: Sighted, now: datetime) -> int:
    """Enter a mail that came by `maildesk ingest`; returns its ledger id."""
    row = {**_row(INGEST, 0, mail, now), "state": "spooled", "attempts": 1}
    return int(db.execute(insert(sightings).returning(sightings.c.id), row).scalar_one())


def record_past(
    db: Connection,
    mailbox: str,
    uidvalidity: int,
    mails: Iterable[tuple[Sighted, str, str]],
    now: datetime,
) -> None:
    """Enter mails that are never answered: (mail, outcome, reason). They need no filing."""
    rows = [
        {
            **_row(mailbox, uidvalidity, mail, now),
            "state": "filed",
            "attempts": 0,
            "outcome": outcome,
            "reason": reason,
            "decided_at": now,
        }
        for mail, outcome, reason in mails
    ]
    if rows:
        insert_or_ignore(db, sightings, rows)


def known_identities(
    db: Connection, mailbox: str, uidvalidity: int, identities: Sequence[str]
) -> dict[str, Met]:
    """Which of these mails this mailbox has shown before, under another UIDVALIDITY.

    Of several sightings the one counts that was fetched.
    """
    found: dict[str, Met] = {}
    for at in range(0, len(identities), _CHUNK):
        rows = db.execute(
            select(sightings.c.identity, sightings.c.outcome, sightings.c.raw_sha).where(
                sightings.c.mailbox == mailbox,
                sightings.c.uidvalidity != uidvalidity,
                sightings.c.identity.in_(identities[at : at + _CHUNK]),
            )
        )
        for row in rows:
            if row.raw_sha is not None or row.identity not in found:
                found[row.identity] = Met(row.outcome, row.raw_sha is not None)
    return found


def known_raws(db: Connection, mailbox: str, uidvalidity: int, raws: Sequence[str]) -> set[str]:
    """Which of these raw hashes this mailbox has shown before, under another UIDVALIDITY."""
    query = select(sightings.c.raw_sha).where(
        sightings.c.mailbox == mailbox,
        sightings.c.uidvalidity != uidvalidity,
        sightings.c.raw_sha.in_(raws),
    )
    return set(db.execute(query).scalars())


def count_attempt(db: Connection, sighting: int) -> None:
    """One more attempt for the mail a former run died over."""
    db.execute(
        update(sightings)
        .where(sightings.c.id == sighting, sightings.c.state == "spooled")
        .values(attempts=sightings.c.attempts + 1)
    )


def pending(db: Connection, mailbox: str, after: int = 0, limit: int = 200) -> list[Pending]:
    """Spooled mails awaiting their decision, the oldest first, beyond the ledger id `after`."""
    query = (
        select(*_PENDING)
        .where(
            sightings.c.mailbox == mailbox,
            sightings.c.state == "spooled",
            sightings.c.id > after,
        )
        .order_by(sightings.c.id)
        .limit(limit)
    )
    return [Pending(*row) for row in db.execute(query)]


def pending_one(db: Connection, sighting: int) -> Pending | None:
    """One spooled row, locked for its decision; None when somebody decided it meanwhile."""
    rows = _PENDING_ONE.ask(db, {"sighting": sighting})
    return Pending(*rows[0]) if rows else None


def stale_ingests(db: Connection, before: datetime) -> list[Pending]:
    """Mails a killed `maildesk ingest` left behind; each is counted one more attempt."""
    stale = and_(
        sightings.c.mailbox == INGEST,
        sightings.c.state == "spooled",
        sightings.c.seen_at < before,
    )
    db.execute(update(sightings).where(stale).values(attempts=sightings.c.attempts + 1))
    return [row for row in pending(db, INGEST) if row.attempts > 1]


def settle(
    db: Connection,
    sighting: int,
    outcome: str,
    reason: str,
    now: datetime,
    letter: int | None = None,
    ticket: int | None = None,
    trouble: str | None = None,
) -> None:
    """Write a mail's one outcome; from here on it only needs to be filed."""
    _SETTLE.run(
        db,
        {
            "sighting": sighting,
            "state": "decided",
            "outcome": outcome,
            "reason": reason,
            "trouble": trouble,
            "letter_id": letter,
            "ticket_id": ticket,
            "decided_at": now,
        },
    )


def notice_quarantine(
    db: Connection, mailbox: str, uidvalidity: int, uid: int, desk_id: str, now: datetime
) -> int:
    """Let the lead be told, once, of a mail that was set aside without being fetched; its row."""
    row = db.execute(
        select(sightings.c.id).where(
            sightings.c.mailbox == mailbox,
            sightings.c.uidvalidity == uidvalidity,
            sightings.c.uid == uid,
        )
    ).one()
    notice = NewDeadline("quarantine_notice", f"sighting:{row.id}", desk_id, now)
    set_deadlines(db, [notice])
    return int(row.id)


def unfiled(db: Connection, mailbox: str, uidvalidity: int, limit: int = 500) -> list[Decided]:
    """Decided mails that are still where the server delivered them."""
    query = (
        select(sightings.c.id, sightings.c.uid, sightings.c.outcome)
        .where(
            sightings.c.mailbox == mailbox,
            sightings.c.state == "decided",
            sightings.c.uidvalidity == uidvalidity,
            sightings.c.uid.is_not(None),
        )
        .order_by(sightings.c.id)
        .limit(limit)
    )
    return [Decided(*row) for row in db.execute(query)]


def mark_filed(db: Connection, ids: Sequence[int]) -> None:
    for at in range(0, len(ids), _CHUNK):
        db.execute(
            update(sightings).where(sightings.c.id.in_(ids[at : at + _CHUNK])).values(state="filed")
        )


def _row(mailbox: str, uidvalidity: int, mail: Sighted, now: datetime) -> dict[str, Any]:
    return {
        "mailbox": mailbox,
        "uidvalidity": uidvalidity,
        "uid": mail.uid,
        "raw_sha": mail.raw_sha,
        "size": mail.size,
        "internaldate": mail.internaldate,
        "identity": mail.identity,
        "seen_at": now,
        "admitted": False,
    }
