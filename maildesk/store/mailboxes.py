"""Which mailboxes are read, by whom, and what in them came before us.

A lease lets one daemon at a time read a mailbox; what its mails became is the ledger's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from maildesk.store.owner import is_gone
from maildesk.store.schema import mailboxes, sightings
from maildesk.store.statement import insert_or_ignore

LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class MailboxMemory:
    """What the ledger knows of a mailbox. All None: it was never opened before."""

    folder: str | None
    uidvalidity: int | None
    watermark: int | None
    answer_after: datetime | None
    last_round: datetime | None


def take_mailbox(db: Connection, name: str, owner: str, now: datetime) -> MailboxMemory | None:
    """Lease the mailbox to this daemon. None: another living daemon holds it."""
    insert_or_ignore(db, mailboxes, [{"name": name}])
    row = db.execute(select(mailboxes).where(mailboxes.c.name == name).with_for_update()).one()
    held = row.owner is not None and row.owner != owner and row.lease_until > now
    if held and not is_gone(row.owner):
        return None
    db.execute(
        update(mailboxes)
        .where(mailboxes.c.name == name)
        .values(owner=owner, lease_until=now + LEASE)
    )
    return MailboxMemory(
        row.folder, row.uidvalidity, row.watermark, row.answer_after, row.last_round
    )


def renew_mailbox(db: Connection, name: str, owner: str, now: datetime) -> None:
    """Keep the lease, if it still is this daemon's."""
    db.execute(
        update(mailboxes)
        .where(mailboxes.c.name == name, mailboxes.c.owner == owner)
        .values(lease_until=now + LEASE)
    )


def note_round(db: Connection, name: str, owner: str, now: datetime) -> bool:
    """Everything the server showed is in the ledger; keeps the lease. False: another holds it."""
    kept = db.execute(
        update(mailboxes)
        .where(mailboxes.c.name == name, mailboxes.c.owner == owner)
        .values(lease_until=now + LEASE, last_round=now)
    )
    return kept.rowcount == 1


def list_readers(db: Connection, now: datetime) -> dict[str, str]:
    """Which living daemon reads which mailbox: name → owner."""
    rows = db.execute(
        select(mailboxes.c.name, mailboxes.c.owner).where(
            mailboxes.c.owner.is_not(None), mailboxes.c.lease_until > now
        )
    )
    return {row.name: row.owner for row in rows if not is_gone(row.owner)}


def leave_mailbox(db: Connection, name: str, owner: str) -> None:
    db.execute(
        update(mailboxes)
        .where(mailboxes.c.name == name, mailboxes.c.owner == owner)
        .values(owner=None, lease_until=None)
    )


def start_mailbox(
    db: Connection,
    name: str,
    folder: str,
    uidvalidity: int,
    watermark: int,
    answer_after: datetime | None,
) -> None:
    """Remember the folder's identity, and what in it must never be answered (DESIGN §1.8).

    `answer_after` None: nothing below `watermark` is answered. Else: nothing older than it.
    """
    db.execute(
        update(mailboxes)
        .where(mailboxes.c.name == name)
        .values(
            folder=folder,
            uidvalidity=uidvalidity,
            watermark=watermark,
            answer_after=answer_after,
        )
    )


def forget_past(db: Connection, name: str, since: datetime) -> int:
    """Let mails recorded as before the start, from `since` on, be imported after all."""
    db.execute(update(mailboxes).where(mailboxes.c.name == name).values(answer_after=since))
    return db.execute(
        delete(sightings).where(
            sightings.c.mailbox == name,
            sightings.c.outcome == "before_start",
            sightings.c.internaldate >= since,
        )
    ).rowcount
