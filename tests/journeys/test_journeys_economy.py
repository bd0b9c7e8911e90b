"""How many letters an ordinary ticket costs (WORDS.md), the day in one letter, and quiet nights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from builders import DESK, profile
from thread import (
    CHEN,
    LIU,
    ZHANG,
    engineer_answers,
    kinds,
    last_letter,
    open_desk,
    open_ticket,
    read,
    requester_answers,
    ticket,
    write,
)
from worlds import LEAD, World

from maildesk.clock import next_digest
from maildesk.desk.profile import Profile
from maildesk.store.deadlines import NewDeadline, set_deadlines

MakeWorld = Callable[..., World]
SOLUTION = "#已解决\n已更换搓纸轮，请再打印一次。\n"


def _show(world: World) -> str:
    """Every letter that left, for whoever reads a failed test."""
    return "\n".join(
        f"{to}: {letter['Subject']}\n{read(letter)}"
        for to in dict.fromkeys(recipient for recipient, _ in world.transport.sent)
        for letter in world.transport.letters(to)
    )


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 in Shanghai; the 20th is a Friday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def _pass_to(world: World, moment: datetime, step: int = 30) -> None:
    """Let time pass in steps, as a daemon that looks at the clock again and again."""
    while world.now < moment:
        world.later(minutes=min(step, (moment - world.now) / timedelta(minutes=1)))


def test_an_ordinary_ticket_costs_four_letters_and_two(make_world: MakeWorld) -> None:
    world = open_desk(make_world, unassigned_after=15)
    open_ticket(world)
    engineer_answers(world, "dispatch", "#等用户\n张敏您好，请问是哪一台？\n")
    requester_answers(world, "question", "三楼靠窗那台。\n")
    engineer_answers(world, "answer", "#预计 16:00\n搓纸轮磨损，下午更换。\n")
    world.later(hours=2)
    engineer_answers(world, "answer", SOLUTION)
    requester_answers(world, "solved", "好了，5 分，谢谢！\n")
    world.later(hours=10)
    assert ticket(world)["state"] == "closed"
    assert kinds(world, ZHANG.key) == ["ack", "question", "progress", "solved"], _show(world)
    assert kinds(world, LIU.key) == ["dispatch", "answer"], _show(world)
    assert kinds(world, LEAD.key) == [], _show(world)


def test_solved_with_the_first_answer_it_costs_two_and_one(make_world: MakeWorld) -> None:
    world = open_desk(make_world, unassigned_after=15)
    open_ticket(world)
    engineer_answers(world, "dispatch", SOLUTION)
    requester_answers(world, "solved", "好了，5 分\n")
    world.later(hours=10)
    assert kinds(world, ZHANG.key) == ["ack", "solved"], _show(world)
    assert kinds(world, LIU.key) == ["dispatch"], _show(world)
    assert kinds(world, LEAD.key) == [], _show(world)


def test_who_works_by_plain_replies_gets_no_transcripts(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_ticket(world)
    for text in ("马上来看。\n", "#内部\n备件在二楼\n", "#优先级 低\n", "#预计 16:00\n", SOLUTION):
        engineer_answers(world, "dispatch", text)
    assert kinds(world, LIU.key) == ["dispatch"], _show(world)


def test_a_reply_to_all_costs_the_requester_nothing_more(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_ticket(world)
    both = f"{ZHANG.key}, {DESK}"
    engineer_answers(world, "dispatch", "#等用户\n请问是哪一台？\n", to=both)
    assert kinds(world, ZHANG.key) == ["ack"], _show(world)
    assert ticket(world)["state"] == "waiting_requester"
    engineer_answers(world, "dispatch", SOLUTION, to=both)
    # How to confirm she can learn from us only.
    assert kinds(world, ZHANG.key) == ["ack", "solved"], _show(world)
    assert "已更换搓纸轮" not in read(last_letter(world, ZHANG))


def test_each_letter_says_first_who_writes_or_whose_it_is(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_ticket(world)
    engineer_answers(world, "dispatch", "#等用户\n请问是哪一台？\n")
    requester_answers(world, "question", "三楼靠窗那台。\n")
    engineer_answers(world, "answer", SOLUTION)
    for letter in world.transport.letters(ZHANG.key):
        first = read(letter).splitlines()[:2]
        assert "刘洋（硬件组，分机 8005）" in "".join(first), read(letter)
        assert str(letter["Subject"]).count("IT-20261120-0001") == 1
    for letter in world.transport.letters(LIU.key):
        first = read(letter).splitlines()[:3]
        assert "张敏" in "".join(first), read(letter)


def _plan_digest(world: World) -> None:
    at = next_digest(world.desk, world.now)
    with world.store.write() as db:
        set_deadlines(
            db, [NewDeadline("digest_daily", "desk:it", "it", at, None, f"{at:%Y-%m-%d}")]
        )


def test_an_engineers_day_is_one_letter_on_working_days(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    _plan_digest(world)
    orders = (
        "#预计 今天 17:00\n下午更换。",
        "#挂起 等备件",
        "#等用户\n请问是哪一台？",
        SOLUTION,
        SOLUTION,
        "",
    )
    for count, order in enumerate(orders, 1):
        world.now = _at(20, 11)
        subject = f"打印机卡纸 {count}"
        sender = f"员工{count} <u{count}@corp.test>"
        open_ticket(world, sender=sender, message_id=f"d{count}@corp.test", subject=subject)
        if order:
            engineer_answers(world, "dispatch", f"{order}\n")
    solved = world.rows("SELECT message_id FROM outbox WHERE letter = 'solved' ORDER BY id")
    confirming = f"回复: [IT-20261120-{5:04d}]"
    write(world, "员工5 <u5@corp.test>", "好了\n", answers=solved[-1][0], subject=confirming)
    _pass_to(world, _at(23, 8, 29))
    assert "digest" not in kinds(world)
    _pass_to(world, _at(23, 8, 30))
    assert kinds(world, LIU.key).count("digest") == 1
    assert kinds(world, CHEN.key) == []
    assert kinds(world, LEAD.key) == ["outage"]  # six people with the same: is it one?
    text = read(last_letter(world, LIU))
    places = [
        text.index(words)
        for words in (
            "超时未说明原因（回复 #超时原因 …）】1 件",
            "IT-20261120-0006",
            "已过预计时间】1 件",
            "IT-20261120-0001",
            "还没有联系用户】1 件",
            "IT-20261120-0002",
            "待用户反馈】1 件",
            "IT-20261120-0003",
            "待用户确认】1 件",
            "IT-20261120-0004",
            "用户已确认解决】1 件",
            "IT-20261120-0005",
        )
    ]
    assert places == sorted(places), text
    assert "今天 17:00" not in text
    assert text.count("IT-20261120-") == 6
    _pass_to(world, _at(24, 8, 30))
    assert kinds(world, LIU.key).count("digest") == 2
    assert "用户已确认解决" not in read(last_letter(world, LIU))


def test_a_day_with_nothing_in_it_is_no_letter(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    _plan_digest(world)
    _pass_to(world, _at(25, 12))
    assert kinds(world) == []
    fired = "SELECT count(*) FROM deadlines WHERE kind = 'digest_daily' AND state = 'fired'"
    assert world.value(fired) == 3
    note = "SELECT note FROM deadlines WHERE kind = 'digest_daily' AND state = 'fired'"
    assert world.value(note) == "nothing waits for anybody"


def _round_the_clock() -> Profile:
    plain = profile()
    always = tuple(
        replace(item, calendar="always", solution_minutes=None) for item in plain.priorities
    )
    return replace(plain, priorities=always, unassigned_after_minutes=100_000)


def test_limits_that_are_not_urgent_wait_for_the_morning(make_world: MakeWorld) -> None:
    world = open_desk(make_world, profile=_round_the_clock())
    world.now = _at(20, 19)
    open_ticket(world)  # due at 23:00
    _pass_to(world, _at(21, 8, 29))
    assert kinds(world, LIU.key) == ["dispatch", "missed"]
    assert len(world.transport.letters(LIU.key)) == 1
    _pass_to(world, _at(21, 8, 30))
    letter = last_letter(world, LIU)
    # A warning would have come when there was nothing left to warn of.
    assert str(letter["Subject"]).startswith("【已超时 9小时30分】")
    assert "首次响应时限是昨天 23:00" in read(letter)


def test_a_warning_held_overnight_says_how_long_is_left_when_it_is_read(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world, profile=_round_the_clock())
    world.now = _at(20, 5)
    open_ticket(world)  # due at 9:00, near at 8:30
    _pass_to(world, _at(20, 8, 30))
    assert "【即将超时 剩30分】" in str(last_letter(world, LIU)["Subject"])


def test_who_responds_before_the_morning_gets_no_reminder(make_world: MakeWorld) -> None:
    world = open_desk(make_world, profile=_round_the_clock())
    world.now = _at(20, 19)
    open_ticket(world)
    _pass_to(world, _at(21, 7))
    engineer_answers(world, "dispatch", "马上来看。\n")
    _pass_to(world, _at(21, 12))
    assert len(world.transport.letters(LIU.key)) == 1
    query = "SELECT state FROM outbox WHERE letter = 'missed'"
    assert world.value(query) == "superseded"


def test_what_is_urgent_wakes_people_up(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    world.now = _at(20, 22)
    open_ticket(world)
    engineer_answers(world, "dispatch", "#优先级 紧急\n")
    _pass_to(world, _at(20, 22, 55), step=5)
    assert [str(item["Subject"])[:6] for item in world.transport.letters(LIU.key)] == [
        "【派单】中｜",
        "【即将超时 ",
        "【已超时 1",
    ]
    assert kinds(world, LEAD.key) == ["urgent", "near", "missed"]
    assert len(world.transport.letters(LEAD.key)) == 3
