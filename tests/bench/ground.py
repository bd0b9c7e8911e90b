"""A desk to be measured: its configuration, its mailbox on Dovecot, and the daemon as a process.

The brakes are opened wide, so that a backlog's acknowledgements leave at once.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sqlite3
import struct
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType

from servers.dovecot import Dovecot

from bench.corpus import DESK, DOMAIN, person

LISTED = 400
_APPEND_AT_ONCE = 100
# FS_IOC_SETFLAGS and FS_TOPDIR_FL of linux/fs.h, where a long has 64 bits.
_SET_FLAGS, _TOP_OF_HIERARCHY = 0x40086602, 0x00020000
_TICKS = os.sysconf("SC_CLK_TCK")

_TOML = """\
data = "{data}"
people = "people.csv"
secret = "a secret only the benchmark knows"

[smtp]
host = "127.0.0.1"
port = {smtp}
security = "none"

[desk.it]
addresses = ["{desk}"]
accept_from = ["{domain}"]

[desk.it.budgets]
per_address_hour = 1000000
per_ticket_day = 1000000
per_desk_hour = 1000000

[mailbox.main]
host = "{host}"
port = {imap}
security = "{security}"
user = "{user}"
password = "{password}"
{ca}
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the daemon is: mails filed, letters accepted, letters still to leave."""

    filed: int
    accepted: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Usage:
    """CPU seconds (user and system, children that ended included) and peak memory in bytes."""

    cpu: float
    peak: int


class Ground:
    """One mailbox, one folder with configuration and data."""

    def __init__(self, folder: Path, dovecot: Dovecot, smtp_port: int, security: str) -> None:
        self.folder = folder
        self.dovecot = dovecot
        self.user = dovecot.fresh_user()
        secure = security == "tls"
        toml = _TOML.format(
            data=folder.name,  # the file system chooses by name where it lies
            smtp=smtp_port,
            desk=DESK,
            domain=DOMAIN,
            host=dovecot.host,
            imap=dovecot.imaps_port if secure else dovecot.imap_port,
            security=security,
            user=self.user,
            password=dovecot.password,
            ca=f'ca_file = "{dovecot.ca_file}"' if secure else "",
        )
        self.config = folder / "maildesk.toml"
        self.config.write_text(toml, encoding="utf-8")
        self.config.chmod(0o600)
        rows = [person(number) for number in range(LISTED)]
        lines = (f"{name}{i},{address}\n" for i, (name, address) in enumerate(rows))
        (folder / "people.csv").write_text("name,addresses\n" + "".join(lines), encoding="utf-8")
        self.database = folder / folder.name / "maildesk.db"
        _lay_apart(folder)
        self.database.parent.mkdir()

    def append(self, mails: Iterable[bytes]) -> None:
        """Put mails into the mailbox, holding few of them at a time."""
        rest = iter(mails)
        while batch := list(islice(rest, _APPEND_AT_ONCE)):
            self.dovecot.append_all(self.user, batch)

    def standing(self) -> Standing:
        """Read from the daemon's database without disturbing it."""
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as db:
            [filed] = db.execute("SELECT count(*) FROM sightings WHERE state = 'filed'").fetchone()
            states = dict(db.execute("SELECT state, count(*) FROM outbox GROUP BY state"))
        db.close()
        waiting = states.get("queued", 0) + states.get("sending", 0)
        return Standing(filed, states.get("accepted", 0), waiting)

    def wait_until(self, mails: int, letters: int = 0, seconds: float = 1800) -> Standing:
        """Until so many mails are filed, so many letters left and none waits."""
        end = time.monotonic() + seconds
        while True:
            here = self.standing()
            if here.filed >= mails and here.accepted >= letters and here.waiting == 0:
                return here
            if time.monotonic() > end:
                raise TimeoutError(f"{here} after {seconds} s; {mails} mails wanted")
            time.sleep(0.1)


class Process:
    """`maildesk run` over a ground's configuration; `frozen` stops it while a backlog is laid."""

    def __init__(self, ground: Ground) -> None:
        self._log = (ground.folder / "daemon.log").open("ab")
        self._ground = ground
        command = [sys.executable, "-m", "maildesk", "run", "--config", str(ground.config)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log
        )
        self.pid = self._process.pid

    def wait_ready(self, seconds: float = 60) -> None:
        """Until the mailbox is open and the daemon waits in IDLE."""
        end = time.monotonic() + seconds
        while " watching " not in self.log():
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"the daemon did not start: {self.log()[-2000:]}")
            time.sleep(0.05)
        time.sleep(0.5)

    def log(self) -> str:
        return (self._ground.folder / "daemon.log").read_text(errors="replace")

    def freeze(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def usage(self) -> Usage:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        cpu = sum(map(int, fields[11:15])) / _TICKS
        return Usage(cpu, _peak_of(self.pid))

    def children(self) -> Iterator[int]:
        """Peak memory of each child that runs now."""
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                try:
                    yield _peak_of(int(child))
                except (OSError, StopIteration):
                    continue  # it ended meanwhile

    def stop(self) -> None:
        if self._process.poll() is None:
            self.thaw()
            self._process.terminate()
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._log.close()

    def __enter__(self) -> Process:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def _lay_apart(folder: Path) -> None:
    """Let ext4 put what is made in `folder` elsewhere each time (chattr +T).

    Beside the files of a run before, deleted less than five minutes ago, a new file costs up to
    three times as much: their inodes are looked at one by one and passed over.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.ioctl(handle, _SET_FLAGS, struct.pack("l", _TOP_OF_HIERARCHY))
    except OSError:
        pass  # another file system, with costs of its own
    finally:
        os.close(handle)


def _peak_of(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    peak = next(line for line in lines if line.startswith("VmHWM"))
    return int(peak.split()[1]) * 1024
