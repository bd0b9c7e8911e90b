"""Runs a house: starts and stops the parts of this process, where journeys meet the wire.

One thread per mailbox, one event loop for letters and one for pages, APScheduler to knock.
Decides nothing; what is run is built in `house`.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maildesk import __version__, journal
from maildesk.collect import Collector
from maildesk.config.values import Config
from maildesk.delivery import Delivery, Transport, lease_for
from maildesk.desk.answers.words import load_lexicon
from maildesk.desk.calendar.almanac import find_unknown_year
from maildesk.desk.knowledge.article import Article
from maildesk.errors import ConfigFault, Transient
from maildesk.house import House, build, enter_rounds
from maildesk.mailbox import Mailbox
from maildesk.memory import enter_people
from maildesk.store import inbox
from maildesk.store.articles import find_published
from maildesk.store.health import list_health
from maildesk.store.owner import announce, name_owner
from maildesk.wire.imap import ImapMailbox, backoff
from maildesk.wire.smtp import SmtpTransport

if TYPE_CHECKING:
    from maildesk.web.server import WebServer

PARTS = ("intake", "delivery", "clock", "web")
_KNOCK_SECONDS = 2
_RENEW_SECONDS = 15
_BEAT_SECONDS = 30
_STALE_INGEST = timedelta(minutes=10)


@dataclass(slots=True)
class Daemon:
    """One running maildesk. `run` returns when `stop` was called or a signal came.

    `below` as for `build`; `watch` is shown the house every second, and once more at the end.
    """

    config: Config
    parts: Sequence[str] = PARTS
    import_since: datetime | None = None
    connect_mailbox: Callable[[Any], Mailbox] = ImapMailbox
    connect_smtp: Callable[[Any], Transport] = SmtpTransport
    below: Path | None = None
    watch: Callable[[House], None] = lambda house: None
    ready: threading.Event = field(default_factory=threading.Event)
    _stop: threading.Event = field(default_factory=threading.Event)
    _wake: Callable[[], None] = lambda: None
    _collectors: list[Collector] = field(default_factory=list)

    def run(self, *, signals: bool = True) -> None:
        """Start the parts, wait, and stop them in order. Raises ConfigFault, Transient at start."""
        if tuple(self.parts) == ("web",) and self.config.web is None:
            raise ConfigFault("there is no table [web]: this part has nothing to serve")
        woken = lambda: self._wake()  # noqa: E731, PLW0108 - set later
        # The first answer should not wait for it; before all else, which takes the room it leaves.
        load_lexicon()
        house = build(self.config, woken=woken, below=self.below)
        enter_people(house.store, self.config)
        gc.enable()  # `maildesk run` starts without it
        gc.freeze()  # rules and letters stay for good: no sweep need look at them again
        web = self._open_web(house)  # a taken port is told before anything runs
        if signals:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: self.stop())
        threads = [*self._start_delivery(house), *self._start_mailboxes(house)]
        if web is not None:
            threads.append(web.start())
        scheduler = self._start_clock(house)
        shown = [part for part in self.parts if part != "web" or web is not None]
        journal.started(__version__, ", ".join(shown))
        self._look_ahead(house)
        notify("READY=1")
        self.ready.set()
        while not self._stop.wait(1):
            self._guard("watching", lambda: self.watch(house))
        notify("STOPPING=1")
        if web is not None:
            web.stop()
        if scheduler is not None:
            scheduler.shutdown()
        for collector in self._collectors:
            collector.stop()
        self._wake()
        for thread in threads:
            thread.join(30)
        self._guard("watching", lambda: self.watch(house))
        house.store.close()
        journal.stopped()

    def _look_ahead(self, house: House) -> None:
        """Tell that due times will run into a year whose holidays are not known, in time."""
        for desk in self.config.desks:
            today = house.store.now().astimezone(desk.zone_info).date()
            year = find_unknown_year(desk.profile.calendars, today)
            if year is not None:
                journal.holidays_unknown(desk.id, year)

    def stop(self) -> None:
        """Let `run` end; from any thread or a signal."""
        self._stop.set()

    def _start_mailboxes(self, house: House) -> list[threading.Thread]:
        if "intake" not in self.parts:
            return []
        for mailbox in self.config.mailboxes:
            collector = Collector(
                mailbox,
                self.connect_mailbox(mailbox.imap),
                house.intake,
                backoff,
                self.import_since,
            )
            self._collectors.append(collector)
        threads = [
            threading.Thread(
                target=collector.run, args=(self._stop,), name=f"mailbox {collector.config.name}"
            )
            for collector in self._collectors
        ]
        for thread in threads:
            thread.start()
        return threads

    def _open_web(self, house: House) -> WebServer | None:
        web, answers = self.config.web, house.answers
        if "web" not in self.parts or web is None or answers is None:
            return None
        from maildesk.desk.pages.rendering import Pages
        from maildesk.published import Published
        from maildesk.web.app import build_app
        from maildesk.web.server import WebServer
        from maildesk.web.site import Site

        def ask_database() -> bool:
            with house.store.read() as db:
                list_health(db)
            return True

        def look_up(desk: str, number: str) -> Article | None:
            with house.store.read() as db:
                return find_published(db, desk, number)

        site = Site(
            (self.config.secret,),
            web.base_url,
            house.intake.desks.values(),
            Pages(self.config.templates),
            house.store.now,
            ask_database,
            Published(house.store).read,
            look_up,
        )
        server = WebServer(build_app(site, answers), web.host, web.port)
        journal.serving(f"{web.host}:{web.port}", web.base_url)
        return server

    def _start_delivery(self, house: House) -> list[threading.Thread]:
        if "delivery" not in self.parts or self.config.smtp is None:
            return []
        thread = threading.Thread(target=lambda: asyncio.run(self._deliver(house)), name="delivery")
        thread.start()
        return [thread]

    async def _deliver(self, house: House) -> None:
        assert self.config.smtp is not None
        transport = self.connect_smtp(self.config.smtp)
        delivery = Delivery(
            house.store,
            transport,
            house.intake.desks,
            announce(name_owner()),
            self.config.smtp.envelope_sender,
            self.config.smtp.connections,
            lease_for(self.config.smtp.timeout),
            alarm=house.clock.alarm,
            stopping=self._stop.is_set,
            open_file=house.intake.blobs.read_file,
        )
        loop, woken = asyncio.get_running_loop(), asyncio.Event()

        def wake() -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: we are stopping
                loop.call_soon_threadsafe(woken.set)

        self._wake = wake
        while not self._stop.is_set():
            woken.clear()
            try:
                await delivery.drain()
            except Transient as fault:
                journal.failed("delivery", str(fault))
            except Exception as fault:  # letters must go on leaving whatever happens to one
                journal.failed("delivery", f"{type(fault).__name__}: {fault}")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), _KNOCK_SECONDS)
        await transport.close()

    def _start_clock(self, house: House) -> Any:
        if not {"clock", "intake", "web"} & set(self.parts):
            return None
        from apscheduler.schedulers.background import BackgroundScheduler

        scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": 300, "coalesce": True, "max_instances": 1},
        )
        if "clock" in self.parts:
            enter_rounds(house)
            self._guard("clock", house.clock.beat)  # before the first miss: were we down?
            scheduler.add_job(
                lambda: self._guard("clock", house.clock.beat), "interval", seconds=_BEAT_SECONDS
            )
            scheduler.add_job(
                lambda: self._guard("clock", house.clock.tick), "interval", seconds=_KNOCK_SECONDS
            )
            scheduler.add_job(
                lambda: self._guard("clock", lambda: enter_rounds(house)), "interval", hours=1
            )
            scheduler.add_job(
                lambda: self._guard("ingest", lambda: self._finish_ingests(house)),
                "interval",
                minutes=5,
            )
        if (book := house.rulebook) is not None:
            self._guard("rules", book.begin)
            scheduler.add_job(
                lambda: self._guard("rules", book.look), "interval", seconds=_KNOCK_SECONDS
            )
        scheduler.add_job(
            self._renew_leases,
            "interval",
            seconds=_RENEW_SECONDS,
        )
        scheduler.start()
        return scheduler

    def _finish_ingests(self, house: House) -> None:
        """Mails a killed `maildesk ingest` left in the ledger."""
        with house.store.write() as db:
            rows = inbox.stale_ingests(db, house.store.now() - _STALE_INGEST)
        for row in rows:
            house.intake.receive(row, tuple(desk.id for desk in self.config.desks))

    def _renew_leases(self) -> None:
        for collector in self._collectors:
            self._guard("lease", collector.renew)

    def _guard(self, where: str, work: Callable[[], object]) -> None:
        """A knock that fails is told; the next one tries again."""
        try:
            work()
        except Exception as fault:  # the scheduler's thread must go on
            journal.failed(where, f"{type(fault).__name__}: {fault}")


def notify(state: str) -> None:
    """Tell systemd (sd_notify(3)) when it asked to be told; silent otherwise."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    path = "\0" + address[1:] if address.startswith("@") else address
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.sendto(state.encode(), path)
