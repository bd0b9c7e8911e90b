"""From due row to due row: what the daemon would have done by itself, mails arriving meanwhile.

The clock is turned to the next moment at which something happens, and the daemon's own journeys do
it; nothing happens in between. Same desk, same script, same start: the same story.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import TracebackType

from maildesk.config.mailscript import Scripted
from maildesk.delivery import Delivery, Transport
from maildesk.desk.pages import links
from maildesk.house import House, enter_rounds
from maildesk.simulation.postman import Postman
from maildesk.simulation.writing import BORDERS, SCRIPT, CannotWrite, Writer, read_text
from maildesk.store import chronicle, inbox, outbox
from maildesk.store.chronicle import Mark
from maildesk.store.inbox import INGEST, Sighted

_LINK = re.compile(r"https?://\S+/t/([\w.-]+)")
_CLICKED = {"confirm": "confirmed"}  # a page's own name for it, where it has another
_OWNER = "simulation"


@dataclass(slots=True)
class Timepiece:
    """A clock that stands until it is turned."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something the script wanted that could not be done."""

    at: datetime
    why: str


@dataclass(slots=True)
class Stage:
    """A house whose clock is `watch`, and everything that makes things happen in it.

    Used as a context: it has an event loop of its own. The house may be a double or real.
    """

    house: House
    watch: Timepiece
    transport: Transport = field(default_factory=Postman)
    troubles: list[Trouble] = field(default_factory=list)
    since: Mark = field(init=False)
    delivery: Delivery = field(init=False)
    _writer: Writer = field(init=False)
    _runner: asyncio.Runner = field(default_factory=asyncio.Runner)
    _mails: int = 0

    def __post_init__(self) -> None:
        house, intake = self.house, self.house.intake
        smtp = house.config.smtp
        self._writer = Writer(intake.directory, intake.desks)
        self.delivery = Delivery(
            house.store,
            self.transport,
            intake.desks,
            _OWNER,
            smtp.envelope_sender if smtp else None,
            jitter=lambda: 0.5,
            alarm=house.clock.alarm,
            open_file=intake.blobs.read_file,
        )

    def __enter__(self) -> Stage:
        self._runner.__enter__()
        with self.house.store.read() as db:
            self.since = chronicle.mark_now(db)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._runner.__exit__(kind, fault, trace)

    def begin(self) -> None:
        """As a start of the daemon: daily rounds, and what a former run left half done."""
        enter_rounds(self.house)
        now = self.watch.now
        with self.house.store.write() as db:
            for row in outbox.sending(db):
                outbox.settle(db, row.id, None, state="queued", now=now, next_at=now, uncount=True)
        for mailbox in (*self.house.config.mailboxes, None):
            self._decide(mailbox.name if mailbox else INGEST, mailbox.desks if mailbox else ())
        self.settle()

    def play(
        self,
        script: Sequence[Scripted],
        until: datetime,
        tell: Callable[[datetime], None] = lambda now: None,
    ) -> None:
        """Everything that happens until then; `tell` hears each moment at which something did."""
        for moment, items in self._list_moments(script, until):
            self.watch.now = moment
            for item in items:
                self.act(item)
                self.settle()
            self.settle()
            tell(moment)
        self.watch.now = until

    def act(self, item: Scripted) -> None:
        """A mail arrives, or somebody follows a link."""
        try:
            if item.click is not None:
                self._click(item)
            else:
                self._receive(item)
        except (CannotWrite, OSError) as fault:
            self.troubles.append(Trouble(self.watch.now, str(fault)))

    def settle(self) -> None:
        """Everything that is due now and what follows from it: rows fire, letters leave."""
        while self.house.clock.tick() + self._runner.run(self.delivery.drain()):
            pass

    def _list_moments(
        self, script: Sequence[Scripted], until: datetime
    ) -> Iterator[tuple[datetime, list[Scripted]]]:
        """The next moment, asked for anew after each, with what the script brings in it."""
        left = [item for item in script if item.at <= until]
        while True:
            with self.house.store.read() as db:
                due = chronicle.next_due(db, self.watch.now)
            coming = [left[0].at] if left else []
            moment = min((*coming, *((due,) if due else ())), default=None)
            if moment is None or moment > until:
                return
            now = [item for item in left if item.at <= moment]
            left = left[len(now) :]
            yield moment, now

    def _receive(self, item: Scripted) -> None:
        store, blobs = self.house.store, self.house.intake.blobs
        self._mails += 1
        with store.read() as db:
            raw = self._writer.write(db, item, self._mails)
        kept = blobs.spool((raw,))
        # A kept mail brings what its own servers noted, and is judged as in its mailbox.
        own = item.file is not None and item.proof is None
        first = next(iter(self.house.config.mailboxes), None)
        name = f"{SCRIPT}:{first.name}" if own and first is not None else SCRIPT
        sighted = Sighted(self._mails, item.at, kept.size, None, kept.sha256)
        with store.write() as db:
            inbox.record(db, name, 0, [sighted], self.watch.now)
        self._decide(name, ())

    def _decide(self, mailbox: str, desks: tuple[str, ...]) -> None:
        intake = self.house.intake
        with self.house.store.read() as db:
            rows = inbox.pending(db, mailbox)
        intake.receive_all(rows, desks or tuple(intake.desks), lambda sighting: None)

    def _click(self, item: Scripted) -> None:
        act = item.click or ""
        requester = act in ("confirm", "broken")
        with self.house.store.read() as db:
            letter = self._writer.find_answered(db, item, "solved" if requester else "dispatch")
        secrets, now = self.house.intake.press.secrets, self.watch.now
        wanted = links.CONFIRM if requester else act
        for token in _LINK.findall(read_text(letter.mail)):
            link = links.read(secrets, token, now)
            if isinstance(link, links.Link) and link.act == wanted and self.house.answers:
                choice = _CLICKED.get(act, act)
                done = self.house.answers.answer(link, choice, item.body, "")
                if not done.ok:
                    raise CannotWrite(f"{item.place}: the page's answer to {act}: {done.said}")
                return
        problem = "has no such link" if self.house.answers else "has no links without [web]"
        raise CannotWrite(f"{item.place}: the letter “{letter.mail['Subject']}” {problem}")


def believe(house: House) -> House:
    """The house with the borders under which scripted mails are judged."""
    own = {f"{SCRIPT}:{name}": border for name, border in house.intake.borders.items()}
    borders = {**house.intake.borders, **own, **BORDERS}
    return replace(house, intake=replace(house.intake, borders=borders))
