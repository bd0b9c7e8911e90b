"""A mail arrives: parse, read facts, decide, apply, commit. One spooled mail, one outcome.

Nothing here talks to a server; `collect` brings the mail and files it away afterwards. A mail that
cannot be handled is quarantined with its reason and never stops the others.
"""

from __future__ import annotations

import errno
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from maildesk import journal
from maildesk.desk.arrival.directory import NOBODY, Directory
from maildesk.desk.arrival.guard import is_desk_address
from maildesk.desk.arrival.identity import identify_letter
from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import Decision, Lead, Outcome
from maildesk.desk.privacy.mask import mask
from maildesk.desk.reception import receive
from maildesk.desk.rules.matching import RuleSet
from maildesk.errors import Transient, Unreadable
from maildesk.journal import Step, reach
from maildesk.mail.files.sink import Batch, FolderSink
from maildesk.mail.isolate import parse_isolated
from maildesk.mail.limits import Limits as MailLimits
from maildesk.mail.message import Incoming, address_key
from maildesk.mail.parse import parse
from maildesk.mail.proof.trust import Border
from maildesk.refusal import HEAD, TooLarge, read_head, tell_sender
from maildesk.store import deadlines, facts, inbox
from maildesk.store.apply import Applied, apply
from maildesk.store.blobs import Blobs
from maildesk.store.deadlines import NewDeadline
from maildesk.store.engine import Connection, IntegrityError, Store
from maildesk.store.inbox import Pending
from maildesk.store.letterpress import Letterpress

# A race of two daemons over one letter is decided at the second look.
_LOOKS = 4
# Mails that share one transaction at most: an acknowledgement waits for the whole of it.
_TOGETHER = 10
_TOGETHER_BYTES = 2 * 1024 * 1024
_READER = MailLimits()


@dataclass(frozen=True, slots=True)
class Limits:
    """Above `worker_bytes` a mail is parsed in a process that can be killed (bytes, seconds)."""

    worker_bytes: int = 5 * 1024 * 1024
    seconds: float = 20.0
    memory: int = 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Read:
    """A mail that was parsed and waits for its decision."""

    row: Pending
    mail: Incoming
    desk: DeskConfig
    fingerprint: str


@dataclass(frozen=True, slots=True)
class _Settled:
    """A mail that has its outcome; no decision: a duplicate."""

    row: Pending
    outcome: Outcome
    decision: Decision | None = None
    applied: Applied | None = None
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Intake:
    """Everything a mail's way in needs. `woken` is called when a letter was queued."""

    store: Store
    blobs: Blobs
    press: Letterpress
    desks: Mapping[str, DeskConfig]
    rules: Mapping[str, RuleSet]  # by desk
    leads: tuple[Lead, ...] = ()
    directory: Directory = NOBODY
    borders: Mapping[str, Border] = field(default_factory=dict)  # by mailbox
    limits: Limits = field(default_factory=Limits)
    woken: Callable[[], None] = lambda: None

    @property
    def ground(self) -> facts.Ground:
        """What is known before any mail."""
        return facts.Ground(self.press.secrets, self.leads, self.directory)

    def receive(
        self,
        row: Pending,
        desk_ids: tuple[str, ...],
        take: Callable[[int], None] = lambda sighting: None,
    ) -> Outcome | None:
        """Bring one spooled mail to its outcome. None: something transient, it stays spooled.

        `take` is told the ledger id before anything that could end this process.
        """
        read = self._read(row, desk_ids, take, self.blobs.files)
        if not isinstance(read, _Read):
            return read
        reach(Step.PARSED)
        return self._decide(read, take)

    def receive_all(
        self, rows: Sequence[Pending], desk_ids: tuple[str, ...], take: Callable[[int], None]
    ) -> int:
        """The same for many, in order; how many have their outcome now.

        A durable commit costs more than deciding a mail, so several share one. Not on PostgreSQL:
        there the locks of several mails in one transaction could not be taken in order.

        What a former run ended with comes last and alone: if it is the mail's doing its neighbours
        are safe by then, and if it is not, the next chance kill will meet another mail.
        """
        most = _TOGETHER if self.store.sqlite else 1
        fresh = [row for row in rows if row.attempts <= 1]
        suspects = [row for row in rows if row.attempts > 1]
        with self.blobs.files.batch() as files:
            done = self._receive_in_turn(fresh, desk_ids, take, files, most)
            return done + self._receive_in_turn(suspects, desk_ids, take, files, 1)

    def _receive_in_turn(
        self,
        rows: Sequence[Pending],
        desk_ids: tuple[str, ...],
        take: Callable[[int], None],
        files: Batch,
        most: int,
    ) -> int:
        """At most `most` mails share a commit."""
        done = size = 0
        together: list[_Read] = []
        for row in rows:
            read = self._read(row, desk_ids, take, files)
            if not isinstance(read, _Read):
                done += read is not None
                continue
            together.append(read)
            size += row.size
            if len(together) == most or size > _TOGETHER_BYTES:
                done += self._decide_all(together, take, files)
                together, size = [], 0
        return done + self._decide_all(together, take, files)

    def _read(
        self,
        row: Pending,
        desk_ids: tuple[str, ...],
        take: Callable[[int], None],
        files: FolderSink | Batch,
    ) -> _Read | Outcome | None:
        """The mail parsed and ready to be decided, or what became of it instead."""
        if row.attempts >= inbox.MAX_ATTEMPTS:
            why = f"handling it ended the process {row.attempts - 1} times"
            return self._quarantine(row, desk_ids[0], why, None)
        apart = row.size > self.limits.worker_bytes or row.attempts > 1
        if not apart:
            take(row.id)
        try:
            mail = self._parse(row, apart, files)
            desk = self.choose_desk(mail, desk_ids)
            read = _Read(row, mail, desk, identify_letter(desk.id, mail, row.raw_sha))
        except Unreadable as fault:
            refused = self._refuse(row) if row.size > _READER.mail_bytes else None
            return self._quarantine(row, desk_ids[0], str(fault), None, refused)
        except (Transient, OSError) as fault:
            return _postpone(row, fault)
        except Exception as fault:  # one bad mail never stops the others
            return self._quarantine(row, desk_ids[0], _name(fault), mask(traceback.format_exc()))
        return read

    def _parse(self, row: Pending, apart: bool, files: FolderSink | Batch) -> Incoming:
        path, folder = self.blobs.raw_path(row.raw_sha), self.blobs.files.folder
        if apart:
            limits = self.limits
            return parse_isolated(path, folder, seconds=limits.seconds, memory=limits.memory)
        return parse(path, files)

    def _decide_all(self, mails: Sequence[_Read], take: Callable[[int], None], files: Batch) -> int:
        try:
            files.settle()
        except OSError as fault:
            for mail in mails:
                _postpone(mail.row, fault)
            return 0
        for _ in mails:
            reach(Step.PARSED)
        if len(mails) > 1:
            try:
                return len(self._commit(mails, take))
            except Exception as fault:  # one cannot be decided: each alone, to learn which
                journal.failed("deciding several mails at once", _name(fault))
        return sum(self._decide(mail, take) is not None for mail in mails)

    def _decide(self, mail: _Read, take: Callable[[int], None]) -> Outcome | None:
        """One mail in a transaction of its own."""
        look = 1
        while True:
            try:
                settled = self._commit((mail,), take)
                return settled[0].outcome if settled else None
            except (Transient, OSError) as fault:
                return _postpone(mail.row, fault)
            except Exception as fault:  # kept, told, and out of the way
                if not isinstance(fault, IntegrityError) or look == _LOOKS:
                    why, trouble = _name(fault), mask(traceback.format_exc())
                    return self._quarantine(mail.row, mail.desk.id, why, trouble)
            look += 1

    def _commit(self, mails: Sequence[_Read], take: Callable[[int], None]) -> list[_Settled]:
        """Decide these mails in one transaction, and tell once it is durable."""
        settled = []
        with self.store.write() as db:
            for mail in mails:
                take(mail.row.id)
                done = self._settle(db, mail)
                if done is not None:
                    settled.append(done)
        for _ in settled:
            reach(Step.COMMITTED)
        if any(done.applied is not None and done.applied.queued for done in settled):
            self.woken()
        for done in settled:
            _tell(done)
        return settled

    def _settle(self, db: Connection, mail: _Read) -> _Settled | None:
        """Facts, decision and all it makes true. None: somebody decided it meanwhile."""
        row, desk, now = mail.row, mail.desk, self.store.now()
        if inbox.pending_one(db, row.id) is None:
            return None
        known = facts.find_letter(db, desk.id, mail.fingerprint)
        if known is not None:
            why = f"the same letter as {known.id}, decided before: {known.outcome}"
            outcome = Outcome.DUPLICATE
            inbox.settle(db, row.id, outcome.value, why, now, known.id, known.ticket)
            reach(Step.APPLIED)
            return _Settled(row, outcome)
        gathered = facts.gather(
            db,
            desk,
            mail.mail,
            row.internaldate,
            now,
            self.ground,
            border=self.borders.get(row.mailbox),
            admitted=row.admitted,
        )
        reach(Step.CLAIMED)
        decision = receive(gathered, self.rules[desk.id])
        print_, sha = mail.fingerprint, row.raw_sha
        applied = apply(db, self.press, gathered, decision, fingerprint=print_, raw_sha=sha)
        outcome, why = decision.outcome, decision.reason
        inbox.settle(db, row.id, outcome.value, why, now, applied.letter, applied.ticket)
        reach(Step.APPLIED)
        sender = gathered.sender.address if gathered.sender else ""
        return _Settled(row, outcome, decision, applied, sender)

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

    def _refuse(self, row: Pending) -> TooLarge | None:
        """What the beginning of a mail says that is too large for any reader."""
        try:
            with self.blobs.raw_path(row.raw_sha).open("rb") as file:
                return read_head(file.read(HEAD), row.size, _READER.mail_bytes)
        except OSError:
            return None

    def tell_too_large(
        self, sighting: int, refused: TooLarge, desk_ids: tuple[str, ...], mailbox: str
    ) -> None:
        """Let the sender of a mail that was set aside for its size hear of it, if he may.

        By itself, after the mail is set aside: whatever is odd about it must not keep it from that.
        """
        now = self.store.now()
        try:
            desk = self.choose_desk(refused.mail, desk_ids)
            border = self.borders.get(mailbox)
            with self.store.write() as db:
                tell_sender(db, self.press, self.ground, desk, border, sighting, refused, now)
        except Exception as fault:  # the lead hears of the mail in any case
            journal.failed(f"telling the sender of mail {sighting}", _name(fault))
            return
        self.woken()

    def _quarantine(
        self,
        row: Pending,
        desk_id: str,
        why: str,
        trouble: str | None,
        refused: TooLarge | None = None,
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
        if refused is not None:
            self.tell_too_large(row.id, refused, (desk_id,), row.mailbox)
        return Outcome.QUARANTINED


def _tell(done: _Settled) -> None:
    decision, applied = done.decision, done.applied
    if decision is None or applied is None:
        journal.met_again(done.row.id, None)
        return
    if decision.opening is not None:
        opening = decision.opening
        journal.opened(applied.number or "", opening.category, opening.priority, done.sender)
    elif decision.outcome is Outcome.APPENDED:
        journal.appended(applied.number or "", done.sender)
    elif decision.outcome is Outcome.NOTED:
        journal.noted(applied.number or "", decision.reason)
    elif decision.outcome is Outcome.DOORSTEP:
        journal.waits_at_doorstep(done.row.id, decision.reason)
    else:
        journal.ignored(done.row.id, decision.reason)


def _postpone(row: Pending, fault: Exception) -> Outcome | None:
    why = str(fault)
    if isinstance(fault, OSError) and fault.errno in (errno.ENOSPC, errno.EDQUOT):
        why = "the disk is full; the mail stays where it is until there is room"
    journal.postponed(row.id, why)
    return None


def _name(fault: Exception) -> str:
    # A fault may quote the mail; nobody knows whose desk's it is when it is written down.
    return mask(f"{type(fault).__name__}: {' '.join(str(fault).split())[:300]}")
