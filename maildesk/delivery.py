"""A letter leaves: claim, send, settle. Nothing is sent inside a transaction.

A letter is sent twice only when the process died, or the line was cut, after the final dot, and
then with the same Message-ID. A letter with files is put together when it leaves, whole or not at
all. What the server's answer means for it, `delivery_settlement` decides.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from maildesk import journal
from maildesk.delivery_account import SendingAccount
from maildesk.delivery_settlement import Reply, Settlement
from maildesk.delivery_staleness import find_staleness
from maildesk.desk.charter import DeskConfig
from maildesk.errors import Transient
from maildesk.journal import Step, reach
from maildesk.mail.enclosure import Incomplete, OpenFile, assemble
from maildesk.store import health, outbox
from maildesk.store.engine import Store
from maildesk.store.outbox import Claimed

# A lease outlives a send's hard timeout more than twice, so that a slow send keeps its claim.
LEASE = timedelta(seconds=180)
_LEASE_TIMEOUTS = 3
_BATCH_PER_CONNECTION = 4
# A letter with files is in memory whole while it is sent, up to 14 MB, and once more on the wire.
_HEAVY_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class _Kept:
    """A letter that was not handed over: `incomplete` stays here for good, `later` for now."""

    answer: str
    text: str
    code: int | None = None
    phase: str = "files"


class Transport(Protocol):
    """Sends one letter to one recipient; `wire.smtp.SmtpTransport` is the real one."""

    async def send(self, sender: str, recipient: str, data: bytes) -> Reply: ...
    async def close(self) -> None: ...


def lease_for(timeout: float) -> timedelta:
    """The lease for sends that take at most `timeout` seconds each."""
    return max(LEASE, timedelta(seconds=timeout * _LEASE_TIMEOUTS))


def open_nothing(sha256: str) -> Iterable[bytes]:
    """For deliveries that are given no files; a letter that has some waits."""
    raise Transient("this delivery was not told where files are kept")


@dataclass(slots=True)
class Delivery:
    """Drains the outbox through one SMTP account. Used from one event loop.

    `open_file` gives a file's bytes by its hash; it is called in a thread of its own.
    """

    store: Store
    transport: Transport
    desks: Mapping[str, DeskConfig]
    owner: str
    envelope_sender: str | None = None
    connections: int = 4
    lease: timedelta = LEASE
    jitter: Callable[[], float] = random.random
    alarm: Callable[[str, int], None] = lambda desk, sent: None
    stopping: Callable[[], bool] = lambda: False
    open_file: OpenFile = open_nothing
    _account: SendingAccount = field(init=False)
    _settlement: Settlement = field(init=False)
    _braked: set[str] | None = None  # None: not asked yet what a former run left

    def __post_init__(self) -> None:
        self._account = SendingAccount(self.store)
        self._settlement = Settlement(
            self.store, self.desks, self.owner, self._account, self.jitter
        )

    async def drain(self) -> int:
        """Send everything that is due and may leave; returns how many letters were accepted."""
        self._settlement.settle_late()
        accepted = 0
        self._settlement.recover()
        more = True
        while more and not self._account.is_held() and not self.stopping():
            now = self.store.now()
            claimed, more = self._claim(now)
            if claimed:
                reach(Step.LEASED)
                accepted += await self._deliver(claimed, now)
        return accepted

    def _claim(self, now: datetime) -> tuple[list[Claimed], bool]:
        """Letters to send now, and whether there may be more."""
        with self.store.write() as db:
            sent = outbox.accepted_last_hour(db, now)
            room = {
                key: desk.budgets.per_desk_hour - sent.get(key, 0)
                for key, desk in self.desks.items()
            }
            full = sorted(key for key, left in room.items() if left <= 0)
            most = self.connections * _BATCH_PER_CONNECTION
            least_room = min((left for left in room.values() if left > 0), default=most)
            most = min(most, least_room)
            rows = outbox.claim(db, self.owner, now, self.lease, most, full)
            fit: list[Claimed] = []
            for row in rows:
                why = find_staleness(db, row, now)
                if why is None:
                    fit.append(row)
                else:
                    outbox.settle(db, row.id, self.owner, state="superseded", now=now, reason=why)
                    journal.superseded(row.id, why)
        self._note_brakes(full, sent)
        return fit, len(rows) == most

    async def _deliver(self, claimed: list[Claimed], since: datetime) -> int:
        """Send these letters, claimed at `since`, and settle each; how many were accepted.

        What was answered in the same breath is settled in one commit: while it is made durable,
        the other connections' answers arrive. So nobody waits longer for it, and at most as many
        letters as there are connections are in doubt when the process dies.
        """
        accepted = 0
        # A process that was stopped for minutes must not send what another has taken over.
        until = since + self.lease / 2
        heavy = asyncio.Semaphore(_HEAVY_AT_ONCE)
        tasks = {asyncio.create_task(self._send(row, until, heavy)) for row in claimed}
        try:
            while tasks:
                done, tasks = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                accepted += self._settlement.settle_all([task.result() for task in done])
        finally:
            # Stopped mid-way: whether they left is not known; the next run decides as after a
            # crash.
            for task in tasks:
                task.cancel()
        return accepted

    async def _send(
        self, row: Claimed, until: datetime, heavy: asyncio.Semaphore
    ) -> tuple[Claimed, Reply | None]:
        """The server's answer; None when the letter was not even tried."""
        if not row.files:
            return row, await self._hand_over(row, row.data, until)
        async with heavy:
            try:
                data = await asyncio.to_thread(assemble, row.data, row.files, self.open_file)
            except Incomplete as fault:
                return row, _Kept("incomplete", str(fault))
            except (OSError, Transient) as fault:
                return row, _Kept("later", str(fault))
            return row, await self._hand_over(row, data, until)

    async def _hand_over(self, row: Claimed, data: bytes, until: datetime) -> Reply | None:
        desk = self.desks.get(row.desk_id)
        sender = self.envelope_sender
        if sender is None:
            sender = desk.address if desk else ""
        if self._account.is_held() or self.store.now() > until:
            return None
        reply = await self.transport.send(sender, row.mailbox, data)
        if reply.answer == "accepted":
            reach(Step.SENT)
        return reply

    def _note_brakes(self, full: list[str], sent: Mapping[str, int]) -> None:
        if self._braked is None:
            with self.store.read() as db:
                parts = health.list_health(db)
            closed = {item.part for item in parts if item.state != "ok"}
            self._braked = {desk for desk in self.desks if f"brake:{desk}" in closed}
        for desk in full:
            if desk not in self._braked:
                self._braked.add(desk)
                journal.braked(desk, sent.get(desk, 0))
                self.alarm(desk, sent.get(desk, 0))
        for desk in self._braked - set(full):
            self._braked.discard(desk)
            self.alarm(desk, 0)
