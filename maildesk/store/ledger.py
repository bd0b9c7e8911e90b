"""The ledger read back, and mails taken back from where they were set aside.

For the audit, `explain` and whoever looks after quarantine and doorstep.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, or_, select, update

from maildesk.store.schema import attachments, letters, sightings, texts, tickets

_LONGEST_NUMBER = 18  # digits of an id both databases can compare with


def quarantined(db: Connection) -> list[Any]:
    """Rows of every quarantined mail, the newest first."""
    return list(
        db.execute(
            select(sightings)
            .where(sightings.c.outcome == "quarantined")
            .order_by(sightings.c.id.desc())
        )
    )


def ledger_of(db: Connection, mailbox: str) -> list[Any]:
    """Every row of a mailbox, for the audit."""
    columns = (
        sightings.c.id,
        sightings.c.uidvalidity,
        sightings.c.uid,
        sightings.c.raw_sha,
        sightings.c.state,
        sightings.c.outcome,
    )
    return list(db.execute(select(*columns).where(sightings.c.mailbox == mailbox)))


def named_blobs(db: Connection) -> tuple[set[str], set[str]]:
    """Hashes of all raw mails and of all attachments that a row names."""
    raws = select(sightings.c.raw_sha).where(sightings.c.raw_sha.is_not(None)).distinct()
    files = select(attachments.c.sha256).distinct()
    return set(db.execute(raws).scalars()), set(db.execute(files).scalars())


def get_sighting(db: Connection, sighting: int) -> Any:
    """One ledger row, or None."""
    return db.execute(select(sightings).where(sightings.c.id == sighting)).first()


def add_reason(db: Connection, sighting: int, said: str) -> None:
    """What else became of a mail that was set aside."""
    both = func.coalesce(sightings.c.reason + "; ", "") + said
    db.execute(update(sightings).where(sightings.c.id == sighting).values(reason=both))


def retry_quarantined(db: Connection, sighting: int) -> bool:
    """Put a quarantined mail back to be decided anew; False when there is none of that id.

    One that was never fetched loses its row, so that the next round fetches it.
    As a second attempt it is read in a process of its own: it may be what ended the first.
    """
    row = get_sighting(db, sighting)
    if row is None or row.outcome != "quarantined":
        return False
    if row.raw_sha is None:
        db.execute(delete(sightings).where(sightings.c.id == sighting))
        return True
    db.execute(
        update(sightings)
        .where(sightings.c.id == sighting)
        .values(state="spooled", attempts=2, outcome=None, reason=None, trouble=None)
    )
    return True


def admit(db: Connection, sighting: int) -> bool:
    """Let a mail in from the doorstep: it is decided anew, as if its sender were accepted."""
    row = db.execute(
        select(sightings.c.letter_id)
        .where(sightings.c.id == sighting, sightings.c.outcome == "doorstep")
        .with_for_update()
    ).first()
    if row is None:
        return False
    db.execute(
        update(sightings).where(sightings.c.letter_id == row.letter_id).values(letter_id=None)
    )
    db.execute(
        update(sightings)
        .where(sightings.c.id == sighting)
        .values(state="spooled", attempts=1, admitted=True, outcome=None, reason=None)
    )
    for table in (texts, attachments):
        db.execute(delete(table).where(table.c.letter_id == row.letter_id))
    db.execute(delete(letters).where(letters.c.id == row.letter_id))
    return True


def at_doorstep(db: Connection, since: datetime | None = None) -> list[Any]:
    """Letters nobody has let in yet, the newest first; those decided from `since` on."""
    query = (
        select(
            sightings.c.id,
            letters.c.desk_id,
            letters.c.sender,
            letters.c.subject,
            letters.c.received_at,
            letters.c.reason,
        )
        .join(letters, letters.c.id == sightings.c.letter_id)
        .where(sightings.c.outcome == "doorstep")
        .order_by(sightings.c.id.desc())
    )
    if since is not None:
        query = query.where(sightings.c.decided_at >= since)
    return list(db.execute(query))


def find(db: Connection, wanted: str) -> list[Any]:
    """Ledger rows by id, raw hash (or its first 8 digits), Message-ID or ticket number."""
    wanted = wanted.encode("utf-8", "replace").decode()  # what a terminal typed may be no text
    conditions = [letters.c.message_id == wanted.strip("<>"), tickets.c.number == wanted]
    if wanted.isdecimal() and len(wanted) <= _LONGEST_NUMBER:
        conditions.append(sightings.c.id == int(wanted))
    if len(wanted) >= 8:
        conditions.append(sightings.c.raw_sha.startswith(wanted.lower(), autoescape=True))
    return list(
        db.execute(
            select(
                sightings,
                letters.c.message_id,
                letters.c.trace,
                letters.c.rules_hash,
                letters.c.desk_id,
                tickets.c.number,
            )
            .outerjoin(letters, letters.c.id == sightings.c.letter_id)
            .outerjoin(tickets, tickets.c.id == sightings.c.ticket_id)
            .where(or_(*conditions))
            .order_by(sightings.c.id)
        )
    )


def count_states(db: Connection) -> dict[tuple[str, str, str | None], int]:
    """How many mails stand where: (mailbox, state, outcome) → count."""
    query = select(
        sightings.c.mailbox, sightings.c.state, sightings.c.outcome, func.count()
    ).group_by(sightings.c.mailbox, sightings.c.state, sightings.c.outcome)
    return {(row[0], row[1], row[2]): row[3] for row in db.execute(query)}
