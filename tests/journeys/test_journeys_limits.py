"""A ticket's limits on their way: warned of, missed, explained, stopped, moved, our own fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from builders import NOW, profile, raw_mail
from ordering import micros, open_numbered
from sqlalchemy import select
from thread import (
    CHEN,
    LIU,
    engineer_answers,
    event_kinds,
    kinds,
    last_letter,
    open_desk,
    read,
    requester_answers,
    ticket,
)
from worlds import LEAD, World

from maildesk.desk.limits.due import LimitKind
from maildesk.desk.profile import Profile
from maildesk.store import deadlines
from maildesk.store.deadlines import NewDeadline
from maildesk.store.schema import events

MakeWorld = Callable[..., World]


def strict(**given: Any) -> Profile:
    """Half an hour to the first contact, two hours to the response, four to the solution."""
    plain = profile()
    values = {
        "response_minutes": 120,
        "contact_minutes": 30,
        "solution_minutes": 240,
        "calendar": "work",
        "solution_calendar": None,
        **given,
    }
    ranks = tuple(
        replace(rank, **values) if rank.key == "medium" else rank for rank in plain.priorities
    )
    return replace(plain, priorities=ranks, unassigned_after_minutes=100_000)


def clock(hour: int, minute: int = 0, day: int = 20) -> datetime:
    """A time of day in Shanghai, in November 2026; the ticket comes on Friday the 20th at 10:00."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def pass_to(world: World, until: datetime, step: int = 5) -> None:
    while world.now < until:
        world.later(minutes=min(step, (until - world.now) / timedelta(minutes=1)))


def happened(world: World, *wanted: str) -> list[tuple[str, dict[str, str]]]:
    """The events of these kinds with what they hold, in order."""
    query = select(events.c.kind, events.c.data).order_by(events.c.id)
    with world.store.read() as db:
        return [(row.kind, row.data) for row in db.execute(query) if row.kind in wanted]


def misses(world: World) -> list[tuple[str, str]]:
    """(limit, "outage" or "") of every miss on the timeline."""
    kinds_missed = [kind.missed for kind in LimitKind]
    return [
        (data["limit"], "outage" if data.get("outage") else "")
        for _, data in happened(world, *kinds_missed)
    ]


def test_a_late_first_contact_asks_its_engineer_why_and_the_reason_is_kept(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world, profile=strict())
    open_numbered(world)
    pass_to(world, clock(10, 29))
    assert kinds(world, LIU.key) == ["dispatch"]
    assert "请在今天 10:30 前联系用户" in read(last_letter(world, LIU))
    pass_to(world, clock(10, 30))
    assert kinds(world, LIU.key) == ["dispatch", "missed"]
    assert "联系用户的时限（自派单起）是今天 10:30" in read(last_letter(world, LIU))
    assert misses(world) == [("contact", "")]
    engineer_answers(world, "missed", "#超时原因 外出，11:00 返回\n")
    why = {"why": "外出，11:00 返回", "limits": "contact"}
    assert happened(world, "late_reason") == [("late_reason", why)]


def test_contact_and_response_missed_together_are_one_letter(make_world: MakeWorld) -> None:
    world = open_desk(make_world, profile=strict(response_minutes=45))
    open_numbered(world)
    pass_to(world, clock(12))
    assert kinds(world, LIU.key).count("missed") == 1
    assert misses(world) == [("contact", ""), ("response", "")]
    engineer_answers(world, "missed", "#超时原因 在机房，没有信号\n")
    assert happened(world, "late_reason")[0][1]["limits"] == "contact response"


def test_a_solution_that_is_late_is_warned_of_and_asked_about(make_world: MakeWorld) -> None:
    world = open_desk(make_world, profile=strict())
    open_numbered(world)
    engineer_answers(world, "dispatch", "马上来看。\n")
    pass_to(world, clock(15))
    near = last_letter(world, LIU)
    assert str(near["Subject"]).startswith("【解决即将超时 剩30分】")
    assert "#预计 明天 10:00" in read(near)
    pass_to(world, clock(15, 30))
    missed = last_letter(world, LIU)
    assert str(missed["Subject"]).startswith("【解决已超时")
    assert "并回复原因：#超时原因" in read(missed)
    assert misses(world) == [("solution", "")]
    assert kinds(world, LEAD.key) == []


@pytest.mark.parametrize(
    "words",
    [
        "#已解决\n已更换搓纸轮，请再打印一次。\n",
        "#挂起 等备件\n备件周一到。\n",
        "#等用户\n请问是哪一台？\n",
        "#转厂商 联想售后\n已报厂家上门。\n",
    ],
)
def test_solved_in_time_or_waiting_costs_no_letter(make_world: MakeWorld, words: str) -> None:
    world = open_desk(make_world, profile=strict())
    open_numbered(world)
    engineer_answers(world, "dispatch", words)
    pass_to(world, clock(18), 30)
    assert kinds(world, LIU.key) == ["dispatch"]
    assert misses(world) == []


def test_who_said_when_it_will_be_done_is_not_warned(make_world: MakeWorld) -> None:
    world = open_desk(make_world, profile=strict())
    open_numbered(world)
    engineer_answers(world, "dispatch", "#预计 16:30\n在等厂家远程。\n")
    pass_to(world, clock(15, 29))
    assert kinds(world, LIU.key) == ["dispatch"]
    pass_to(world, clock(15, 30))
    assert kinds(world, LIU.key) == ["dispatch", "missed"]


def test_a_wait_moves_the_limits_by_the_work_it_took(make_world: MakeWorld) -> None:
    world = open_desk(make_world, profile=strict())
    open_numbered(world)
    engineer_answers(world, "dispatch", "#等用户\n请问是哪一台？\n")  # 10:05
    pass_to(world, clock(13, 55), 30)
    requester_answers(world, "question", "三楼东侧那台。\n")  # 14:00
    assert ticket(world)["solution_due"] == micros(clock(17, 55))  # 15:30, and 145 minutes
    pass_to(world, clock(17, 24), 30)
    assert "near" not in kinds(world, LIU.key)
    pass_to(world, clock(17, 55))
    assert kinds(world, LIU.key)[-2:] == ["near", "missed"]


def test_another_engineer_has_his_own_time_to_call(make_world: MakeWorld) -> None:
    world = open_desk(make_world, profile=strict())
    open_numbered(world)
    pass_to(world, clock(10, 15))
    engineer_answers(world, "dispatch", f"#转派 {CHEN.name}\n")  # 10:20
    pass_to(world, clock(10, 49))
    assert "missed" not in kinds(world)
    assert "请在今天 10:50 前联系用户" in read(last_letter(world, CHEN))
    pass_to(world, clock(10, 50))
    assert kinds(world, CHEN.key) == ["dispatch", "missed"]
    assert "missed" not in kinds(world, LIU.key)


def test_a_priority_raised_late_gives_time_to_keep_it(make_world: MakeWorld) -> None:
    world = open_desk(make_world, profile=strict())
    open_numbered(world)
    pass_to(world, clock(10, 55))
    engineer_answers(world, "dispatch", "#优先级 紧急\n")  # 11:00; half an hour would be 10:30
    assert ticket(world)["response_due"] == micros(clock(11, 30))
    assert ("response", "") not in misses(world)


def test_not_solved_on_the_day_it_came_is_an_entry_and_no_letter(make_world: MakeWorld) -> None:
    world = open_desk(make_world, profile=strict(solution_minutes=960, contact_minutes=None))
    open_numbered(world, 1)
    open_numbered(world, 2)
    engineer_answers(world, "dispatch", "马上来看。\n")  # the second one
    open_numbered(world, 3)
    engineer_answers(world, "dispatch", "#已解决\n已更换搓纸轮，请再打印一次。\n")
    before = kinds(world)
    pass_to(world, clock(18), 60)
    assert "same_day_missed" not in event_kinds(world, "IT-20261120-0003")
    assert "same_day_missed" in event_kinds(world, "IT-20261120-0002")
    assert "near" not in kinds(world)[len(before) + 2 :]


def test_a_ticket_of_the_evening_need_not_be_solved_that_day(make_world: MakeWorld) -> None:
    world = open_desk(make_world, profile=strict())
    world.now = clock(17, 1)
    open_numbered(world)
    assert world.rows("SELECT * FROM deadlines WHERE kind = 'same_day'") == []


def test_a_miss_nobody_explains_is_asked_again_once_in_the_digest(make_world: MakeWorld) -> None:
    world = open_desk(make_world, profile=strict(solution_minutes=None))
    day = NewDeadline("digest_daily", "desk:it", "it", clock(8, 30, 23), None, "2026-11-23")
    with world.store.write() as db:
        deadlines.set_deadlines(db, [day])
    open_numbered(world)
    pass_to(world, clock(10, 40))
    engineer_answers(world, "dispatch", "马上来看。\n")
    pass_to(world, clock(8, 31, 23), 60)
    first = read(last_letter(world, LIU))
    assert "超时未说明原因（回复 #超时原因 …）】1 件" in first
    assert "联系用户超时" in first
    pass_to(world, clock(8, 31, 24), 60)
    again = read(last_letter(world, LIU))
    assert again != first
    assert "超时未说明原因" not in again


def test_an_explained_miss_is_not_asked_for_in_the_digest(make_world: MakeWorld) -> None:
    world = open_desk(make_world, profile=strict(solution_minutes=None))
    day = NewDeadline("digest_daily", "desk:it", "it", clock(8, 30, 23), None, "2026-11-23")
    with world.store.write() as db:
        deadlines.set_deadlines(db, [day])
    open_numbered(world)
    pass_to(world, clock(10, 40))
    engineer_answers(world, "missed", "#接单\n#超时原因 外出\n")
    pass_to(world, clock(8, 31, 23), 60)
    assert "超时未说明原因" not in read(last_letter(world, LIU))


def test_a_call_in_time_that_is_entered_later_needs_no_reason(make_world: MakeWorld) -> None:
    world = open_desk(make_world, profile=strict(solution_minutes=None))
    day = NewDeadline("digest_daily", "desk:it", "it", clock(8, 30, 23), None, "2026-11-23")
    with world.store.write() as db:
        deadlines.set_deadlines(db, [day])
    open_numbered(world)
    pass_to(world, clock(10, 40))
    engineer_answers(world, "missed", "#已响应 10:20\n")
    assert ticket(world)["responded_at"] == micros(clock(10, 20))
    pass_to(world, clock(8, 31, 23), 60)
    assert "超时未说明原因" not in read(last_letter(world, LIU))


def test_a_limit_that_ran_out_while_we_were_down_is_marked_and_excused(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world, profile=strict())
    world.clock.beat()
    open_numbered(world)
    world.now = clock(11)  # nothing of ours ran since
    world.clock.beat()
    world.run()
    assert misses(world) == [("contact", "outage")]
    letter = read(last_letter(world, LIU))
    assert "期间服务台系统曾中断" in letter
    assert "#超时原因" not in letter
    assert world.value("SELECT count(*) FROM outages") == 1


def test_a_restart_is_no_outage(make_world: MakeWorld) -> None:
    world = open_desk(make_world, profile=strict())
    for _ in range(40):
        world.clock.beat()
        world.later(minutes=1)
    assert world.rows("SELECT * FROM outages") == []


def test_a_mail_that_lay_on_the_server_while_we_were_away_excuses_its_limits(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world, profile=strict(response_minutes=60, contact_minutes=None))
    world.now = clock(11)
    world.mailbox.arrive(raw_mail(), internaldate=NOW)  # 10:00
    world.run()
    world.later(minutes=1)
    assert misses(world) == [("response", "outage")]
    assert kinds(world, LIU.key) == ["dispatch"]  # which came only now, and says all


def test_a_response_that_came_too_late_is_a_miss_although_nobody_ticked(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world, profile=strict(contact_minutes=None))
    open_numbered(world)
    world.now = clock(13, 40)
    engineer_answers(world, "dispatch", "马上来看。\n")  # the mail is read before the clock ticks
    assert misses(world) == [("response", "")]
    assert "missed" not in kinds(world)
