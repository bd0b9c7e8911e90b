"""The daemon with a clock that is turned by hand: a process of its own, everything else is real.

Run as a program this is the daemon: it reads the real mailbox, sends through the real server,
serves its pages and keeps a real database; only its clock stands until it is told to go on. The
places of `maildesk.daemon` are replaced in this process alone: nothing the daemon can be given
turns its clock. Imported it is `Clockwork`, the hand at that clock.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import bindparam, func, select

import maildesk.daemon
import maildesk.house
from maildesk import journal
from maildesk.config import load
from maildesk.daemon import Daemon
from maildesk.house import House
from maildesk.simulation.play import Timepiece
from maildesk.store import health
from maildesk.store.outages import HEART
from maildesk.store.schema import outbox
from maildesk.wire.imap import ImapMailbox

_NEVER = 10_000_000  # seconds between knocks: here it is the hand that knocks
_PATIENCE = 30.0
_LEAVING = select(func.count()).where(
    (outbox.c.state == "sending")
    | ((outbox.c.state == "queued") & (outbox.c.next_at <= bindparam("now")))
)


class Killed(Exception):
    """The daemon died while the clock was turned, as the test wished."""


class Clockwork:
    """The daemon of one desk's folder, and the hand at its clock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "daemon.log"
        self.process: subprocess.Popen[str] | None = None
        self.following: subprocess.Popen[str] | None = None

    def prepare(self, kill_at: str = "") -> None:
        """Let the next life read its configuration; `kill_at` arms a named step of it."""
        environ = {**os.environ, "MAILDESK_KILL_AT": kill_at}
        with self.log.open("ab") as log:
            self.following = subprocess.Popen(
                [sys.executable, str(Path(__file__)), "maildesk.toml"],
                cwd=self.folder,
                env=environ,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def start(self, now: datetime) -> None:
        """Let the prepared life begin at that moment. Killed: it died on the way."""
        self.process, self.following = self.following, None
        self._tell(now.isoformat())

    def set(self, now: datetime) -> None:
        """Only the clock goes on, and nobody looks at it yet. Raises Killed."""
        self._tell(f"set {now.isoformat()}")

    def turn(self, now: datetime, *, mails: bool) -> None:
        """It is now then: the mailbox is read (`mails`), what is due fires, letters leave.

        Returns when everything that follows from it has happened. Raises Killed.
        """
        self._tell(f"{'read' if mails else 'look'} {now.isoformat()}")

    def stop(self) -> None:
        """End it as an administrator would, and what was prepared as well."""
        if self.following is not None:
            self.following.kill()
            _bury(self.following)
            self.following = None
        if self.process is not None:
            self.process.terminate()
            _bury(self.process)

    def read_log(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def _tell(self, line: str) -> None:
        assert self.process is not None
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(f"{line}\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # it is heard below
        self._hear()

    def _hear(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        if said == "done\n":
            return
        code = _bury(self.process)
        if code != -signal.SIGKILL:
            raise AssertionError(f"ended with {code}: {said}\n{self.read_log()[-3000:]}")
        raise Killed


def _bury(process: subprocess.Popen[str]) -> int:
    """Wait for its end, which is near; returns how it ended."""
    try:
        code = process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        code = process.wait(5)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
    return code


# ── the daemon's side ────────────────────────────────────────────────────────────────────────


class Gate(ImapMailbox):
    """The real mailbox; only that waiting for news ends when the hand says so, not the server."""

    def __init__(self, account: object) -> None:
        super().__init__(account)  # type: ignore[arg-type]
        self.rounds = 0
        self._go = threading.Event()

    def wait(self, seconds: float) -> bool:
        self.rounds += 1
        self._go.wait()
        self._go.clear()
        return super().wait(min(seconds, 0.3))  # the server tells of the mail that is there

    def interrupt(self) -> None:
        super().interrupt()
        self._go.set()

    def read_once(self) -> None:
        """Let it read, and wait until it has: a lost connection is opened anew meanwhile."""
        before = self.rounds
        self._go.set()
        _wait_for(lambda: self.rounds > before, "the mailbox was not read")


class Hand(threading.Thread):
    """Turns the clock as standard input says, and says when all that follows has happened."""

    def __init__(self, watch: Timepiece, daemon: Daemon) -> None:
        super().__init__(name="hand", daemon=True)
        self.watch = watch
        self.daemon_ = daemon
        self.gates: list[Gate] = []
        self.houses: list[House] = []

    def run(self) -> None:
        self.daemon_.ready.wait()
        _wait_for(lambda: all(gate.rounds for gate in self.gates), "the mailbox was not opened")
        self._settle()
        self._say()
        for line in iter(sys.stdin.readline, ""):
            what, _, moment = line.strip().partition(" ")
            self.watch.now = datetime.fromisoformat(moment)
            if what != "set":
                self._keep_beating()
                if what == "read":
                    for gate in self.gates:
                        gate.read_once()
                self._settle()
            self._say()
        self.daemon_.stop()  # the hand is gone

    def _say(self) -> None:
        sys.stdout.write("done\n")
        sys.stdout.flush()

    def _keep_beating(self) -> None:
        """While the clock was turned the daemon ran all the time: that was no outage."""
        house = self.houses[0]
        with house.store.write() as db:
            health.report(db, HEART, "ok", "turned by hand", self.watch.now)

    def _settle(self) -> None:
        house = self.houses[0]
        while True:
            fired = house.clock.tick()
            self.daemon_._wake()
            _wait_for(lambda: self._has_settled(house), "letters do not leave")
            if not fired:
                return

    def _has_settled(self, house: House) -> bool:
        with house.store.read() as db:
            return not db.execute(_LEAVING, {"now": self.watch.now}).scalar_one()


def _wait_for(met: object, why: str) -> None:
    assert callable(met)
    end = time.monotonic() + _PATIENCE
    while not met():
        if time.monotonic() > end:
            sys.stdout.write(f"{why}\n")
            sys.stdout.flush()
            os._exit(3)
        time.sleep(0.001)


def main(file: str) -> None:
    journal.start_logging(level="INFO")
    config = load(Path(file), os.environ)
    watch = Timepiece(datetime.fromisoformat(sys.stdin.readline().strip()).astimezone(UTC))
    real = maildesk.house.build

    def connect(account: object) -> Gate:
        hand.gates.append(Gate(account))
        return hand.gates[-1]

    def build(*about: object, **given: object) -> House:
        house = real(*about, **{**given, "now": watch})  # type: ignore[arg-type]
        hand.houses.append(house)
        return house

    daemon = Daemon(config, connect_mailbox=connect)
    hand = Hand(watch, daemon)
    hand.start()
    with (
        patch.object(maildesk.daemon, "build", build),
        patch.object(maildesk.daemon, "_KNOCK_SECONDS", _NEVER),
        patch.object(maildesk.daemon, "_BEAT_SECONDS", _NEVER),
        patch.object(maildesk.daemon, "_RENEW_SECONDS", _NEVER),
    ):
        daemon.run()


if __name__ == "__main__":
    main(sys.argv[1])
