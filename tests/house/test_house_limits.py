"""Limits as the running daemon keeps them: real servers, real minutes moved by hand in its rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from builders import raw_mail
from household import Household, household
from servers import wait_until
from servers.dovecot import Dovecot
from servers.sink import Sink

pytestmark = pytest.mark.servers

PEOPLE = """
- {name: 王强, addresses: [wang@desk.test], role: lead}
- {name: 刘洋, addresses: [liu@desk.test], role: engineer, groups: [hardware], extension: "8005"}
- {name: 张敏, addresses: [zhang@desk.test], department: 财务部}
"""
PROFILE = Path(__file__).parent.parent.parent / "rules" / "profiles" / "default.yaml"
RULES = Path(__file__).parent.parent.parent / "rules"
MINUTE = 60_000_000


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as made:
        yield made


@pytest.fixture
def home(tmp_path: Path, dovecot: Dovecot, sink: Sink) -> Iterator[Household]:
    """A desk that never sleeps, so that it does not matter when tests run."""
    folder = tmp_path / "home"
    (folder / "rules" / "profiles").mkdir(parents=True)
    text = PROFILE.read_text("utf-8")
    quiet = 'quiet: {from: "20:00", to: "08:30"}'
    assert quiet in text
    text = text.replace(quiet, "quiet: false").replace("calendar: work}", "calendar: always}")
    (folder / "rules" / "profiles" / "default.yaml").write_text(text, "utf-8")
    for file in RULES.glob("*.yaml"):
        (folder / "rules" / file.name).write_text(file.read_text("utf-8"), "utf-8")
    made = household(
        folder, dovecot, ("127.0.0.1", sink.port), people=PEOPLE, extra='rules = "rules"'
    )
    made.start()
    yield made
    made.stop()


def bring(home: Household, dovecot: Dovecot, number: int = 1) -> None:
    raw = raw_mail(
        sender="张敏 <zhang@desk.test>", to=home.address, subject=f"打印机卡纸 {number}",
        message_id=f"l{number}@desk.test",
    )  # fmt: skip
    dovecot.append(home.maildesk_user, raw)
    assert wait_until(lambda: home.count("SELECT count(*) FROM tickets") == number, 20, 0.1)


def change(home: Household, query: str) -> None:
    """Move time by moving what is kept: the daemon's clock cannot be turned."""
    connection = sqlite3.connect(home.database.removeprefix("sqlite:///"), timeout=20)
    with connection:
        connection.execute(query)
    connection.close()


def shift(home: Household, column: str, kind: str, minutes: int) -> None:
    """The limit of the only ticket was due so many minutes ago."""
    due = (datetime.now(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    at = due - minutes * MINUTE
    change(home, f"UPDATE tickets SET {column} = {at}")
    change(home, f"UPDATE deadlines SET due_at = {at} WHERE kind = '{kind}'")


def letters(home: Household, address: str) -> list[str]:
    query = f"SELECT letter FROM outbox WHERE address = '{address}' ORDER BY id"
    return [row[0] for row in home.rows(query)]


def test_a_missed_limit_is_told_within_seconds_and_shown(
    home: Household, dovecot: Dovecot, sink: Sink
) -> None:
    bring(home, dovecot)
    shift(home, "solution_due", "solution_missed", 12)
    assert wait_until(lambda: "missed" in letters(home, "liu@desk.test"), 20, 0.1)
    shown = home.maildesk("tickets", "show", home.rows("SELECT number FROM tickets")[0][0]).stdout
    assert "LATE (960 min of calendar always since it came)" in shown
    assert "the solution is late: it was due " in shown
    assert "respond by" in shown
    assert home.maildesk("status").returncode == 0
    assert "✓ clock: limits and letters are looked after" in home.maildesk("status").stdout


def test_a_limit_that_ran_out_while_the_daemon_was_down_is_its_own_fault(
    home: Household, dovecot: Dovecot
) -> None:
    bring(home, dovecot)
    assert wait_until(lambda: home.count("SELECT count(*) FROM health WHERE part='clock'") == 1, 20)
    home.stop()
    change(home, f"UPDATE health SET updated_at = updated_at - {90 * MINUTE} WHERE part = 'clock'")
    change(home, f"UPDATE tickets SET opened_at = opened_at - {91 * MINUTE}")
    shift(home, "response_due", "response_missed", 30)
    status = home.maildesk("status")
    assert status.returncode == 1
    assert "✗ clock: nobody looks after limits since" in status.stdout
    home.start()
    home.wait_for_log("was down")
    assert wait_until(lambda: "missed" in letters(home, "liu@desk.test"), 20, 0.1)
    assert home.count("SELECT count(*) FROM outages") == 1
    number = home.rows("SELECT number FROM tickets")[0][0]
    assert "our own outage, nobody need say why" in home.maildesk("tickets", "show", number).stdout
