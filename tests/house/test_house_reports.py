"""The daily by real servers (R11): to the lead, who comments, and only then to its readers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from company import ZONE, Company
from servers.dovecot import Dovecot
from servers.postfix import Postfix

pytestmark = pytest.mark.servers

HOUR = 3_600_000_000
EVERY_DAY = {
    'week: {mon-fri: ["09:00-12:00", "13:30-18:00"]}': 'week: {mon-sun: ["00:00-24:00"]}',
    "holidays: cn": "days_off: []",
    "days_off: []\n    days_on: []": "days_on: []",
}


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@pytest.fixture
def desk(tmp_path: Path, dovecot: Dovecot, postfix: Postfix) -> Iterator[Company]:
    """A desk that works every day, whose reports have just been due and are due again later."""
    due = datetime.now(UTC).astimezone(ZONE) - timedelta(minutes=1)
    hour = f"{due:%H:%M}"
    replaced = {
        **EVERY_DAY,
        'daily: "17:30", weekly: "fri 17:30"': (
            f'daily: "{hour}", weekly: "{WEEKDAYS[due.weekday()]} {hour}"'
        ),
        "records: {": "records: {repeats: 3, ",
    }
    found = Company(tmp_path / "home", dovecot, postfix, "record-sheet", replaced=replaced)
    toml = found.home.folder / "maildesk.toml"
    readers = f'report_readers = ["{found["zhou"].address}", "{found["sun"].address}"]'
    text = toml.read_text("utf-8").replace("[desk.it]\n", f"[desk.it]\n{readers}\n", 1)
    toml.write_text(text, "utf-8")
    found.home.start()
    yield found
    found.home.stop()


def move_back(desk: Company, kind: str) -> None:
    """All tickets and what happened to them lie an hour back, and that report is due."""
    for table, columns in (
        ("tickets", ("opened_at", "responded_at", "solved_at", "confirmed_at", "closed_at")),
        ("events", ("at",)),
    ):
        moved = ", ".join(f"{column} = {column} - {HOUR}" for column in columns)
        desk.change(f"UPDATE {table} SET {moved}")
    desk.change(f"UPDATE deadlines SET due_at = 1 WHERE kind = '{kind}' AND state = 'open'")


def reports_of(desk: Company, who: str) -> list[str]:
    return [
        item.subject for item in desk[who].read() if item.subject.startswith("【IT服务台日报】")
    ]


def test_the_lead_comments_on_the_daily_and_then_its_readers_get_it(desk: Company) -> None:
    desk.ask("zhang", "打印机卡纸", "三楼打印机卡纸，只有我这台打不了\n")
    dispatch = desk.wait_letter("liu", "【派单】")
    desk.answer("liu", dispatch, "#已解决\n搓纸轮换好了，请再打印一次。")
    desk.wait_letter("zhang", "【请确认】打印机卡纸")
    move_back(desk, "report_daily")
    daily = desk.wait_letter("wang", "【IT服务台日报】")
    assert "｜新增1 结单" in daily.subject
    assert daily.mail["Precedence"] == "bulk"
    assert "发给 2 位阅读人" in daily.text
    assert "首次响应达标率 100%" in daily.text
    assert len(list(daily.mail.iter_attachments())) == 2
    assert "新增" in daily.html and "bgcolor" in daily.html

    stranger = desk["qian"]
    forged = stranger.answer_in_outlook(daily, "请转发给所有人", "王强")
    forged.replace_header("From", f"王强 <{desk['wang'].address}>")
    stranger.post_from_outside(forged)
    reader = desk["zhou"]
    reader.post(reader.answer_in_outlook(daily, "请转发给所有人", "周宁"))
    noted = "SELECT outcome FROM letters WHERE subject LIKE '%日报%'"
    desk.wait_until(lambda: len(desk.home.rows(noted)) == 2)
    assert {str(row[0]) for row in desk.home.rows(noted)} == {"noted"}
    assert reports_of(desk, "zhou") == []
    assert desk.home.rows("SELECT count(*) FROM tickets") == [(1,)]

    desk.answer("wang", daily, "打印机问题偏多，下周请供应商来巡检。\n其余正常。")
    letter = desk.wait_letter("zhou", "【IT服务台日报】")
    desk.wait_letter("sun", "【IT服务台日报】")
    assert letter.subject == daily.subject
    assert len(list(letter.mail.iter_attachments())) == 2
    text = letter.text
    assert text.index("王强点评") < text.index("打印机问题偏多") < text.index("其余正常")
    assert text.index("其余正常") < text.index("首次响应达标率")
    assert desk["wang"].address not in text

    desk.answer("wang", daily, "再补充一句。")
    told = desk.wait_letter("wang", "【未执行】")
    assert "已经转给阅读人" in told.text
    assert len(reports_of(desk, "zhou")) == len(reports_of(desk, "sun")) == 1
    assert desk.home.rows("SELECT count(*) FROM tickets") == [(1,)]
    kept = desk.home.rows("SELECT comment FROM reports")
    assert kept == [("打印机问题偏多，下周请供应商来巡检。\n其余正常。",)]
    explained = desk.home.maildesk("explain", str(desk["wang"].sent[0].strip("<>")))
    assert "passed on to 2 readers" in explained.stdout, explained.stderr
    sent = desk.home.maildesk("report", "sent").stdout
    assert "commented by 王强; passed on" in sent
    shown = desk.home.maildesk("report", "sent", sent.split()[0]).stdout
    assert shown.startswith(daily.subject)
    assert "其余正常。" in shown


def test_the_weekly_says_what_comes_again_and_what_to_review(desk: Company) -> None:
    """R11 F10 N10: repeated problems ask for their root cause, and the process for a review."""
    for who in ("zhang", "qian", "sun"):
        desk.ask(who, "打印机卡纸", "打印机又卡纸了，只有我这台打不了，重启过没用\n")
        desk.wait_letter(who, "【已受理】打印机卡纸")
    dispatch = desk.wait_letter("liu", "【派单】")
    desk.answer("liu", dispatch, "#已解决\n搓纸轮换好了，请再打印一次。")
    solved = desk.wait_letter("zhang", "【请确认】打印机卡纸")
    desk.answer("zhang", solved, "还没好，又卡住了")
    desk.wait_letter("liu", "【仍未解决】打印机卡纸")
    move_back(desk, "report_weekly")
    weekly = desk.wait_letter("wang", "【IT服务台周报】")
    assert "｜新增3 结单0" in weekly.subject
    text = weekly.text
    assert "打印机卡纸 3 次，建议根因分析" in text
    assert "【达标率（按组）】" in text
    assert "【达标率（按工程师）】" in text
    review = text[text.index("【流程复盘】") :]
    assert "解决后又重新处理　1" in review
    number = desk.home.rows("SELECT number FROM tickets ORDER BY id")[0][0]
    assert str(number) in review
