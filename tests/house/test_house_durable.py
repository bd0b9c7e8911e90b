"""Durable before answered: the raw file, its folder and the ledger reach the disk first (§1.1)."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from builders import raw_mail
from household import household
from servers import require, wait_until
from servers.dovecot import Dovecot
from servers.sink import Sink
from sqlalchemy import text

from maildesk.store.engine import Store


def test_sqlite_is_opened_so_that_a_commit_survives_power_loss(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'x.db'}")
    with store.read() as db:
        read = {
            name: db.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    store.close()
    assert read == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@pytest.mark.servers
def test_traced_nothing_is_answered_before_it_is_on_disk(tmp_path: Path, dovecot: Dovecot) -> None:
    if shutil.which("strace") is None:
        require("the program strace is not installed")
    trace = tmp_path / "trace"
    with Sink() as sink:
        home = household(tmp_path / "home", dovecot, ("127.0.0.1", sink.port))
        calls = "trace=fsync,fdatasync,sendto,write,rename,renameat,renameat2,unlink"
        strace = ("strace", "-D", "-f", "-y", "-s", "200", "-e", calls, "-o", str(trace))
        home.start(wrapper=strace)
        user = home.maildesk_user
        raw = raw_mail(sender="张敏 <zhang@desk.test>", to=home.address)
        dovecot.append(user, raw)
        assert wait_until(lambda: sink.mails, 30), home.read_log()
        assert wait_until(
            lambda: home.count("SELECT count(*) FROM sightings WHERE state='filed'"), 30
        )
        home.stop()
    lines = trace.read_text(errors="replace").splitlines()

    def first(*needles: str, after: int = -1) -> int:
        for at in range(after + 1, len(lines)):
            if all(needle in lines[at] for needle in needles):
                return at
        raise AssertionError(f"{needles} never happened after line {after}")

    fetched = first("BODY.PEEK[]")
    file_synced = first("fsync(", "/data/raw/", after=fetched)
    renamed = first("rename", "/data/raw/", after=file_synced)
    folder_synced = first("fsync(", "/data/raw/", after=renamed)
    recorded = first("sync(", "maildesk.db-wal", after=folder_synced)
    decided = first("sync(", "maildesk.db-wal", after=recorded)
    answered = first("MAIL FROM", after=fetched)
    filed = first("STORE", after=fetched)
    assert decided < answered, "the acknowledgement left before the decision was on disk"
    assert decided < filed, "the server was told before the decision was on disk"
    flags = [line for line in lines[:decided] if re.search(r"STORE|MOVE|EXPUNGE|COPY", line)]
    assert not flags
