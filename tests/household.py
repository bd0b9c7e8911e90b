"""maildesk as its users run it: a folder with a configuration, and the daemon as a process."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from servers import free_port, wait_until
from servers.dovecot import Dovecot
from sqlalchemy import create_engine, text

from maildesk.config.values import ImapAccount


class Household:
    """One desk's folder: `maildesk.toml`, data, and the daemon started from it."""

    def __init__(
        self,
        folder: Path,
        imap: ImapAccount,
        smtp: tuple[str, int],
        *,
        address: str = "desk@desk.test",
        database: str | None = None,
        accept_from: Sequence[str] = ("desk.test",),
        extra: str = "",
        imap_port: int | None = None,
        people: str = "",
        budgets: Mapping[str, int] | None = None,
        trust: str = "",
        web: bool = False,
        profile: str = "default",
        rules: Path | None = None,
        readers: Sequence[str] = (),
    ) -> None:
        """`trust`: the lines of the mailbox's trust table. `web`: pages at `base_url`. `rules`: a
        folder of the desk's own instead of the shipped one. `readers`: who gets its reports."""
        self.folder = folder
        self.address = address
        self.maildesk_user = imap.user
        folder.mkdir(parents=True, exist_ok=True)
        self.database = database or f"sqlite:///{folder / 'data' / 'maildesk.db'}"
        self.base_url = f"http://127.0.0.1:{free_port()}" if web else ""
        listed = ", ".join(f'"{item}"' for item in accept_from)
        limits = budgets or {"per_desk_hour": 100_000, "per_address_hour": 5}
        (folder / "people.yaml").write_text(people or "[]\n", encoding="utf-8")
        (folder / "maildesk.toml").write_text(
            f"""
people = "people.yaml"
{f'database = "{database}"' if database else ""}
{f'rules = "{rules}"' if rules else ""}
{extra}
[smtp]
host = "{smtp[0]}"
port = {smtp[1]}
security = "none"

[desk.it]
addresses = ["{address}"]
hotline = "8000"
profile = "{profile}"
accept_from = [{listed}]
{f"report_readers = {json.dumps(list(readers))}" if readers else ""}

[desk.it.budgets]
{chr(10).join(f"{key} = {value}" for key, value in limits.items())}

[mailbox.helpdesk]
host = "{imap.host if imap_port is None else "127.0.0.1"}"
port = {imap_port or imap.port}
security = "{imap.security if imap_port is None else "none"}"
user = "{imap.user}"
password = "{imap.password}"
{f'ca_file = "{imap.ca_file}"' if imap.ca_file else ""}
poll_seconds = 1
{f"[mailbox.helpdesk.trust]{chr(10)}{trust}" if trust else ""}
{self._write_web()}
""",
            encoding="utf-8",
        )
        self.process: subprocess.Popen[bytes] | None = None
        self.log = folder / "daemon.log"

    def _write_web(self) -> str:
        if not self.base_url:
            return ""
        listen = self.base_url.removeprefix("http://")
        return f'[web]\nbase_url = "{self.base_url}"\nlisten = "{listen}"'

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "maildesk", *words]

    def maildesk(self, *words: str, **given: Any) -> subprocess.CompletedProcess[str]:
        """Run a maildesk command in this folder and wait for it."""
        return subprocess.run(
            self.command(*words),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            **given,
        )

    def start(
        self, *words: str, kill_at: str = "", wrapper: Sequence[str] = (), wait: bool = True
    ) -> None:
        """Start the daemon; `kill_at` arms a named step, as `step:count`."""
        environ = {**os.environ, "MAILDESK_KILL_AT": kill_at}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*wrapper, *self.command("run", *words)],
                cwd=self.folder,
                env=environ,
                stdout=log,
                stderr=log,
            )
        if wait:
            self.wait_for_log("watching")

    def wait_for_log(self, words: str, seconds: float = 60.0) -> None:
        if not wait_until(lambda: words in self.read_log(), seconds, 0.05):
            raise AssertionError(f"{words!r} not in the log:\n{self.read_log()[-3000:]}")

    def read_log(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def wait_killed(self, seconds: float = 60.0) -> None:
        """Wait until the armed step killed the daemon."""
        assert self.process is not None
        code = self.process.wait(seconds)
        if code != -signal.SIGKILL:
            raise AssertionError(f"ended with {code}:\n{self.read_log()[-3000:]}")

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(5)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read the desk's database from outside."""
        if self.database.startswith("sqlite"):
            file = self.database.removeprefix("sqlite:///")
            if not Path(file).exists():
                return []
            connection = sqlite3.connect(file, timeout=20)
            try:
                return connection.execute(query).fetchall()
            except sqlite3.OperationalError:
                return []
            finally:
                connection.close()
        engine = create_engine(self.database)
        try:
            with engine.connect() as db:
                return [tuple(row) for row in db.execute(text(query))]
        finally:
            engine.dispose()

    def count(self, query: str) -> int:
        found = self.rows(query)
        return int(found[0][0]) if found else 0


def household(folder: Path, dovecot: Dovecot, smtp: tuple[str, int], **given: Any) -> Household:
    """A desk over a fresh Dovecot mailbox in clear text."""
    user = given.pop("user", None) or dovecot.fresh_user()
    address = given.pop("address", f"{user}@desk.test")
    return Household(folder, dovecot.account(user, "none"), smtp, address=address, **given)
