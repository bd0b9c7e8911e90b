"""A letter leaves: claim, send, settle. Nothing is sent inside a transaction.

What the server answered decides: *accepted*, *later*, *never*, *account* fault, *unknown*. A letter
is sent twice only when the process died, or the line was cut, after the final dot, and then with
the same Message-ID. A letter with files is put together when it leaves, whole or not at all. A
failed notice never produces a notice.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from maildesk import journal
from maildesk.desk.charter import DeskConfig
from maildesk.desk.limits import stands_still
from maildesk.desk.ticket import State, Waiting
from maildesk.desk.unreached import refuse_recipient
from maildesk.errors import Transient
from maildesk.journal import Step, reach
from maildesk.mail.enclosure import Incomplete, OpenFile, assemble
from maildesk.store import health, outbox, tickets, unreached
from maildesk.store.engine import Connection, Store
from maildesk.store.outbox import Claimed
from maildesk.store.owner import is_gone
from maildesk.store.tickets import Situation

# A lease outlives a send's hard timeout more than twice, so that a slow send keeps its claim.
LEASE = timedelta(seconds=180)
_LEASE_TIMEOUTS = 3
_RETRY_MINUTES = (1, 5, 10, 20, 40, 60)
_GIVE_UP = timedelta(days=5)
_HOLD_MINUTES = (1, 2, 5, 10, 30)
# How often a letter whose sender died mid-way is tried again before a person must look.
_MOST_DOUBTS = 5
_BATCH_PER_CONNECTION = 4
# Leases last minutes: looking for dead senders before every letter would only cost a commit.
_RECOVER_EVERY = timedelta(seconds=10)
# A letter with files is in memory whole while it is sent, up to 14 MB, and once more on the wire.
_HEAVY_AT_ONCE = 2

# What a letter is for, and how a ticket stands when it has lost its use (DESIGN §3).
_LOST: Mapping[str, tuple[Callable[[Situation], bool], str]] = {
    "awaiting_response": (
        lambda now: now.responded or stands_still(now.state, now.waiting),
        "somebody has responded meanwhile, or it waits",
    ),
    "unsolved": (lambda now: stands_still(now.state, now.waiting), "it is solved, or waits"),
    "unassigned": (lambda now: now.assigned, "somebody has it meanwhile"),
    "to_confirm": (
        lambda now: now.state is not State.TO_CONFIRM,
        "it waits for no confirmation any more",
    ),
    "waits_requester": (
        lambda now: now.waiting is not Waiting.REQUESTER,
        "it does not wait for its requester any more",
    ),
    "requesters_turn": (
        lambda now: now.state is not State.TO_CONFIRM and now.waiting is not Waiting.REQUESTER,
        "the first of the tickets it names is answered meanwhile",
    ),
    "follow_up": (lambda now: not now.follow_up, "somebody has followed it up meanwhile"),
    "unrated": (
        lambda now: now.rated or now.state is not State.SOLVED,
        "it is rated meanwhile, or goes on",
    ),
    # Taken back while it waits, by `outbox.supersede`, and by nothing else.
    "queued_only": (lambda now: False, ""),
}


class Reply(Protocol):
    """What a server said: `answer` is accepted, later, never, account or unknown."""

    @property
    def answer(self) -> str: ...
    @property
    def code(self) -> int | None: ...
    @property
    def text(self) -> str: ...
    @property
    def phase(self) -> str: ...


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
    _held_until: datetime | None = None
    _holds: int = 0
    _braked: set[str] | None = None  # None: not asked yet what a former run left
    _proved: bool = False
    _recovered: datetime | None = None
    _unsettled: list[tuple[Claimed, Reply]] = field(default_factory=list)

    async def drain(self) -> int:
        """Send everything that is due and may leave; returns how many letters were accepted."""
        self._settle_late()
        accepted = 0
        self._recover()
        more = True
        while more and not self._is_held() and not self.stopping():
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
                why = self._outdated(db, row, now)
                if why is None:
                    fit.append(row)
                else:
                    outbox.settle(db, row.id, self.owner, state="superseded", now=now, reason=why)
                    journal.superseded(row.id, why)
        self._note_brakes(full, sent)
        return fit, len(rows) == most

    def _outdated(self, db: Connection, row: Claimed, now: datetime) -> str | None:
        if row.valid_until is not None and now > row.valid_until:
            return "it is too old to be of use"
        if row.ticket is not None and row.condition is not None and row.condition in _LOST:
            is_lost, why = _LOST[row.condition]
            situation = tickets.find_situation(db, row.ticket)
            if situation is not None and is_lost(situation):
                return why
        return None

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
                accepted += self._settle_all([task.result() for task in done])
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
        if self._is_held() or self.store.now() > until:
            return None
        reply = await self.transport.send(sender, row.mailbox, data)
        if reply.answer == "accepted":
            reach(Step.SENT)
        return reply

    def _settle_all(self, answered: list[tuple[Claimed, Reply | None]]) -> int:
        taken = [(row, said) for row, said in answered if said and said.answer == "accepted"]
        others = [item for item in answered if not item[1] or item[1].answer != "accepted"]
        accepted = 0
        if taken:
            with self._settled_later(taken):
                self._settle_accepted(taken)
                accepted = len(taken)
        for row, reply in others:
            if reply is None:
                with self._settled_later(()):
                    self._release(row, "it was claimed and not tried")
                continue
            with self._settled_later([(row, reply)]):
                self._settle(row, reply)
                reach(Step.SETTLED)
        return accepted

    @contextmanager
    def _settled_later(self, answered: Sequence[tuple[Claimed, Reply]]) -> Iterator[None]:
        """The database is away: the answers are known here, and written before anything else.

        If this process ends first, the lease ends too, and the letter counts as in doubt.
        """
        try:
            yield
        except Transient as fault:
            self._unsettled += answered
            journal.failed("settling a letter", str(fault))

    def _settle_late(self) -> None:
        """Write answers the database could not take. Transient: it still cannot."""
        if not self._unsettled:
            return
        with self.store.write():
            pass  # it answers again
        answered, self._unsettled = self._unsettled, []
        self._settle_all(list(answered))
        if self._unsettled:
            raise Transient("letters that left could not be settled yet")

    def _settle_accepted(self, taken: list[tuple[Claimed, Reply]]) -> None:
        now = self.store.now()
        with self.store.write() as db:
            for row, reply in taken:
                outbox.settle(db, row.id, self.owner, state="accepted", now=now, code=reply.code)
        for row, _ in taken:
            reach(Step.SETTLED)
            journal.sent(row.id, row.letter, row.address)
        self._account_works(now)

    def _settle(self, row: Claimed, reply: Reply) -> None:
        now = self.store.now()
        said = f"{reply.phase}: {reply.code or ''} {reply.text}".replace("  ", " ")
        if reply.answer == "incomplete":
            self._bury(row, said, None, now)
        elif reply.answer == "never":
            self._account_works(now)
            self._bury(row, said, reply.code, now, refused=reply.phase == "rcpt")
        elif reply.answer == "account":
            self._hold_account(said, now)
            self._release(row, said)
        elif reply.answer == "unknown":
            self._doubt(row, said, now)
        else:
            self._postpone(row, said, reply.code, now)

    def _bury(
        self, row: Claimed, said: str, code: int | None, now: datetime, *, refused: bool = False
    ) -> None:
        """It never leaves. `refused`: its server does not take letters for this address."""
        desk = self.desks.get(row.desk_id)
        with self.store.write() as db:
            mine = outbox.settle(
                db, row.id, self.owner, state="dead", now=now, reason=said, code=code
            )
            if mine and row.ticket is not None:
                told = {"letter": row.letter, "to": row.address, "why": said}
                tickets.add_event(db, row.ticket, "letter_refused", told, now)
            if mine and refused and desk is not None:
                span, why = refuse_recipient(code, said, desk.budgets)
                unreached.mark(db, [row.address], now, now + span, why, desk.zone_info)
        journal.dead(row.id, row.address, said)

    def _postpone(self, row: Claimed, said: str, code: int | None, now: datetime) -> None:
        if now - row.created_at > _GIVE_UP:
            self._bury(row, f"given up after five days. {said}", code, now)
            return
        minutes = _RETRY_MINUTES[min(row.attempts, len(_RETRY_MINUTES)) - 1]
        again = now + timedelta(minutes=minutes * (0.8 + 0.4 * self.jitter()))
        with self.store.write() as db:
            outbox.settle(
                db,
                row.id,
                self.owner,
                state="queued",
                now=now,
                reason=said,
                code=code,
                next_at=again,
            )
        journal.deferred(row.id, row.address, said, again)

    def _doubt(self, row: Claimed, said: str, now: datetime) -> None:
        """Cut off after the final dot: one more try under the same Message-ID, then a person."""
        state = "queued" if row.in_doubt == 0 else "unknown"
        again = now + timedelta(minutes=1)
        with self.store.write() as db:
            outbox.settle(
                db,
                row.id,
                self.owner,
                state=state,
                now=now,
                reason=said,
                next_at=again,
                in_doubt=1,
            )
        journal.in_doubt(row.id, row.address, said)

    def _release(self, row: Claimed, why: str) -> None:
        now = self.store.now()
        with self.store.write() as db:
            outbox.settle(db, row.id, self.owner, state="queued", now=now, reason=why, uncount=True)

    def _recover(self) -> None:
        """Letters whose sender died: whether they left is not known."""
        now = self.store.now()
        if self._recovered is not None and now - self._recovered < _RECOVER_EVERY:
            return
        self._recovered = now
        with self.store.write() as db:
            for row in outbox.sending(db):
                theirs = row.lease_owner != self.owner and is_gone(row.lease_owner)
                if row.lease_until > now and not theirs:
                    continue
                state = "queued" if row.in_doubt < _MOST_DOUBTS else "unknown"
                why = "the process that was sending it ended"
                outbox.settle(
                    db, row.id, None, state=state, now=now, reason=why, next_at=now, in_doubt=1
                )
                journal.in_doubt(row.id, row.address, why)

    def _is_held(self) -> bool:
        return self._held_until is not None and self.store.now() < self._held_until

    def _hold_account(self, why: str, now: datetime) -> None:
        if self._held_until is not None and now < self._held_until:
            return
        minutes = _HOLD_MINUTES[min(self._holds, len(_HOLD_MINUTES) - 1)]
        self._holds += 1
        self._held_until = now + timedelta(minutes=minutes)
        journal.account_held(why, minutes * 60)
        with self.store.write() as db:
            health.report(db, "smtp", "down", why, now)

    def _account_works(self, now: datetime) -> None:
        if self._holds or self._held_until or not self._proved:
            self._proved = True
            self._holds, self._held_until = 0, None
            with self.store.write() as db:
                health.report(db, "smtp", "ok", "sending", now)

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
