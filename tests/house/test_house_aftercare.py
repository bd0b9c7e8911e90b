"""After a ticket is solved, by real servers: a low rating is followed up (M8), silence reminded.

Time is moved by moving what falls due: the daemon's own clock goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from company import Company, moment
from servers.dovecot import Dovecot
from servers.postfix import Postfix

pytestmark = pytest.mark.servers

DAY = 86_400_000_000
EVERY_DAY = {
    'week: {mon-fri: ["09:00-12:00", "13:30-18:00"]}': 'week: {mon-sun: ["00:00-24:00"]}',
    "holidays: cn": "days_off: []",
    "records: {": "closing: {after_days: 5}\nrecords: {",
}


@pytest.fixture
def desk(tmp_path: Path, dovecot: Dovecot, postfix: Postfix) -> Iterator[Company]:
    """The process manual's desk, which works every day and closes what nobody confirms."""
    found = Company(tmp_path / "home", dovecot, postfix, "process-manual", replaced=EVERY_DAY)
    found.home.start()
    yield found
    found.home.stop()


def solve(desk: Company) -> None:
    desk.ask("zhang", "打印机卡纸", "三楼打印机卡纸，只有我这台打不了，重启过没用\n")
    desk.answer("liu", desk.wait_letter("liu", "【派单】"), "#已解决\n搓纸轮换好了，请再打印一次。")
    desk.wait_letter("zhang", "【请确认】打印机卡纸")


def let_fall_due(desk: Company, kind: str) -> None:
    desk.change(f"UPDATE deadlines SET due_at = 1 WHERE kind = '{kind}' AND state = 'open'")


def _has_letters(desk: Company, count: int) -> bool:
    return len(desk["zhang"].read()) >= count


def test_a_low_rating_is_followed_up_by_the_lead_within_a_day(desk: Company) -> None:
    """M8: told at once with all he needs, reminded, a miss recorded, and done by his word only."""
    solve(desk)
    solved = desk.wait_letter("zhang", "【请确认】打印机卡纸")
    desk.answer("zhang", solved, "好了，2分")
    low = desk.wait_letter("wang", "【低分待回访】2分｜打印机卡纸｜财务部张敏")
    for part in ("2 分（不满意）", "电话 8123", "搓纸轮换好了", "刘洋", "#回访"):
        assert part in low.text, part
    [(opened, due)] = desk.home.rows("SELECT opened_at, due_at FROM follow_ups")
    assert (moment(due) - moment(opened)).total_seconds() == 24 * 3600

    # A better rating is kept, and the follow-up stays.
    desk.answer("zhang", solved, "5分")
    desk.wait_until(lambda: desk.home.count("SELECT count(*) FROM ratings") == 2)
    assert desk.home.count("SELECT count(*) FROM follow_ups WHERE done_at IS NULL") == 1

    let_fall_due(desk, "follow_up_near")
    desk.wait_letter("wang", "【回访将到时限】2分")
    desk.change("UPDATE follow_ups SET due_at = due_at - 2 * 86400000000")
    let_fall_due(desk, "follow_up_missed")
    missed = desk.wait_letter("wang", "【回访已超时】2分")
    assert desk.home.count("SELECT count(*) FROM events WHERE kind = 'follow_up_missed'") == 1

    # Not his to record, whoever has the letter.
    desk.say("liu", desk["liu"].answer_in_outlook(missed, "#回访 已联系", "刘洋"))
    refused = desk.wait_letter("liu", "【未执行】")
    assert "组长" in refused.text
    assert desk.home.count("SELECT count(*) FROM follow_ups WHERE done_at IS NULL") == 1

    desk.answer("wang", missed, "#回访 已电话沟通，下次提前通知")
    done = "SELECT record FROM follow_ups WHERE done_at IS NOT NULL"
    desk.wait_until(lambda: len(desk.home.rows(done)) == 1)
    assert desk.home.rows(done) == [("已电话沟通，下次提前通知",)]
    assert not any("沟通" in letter.text for letter in desk["zhang"].read())
    number = str(desk.home.rows("SELECT number FROM tickets")[0][0])
    shown = desk.home.maildesk("tickets", "show", number).stdout
    assert "to be followed up by the lead" in shown
    assert "王强 followed it up" in shown


def test_who_does_not_answer_is_reminded_and_at_last_told_that_it_is_closed(
    desk: Company,
) -> None:
    """F9 by policy: reminded twice, closed by the profile's rule, opened again by a reply."""
    solve(desk)
    for days, kind in ((2, "confirm_reminder"), (2, "confirm_reminder"), (1, "confirm_closing")):
        desk.change(f"UPDATE tickets SET solved_at = solved_at - {days * DAY}")
        desk.change(f"UPDATE events SET at = at - {days * DAY} WHERE kind = 'reminded'")
        expected = len(desk["zhang"].read()) + 1
        let_fall_due(desk, kind)
        desk.wait_until(partial(_has_letters, desk, expected))
    subjects = [letter.subject.partition(" [")[0] for letter in desk["zhang"].read()]
    assert subjects[-3:] == ["【请确认】打印机卡纸，好了吗？"] * 2 + ["【已结单】打印机卡纸"]
    row = desk.home.rows("SELECT state, closed_by, confirmed_at FROM tickets")
    assert row == [("closed", "policy", None)]
    closed = desk.wait_letter("zhang", "【已结单】打印机卡纸")
    assert "直接回复本邮件即可重开" in closed.text
    desk.answer("zhang", closed, "还是卡纸，没好")
    desk.wait_letter("liu", "【仍未解决】打印机卡纸")
    assert desk.home.rows("SELECT state, closed_by FROM tickets") == [("in_progress", None)]
