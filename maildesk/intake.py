"""A mail arrives: parse, read facts, decide, apply, commit. One spooled mail, one outcome.

Nothing here talks to a server; `collect` brings the mail and files it away afterwards. A mail that
cannot be handled is quarantined with its reason and never stops the others.
"""

from __future__ import annotations

import errno
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.exc import IntegrityError

from maildesk import journal
from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import Decision, Lead, Outcome
from maildesk.desk.guard import is_desk_address
from maildesk.desk.identity import identify_letter
from maildesk.desk.matching import RuleSet
from maildesk.desk.reception import receive
from maildesk.errors import Transient, Unreadable
from maildesk.journal import Step, reach
from maildesk.mail.isolate import parse_isolated
from maildesk.mail.message import Incoming, address_key
from maildesk.mail.parse import parse
from maildesk.store import deadlines, facts, inbox
from maildesk.store.apply import Applied, apply
from maildesk.store.blobs import Blobs
from maildesk.store.deadlines import NewDeadline
from maildesk.store.engine import Store
from maildesk.store.inbox import Pending
from maildesk.store.letterpress import Letterpress

# A race of two daemons over one letter is decided at the second look.
_LOOKS = 4


@dataclass(frozen=True, slots=True)
class Limits:
    """Above `worker_bytes` a mail is parsed in a process that can be killed (bytes, seconds)."""

    worker_bytes: int = 5 * 1024 * 1024
    seconds: float = 20.0
    memory: int = 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Intake:
    """Everything a mail's way in needs. `woken` is called when a letter was queued."""

    store: Store
    blobs: Blobs
    press: Letterpress
    desks: Mapping[str, DeskConfig]
    rules: Mapping[str, RuleSet]  # by desk
    leads: tuple[Lead, ...] = ()
    limits: Limits = field(default_factory=Limits)
    woken: Callable[[], None] = lambda: None

    def receive(
        self,
        row: Pending,
        desk_ids: tuple[str, ...],
        take: Callable[[int], None] = lambda sighting: None,
    ) -> Outcome | None:
        """Bring one spooled mail to its outcome. None: something transient, it stays spooled.

        `take` is told the ledger id before anything that could end this process.
        """
        if row.attempts >= inbox.MAX_ATTEMPTS:
            why = f"handling it ended the process {row.attempts - 1} times"
            return self._quarantine(row, desk_ids[0], why, None)
        apart = row.size > self.limits.worker_bytes or row.attempts > 1
        if not apart:
            take(row.id)
        try:
            mail = self._parse(row, apart)
        except Unreadable as fault:
            return self._quarantine(row, desk_ids[0], str(fault), None)
        except OSError as fault:
            return _postpone(row, fault)
        except Exception as fault:  # one bad mail never stops the others
            return self._quarantine(row, desk_ids[0], _name(fault), traceback.format_exc())
        reach(Step.PARSED)
        take(row.id)
        try:
            return self._decide(row, mail, desk_ids)
        except (Transient, OSError) as fault:
            return _postpone(row, fault)
        except Exception as fault:  # as above: kept, told, and out of the way
            return self._quarantine(row, desk_ids[0], _name(fault), traceback.format_exc())

    def _parse(self, row: Pending, apart: bool) -> Incoming:
        path, sink = self.blobs.raw_path(row.raw_sha), self.blobs.files
        if apart:
            return parse_isolated(
                path, sink.folder, seconds=self.limits.seconds, memory=self.limits.memory
            )
        return parse(path, sink)

    def _decide(self, row: Pending, mail: Incoming, desk_ids: tuple[str, ...]) -> Outcome | None:
        desk = self.choose_desk(mail, desk_ids)
        fingerprint = identify_letter(desk.id, mail, row.raw_sha)
        for look in range(_LOOKS):
            try:
                return self._commit(row, mail, desk, fingerprint)
            except IntegrityError:
                if look + 1 == _LOOKS:
                    raise
        raise AssertionError("unreachable")

    def _commit(
        self, row: Pending, mail: Incoming, desk: DeskConfig, fingerprint: str
    ) -> Outcome | None:
        now = self.store.now()
        with self.store.write() as db:
            if inbox.pending_one(db, row.id) is None:
                return None
            known = facts.find_letter(db, desk.id, fingerprint)
            if known is not None:
                why = f"the same letter as {known.id}, decided before: {known.outcome}"
                outcome = Outcome.DUPLICATE.value
                inbox.settle(db, row.id, outcome, why, now, known.id, known.ticket)
                reach(Step.APPLIED)
                decision, applied = None, None
            else:
                gathered = facts.gather(
                    db,
                    desk,
                    mail,
                    row.internaldate,
                    now,
                    self.press.secrets,
                    self.leads,
                    row.admitted,
                )
                reach(Step.CLAIMED)
                decision = receive(gathered, self.rules[desk.id])
                applied = apply(
                    db,
                    self.press,
                    gathered,
                    decision,
                    fingerprint=fingerprint,
                    raw_sha=row.raw_sha,
                )
                outcome = decision.outcome.value
                inbox.settle(
                    db, row.id, outcome, decision.reason, now, applied.letter, applied.ticket
                )
                reach(Step.APPLIED)
        reach(Step.COMMITTED)
        if decision is None or applied is None:
            journal.met_again(row.id, None)
            return Outcome.DUPLICATE
        self._tell(row, decision, applied)
        return decision.outcome

    def choose_desk(self, mail: Incoming, desk_ids: tuple[str, ...]) -> DeskConfig:
        """Among several desks: the one the mail names first, else the first given."""
        candidates = [self.desks[desk_id] for desk_id in desk_ids]
        if len(candidates) == 1:
            return candidates[0]
        named = [item.key for item in (*mail.to, *mail.cc)]
        for header in ("Delivered-To", "X-Original-To", "Envelope-To"):
            named += [address_key(value) for name, value in mail.headers if name == header]
        for key in named:
            for desk in candidates:
                if is_desk_address(desk, key):
                    return desk
        return candidates[0]

    def _quarantine(
        self, row: Pending, desk_id: str, why: str, trouble: str | None
    ) -> Outcome | None:
        now = self.store.now()
        try:
            with self.store.write() as db:
                if inbox.pending_one(db, row.id) is None:
                    return None
                outcome = Outcome.QUARANTINED.value
                inbox.settle(db, row.id, outcome, why, now, trouble=trouble)
                notice = NewDeadline("quarantine_notice", f"sighting:{row.id}", desk_id, now)
                deadlines.set_deadlines(db, [notice])
                reach(Step.APPLIED)
        except Transient as fault:
            return _postpone(row, fault)
        reach(Step.COMMITTED)
        journal.quarantined(row.id, why)
        return Outcome.QUARANTINED

    def _tell(self, row: Pending, decision: Decision, applied: Applied) -> None:
        if applied.queued:
            self.woken()
        sender = next((plan.address for plan in decision.letters), "")
        if decision.opening is not None:
            opening = decision.opening
            journal.opened(applied.number or "", opening.category, opening.priority, sender)
        elif decision.outcome is Outcome.APPENDED:
            journal.appended(applied.number or "", dict(decision.events[0].data).get("from", ""))
        elif decision.outcome is Outcome.NOTED:
            journal.noted(applied.number or "", decision.reason)
        elif decision.outcome is Outcome.DOORSTEP:
            journal.waits_at_doorstep(row.id, decision.reason)
        else:
            journal.ignored(row.id, decision.reason)


def _postpone(row: Pending, fault: Exception) -> Outcome | None:
    why = str(fault)
    if isinstance(fault, OSError) and fault.errno in (errno.ENOSPC, errno.EDQUOT):
        why = "the disk is full; the mail stays where it is until there is room"
    journal.postponed(row.id, why)
    return None


def _name(fault: Exception) -> str:
    return f"{type(fault).__name__}: {' '.join(str(fault).split())[:300]}"
