"""The running daemon on a bad day: stopped, starved of disk, locked out, doubled (DESIGN §1)."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest
from builders import raw_mail
from household import Household, household
from servers import wait_until
from servers.dovecot import Dovecot
from servers.postgres import Postgres
from servers.sink import Phase, Sink
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

pytestmark = pytest.mark.servers


def deliver(dovecot: Dovecot, home: Household, *names: str) -> None:
    for name in names:
        dovecot.append(
            str(home.maildesk_user),
            raw_mail(
                sender=f"{name} <{name}@desk.test>",
                to=home.address,
                message_id=f"{name}@desk.test",
            ),
        )


def settled(home: Household, letters: int) -> bool:
    return home.count("SELECT count(*) FROM outbox WHERE state='accepted'") >= letters


class SlowSink(Sink):
    """Takes `pause` seconds over its answer to each letter. `stalls`: how often it gave none."""

    pause = 0.0
    stalls = 0

    def decide(self, phase: Phase, address: str | None = None) -> str | None:
        if phase == "dot":
            time.sleep(self.pause)
        answer = super().decide(phase, address)
        self.stalls += answer == "STALL"
        return answer


def sending(home: Household) -> bool:
    return home.count("SELECT count(*) FROM outbox WHERE state='sending'") > 0


def second(home: Household, folder: Path) -> Household:
    """Another daemon of the same desk: same folder, same database, a log of its own."""
    twin = object.__new__(Household)
    twin.__dict__.update(home.__dict__)
    twin.process, twin.log = None, folder / "twin.log"
    return twin


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_a_daemon_stopped_for_long_and_its_successor_double_nothing(
    tmp_path: Path, dovecot: Dovecot, request: pytest.FixtureRequest, engine: str
) -> None:
    """SIGSTOP, take-over when the lease ends, SIGCONT; then SIGKILL of the one that reads."""
    database = None
    if engine == "postgres":
        postgres: Postgres = request.getfixturevalue("postgres")
        database = postgres.fresh_database(request.getfixturevalue("postgres_template"))
    with Sink() as sink:
        home = household(tmp_path / "home", dovecot, ("127.0.0.1", sink.port), database=database)
        twin = second(home, tmp_path)
        try:
            home.start()
            deliver(dovecot, home, "a")
            assert wait_until(lambda: settled(home, 1), 20, 0.05)
            assert home.process is not None
            stopped_between_writes(home)
            expire_leases(home)
            twin.start(wait=False)
            deliver(dovecot, home, "b", "c")
            assert wait_until(lambda: settled(home, 3), 30, 0.1), twin.read_log()
            home.process.send_signal(signal.SIGCONT)
            deliver(dovecot, home, "d")
            assert wait_until(lambda: settled(home, 4), 30, 0.1)
            assert twin.process is not None
            twin.process.kill()
            twin.process.wait(5)
            deliver(dovecot, home, "e")
            assert wait_until(lambda: settled(home, 5), 30, 0.1), home.read_log()
        finally:
            home.stop()
            twin.stop()
        assert home.count("SELECT count(*) FROM tickets") == 5
        assert Counter(item.recipient for item in sink.mails) == Counter(
            f"{name}@desk.test" for name in "abcde"
        )


def stopped_between_writes(home: Household) -> None:
    """SIGSTOP, again until it hits no open transaction: who is stopped inside one keeps its locks.

    SQLite has one lock for all writers and no way to take it from a live process, so a daemon
    frozen in mid-write holds everybody up until it goes on, and its rows wait with it.
    """
    assert home.process is not None
    for _ in range(50):
        home.process.send_signal(signal.SIGSTOP)
        if not is_writing(home):
            return
        home.process.send_signal(signal.SIGCONT)
        time.sleep(0.1)
    raise AssertionError("the daemon was inside a transaction each time it was stopped")


def is_writing(home: Household) -> bool:
    """Does somebody hold the lock of the mailboxes' rows, on SQLite of the whole file?"""
    try:
        in_transaction(home, "UPDATE mailboxes SET lease_until = lease_until", patience=1)
    except (sqlite3.OperationalError, OperationalError):
        return True
    return False


def expire_leases(home: Household) -> None:
    """A minute passes for the lease of a daemon that cannot renew it."""
    in_transaction(home, "UPDATE mailboxes SET lease_until = 0", patience=20)


def in_transaction(home: Household, order: str, *, patience: int) -> None:
    """Run `order`, waiting at most `patience` seconds for a lock. Raises: OperationalError."""
    if home.database.startswith("sqlite"):
        file = home.database.removeprefix("sqlite:///")
        with contextlib.closing(sqlite3.connect(file, timeout=patience)) as db, db:
            db.execute(order)
        return
    engine = create_engine(home.database)
    try:
        with engine.begin() as connection:
            connection.execute(text(f"SET LOCAL lock_timeout = '{patience}s'"))
            connection.execute(text(order))
    finally:
        engine.dispose()


def test_a_disk_that_takes_no_more_delays_and_loses_nothing(
    tmp_path: Path, dovecot: Dovecot
) -> None:
    """No file may grow beyond a limit: spooling, attachments and the database fail alike."""
    with Sink() as sink:
        home = household(tmp_path / "home", dovecot, ("127.0.0.1", sink.port))
        home.start()
        home.stop()
        home.log.unlink()
        user = str(home.maildesk_user)
        dovecot.append(
            user,
            raw_mail(
                sender="big <big@desk.test>",
                to=home.address,
                message_id="big@desk.test",
                attachment=("x.bin", os.urandom(900_000)),
            ),
        )
        deliver(dovecot, home, "small")
        try:
            home.start(wrapper=["prlimit", "--fsize=800000", "env", "MAILDESK=1"], wait=False)
            home.wait_for_log("mailbox failed")
            assert home.process is not None
            assert home.process.poll() is None
            home.stop()
            home.start(wait=False)
            assert wait_until(lambda: settled(home, 2), 30, 0.1), home.read_log()
        finally:
            home.stop()
        audit = home.maildesk("audit", "--hashes")
        assert audit.returncode == 0, audit.stdout
        assert home.count("SELECT count(*) FROM tickets") == 2


def test_a_daemon_without_standard_error_works_and_may_be_ended_in_the_middle_of_a_send(
    tmp_path: Path, dovecot: Dovecot
) -> None:
    sink = SlowSink()
    with sink:
        home = household(tmp_path / "home", dovecot, ("127.0.0.1", sink.port))
        home.start()
        home.stop()
        shell = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *home.command("run")]
        home.process = subprocess.Popen(shell, cwd=home.folder)
        try:
            deliver(dovecot, home, "a")
            assert wait_until(lambda: settled(home, 1), 20, 0.05)
            sink.script("dot", "STALL")
            deliver(dovecot, home, "b")
            # Claimed is not yet said to the server: killed before, the next daemon met the stall.
            assert wait_until(lambda: sending(home) and sink.stalls == 1, 20, 0.05)
        finally:
            home.process.kill()
            home.process.wait(5)
        home.start()
        try:
            assert wait_until(lambda: settled(home, 2), 30, 0.1), home.read_log()
            sink.pause = 1.5
            deliver(dovecot, home, "c")
            assert wait_until(lambda: sending(home), 20, 0.02)
            home.process.terminate()
            assert home.process.wait(20) == 0
        finally:
            home.stop()
        assert settled(home, 3)
        assert len(sink.mails) == len({item.message_id for item in sink.mails}) == 3


def test_ingest_of_one_file_by_many_processes_is_one_ticket(tmp_path: Path) -> None:
    from maildesk.config.values import ImapAccount

    account = ImapAccount("127.0.0.1", 1, "none", "nobody", "secret")
    home = Household(tmp_path / "home", account, ("127.0.0.1", 1))
    assert home.maildesk("upgrade").returncode == 0
    file = tmp_path / "in.eml"
    file.write_bytes(raw_mail(to=home.address, sender="a <a@desk.test>"))
    crowd = [subprocess.Popen(home.command("ingest", str(file)), cwd=home.folder) for _ in range(4)]
    assert [one.wait(60) for one in crowd] == [0] * 4
    assert home.count("SELECT count(*) FROM tickets") == 1
    assert home.count("SELECT count(*) FROM outbox") == 1
    assert home.count("SELECT count(*) FROM sightings WHERE outcome='duplicate'") == 3
    wanted = ("1", "2", "9" * 40, "²", "one@corp.test", "\udcff", "%", "' OR 1=1 --", "0" * 8)
    told = subprocess.run(
        home.command("explain", *wanted), cwd=home.folder, capture_output=True, check=False
    )
    assert told.returncode == 1
    assert b"Traceback" not in told.stderr, told.stderr.decode(errors="replace")
    assert told.stdout.count(b"outcome    ") == 6  # itself, its double, and four by Message-ID
