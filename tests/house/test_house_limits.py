"""Limits as the running daemon keeps them: real servers, real minutes moved by hand in its rows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import raw_mail
from correspondents import Correspondent
from household import Household, household
from servers import wait_until
from servers.dovecot import Dovecot
from servers.postfix import Postfix
from servers.sink import Sink

pytestmark = pytest.mark.servers

PEOPLE = """
- {{name: 王强, addresses: [{lead}], role: lead}}
- {{name: 刘洋, addresses: [{engineer}], role: engineer, groups: [hardware], extension: "8005"}}
- {{name: 张敏, addresses: [{requester}], department: 财务部}}
"""
TRUST = """trusted_hosts = ["mx.desk.test", "imap.desk.test"]
internal = ["authenticated"]"""
CARD = "刘洋\n信息技术部 硬件组\n电话：021-5555 8005"
PROFILE = Path(__file__).parent.parent.parent / "rules" / "profiles" / "default.yaml"
RULES = Path(__file__).parent.parent.parent / "rules"
MINUTE = 60_000_000


def open_house(
    folder: Path, dovecot: Dovecot, smtp: tuple[str, int], people: str, **given: Any
) -> Household:
    """A desk that never sleeps, so that it does not matter when tests run."""
    (folder / "rules" / "profiles").mkdir(parents=True)
    text = PROFILE.read_text("utf-8")
    quiet = 'quiet: {from: "20:00", to: "08:30"}'
    assert quiet in text
    text = text.replace(quiet, "quiet: false").replace("calendar: work}", "calendar: always}")
    (folder / "rules" / "profiles" / "default.yaml").write_text(text, "utf-8")
    for file in RULES.glob("*.yaml"):
        (folder / "rules" / file.name).write_text(file.read_text("utf-8"), "utf-8")
    return household(folder, dovecot, smtp, people=people, extra='rules = "rules"', **given)


@pytest.fixture
def home(tmp_path: Path, dovecot: Dovecot) -> Iterator[Household]:
    names = {"lead": "wang", "engineer": "liu", "requester": "zhang"}
    people = PEOPLE.format(**{part: f"{name}@desk.test" for part, name in names.items()})
    with Sink() as sink:
        made = open_house(tmp_path / "home", dovecot, ("127.0.0.1", sink.port), people)
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


def test_a_missed_limit_is_told_within_seconds_and_shown(home: Household, dovecot: Dovecot) -> None:
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
    change(home, f"UPDATE events SET at = at - {91 * MINUTE}")
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


def test_limits_by_mail_from_a_raised_priority_to_a_wait_that_ends(
    tmp_path: Path, dovecot: Dovecot, postfix: Postfix
) -> None:
    desk = dovecot.fresh_user()
    zhang, liu, wang = (
        Correspondent(name, dovecot, postfix, f"{desk}@desk.test")
        for name in ("张敏", "刘洋", "王强")
    )
    people = PEOPLE.format(lead=wang.address, engineer=liu.address, requester=zhang.address)
    home = open_house(
        tmp_path / "home", dovecot, ("127.0.0.1", postfix.port), people, user=desk, trust=TRUST
    )
    home.start()
    try:
        zhang.post(zhang.write("打印机卡纸", "三楼的打印机又卡纸了，麻烦看一下。\n"))
        zhang.wait_for(1)
        dispatch = liu.wait_for(1)
        assert read_due(home, "contact") is None  # a medium one has no limit for that

        liu.post(liu.answer_in_outlook(dispatch, "#优先级 高", CARD))
        assert wait_until(lambda: read_due(home, "contact") is not None, 20, 0.1)
        assert read_due(home, "solution") - read_due(home, "contact") > 7 * 60 * MINUTE

        shift(home, "contact_due", "contact_missed", 12)
        missed = liu.wait_for(2)
        assert missed.subject.startswith("【已超时 1")
        assert "联系用户的时限（自派单起）" in missed.text
        liu.post(liu.answer_in_outlook(missed, "#超时原因 外出，16:50 返回", CARD))
        query = "SELECT data FROM events WHERE kind = 'late_reason'"
        assert wait_until(lambda: home.rows(query), 20, 0.1), home.read_log()[-2000:]
        told = json.loads(home.rows(query)[0][0])
        assert told == {"why": "外出，16:50 返回", "limits": "contact"}

        liu.post(liu.answer_in_outlook(dispatch, "#挂起 等备件\n备件下午到，到了就换。", CARD))
        zhang.wait_for(2)
        before = read_due(home, "solution")
        change(home, "UPDATE deadlines SET due_at = 1 WHERE kind LIKE 'solution%'")
        still = "SELECT count(*) FROM deadlines WHERE note LIKE '%it waits for a third party%'"
        assert wait_until(lambda: home.count(still) == 2, 20, 0.1)
        assert len(liu.read()) == 2, "who waits is not reminded"

        liu.post(liu.answer_in_outlook(dispatch, "#恢复\n备件到了，现在去换。", CARD))
        zhang.wait_for(3)
        moved = read_due(home, "solution")
        assert moved > before
        ahead = "SELECT due_at FROM deadlines WHERE kind = 'solution_missed' AND state = 'open'"
        assert home.rows(ahead) == [(moved,)]
        shown = home.maildesk("tickets", "show", home.rows("SELECT number FROM tickets")[0][0])
        assert "stood still" in shown.stdout
        assert "why it was late: 外出，16:50 返回 (contact)" in shown.stdout
        assert "contact by" in shown.stdout
    finally:
        home.stop()


def read_due(home: Household, limit: str) -> Any:
    return home.rows(f"SELECT {limit}_due FROM tickets")[0][0]
