"""A mail too large to be read was set aside: its sender is told, or the ledger says why not.

Who is told is `desk.arrival.refusal`'s decision; the lead's notice is the clock's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from maildesk.desk.arrival.refusal import refuse_size
from maildesk.desk.charter import DeskConfig
from maildesk.errors import Transient, Unreadable
from maildesk.mail.files.sink import DiscardingSink
from maildesk.mail.limits import Limits
from maildesk.mail.message import Incoming
from maildesk.mail.parse import parse_source
from maildesk.mail.proof.trust import Border
from maildesk.store import facts, ledger, outbox, unreached
from maildesk.store.engine import Connection
from maildesk.store.letterpress import Letterpress
from maildesk.store.sent import was_written

HEAD = 256 * 1024
"""Bytes of a mail's beginning that are read to learn who wrote it."""


@dataclass(frozen=True, slots=True)
class TooLarge:
    """What is known of a mail that is not read whole; `size` and `limit` are bytes."""

    mail: Incoming
    size: int
    limit: int


def read_head(head: bytes, size: int, limit: int) -> TooLarge | None:
    """What the beginning of a mail says; None when it cannot be told. Never raises."""
    try:
        mail = parse_source(head[:HEAD], DiscardingSink(), prior="gb18030", limits=Limits())
    except Unreadable:
        return None
    except Exception:  # a mail cut off anywhere may be broken in any way
        return None
    return TooLarge(mail, size, limit)


def fetch_head(
    fetch: Callable[[Sequence[Any]], Iterator[tuple[int, Iterator[bytes]]]],
    envelope: Any,
    size: int,
    limit: int,
) -> TooLarge | None:
    """The same of a mail that stays on its server; `fetch` is its mailbox's.

    Nothing is tried twice: a mail whose beginning breaks the connection is set aside all the same,
    and the next command finds the connection broken.
    """
    try:
        for _, pieces in fetch([envelope]):
            return read_head(next(iter(pieces), b""), size, limit)
    except (Transient, OSError):
        return None
    return None


def tell_sender(
    db: Connection,
    press: Letterpress,
    ground: facts.Ground,
    desk: DeskConfig,
    border: Border | None,
    sighting: int,
    refused: TooLarge,
    now: datetime,
) -> bool:
    """Queue the letter to its sender, and note in the ledger whether. True: one may leave."""
    gathered = facts.gather(db, desk, refused.mail, now, now, ground, border=border)
    sender = gathered.sender
    told = sender is not None and was_written(db, "too_large", sender.address, now)
    plan, said = refuse_size(gathered, refused.size, refused.limit, told=told)
    if plan is not None:
        if sender is not None and sender.unreached:
            unreached.clear(db, [sender.address])  # he writes: letters reach him again
        letter = press.print_letter(
            plan,
            desk,
            cause=f"sighting:{sighting}",
            ticket=None,
            now=now,
            answers=refused.mail.message_id,
        )
        outbox.enqueue(db, [letter], now)
    ledger.add_reason(db, sighting, said)
    return plan is not None and plan.withheld is None
