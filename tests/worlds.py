"""A desk in one process: a real database, a mailbox and a mail server in memory, a clock to turn.

For tests of journeys. The wire has real servers of its own in `tests/wire` and `tests/house`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

from builders import DESK, NOW, SECRET, desk, profile, rules, wording
from sqlalchemy import Row, text

from maildesk.clock import Clock
from maildesk.collect import Collector
from maildesk.config.values import Filing, ImapAccount, MailboxConfig
from maildesk.delivery import Delivery
from maildesk.desk.arrival.directory import Directory
from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import Lead
from maildesk.desk.person import Person, Role
from maildesk.desk.rules.matching import RuleSet
from maildesk.feedback import Feedback
from maildesk.intake import Intake, Limits
from maildesk.mail.proof.trust import Border
from maildesk.store import people
from maildesk.store.blobs import Blobs
from maildesk.store.engine import Store
from maildesk.store.letterpress import Letterpress
from maildesk.store.migration import prepare
from maildesk.wire.envelope import Envelope
from maildesk.wire.folder import FolderState

LEAD = Person("王强", ("wang@corp.test",), staff_number="NT001", role=Role.LEAD)
ACCOUNT = ImapAccount("localhost", 143, "none", "desk", "secret")


@dataclass
class Kept:
    """A mail in a memory mailbox."""

    uid: int
    raw: bytes
    internaldate: datetime
    flags: set[str] = field(default_factory=set)


@dataclass
class MemoryMailbox:
    """An IMAP folder as `collect` sees it."""

    now: Callable[[], datetime]
    mails: dict[int, Kept] = field(default_factory=dict)
    folders: dict[str, list[bytes]] = field(default_factory=dict)
    uidvalidity: int = 1
    uidnext: int = 1
    fetched: int = 0
    capabilities: frozenset[str] = frozenset(("IDLE", "MOVE"))

    def arrive(self, raw: bytes, internaldate: datetime | None = None) -> int:
        uid = self.uidnext
        self.uidnext += 1
        self.mails[uid] = Kept(uid, raw, internaldate or self.now())
        return uid

    def renumber(self) -> None:
        """A new UIDVALIDITY over the same mails."""
        kept = [self.mails[uid] for uid in sorted(self.mails)]
        self.uidvalidity += 1
        self.mails, self.uidnext = {}, 1
        for item in kept:
            self.arrive(item.raw, item.internaldate)

    def open(self) -> FolderState:
        return FolderState(self.uidvalidity, self.uidnext, len(self.mails))

    def search(self, after: int = 0) -> list[int]:
        return sorted(uid for uid in self.mails if uid > after)

    def envelopes(self, uids: Sequence[int]) -> list[Envelope]:
        found = []
        for uid in uids:
            if uid in self.mails:
                item = self.mails[uid]
                head = BytesHeaderParser().parsebytes(item.raw)
                ident = head["Message-ID"]
                found.append(
                    Envelope(
                        uid,
                        len(item.raw),
                        item.internaldate,
                        str(ident).strip("<>") if ident else None,
                        head["Date"],
                    )
                )
        return found

    def fetch(self, batch: Sequence[Envelope]) -> Iterator[tuple[int, Iterator[bytes]]]:
        for env in batch:
            if env.uid in self.mails:
                self.fetched += 1
                yield env.uid, iter((self.mails[env.uid].raw,))

    def flag_seen(self, uids: Sequence[int]) -> None:
        for uid in uids:
            if uid in self.mails:
                self.mails[uid].flags.add("seen")

    def move(self, uids: Sequence[int], target: str) -> None:
        for uid in uids:
            self.folders.setdefault(target, []).append(self.mails.pop(uid).raw)

    def wait(self, seconds: float) -> bool:
        return False

    def interrupt(self) -> None:
        pass

    def close(self) -> None:
        pass


@dataclass(frozen=True)
class Said:
    """What a mail server answered."""

    answer: str = "accepted"
    code: int | None = 250
    text: str = "ok"
    phase: str = "dot"


@dataclass
class MemoryTransport:
    """A mail server that keeps what it accepts; `answers` are given first, in order."""

    sent: list[tuple[str, bytes]] = field(default_factory=list)
    answers: list[Said] = field(default_factory=list)
    tries: int = 0

    async def send(self, sender: str, recipient: str, data: bytes) -> Said:
        await asyncio.sleep(0)
        self.tries += 1
        said = self.answers.pop(0) if self.answers else Said()
        if said.answer == "accepted":
            self.sent.append((recipient, data))
        return said

    async def close(self) -> None:
        pass

    def letters(self, to: str | None = None) -> list[EmailMessage]:
        return [
            message_from_bytes(data, policy=policy.default)
            for recipient, data in self.sent
            if to is None or recipient == to
        ]


class World:
    """One desk, whole. `now` is turned by hand; `run` lets everything happen that is due."""

    def __init__(
        self,
        url: str,
        folder: Path,
        *,
        listed: tuple[Person, ...] = (LEAD,),
        filing: Filing | None = None,
        secret: bytes = SECRET,
        limits: Limits | None = None,
        import_since: datetime | None = None,
        border: Border | None = None,
        base_url: str | None = None,
        unassigned_after: int = 100_000,
        ruleset: RuleSet | None = None,
        **desk_values: Any,
    ) -> None:
        self.now = NOW
        self.store = Store(url, lambda: self.now)
        prepare(self.store)
        with self.store.write() as db:
            people.sync_people(db, listed)
        # Tests count letters; the lead's about tickets nobody has is a journey of its own.
        calm = replace(profile(), unassigned_after_minutes=unassigned_after)
        self.desk: DeskConfig = desk(**{"profile": calm, **desk_values})
        desks = {self.desk.id: self.desk}
        self.press = Letterpress(wording(), (secret,), base_url)
        leads = tuple(Lead(p.addresses[0], p.name) for p in listed if p.role is Role.LEAD)
        self.blobs = Blobs(folder)
        self.intake = Intake(
            self.store,
            self.blobs,
            self.press,
            desks,
            {self.desk.id: ruleset or rules()},
            leads,
            Directory(listed),
            {"main": border} if border else {},
            limits or Limits(),
        )
        self.clock = Clock(
            self.store,
            self.press,
            desks,
            leads,
            Directory(listed),
            keep_file=self.blobs.files.save,
        )
        self.feedback = Feedback(self.store, self.press, desks, leads, Directory(listed))
        self.mailbox = MemoryMailbox(lambda: self.now)
        self.transport = MemoryTransport()
        self.delivery = Delivery(
            self.store,
            self.transport,
            desks,
            "test",
            jitter=lambda: 0.5,
            alarm=self.clock.alarm,
            open_file=self.blobs.read_file,
        )
        self.config = MailboxConfig("main", (self.desk.id,), ACCOUNT, filing or Filing())
        self.collector = self.collect_again(import_since)

    def collect_again(self, import_since: datetime | None = None) -> Collector:
        """A fresh start of the mailbox thread."""
        before = getattr(self, "collector", None)
        self.collector = Collector(
            self.config, self.mailbox, self.intake, lambda n, r: 0.0, import_since
        )
        self.collector.owner = before.owner if before else ""
        return self.collector

    def start(self) -> None:
        self.collector.open()
        self.collector.read_new()

    def run(self) -> None:
        """One round of everything: mails in, what is due, letters out."""
        self.collector.read_new()
        self.clock.tick()
        asyncio.run(self.delivery.drain())

    def receive(self, raw: bytes) -> None:
        self.mailbox.arrive(raw)
        self.run()

    def later(self, **span: float) -> None:
        """Let time pass, then everything that is due."""
        self.now += timedelta(**span)
        self.clock.tick()
        asyncio.run(self.delivery.drain())

    def rows(self, query: str) -> list[Row[Any]]:
        with self.store.read() as db:
            return list(db.execute(text(query)))

    def value(self, query: str) -> Any:
        return self.rows(query)[0][0]

    def close(self) -> None:
        self.store.close()


__all__ = ["ACCOUNT", "DESK", "LEAD", "Kept", "MemoryMailbox", "MemoryTransport", "Said", "World"]
