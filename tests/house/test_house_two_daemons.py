"""Two daemons on one PostgreSQL and one mailbox, hundreds of rows due at once: each letter once.

Also when one of them is killed in the middle. What arrived at the mail server is counted, and both
must have had a hand in it, or the test would prove nothing.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from builders import raw_mail
from household import Household, household
from servers import wait_until
from servers.dovecot import Dovecot
from servers.postgres import Postgres
from servers.sink import Sink
from sqlalchemy import create_engine, text

from maildesk.config import shipped

pytestmark = pytest.mark.servers

MAILS = 200
PEOPLE = """
- {name: 王强, addresses: [wang@desk.test], role: lead}
- {name: 刘洋, addresses: [liu@desk.test], role: engineer, groups: [hardware]}
- {name: 何勇, addresses: [he@desk.test], role: engineer, groups: [hardware]}
"""
BUDGETS = {"per_desk_hour": 100_000, "per_staff_hour": 100_000, "per_address_hour": 100}
_QUIET = 'quiet: {from: "20:00", to: "08:30"}'
# Moments are kept as microseconds. All response limits ran out a minute ago, in one stroke.
_NOW = "(extract(epoch FROM now()) * 1000000)"
DUE = (
    f"UPDATE tickets SET response_due = {_NOW} - 60000000",
    f"UPDATE deadlines SET due_at = {_NOW} - 60000000 WHERE kind = 'response_missed'",
)
# A tick is done with them all sooner than the other daemon looks; each letter takes a while here.
_SLOW = (
    "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN PERFORM pg_sleep(0.02); RETURN NEW; END $$",
    "CREATE TRIGGER slow BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION wait()",
)


class Pair:
    """One desk's folder, and any number of daemons started in it."""

    def __init__(self, home: Household, sink: Sink) -> None:
        self.home = home
        self.sink = sink
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, *words: str, kill_at: str = "") -> None:
        environ = {**os.environ, "MAILDESK_KILL_AT": kill_at}
        with self.log(name).open("ab") as log:
            self.running[name] = subprocess.Popen(
                self.home.command("run", *words),
                cwd=self.home.folder,
                env=environ,
                stdout=log,
                stderr=log,
            )
        assert wait_until(lambda: "started" in self.read(name), 90, 0.05), self.read(name)

    def log(self, name: str) -> Path:
        return self.home.folder / f"{name}.log"

    def read(self, name: str) -> str:
        return self.log(name).read_text(errors="replace")

    def stop(self) -> None:
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        for process in self.running.values():
            process.wait(30)

    @contextmanager
    def halted(self, *names: str) -> Iterator[None]:
        """These stand still meanwhile, and go on at one moment."""
        for name in names:
            self.running[name].send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            for name in names:
                self.running[name].send_signal(signal.SIGCONT)

    def change(self, *queries: str) -> None:
        engine = create_engine(self.home.database)
        with engine.begin() as db:
            for query in queries:
                db.execute(text(query))
        engine.dispose()

    def is_quiet(self) -> bool:
        """Nothing is due any more and nothing waits to leave."""
        due = f"SELECT count(*) FROM deadlines WHERE state = 'open' AND due_at < {_NOW}"
        rows = self.home.count(due)
        letters = self.home.count("SELECT count(*) FROM outbox WHERE state IN ('queued','sending')")
        return rows + letters == 0

    def in_doubt(self) -> set[str]:
        rows = self.home.rows("SELECT message_id FROM outbox WHERE state = 'sending'")
        return {str(row[0]) for row in rows} & set(self.count_taken())

    def count_taken(self) -> Counter[str]:
        return Counter(str(item.message_id).strip("<>") for item in self.sink.mails)


@pytest.fixture
def pair(tmp_path: Path, dovecot: Dovecot, postgres: Postgres) -> Iterator[Pair]:
    """A desk whose two hundred mails are still to be read; no daemon runs."""
    rules = tmp_path / "rules"
    for file in shipped.folder("rules").rglob("*.yaml"):
        target = rules / file.relative_to(shipped.folder("rules"))
        target.parent.mkdir(parents=True, exist_ok=True)
        words = file.read_text("utf-8")
        target.write_text(words.replace(_QUIET, "quiet: false"), "utf-8")
    url = postgres.fresh_database()
    with Sink() as sink:
        home = household(
            tmp_path / "home",
            dovecot,
            ("127.0.0.1", sink.port),
            database=url,
            people=PEOPLE,
            budgets=BUDGETS,
            rules=rules,
        )
        dovecot.append_all(home.maildesk_user, [_write(home, at) for at in range(MAILS)])
        made = Pair(home, sink)
        yield made
        made.stop()
    postgres.drop(url)


def _write(home: Household, at: int) -> bytes:
    return raw_mail(
        sender=f"员工{at} <u{at}@desk.test>",
        to=home.address,
        subject=f"打印机卡纸 {at}",
        message_id=f"m{at}@desk.test",
        text=f"三楼第 {at} 台打印机卡纸，报错 E6，麻烦看一下。\n",
    )


def _open_tickets(pair: Pair) -> None:
    """Both daemons run; one of them has the mailbox, both send."""
    pair.start("first", "--import-since", "2000-01-01")
    pair.start("second", "--import-since", "2000-01-01")
    query = "SELECT count(*) FROM sightings WHERE state = 'filed'"
    assert wait_until(lambda: pair.home.count(query) == MAILS, 90, 0.2), pair.read("first")
    assert wait_until(pair.is_quiet, 60, 0.2)


def _count_fired(pair: Pair, name: str) -> int:
    return pair.read(name).count("response_missed")


def test_each_letter_leaves_once_whoever_ticks(pair: Pair) -> None:
    _open_tickets(pair)
    assert pair.home.count("SELECT count(*) FROM tickets") == MAILS
    reading = [name for name in pair.running if "mailbox held" not in pair.read(name)]
    assert len(reading) == 1
    before = len(pair.sink.mails)
    pair.change(*_SLOW, *DUE)
    assert wait_until(pair.is_quiet, 90, 0.2), pair.read("second")[-2000:]
    pair.stop()
    assert _count_letters(pair, "missed") == dict.fromkeys(range(1, MAILS + 1), 1)
    assert len(pair.sink.mails) == before + MAILS
    assert set(pair.count_taken().values()) == {1}
    for name in pair.running:
        assert _count_fired(pair, name) > MAILS // 10, f"{name} had no part in it"


@pytest.mark.parametrize("step", ["leased:5", "sent:40"])
def test_each_letter_leaves_once_though_one_is_killed(pair: Pair, step: str) -> None:
    pair.start("first", "--import-since", "2000-01-01")
    query = "SELECT count(*) FROM sightings WHERE state = 'filed'"
    assert wait_until(lambda: pair.home.count(query) == MAILS, 90, 0.2)
    assert wait_until(pair.is_quiet, 60, 0.2)
    pair.start("doomed", kill_at=step)
    doomed = pair.running["doomed"]
    with pair.halted("first"):  # or it may have done everything before the other begins
        pair.change(*DUE)
        assert wait_until(lambda: doomed.poll() is not None, 90, 0.001), pair.read("doomed")
        doubtful = pair.in_doubt()
    assert wait_until(pair.is_quiet, 120, 0.2), pair.read("first")[-2000:]
    pair.stop()
    assert doomed.returncode == -9
    assert _count_letters(pair, "missed") == dict.fromkeys(range(1, MAILS + 1), 1)
    taken = pair.count_taken()
    assert {ident for ident, times in taken.items() if times > 1} <= doubtful
    assert len(taken) == pair.home.count("SELECT count(*) FROM outbox WHERE state = 'accepted'")


def _count_letters(pair: Pair, kind: str) -> dict[int, int]:
    """How many such letters were written about each ticket."""
    query = f"SELECT ticket_id, count(*) FROM outbox WHERE letter = '{kind}' GROUP BY ticket_id"
    return {int(row[0]): int(row[1]) for row in pair.home.rows(query)}
