"""Where a month is played for real: a mailbox on Dovecot, a mail server that takes everything, the
daemon as a process whose clock is turned, killed again and again, and its pages.

Mails are put into the mailbox with their time, as the company's own server would have; what leaves
is read from what arrived, never from the desk's memory.
"""

from __future__ import annotations

import imaplib
import os
import re
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from clockwork import Clockwork, Killed
from household import Household, household
from month import BEGIN, READER, Got, write_people
from servers.dovecot import Dovecot
from servers.sink import Sink, Taken
from sqlalchemy import bindparam, select

from maildesk.config import load, shipped
from maildesk.config.mailscript import Scripted
from maildesk.desk.arrival.directory import Directory
from maildesk.desk.pages import links
from maildesk.simulation.writing import Answered, CannotWrite, Writer, read_text
from maildesk.store import chronicle
from maildesk.store.engine import Store
from maildesk.store.schema import outbox, tickets

LINK = re.compile(r"https?://\S+/t/([\w.-]+)")
_FORM_TOKEN = re.compile(r'name="token" value="([^"]+)"')
_CHOICES = {"confirm": "confirmed"}  # a page's own name for it, where it has another
_KIND = (
    select(outbox.c.letter, tickets.c.number)
    .outerjoin(tickets, tickets.c.id == outbox.c.ticket_id)
    .where(outbox.c.message_id == bindparam("ident"))
)
_SENDING = select(outbox.c.message_id).where(outbox.c.state == "sending")


@dataclass(frozen=True, slots=True)
class Arrived:
    """A letter as the mail server got it, and at which moment of the month."""

    at: datetime
    kind: str
    ticket: str
    mail: Taken

    @property
    def parsed(self) -> EmailMessage:
        return message_from_bytes(self.mail.raw, policy=policy.default)


TRUST = """authserv_ids = ["mx.script.invalid"]
trusted_hosts = ["mx.script.invalid"]"""
"""The border of the mailbox: what `simulation.writing` notes on top of a mail is believed."""

BUDGETS = {"per_desk_hour": 100_000, "per_address_hour": 50, "per_staff_hour": 50}


@contextmanager
def open_folder(otherwise: Path) -> Iterator[Path]:
    """In memory where there is such a place: a month's fsyncs take longer than its work, and a
    killed process loses nothing of what the system has taken."""
    memory = Path("/dev/shm")
    if not memory.is_dir():
        yield otherwise
        return
    with tempfile.TemporaryDirectory(prefix="maildesk-", dir=memory) as made:
        yield Path(made)


@contextmanager
def open_theatre(folder: Path, dovecot: Dovecot, deaths: Sequence[str] = ()) -> Iterator[Theatre]:
    """The month's company with its desk in `folder`, the daemon running."""
    rules = folder / "rules"
    for file in shipped.folder("rules").rglob("*.yaml"):
        target = rules / file.relative_to(shipped.folder("rules"))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_change(file.read_text("utf-8")), "utf-8")
    with Sink() as sink:
        home = household(
            folder / "home",
            dovecot,
            ("127.0.0.1", sink.port),
            people=write_people(),
            trust=TRUST,
            budgets=BUDGETS,
            web=True,
            rules=rules,
            readers=(READER,),
        )
        theatre = Theatre(home, dovecot, sink, deaths)
        try:
            yield theatre
        finally:
            theatre.close()


def _change(profile: str) -> str:
    """This company closes what nobody confirms; else it works by the profiles as they are."""
    return profile.replace("\nclosing: {}\n", "\nclosing: {remind_days: [2, 4], after_days: 5}\n")


class Theatre:
    """A `month.Scene` of real servers. Each of `deaths` (`step:count`) ends one life of the daemon;
    what comes after it lives on to the end."""

    def __init__(
        self, home: Household, dovecot: Dovecot, sink: Sink, deaths: Sequence[str] = ()
    ) -> None:
        self.home = home
        self.sink = sink
        self.now = BEGIN
        self.arrived: list[Arrived] = []
        self.doubtful: set[str] = set()
        """Message-IDs that the server had taken when the daemon died before it knew."""
        self.kills = 0
        self._deaths = iter(deaths)
        self._read = 0
        self._mails = 0
        self._counted = 0
        self._seen: set[str] = set()
        self.clockwork = Clockwork(home.folder)
        config = load(home.folder / "maildesk.toml", os.environ)
        self.secret = config.secret
        self._writer = Writer(Directory(config.people), {desk.id: desk for desk in config.desks})
        self._start()
        self.store = Store(config.database)
        self._box = imaplib.IMAP4("127.0.0.1", dovecot.imap_port, timeout=30)
        self._box.login(home.maildesk_user, dovecot.password)

    def close(self) -> None:
        self.clockwork.stop()
        self.store.close()
        self._box.logout()

    def find_next(self) -> datetime | None:
        with self.store.read() as db:
            return chronicle.next_due(db, self.now)

    def play(self, moment: datetime, items: Sequence[Scripted]) -> list[Scripted]:
        self.now = moment
        done = []
        for item in items:
            try:
                if item.click is not None:
                    self._click(item)
                else:
                    self._post(item)
            except CannotWrite:
                continue
            done.append(item)
            self._turn(mails=item.click is None)
        if not items:
            self._turn(mails=False)
        return done

    def take_letters(self) -> list[Got]:
        fresh = self.arrived[self._read :]
        self._read = len(self.arrived)
        return [Got(item.at, item.kind, item.mail.recipient, item.ticket) for item in fresh]

    # The daemon and its deaths

    def _turn(self, *, mails: bool) -> None:
        while True:
            try:
                self.clockwork.turn(self.now, mails=mails)
                break
            except Killed:
                self._rise()
        self._note_arrived()

    def _rise(self) -> None:
        """It died: note what is in doubt, and start it again at the same moment."""
        self.kills += 1
        with self.store.read() as db:
            sending = set(db.execute(_SENDING).scalars())
        self.doubtful |= sending & {name_id(item) for item in self.sink.mails}
        self._start()

    def _start(self) -> None:
        while True:
            if self.clockwork.following is None:
                self.clockwork.prepare(next(self._deaths, ""))
            try:
                self.clockwork.start(self.now)
            except Killed:
                self.kills += 1
                continue
            self.clockwork.prepare(next(self._deaths, ""))  # ready when this life ends
            return

    def _note_arrived(self) -> None:
        fresh = self.sink.mails[self._counted :]
        self._counted += len(fresh)
        for item in fresh:
            ident = name_id(item)
            if ident in self._seen:
                continue
            self._seen.add(ident)
            with self.store.read() as db:
                kind, number = db.execute(_KIND, {"ident": ident}).one()
            self.arrived.append(Arrived(self.now, kind, number or "", item))

    # What people do

    def _post(self, item: Scripted) -> None:
        with self.store.read() as db:
            raw = self._writer.write(db, item, self._mails + 1)
        self._mails += 1
        when = imaplib.Time2Internaldate(item.at)
        kind, said = self._box.append("INBOX", "()", when, raw)
        assert kind == "OK", said

    def _click(self, item: Scripted) -> None:
        """Open the link of the letter that arrived, and press the button."""
        act = item.click or ""
        requester = act in ("confirm", "broken")
        with self.store.read() as db:
            letter = self._writer.find_answered(db, item, "solved" if requester else "dispatch")
        address = self._find_link(letter, links.CONFIRM if requester else act)
        self._insist(lambda: self.clockwork.set(self.now))
        page = ""

        def look() -> None:
            nonlocal page
            page = fetch(address)[1]

        self._insist(look)
        found = _FORM_TOKEN.search(page)
        choice = _CHOICES.get(act, act)
        if found is None or f'value="{choice}"' not in page:
            raise CannotWrite(f"{item.place}: the page has no {choice}")
        form = {"token": found[1], "choice": choice, "words": item.body}
        answer = (0, "")

        def press() -> None:
            nonlocal answer
            answer = fetch(address, form)

        self._insist(press)
        if answer[0] != 200:
            raise CannotWrite(f"{item.place}: the page says {answer[0]}")

    def _find_link(self, letter: Answered, act: str) -> str:
        ident = str(letter.mail["Message-ID"]).strip("<>")
        arrived = next(item for item in reversed(self.arrived) if name_id(item.mail) == ident)
        for token, address in list_links(arrived.parsed):
            link = links.read(self.secret, token, self.now)
            if isinstance(link, links.Link) and link.act == act:
                return address
        raise CannotWrite(f"{letter.mail['Subject']} has no link {act}")

    def _insist(self, work: object) -> None:
        """Whoever meets a dead server tries again."""
        assert callable(work)
        while True:
            try:
                work()
                return
            except (Killed, OSError):
                assert self.clockwork.process is not None
                self.clockwork.process.wait(10)
                self._rise()


def name_id(mail: Taken) -> str:
    return str(mail.message_id).strip("<>")


def list_links(mail: EmailMessage) -> Iterator[tuple[str, str]]:
    """(token, whole address) of every signed link in a letter's text."""
    for found in LINK.finditer(read_text(mail)):
        yield found[1], found[0]


def fetch(
    address: str,
    form: dict[str, str] | None = None,
    method: str | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, str]:
    """(status, text) of a request; a form makes it a POST."""
    data = urllib.parse.urlencode(form).encode() if form is not None else None
    request = urllib.request.Request(address, data, headers or {}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.read().decode("utf-8", "replace")
