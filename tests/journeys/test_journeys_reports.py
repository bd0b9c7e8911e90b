"""Reports by mail (R11): the lead gets them at their hour, comments, and only then they go on.

Played on both databases, with a mailbox and a mail server in memory.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from builders import profile
from thread import (
    CHEN,
    FAILED,
    LIU,
    PEOPLE,
    UNPROVED,
    ZHANG,
    engineer_answers,
    kinds,
    last_id,
    last_letter,
    open_desk,
    open_ticket,
    outcome,
    read,
    requester_answers,
    write,
)
from worlds import LEAD, World

from maildesk.clock_reports import enter_report
from maildesk.desk.person import Person, Role
from maildesk.desk.reports.period import KINDS, Kind
from maildesk.store.chronicle import Mark, list_written

MakeWorld = Callable[..., World]

BOSS = Person("李总", ("boss@corp.test",), language="zh-CN")
ANNA = "anna@partner.test"
READERS = (BOSS.key, ANNA)
DUE = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)  # 17:30 in Shanghai
SUBJECT = "回复：【IT服务台日报】11月20日 周五"


def open_reporting_desk(make_world: MakeWorld, **given: Any) -> World:
    """A desk with readers whose rounds are entered; of reports the daily, or those `wanted`."""
    wanted: tuple[Kind, ...] = given.pop("wanted", ("daily",))
    values = {"listed": (*PEOPLE, BOSS), "report_readers": READERS, **given}
    world = open_desk(make_world, **values)
    with world.store.write() as db:
        for kind in wanted:
            enter_report(db, world.desk, kind, world.now)
    return world


def play_day(world: World) -> None:
    open_ticket(world)
    engineer_answers(world, "dispatch", "#已解决\n搓纸轮已换，请再打一份试试。\n")
    requester_answers(world, "solved", "好了")


def wait_until(world: World, moment: datetime) -> None:
    world.later(seconds=(moment - world.now).total_seconds())


def get_report(world: World) -> EmailMessage:
    """The daily, as the lead got it."""
    play_day(world)
    wait_until(world, DUE)
    return last_letter(world, LEAD)


def comment(world: World, text: str, *, by: Person | str = LEAD, **given: Any) -> None:
    answers = given.pop("answers", last_id(world, "report", LEAD.key))
    write(world, by, text, answers=answers, subject=given.pop("subject", SUBJECT), **given)


def readers_of(world: World) -> list[str]:
    """Whom a report was sent to, the lead left out, in order."""
    query = "SELECT address FROM outbox WHERE letter = 'report' ORDER BY id"
    return [row[0] for row in world.rows(query) if row[0] != LEAD.key]


def test_the_lead_gets_the_daily_at_its_hour(make_world: MakeWorld) -> None:
    world = open_reporting_desk(make_world)
    play_day(world)
    wait_until(world, DUE - timedelta(minutes=1))
    assert "report" not in kinds(world)
    wait_until(world, DUE)
    letter = last_letter(world, LEAD)
    assert letter["Subject"] == "【IT服务台日报】11月20日 周五｜新增1 结单0 超时0"
    assert letter["Precedence"] == "bulk"
    assert letter["Auto-Submitted"] == "auto-generated"
    text = read(letter)
    assert "没有待您处理的事项" in text
    assert "发给 2 位阅读人" in text
    assert "首次响应达标率 100%" in text
    assert "统计时段：11月19日 周四 17:30 至 11月20日 周五 17:30" in text
    assert readers_of(world) == []


def test_the_tables_go_with_it_and_to_its_readers_the_very_same(make_world: MakeWorld) -> None:
    world = open_reporting_desk(make_world)
    letter = get_report(world)
    names = ["IT服务台日报20261120.xlsx", "IT服务台日报20261120.csv"]
    files = list(letter.iter_attachments())
    assert [item.get_filename() for item in files] == names
    assert "、".join(names) in read(letter)
    book, table = (item.get_payload(decode=True) for item in files)
    assert isinstance(book, bytes) and book.startswith(b"PK")
    assert isinstance(table, bytes) and "IT-20261120-0001" in table.decode("utf-8-sig")
    comment(world, "情况正常。\n")
    passed_on = last_letter(world, BOSS)
    again = [item.get_payload(decode=True) for item in passed_on.iter_attachments()]
    assert again == [book, table]


def test_a_comment_goes_on_top_of_the_report_to_each_reader(make_world: MakeWorld) -> None:
    world = open_reporting_desk(make_world)
    get_report(world)
    comment(world, "打印机问题偏多，下周请供应商巡检。\n\n其余正常。\n")
    assert outcome(world)[0] == "noted"
    assert readers_of(world) == [*READERS]
    letter = last_letter(world, BOSS)
    text = read(letter)
    assert letter["Subject"] == "【IT服务台日报】11月20日 周五｜新增1 结单0 超时0"
    assert text.index("李总您好") < text.index("王强点评") < text.index("打印机问题偏多")
    assert text.index("其余正常") < text.index("首次响应达标率")
    assert "阅读人" not in text
    assert "wang@corp.test" not in text
    assert world.value("SELECT passed_on_at FROM reports") is not None
    assert (
        world.value("SELECT comment FROM reports")
        == "打印机问题偏多，下周请供应商巡检。\n\n其余正常。"
    )
    assert world.value("SELECT count(*) FROM tickets") == 1


def test_what_the_lead_encloses_goes_along(make_world: MakeWorld) -> None:
    world = open_reporting_desk(make_world)
    get_report(world)
    comment(world, "明细见附件。\n", attachment=("巡检计划.txt", b"Monday\n"))
    letter = last_letter(world, BOSS)
    names = [item.get_filename() for item in letter.iter_attachments()]
    assert names[2:] == ["巡检计划.txt"]
    assert "、巡检计划.txt" in read(letter)


def test_a_report_that_cannot_be_made_stops_nothing_else_and_is_made_later(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = open_reporting_desk(make_world)
    open_ticket(world)

    def fail(*_: object) -> None:
        raise ValueError("no figures today")

    with monkeypatch.context() as patch:
        patch.setattr("maildesk.clock_reports.write_csv", fail)
        wait_until(world, DUE)
        assert "report" not in kinds(world)
        assert "missed" in kinds(world)  # the ticket's limit, on the same day
    world.later(minutes=1)
    assert kinds(world)[-1] == "report"


@pytest.mark.parametrize("said", ["#转发\n", "转发", "ok", "好的，", "＃转发\n\n谢谢！\n", "OK."])
def test_one_word_passes_it_on_without_a_comment(make_world: MakeWorld, said: str) -> None:
    world = open_reporting_desk(make_world)
    get_report(world)
    comment(world, said)
    assert readers_of(world) == [*READERS]
    assert "点评" not in read(last_letter(world, BOSS))


@pytest.mark.parametrize("said", ["收到，谢谢！\n", "谢谢\n", "\n", "Noted, thank you.\n"])
def test_thanks_pass_nothing_on(make_world: MakeWorld, said: str) -> None:
    world = open_reporting_desk(make_world)
    get_report(world)
    sent = len(world.transport.sent)
    comment(world, said)
    assert readers_of(world) == []
    assert outcome(world)[0] == "noted"
    assert len(world.transport.sent) == sent


def test_what_went_to_the_readers_is_not_sent_again(make_world: MakeWorld) -> None:
    world = open_reporting_desk(make_world)
    get_report(world)
    comment(world, "情况正常。\n")
    comment(world, "补充：还有一台扫描仪。\n")
    assert readers_of(world) == [*READERS]
    told = last_letter(world, LEAD)
    assert "已经转给阅读人" in read(told)
    assert "还有一台扫描仪" in read(told)
    assert world.value("SELECT comment FROM reports") == "情况正常。"


STRANGER = "陌生人 <evil@elsewhere.test>"
ANYBODY = "张三 <zhangsan@corp.test>"


@pytest.mark.parametrize(
    ("by", "border"),
    [
        (LIU, None),
        (ZHANG, None),
        (BOSS, None),
        (ANYBODY, None),
        (STRANGER, None),
        (LEAD, FAILED),
    ],
)
def test_an_answer_of_anybody_else_does_nothing(
    make_world: MakeWorld, by: Person | str, border: tuple[str, ...] | None
) -> None:
    world = open_reporting_desk(make_world)
    get_report(world)
    sent = len(world.transport.sent)
    comment(world, "请马上发给所有人\n", by=by, **({"border": border} if border else {}))
    assert readers_of(world) == []
    assert len(world.transport.sent) == sent
    assert world.value("SELECT count(*) FROM tickets") == 1
    assert world.value("SELECT comment FROM reports") is None
    expected = "doorstep" if by is STRANGER else "noted"
    assert outcome(world)[0] == expected


def test_a_forwarded_report_is_no_comment_on_it(make_world: MakeWorld) -> None:
    world = open_reporting_desk(make_world)
    get_report(world)
    comment(world, "小陈，看看这个。\n", subject="转发：【IT服务台日报】11月20日 周五")
    assert readers_of(world) == []
    assert outcome(world)[0] == "noted"


def test_a_comment_that_nothing_proves_waits_for_its_code(make_world: MakeWorld) -> None:
    world = open_reporting_desk(make_world)
    get_report(world)
    comment(world, "打印机问题偏多。\n", border=UNPROVED)
    assert readers_of(world) == []
    asked = last_letter(world, LEAD)
    assert asked["Subject"] == "【请确认是您本人】IT服务台日报 11月20日 周五"
    text = read(asked)
    assert "打印机问题偏多。" in text
    code = next(line for line in text.splitlines() if line[4:5] == "-" and len(line) == 9)
    write(
        world,
        LEAD,
        f"{code}\n",
        answers=last_id(world, "code", LEAD.key),
        border=UNPROVED,
        subject=f"回复：{asked['Subject']}",
    )
    assert readers_of(world) == [*READERS]
    assert "打印机问题偏多。" in read(last_letter(world, BOSS))
    write(world, LEAD, f"{code}\n", answers=last_id(world, "code", LEAD.key), border=UNPROVED)
    assert readers_of(world) == [*READERS]


def test_a_wrong_code_passes_nothing_on(make_world: MakeWorld) -> None:
    world = open_reporting_desk(make_world)
    get_report(world)
    comment(world, "打印机问题偏多。\n", border=UNPROVED)
    write(world, LEAD, "2222-3333\n", answers=last_id(world, "code", LEAD.key), border=UNPROVED)
    assert readers_of(world) == []


def test_an_unknown_order_or_a_quote_between_the_words_is_asked_back(make_world: MakeWorld) -> None:
    world = open_reporting_desk(make_world)
    get_report(world)
    comment(world, "#内部\n这句不要给他们看\n")
    assert readers_of(world) == []
    assert "不认识的命令：#内部" in read(last_letter(world, LEAD))
    comment(world, "同意以上。\n> 首次响应达标率\n这里要注意。\n")
    assert readers_of(world) == []
    comment(world, "情况正常。\n")
    assert readers_of(world) == [*READERS]


def test_an_answer_without_references_is_known_by_its_subject(make_world: MakeWorld) -> None:
    world = open_reporting_desk(make_world)
    letter = get_report(world)
    comment(world, "情况正常。\n", answers=None, subject=f"回复：{letter['Subject']}")
    assert readers_of(world) == [*READERS]
    assert world.value("SELECT count(*) FROM tickets") == 1


def test_without_readers_the_comment_is_kept_and_nothing_asked(make_world: MakeWorld) -> None:
    world = open_reporting_desk(make_world, report_readers=())
    letter = get_report(world)
    assert "阅读人" not in read(letter)
    comment(world, "情况正常。\n")
    assert readers_of(world) == []
    assert world.value("SELECT comment FROM reports") == "情况正常。"
    assert world.value("SELECT passed_on_at FROM reports") is None


def test_a_readers_answer_is_noted_and_opens_no_ticket(make_world: MakeWorld) -> None:
    world = open_reporting_desk(make_world)
    get_report(world)
    comment(world, "情况正常。\n")
    comment(world, "谢谢王强\n\n辛苦大家\n", by=BOSS, answers=last_id(world, "report", BOSS.key))
    assert outcome(world)[0] == "noted"
    assert world.value("SELECT count(*) FROM tickets") == 1


def test_an_english_reader_gets_it_in_english(make_world: MakeWorld) -> None:
    anna = Person("Anna", (ANNA,), language="en")
    world = open_reporting_desk(make_world, listed=(*PEOPLE, BOSS, anna))
    get_report(world)
    comment(world, "一切正常\n")
    letter = last_letter(world, ANNA)
    assert letter["Subject"] == "[IT Service Desk daily] Friday 20 Nov | 1 new, 0 closed, 0 late"
    assert "Hello Anna, this is the daily report" in read(letter)
    assert "Response attainment" in read(letter)


def test_needs_of_the_lead_come_first(make_world: MakeWorld) -> None:
    world = open_reporting_desk(make_world)
    open_ticket(world)
    engineer_answers(world, "dispatch", "#升级 主板坏了｜厂商上门\n")
    wait_until(world, DUE)
    text = read(last_letter(world, LEAD))
    assert "需您处理 1 件：升级待确认 1。" in text
    assert "升级待确认 1　IT-20261120-0001" in text


def test_a_day_without_anything_has_no_report(make_world: MakeWorld) -> None:
    world = open_reporting_desk(make_world)
    wait_until(world, DUE)
    assert kinds(world) == []
    note = world.value("SELECT note FROM deadlines WHERE kind = 'report_daily' AND state = 'fired'")
    assert note == "2026-11-20: nothing happened and nothing is open"


def test_no_daily_at_the_weekend_and_monday_covers_it(make_world: MakeWorld) -> None:
    world = open_reporting_desk(make_world)
    wait_until(world, DUE)
    wait_until(world, DUE + timedelta(days=1))
    open_ticket(world)
    wait_until(world, DUE + timedelta(days=2))
    assert "report" not in kinds(world)
    wait_until(world, DUE + timedelta(days=3))
    letter = last_letter(world, LEAD)
    assert letter["Subject"].startswith("【IT服务台日报】11月23日 周一｜新增1")
    assert "11月20日 周五 17:30 至 11月23日 周一 17:30" in read(letter)


def test_rounds_missed_while_nobody_ran_are_one_round(make_world: MakeWorld) -> None:
    world = open_reporting_desk(make_world)
    open_ticket(world)
    world.now = DUE + timedelta(days=4, hours=1)  # Tuesday evening
    world.clock.tick()
    made = world.rows("SELECT period FROM reports WHERE kind = 'daily'")
    assert [row[0] for row in made] == ["2026-11-24"]
    note = world.value("SELECT note FROM deadlines WHERE kind = 'report_daily' AND state = 'fired'")
    assert note.endswith("; skipped: 2026-11-20 to 2026-11-23")
    assert world.value("SELECT count(*) FROM deadlines WHERE kind = 'report_daily'") == 2


def test_the_weekly_and_the_monthly_compare_groups_and_people(make_world: MakeWorld) -> None:
    world = open_reporting_desk(make_world, wanted=KINDS)
    get_report(world)
    weekly = world.transport.letters(LEAD.key)
    subjects = [str(item["Subject"]) for item in weekly]
    assert "【IT服务台周报】第47周｜新增1 结单0 超时0" in subjects
    text = read(next(item for item in weekly if "周报" in item["Subject"]))
    assert "【达标率（按组）】" in text
    assert "刘洋" in text
    wait_until(world, datetime(2026, 12, 1, 1, 0, tzinfo=UTC))
    monthly = last_letter(world, LEAD)
    assert monthly["Subject"] == "【IT服务台月报】2026年11月｜新增1 结单0 超时0"
    assert "统计时段：11月1日 周日 至 11月30日 周一" in read(monthly)


def test_each_lead_gets_it_and_the_first_comment_passes_it_on(make_world: MakeWorld) -> None:
    second = Person("赵敏", ("zhao@corp.test",), staff_number="NT009", role=Role.LEAD)
    world = open_reporting_desk(make_world, listed=(*PEOPLE, BOSS, second))
    get_report(world)
    comment(world, "情况正常。\n", by=second, answers=last_id(world, "report", second.key))
    comment(world, "我也看过了，没问题了。\n")
    assert [item for item in readers_of(world) if item != second.key] == [*READERS]
    assert "赵敏点评" in read(last_letter(world, BOSS))
    assert "已经转给阅读人" in read(last_letter(world, LEAD))


def test_the_profile_may_want_no_reports(make_world: MakeWorld) -> None:
    quiet = replace(profile(), reports=replace(profile().reports, daily=None, weekly=None))
    world = open_reporting_desk(make_world, profile=quiet, wanted=KINDS)
    play_day(world)
    wait_until(world, DUE + timedelta(days=3))
    assert "report" not in kinds(world)


def test_a_report_tells_of_a_miss_and_its_reason(make_world: MakeWorld) -> None:
    world = open_reporting_desk(make_world, listed=(LEAD, LIU, CHEN, ZHANG, BOSS))
    open_ticket(world)
    world.later(hours=6)
    engineer_answers(world, "missed", "#超时原因 外出，下午返回\n")
    wait_until(world, DUE)
    letter = last_letter(world, LEAD)
    assert str(letter["Subject"]).endswith("超时1")
    text = read(letter)
    assert "IT-20261120-0001　打印机卡纸" in text
    assert "原因：外出，下午返回" in text


def test_two_daemons_send_each_report_once(make_world: MakeWorld) -> None:
    first = open_reporting_desk(make_world)
    play_day(first)
    second = make_world(listed=(*PEOPLE, BOSS), report_readers=READERS)
    first.now = second.now = DUE
    ticking = [threading.Thread(target=world.clock.tick) for world in (first, second)]
    for thread in ticking:
        thread.start()
    for thread in ticking:
        thread.join()
    assert kinds(first, LEAD.key).count("report") == 1
    assert first.value("SELECT count(*) FROM reports") == 1
    assert first.value("SELECT count(*) FROM deadlines WHERE kind = 'report_daily'") == 2


def test_a_simulation_says_which_report_a_letter_is(make_world: MakeWorld) -> None:
    world = open_reporting_desk(make_world)
    get_report(world)
    comment(world, "情况正常。\n")
    with world.store.read() as db:
        written = list_written(db, Mark(0, 0, 0, 0))
    told = [(item.cause.kind, item.cause.what) for item in written if item.letter == "report"]
    assert told[0] == ("other", "daily report 2026-11-20")
    assert told[1:] == [("mail", SUBJECT)] * len(READERS)
