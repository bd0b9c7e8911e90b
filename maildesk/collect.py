"""A mailbox is read: mails to the spool and the ledger, to their decision, and filed away.

Nothing on the server changes before the raw file and its ledger row are durable. What a mail means
is `intake`'s question, where it is put afterwards `file_away`'s; how the server is reached is the
`Mailbox`'s.
"""

from __future__ import annotations

import contextlib
import random
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from maildesk import journal
from maildesk.config.values import MailboxConfig
from maildesk.desk.arrival.identity import identify_sighting
from maildesk.desk.decision import Outcome
from maildesk.errors import Transient, Withheld
from maildesk.file_away import FileAway
from maildesk.intake import Intake
from maildesk.journal import Step, reach
from maildesk.mailbox import Envelope, Mailbox, cut
from maildesk.refusal import TooLarge, fetch_head
from maildesk.store import health, inbox, mailboxes
from maildesk.store.in_hand import InHand
from maildesk.store.inbox import Sighted
from maildesk.store.owner import announce, name_owner

# UIDs can become visible out of order on some servers: now and then everything is compared.
_FULL_SEARCH_EVERY = timedelta(hours=1)
# After a change of UIDVALIDITY, what is this much older than our last round is an archive.
_OVERLAP = timedelta(minutes=10)
# A sender's clock may be wrong by zones, a restored archive is wrong by more.
_CLOCK_SLACK = timedelta(days=2)
_ENVELOPES = 500
_ASK_AGAIN_SECONDS = 5  # whether another daemon still holds the mailbox
# So often may the connection end at one mail before the others go on without it.
_MOST_BREAKS = 5
# A mail that could not be decided for a reason not its own is tried again this soon, then ever
# later, not only when the server has news.
_UNDECIDED_WAIT = 5.0


class Held(Exception):
    """Another living daemon reads this mailbox."""


@dataclass(slots=True)
class Collector:
    """Reads one mailbox in one thread, for as long as `run` is not stopped."""

    config: MailboxConfig
    mailbox: Mailbox
    intake: Intake
    backoff: Callable[[int, Callable[[], float]], float]
    import_since: datetime | None = None
    max_wait: float | None = None
    owner: str = ""
    _uidvalidity: int = 0
    _watermark: int = 0
    _answer_after: datetime | None = None
    _cursor: int = 0
    _last_full: datetime | None = None
    _failures: int = 0
    _held: bool = False
    _hand: InHand | None = None
    _suspects: dict[int, int] = field(default_factory=dict)
    _unfetched: set[int] = field(default_factory=set)
    _kept_back: set[int] = field(default_factory=set)
    _undecided: int = 0  # rounds in a row that left a mail undecided
    _filing: FileAway = field(init=False)

    def __post_init__(self) -> None:
        self._filing = FileAway(self.config, self.intake.store)

    def run(self, stop: threading.Event) -> None:
        """Open, read, wait, again; a fault is told and tried again later, until `stop` is set."""
        self.owner = announce(name_owner())
        while not stop.is_set():
            try:
                self.open()
                while not stop.is_set():
                    self.read_new()
                    self._failures, self._held = 0, False
                    if stop.is_set():
                        break
                    self.mailbox.wait(self._choose_wait())
            except Held:
                if not self._held:
                    journal.mailbox_held(self.config.name)
                self._held = True
                stop.wait(_ASK_AGAIN_SECONDS)
            except (Transient, OSError) as fault:
                self._fail(stop, str(fault))
            except Exception as fault:  # the mailbox thread must outlive whatever happens
                journal.failed(f"mailbox {self.config.name}", f"{type(fault).__name__}: {fault}")
                self._fail(stop, f"{type(fault).__name__}: {fault}")
            finally:
                self.mailbox.close()
        if self._hand is not None:
            self._hand.close()
        with contextlib.suppress(Transient), self.intake.store.write() as db:
            mailboxes.leave_mailbox(db, self.config.name, self.owner)

    def _choose_wait(self) -> float:
        longest = self.max_wait or self.config.imap.idle_seconds
        if not self._undecided:
            return longest
        return min(longest, _UNDECIDED_WAIT * 2.0 ** min(self._undecided - 1, 10))

    def stop(self) -> None:
        """From another thread: end a blocked wait or read soon."""
        self.mailbox.interrupt()

    def renew(self) -> None:
        """Keep the lease while the thread waits for mail; called by the clock."""
        with self.intake.store.write() as db:
            mailboxes.renew_mailbox(db, self.config.name, self.owner, self.intake.store.now())

    def open(self) -> None:
        """Take the mailbox, connect, and learn whether it is new, known, or renumbered."""
        self.owner = self.owner or announce(name_owner())
        store, name = self.intake.store, self.config.name
        with store.write() as db:
            memory = mailboxes.take_mailbox(db, name, self.owner, store.now())
            if memory is None:
                raise Held
            self._hand = self._hand or InHand(self.intake.blobs.data, name)
            left = self._hand.left()
            if left is not None:
                inbox.count_attempt(db, left)
        self._hand.release()
        state = self.mailbox.open()
        same_folder = memory.folder == self.config.imap.folder
        if same_folder and memory.uidvalidity == state.uidvalidity:
            self._watermark = memory.watermark or 0
            self._answer_after = memory.answer_after
        else:
            # Some servers hide UIDNEXT; what is there now is the past all the same.
            self._watermark = state.uidnext or max(self.mailbox.search(), default=0) + 1
            self._answer_after = self.import_since
            if memory.uidvalidity is not None:
                self._answer_after = (memory.last_round or store.now()) - _OVERLAP
            with store.write() as db:
                mailboxes.start_mailbox(
                    db,
                    name,
                    self.config.imap.folder,
                    state.uidvalidity,
                    self._watermark,
                    self._answer_after,
                )
        self._reopen_past()
        self._uidvalidity = state.uidvalidity
        self._cursor, self._last_full = 0, None
        journal.watching(name, state.exists, "IDLE" in self.mailbox.capabilities)

    def read_new(self) -> int:
        """One round: everything the server shows and the ledger lacks. Returns mails decided."""
        store, name = self.intake.store, self.config.name
        now = store.now()
        if self._last_full is None or now - self._last_full > _FULL_SEARCH_EVERY:
            self._cursor, self._last_full = 0, now
        self._filing.refused.clear()
        done = self._decide_pending()
        self._filing.file_away(self.mailbox, self._uidvalidity)
        self._unfetched.clear()
        uids = self.mailbox.search(self._cursor)
        with store.read() as db:
            known = inbox.known_uids(db, name, self._uidvalidity, self._cursor)
        fresh = [uid for uid in uids if uid not in known]
        for at in range(0, len(fresh), _ENVELOPES):
            envelopes = self.mailbox.envelopes(fresh[at : at + _ENVELOPES])
            for batch in cut(self._set_past_aside(envelopes), self._suspects):
                self._spool(batch)
                done += self._decide_pending()
                self._filing.file_away(self.mailbox, self._uidvalidity)
        with store.write() as db:
            if not mailboxes.note_round(db, name, self.owner, store.now()):
                raise Held
            if uids:
                # The cursor passes no mail that is not in the ledger.
                self._cursor = min(self._unfetched, default=max(uids) + 1) - 1
            refused = self._filing.refused
            state: health.State = "degraded" if refused else "ok"
            detail = "; ".join(sorted(set(refused.values()))) or "reading"
            health.report(db, f"mailbox:{name}", state, detail, store.now())
        return done

    def _reopen_past(self) -> None:
        """`--import-since` on a mailbox whose past was recorded unanswered: let it in after all."""
        since, remembered = self.import_since, self._answer_after
        if since is None or (remembered is not None and remembered <= since):
            return
        with self.intake.store.write() as db:
            mailboxes.forget_past(db, self.config.name, since)
        self._answer_after = since

    def _set_past_aside(self, envelopes: Sequence[Envelope]) -> list[Envelope]:
        """Record what is never answered; returns the mails to fetch."""
        store, name = self.intake.store, self.config.name
        named = {env.uid: _identify(env) for env in envelopes}
        wanted_ids = sorted(set(named.values()))
        with store.read() as db:
            again = inbox.known_identities(db, name, self._uidvalidity, wanted_ids)
        past: list[tuple[Sighted, str, str]] = []
        refused: dict[int, TooLarge] = {}
        wanted: list[Envelope] = []
        for env in envelopes:
            sighted = Sighted(env.uid, env.internaldate, env.size, named[env.uid])
            met = again.get(named[env.uid])
            if met is not None and _is_certain(env, met):
                why = "the same mail under a new UIDVALIDITY"
                unanswered = met.outcome == Outcome.BEFORE_START.value
                outcome = Outcome.BEFORE_START if unanswered else Outcome.DUPLICATE
                past.append((sighted, outcome.value, why))
            elif self._is_past(env):
                why = "it was in the mailbox before maildesk started reading it"
                past.append((sighted, Outcome.BEFORE_START.value, why))
            elif env.size > self.config.max_mail_bytes:
                why = (
                    f"{env.size} bytes; max_mail_bytes of mailbox {name} is "
                    f"{self.config.max_mail_bytes}. It stays on the server"
                )
                past.append((sighted, Outcome.QUARANTINED.value, why))
                limit = self.config.max_mail_bytes
                if (known := fetch_head(self.mailbox.fetch, env, env.size, limit)) is not None:
                    refused[env.uid] = known
            elif self._suspects.get(env.uid, 0) >= _MOST_BREAKS:
                why = (
                    f"the connection ended {_MOST_BREAKS} times while it was fetched. "
                    "It stays on the server"
                )
                past.append((sighted, Outcome.QUARANTINED.value, why))
                del self._suspects[env.uid]  # whoever lets it try again means it
            else:
                wanted.append(env)
        if past:
            with store.write() as db:
                inbox.record_past(db, name, self._uidvalidity, past, store.now())
                aside = [item for item in past if item[1] == "quarantined"]
                rows = self._tell_of_unfetched(db, aside)
            for uid, known in refused.items():
                desks = self.config.desks
                self.intake.tell_too_large(rows[uid], known, desks, self.config.name)
            journal.recorded_past(name, len(past), past[0][2])
        return wanted

    def _tell_of_unfetched(
        self, db: Any, aside: Sequence[tuple[Sighted, str, str]]
    ) -> dict[int, int]:
        """Let the lead be told of each; their rows in the ledger, by UID."""
        rows: dict[int, int] = {}
        for sighted, _, why in aside:
            assert sighted.uid is not None
            rows[sighted.uid] = inbox.notice_quarantine(
                db,
                self.config.name,
                self._uidvalidity,
                sighted.uid,
                self.config.desks[0],
                self.intake.store.now(),
            )
            journal.quarantined(sighted.uid, why)
        return rows

    def _is_past(self, env: Envelope) -> bool:
        if self._answer_after is None:
            return env.uid < self._watermark
        # What came after we had opened the folder is dated by the server alone: a sender's clock
        # may be wrong by years. What was there may be a restored archive with new INTERNALDATEs.
        when = env.internaldate if env.uid >= self._watermark else _when(env)
        return when < self._answer_after

    def _spool(self, batch: Sequence[Envelope]) -> None:
        """Raw files first, then one ledger commit for the batch; flags stay as they are."""
        store, name = self.intake.store, self.config.name
        by_uid = {env.uid: env for env in batch}
        spooled: list[Sighted] = []
        try:
            with self.intake.blobs.spool_together() as files:
                for uid, chunks in self.mailbox.fetch(batch):
                    reach(Step.FETCHED)
                    try:
                        kept = files.save(chunks)
                    except Withheld as fault:
                        journal.postponed(uid, str(fault))
                        continue
                    env = by_uid.pop(uid)
                    sighted = Sighted(uid, env.internaldate, kept.size, _identify(env), kept.sha256)
                    spooled.append(sighted)
                files.settle()
            for _ in spooled:
                reach(Step.SPOOLED)
        except Transient:
            self._suspect(by_uid)
            raise
        now = store.now()
        with store.write() as db:
            raws = [item.raw_sha for item in spooled if item.raw_sha]
            again = inbox.known_raws(db, name, self._uidvalidity, raws)
            why = "the same bytes under a new UIDVALIDITY"
            doubles = [item for item in spooled if item.raw_sha in again]
            past = [(item, Outcome.DUPLICATE.value, why) for item in doubles]
            inbox.record_past(db, name, self._uidvalidity, past, now)
            fresh = [item for item in spooled if item.raw_sha not in again]
            inbox.record(db, name, self._uidvalidity, fresh, now)
        reach(Step.RECORDED)
        for item in spooled:
            assert item.uid is not None
            self._suspects.pop(item.uid, None)
        self._unfetched.update(by_uid)
        for uid in by_uid.keys() - self._kept_back:
            self._kept_back.add(uid)
            journal.postponed(uid, "the server does not hand it out, or it was removed meanwhile")

    def _suspect(self, left: Collection[int]) -> None:
        """The connection ended while these mails were fetched; it may be one mail's doing.

        The first of them is blamed; all are fetched one by one from now on, so that the guilty
        one is found soon and is blamed alone.
        """
        for at, uid in enumerate(left):
            self._suspects[uid] = self._suspects.get(uid, 0) + (at == 0)

    def _decide_pending(self) -> int:
        """Bring every spooled mail of this mailbox to its outcome, the oldest first."""
        hand = self._hand
        assert hand is not None
        met = done = last = 0
        while True:
            with self.intake.store.read() as db:
                rows = inbox.pending(db, self.config.name, last)
            if not rows:
                break
            done += self.intake.receive_all(rows, self.config.desks, hand.take)
            met, last = met + len(rows), rows[-1].id
            hand.release()
        self._undecided = self._undecided + 1 if done < met else 0
        return done

    def _fail(self, stop: threading.Event, why: str) -> None:
        if stop.is_set():
            return
        self._failures += 1
        wait = self.backoff(self._failures, random.random)
        journal.mailbox_failed(self.config.name, why, wait)
        with contextlib.suppress(Transient), self.intake.store.write() as db:
            # Another daemon may reach what this one cannot.
            mailboxes.leave_mailbox(db, self.config.name, self.owner)
            state: health.State = "degraded" if self._failures < 3 else "down"
            health.report(db, f"mailbox:{self.config.name}", state, why, self.intake.store.now())
        stop.wait(wait)


def _identify(env: Envelope) -> str:
    return identify_sighting(env.message_id, env.date, env.size)


def _when(env: Envelope) -> datetime:
    """When the mail came, for telling an archive: a restore may renew INTERNALDATE."""
    with contextlib.suppress(ValueError, TypeError):
        written = parsedate_to_datetime(env.date or "")
        if written.tzinfo is None:
            written = written.replace(tzinfo=UTC)
        if env.internaldate - written > _CLOCK_SLACK:
            return written
    return env.internaldate


def _is_certain(env: Envelope, met: inbox.Met) -> bool:
    """Whether its head alone proves that a mail was met before; if not, its bytes will.

    Devices without Message-IDs send many mails of one size, some all of one date.
    """
    return env.message_id is not None or (env.date is not None and not met.fetched)
