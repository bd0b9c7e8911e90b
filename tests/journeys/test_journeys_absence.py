"""Somebody is away: by his own notice or by plan; who gets tickets instead, and who hears of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from builders import NOW, profile
from thread import (
    CHEN,
    FAILED,
    LIU,
    PEOPLE,
    PROVED,
    UNPROVED,
    ZHANG,
    engineer_answers,
    event_kinds,
    kinds,
    last_id,
    last_letter,
    open_desk,
    open_ticket,
    outcome,
    read,
    write,
)
from worlds import LEAD, World

from maildesk.desk.person import Person, Role
from maildesk.desk.profile import Duty, Profile

MakeWorld = Callable[..., World]
ZHOU = Person("周涛", ("zhou@corp.test",), role=Role.ENGINEER, groups=("硬件组",))
BOTH = (*PEOPLE, ZHOU)
URGENT = "全公司打印机都坏了，财务没法开票，非常紧急！\n"


def _whose(world: World, count: int) -> str | None:
    query = (
        "SELECT people.name FROM tickets LEFT JOIN people ON people.id = tickets.assignee_id "
        f"WHERE number = 'IT-20261120-{count:04d}'"
    )
    name = world.value(query)
    return None if name is None else str(name)


def _open(world: World, count: int, **given: object) -> str | None:
    """Another ticket; whose it is."""
    world.now += timedelta(minutes=1)
    values = {"subject": f"打印机卡纸 {count}", **given}
    open_ticket(world, message_id=f"t{count}@corp.test", **values)
    return _whose(world, count)


def _reply_automatically(
    world: World,
    text: str = "我正在休假，至11月30日，12月1日返岗。\n",
    *,
    by: Person = LIU,
    answers: str | None = None,
    border: tuple[str, ...] = PROVED,
) -> None:
    write(
        world,
        by,
        text,
        answers=answers,
        border=border,
        headers=("Auto-Submitted: auto-replied",),
        subject="自动回复: 【派单】打印机卡纸",
    )


def _absences(world: World) -> list[tuple[str, str]]:
    query = "SELECT people.name, absences.until FROM absences JOIN people ON id = person_id"
    return [(row.name, str(row.until)) for row in world.rows(query)]


def test_a_notice_takes_its_author_out_until_it_ends(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=BOTH)
    assert _open(world, 1) == "刘洋"
    _reply_automatically(world, answers=last_id(world, "dispatch", LIU.key))
    assert [name for name, _ in _absences(world)] == ["刘洋"]
    assert "auto_reply" in event_kinds(world)
    assert [_open(world, count) for count in (2, 3, 4)] == ["周涛"] * 3
    world.now = NOW + timedelta(days=11)  # 1 December, 10:00
    open_ticket(world, message_id="back@corp.test", subject="打印机又卡纸")
    number = world.value("SELECT max(number) FROM tickets")
    name = world.value(
        "SELECT people.name FROM tickets JOIN people ON people.id = assignee_id "
        f"WHERE number = '{number}'"
    )
    assert name == "刘洋"


def test_an_absence_ahead_takes_nobody_out_before_its_first_day(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=BOTH)
    urgent = {"subject": "全公司打印机都坏了", "text": URGENT}
    assert _open(world, 1, **urgent) == "刘洋"
    _reply_automatically(world, "年假 12月1日至12月5日\n")
    _reply_automatically(world, "年假 12月1日至12月5日\n")
    write(world, LIU, "张敏您好，正在看。\n", subject="[IT-20261120-0001]")  # still there
    assert [_open(world, count) for count in (2, 3, 4)] == ["周涛", "周涛", "刘洋"]
    assert "absent" not in kinds(world, LEAD.key)
    world.later(seconds=(datetime(2026, 12, 1, 1, tzinfo=UTC) - world.now).total_seconds())
    assert [name for name, _ in _absences(world)] == ["刘洋"]
    query = "SELECT count(*), min(state) FROM deadlines WHERE kind = 'absence_notice'"
    assert tuple(world.rows(query)[0]) == (1, "fired")
    open_ticket(world, message_id="december@corp.test", subject="打印机又卡纸")
    assert world.value("SELECT assignee_id FROM tickets ORDER BY id DESC LIMIT 1") == world.value(
        "SELECT id FROM people WHERE name = '周涛'"
    )


def test_leave_by_plan_counts_from_its_first_day(make_world: MakeWorld) -> None:
    week = (date(2026, 12, 1), date(2026, 12, 5))
    away = tuple(replace(person, away=(week,)) if person is LIU else person for person in BOTH)
    world = open_desk(make_world, listed=away, profile=_on_duty("刘洋", "周涛"))
    assert _open(world, 1) == "刘洋"
    world.now = datetime(2026, 12, 1, 1, tzinfo=UTC)
    open_ticket(world, message_id="december@corp.test", subject="打印机又卡纸")
    assert world.value("SELECT assignee_id FROM tickets ORDER BY id DESC LIMIT 1") == world.value(
        "SELECT id FROM people WHERE name = '周涛'"
    )


def test_who_writes_himself_is_back(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=BOTH)
    _open(world, 1)
    dispatch = last_id(world, "dispatch", LIU.key)
    _reply_automatically(world, answers=dispatch)
    assert _open(world, 2) == "周涛"
    write(world, LIU, "张敏您好，马上来看。\n", answers=dispatch, border=UNPROVED)
    assert _absences(world) == []
    assert _open(world, 3) == "刘洋"


@pytest.mark.parametrize(
    ("border", "answers", "believed"),
    [
        (PROVED, False, True),
        (UNPROVED, True, True),
        (UNPROVED, False, False),
        (FAILED, True, False),
    ],
)
def test_a_notice_is_believed_by_the_border_or_as_an_answer_to_our_letter(
    make_world: MakeWorld, border: tuple[str, ...], answers: bool, believed: bool
) -> None:
    world = open_desk(make_world, listed=BOTH)
    _open(world, 1)
    dispatch = last_id(world, "dispatch", LIU.key)
    _reply_automatically(world, border=border, answers=dispatch if answers else None)
    assert bool(_absences(world)) == believed
    assert _open(world, 2) == "周涛"
    assert _open(world, 3) == ("周涛" if believed else "刘洋")


def test_a_forged_return_ends_nothing(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=BOTH)
    _open(world, 1)
    _reply_automatically(world)
    write(world, LIU, "我回来了\n", border=FAILED, subject="回来了")
    write(world, LIU, "我回来了\n", border=UNPROVED, subject="回来了")
    assert [name for name, _ in _absences(world)] == ["刘洋"]


def test_a_mere_receipt_takes_nobody_out(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=BOTH)
    _open(world, 1)
    _reply_automatically(world, "您好，您的邮件已收到，会尽快回复。\n")
    assert _absences(world) == []


def test_a_requesters_notice_is_kept_for_his_reminders_and_told_to_nobody(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world, listed=BOTH)
    _open(world, 1)
    _reply_automatically(world, "我正在休假，至11月30日。\n", by=ZHANG)
    assert [row[0] for row in _absences(world)] == [ZHANG.name]
    assert world.value("SELECT count(*) FROM deadlines WHERE kind = 'absence_notice'") == 0


def test_a_further_notice_makes_it_longer_and_tells_nobody_twice(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=BOTH)
    open_ticket(world, subject="全公司打印机都坏了", text=URGENT)
    before = len(kinds(world, LEAD.key))
    _reply_automatically(world, "出差中\n")
    first = _absences(world)
    assert kinds(world, LEAD.key)[before:] == ["absent"]
    _reply_automatically(world, "休假至11月30日\n")
    assert _absences(world)[0][1] > first[0][1]
    assert kinds(world, LEAD.key)[before:] == ["absent"]


def test_the_lead_hands_on_at_once_what_cannot_wait(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=BOTH)
    urgent = {"subject": "全公司打印机都坏了", "text": URGENT}
    assert _open(world, 1) == "刘洋"  # an ordinary one may wait
    assert _open(world, 2, **urgent) == "周涛"
    assert _open(world, 3, **urgent) == "刘洋"
    _reply_automatically(world)
    letter = last_letter(world, LEAD)
    assert (
        str(letter["Subject"]) == "【待转派】紧急｜全公司打印机都坏了｜刘洋不在 [IT-20261120-0003]"
    )
    text = read(letter)
    assert "据自动回复，刘洋不在岗（至11月30日 周一，含当天）。" in text
    assert "打印机卡纸 1" not in text
    engineer_answers(world, "absent", "#转派 硬件组\n", by=LEAD)
    assert _whose(world, 3) == "周涛"


def test_the_rest_stands_in_the_leads_digest(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=BOTH)
    _open(world, 1)
    _reply_automatically(world)
    assert kinds(world, LEAD.key) == []
    _fire_digest(world)
    text = read(last_letter(world, LEAD))
    assert "同事不在，工单待安排" in text
    assert "刘洋不在（至11月30日 周一，含当天），张敏" in text
    assert "同事不在" not in read(last_letter(world, LIU))


def _fire_digest(world: World) -> None:
    from maildesk.store.deadlines import NewDeadline, set_deadlines

    with world.store.write() as db:
        set_deadlines(db, [NewDeadline("digest_daily", "desk:it", "it", world.now, None, "x")])
    world.later(minutes=1)


def _on_duty(*names: str) -> Profile:
    plain = profile()
    return replace(
        plain,
        groups=tuple(
            replace(item, duty=Duty(turns=names)) if item.key == "hardware" else item
            for item in plain.groups
        ),
    )


def test_planned_leave_counts_and_duty_goes_to_the_next(make_world: MakeWorld) -> None:
    week = (date(2026, 11, 16), date(2026, 11, 20))
    away = tuple(replace(person, away=(week,)) if person is LIU else person for person in BOTH)
    world = open_desk(make_world, listed=away, profile=_on_duty("刘洋", "周涛"))
    assert _open(world, 1) == "周涛"
    world.now += timedelta(days=1)
    write(world, LIU, "#接单\n", subject="[IT-20261120-0001]")  # he helps out from his leave
    assert _whose(world, 1) == "刘洋"


@pytest.mark.parametrize("duty", ["刘洋", "周涛"])
def test_when_everybody_is_away_the_lead_finds_somebody(make_world: MakeWorld, duty: str) -> None:
    day = (date(2026, 11, 20), date(2026, 11, 20))
    away = tuple(replace(p, away=(day,)) if p in (LIU, ZHOU) else p for p in BOTH)
    world = open_desk(make_world, listed=away, profile=_on_duty(duty))
    assert _open(world, 1) is None
    world.later(minutes=15)
    assert kinds(world, LEAD.key) == ["unassigned"]


def test_the_trace_says_who_was_left_out_and_why(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=BOTH)
    _open(world, 1)
    _reply_automatically(world)
    assert "an automatic reply" in outcome(world)[1]
    trace = str(world.value("SELECT trace FROM letters ORDER BY id DESC LIMIT 1"))
    assert "刘洋 is out of office until the end of 2026-11-30" in _plain(trace)
    _open(world, 2)
    trace = str(world.value("SELECT trace FROM letters ORDER BY id DESC LIMIT 1"))
    assert "without 刘洋 (out of office until the end of 2026-11-30)" in _plain(trace)


def _plain(trace: str) -> str:
    """JSON of either database."""
    return trace.encode().decode("unicode_escape") if "\\u" in trace else trace


def test_an_order_may_still_name_somebody_who_is_away(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=BOTH)
    _open(world, 1)
    _reply_automatically(world, by=ZHOU)
    engineer_answers(world, "dispatch", "#转派 周涛\n")
    assert _whose(world, 1) == "周涛"
    assert "周涛不在岗（到11月30日 周一为止）" in read(last_letter(world, LIU))


def test_the_one_with_the_least_to_do_is_next(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=BOTH)
    names = [_open(world, count) for count in range(1, 5)]
    assert names == ["刘洋", "周涛", "刘洋", "周涛"]
    world.now += timedelta(minutes=1)
    write(world, CHEN, "#转派 周涛\n", subject="[IT-20261120-0001]")
    assert _whose(world, 1) == "周涛"
    assert [_open(world, 5), _open(world, 6)] == ["刘洋", "刘洋"]
