"""What a server's answer means for a letter, written before anything else is sent.

*accepted*, *later* (tried again after a while), *never* (an event on its ticket), *account* fault
(the letter waits with all others), *unknown* (once more under the same Message-ID, then a person
looks). A failed notice never produces a notice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from maildesk import journal
from maildesk.delivery_account import SendingAccount
from maildesk.desk.arrival.unreached import refuse_recipient
from maildesk.desk.charter import DeskConfig
from maildesk.errors import Transient
from maildesk.journal import Step, reach
from maildesk.store import outbox, tickets, unreached
from maildesk.store.engine import Store
from maildesk.store.outbox import Claimed
from maildesk.store.owner import is_gone

_RETRY_MINUTES = (1, 5, 10, 20, 40, 60)
_GIVE_UP = timedelta(days=5)
# How often a letter whose sender died mid-way is tried again before a person must look.
_MOST_DOUBTS = 5
# Leases last minutes: looking for dead senders before every letter would only cost a commit.
_RECOVER_EVERY = timedelta(seconds=10)


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


@dataclass(slots=True)
class Settlement:
    """Settles what one delivery sent; answers the database could not take are kept until it can."""

    store: Store
    desks: Mapping[str, DeskConfig]
    owner: str
    account: SendingAccount
    jitter: Callable[[], float]
    _recovered: datetime | None = None
    _unsettled: list[tuple[Claimed, Reply]] = field(default_factory=list)

    def settle_all(self, answered: list[tuple[Claimed, Reply | None]]) -> int:
        """Settle what was answered in the same breath; how many letters were accepted.

        A letter without an answer was not tried, and waits on.
        """
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

    def settle_late(self) -> None:
        """Write answers the database could not take. Transient: it still cannot."""
        if not self._unsettled:
            return
        with self.store.write():
            pass  # it answers again
        answered, self._unsettled = self._unsettled, []
        self.settle_all(list(answered))
        if self._unsettled:
            raise Transient("letters that left could not be settled yet")

    def recover(self) -> None:
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

    def _settle_accepted(self, taken: list[tuple[Claimed, Reply]]) -> None:
        now = self.store.now()
        with self.store.write() as db:
            for row, reply in taken:
                outbox.settle(db, row.id, self.owner, state="accepted", now=now, code=reply.code)
        for row, _ in taken:
            reach(Step.SETTLED)
            journal.sent(row.id, row.letter, row.address)
        self.account.note_success(now)

    def _settle(self, row: Claimed, reply: Reply) -> None:
        now = self.store.now()
        said = f"{reply.phase}: {reply.code or ''} {reply.text}".replace("  ", " ")
        if reply.answer == "incomplete":
            self._bury(row, said, None, now)
        elif reply.answer == "never":
            self.account.note_success(now)
            self._bury(row, said, reply.code, now, refused=reply.phase == "rcpt")
        elif reply.answer == "account":
            self.account.hold(said, now)
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
