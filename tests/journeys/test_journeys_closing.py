"""After a yes: one letter asks for the score; a rating or two working days close it (M7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import profile
from thread import (
    LIU,
    UNPROVED,
    ZHANG,
    engineer_answers,
    event_kinds,
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

from maildesk.desk.person import Person

MakeWorld = Callable[..., World]
LI = Person("李雷", ("li@corp.test",), department="财务部")
SOLUTION = "#已解决\n已更换搓纸轮，请再打印一次。\n"


def solved(make_world: MakeWorld, **given: object) -> World:
    survey = replace(profile().survey, **given)  # type: ignore[arg-type]
    calm = replace(profile(), survey=survey, unassigned_after_minutes=100_000)
    world = open_desk(make_world, profile=calm)
    open_ticket(world)
    engineer_answers(world, "dispatch", SOLUTION)
    return world


def pass_time(world: World, **span: float) -> None:
    world.later(**span)


def surveys(world: World) -> int:
    return kinds(world).count("survey")


def test_a_yes_without_a_score_is_asked_for_one_within_the_hour_and_only_once(
    make_world: MakeWorld,
) -> None:
    world = solved(make_world)
    requester_answers(world, "solved", "好了\n")
    assert surveys(world) == 0
    pass_time(world, minutes=59)
    assert surveys(world) == 1
    words = read(last_letter(world, ZHANG))
    assert "5 非常满意，4 满意" in words
    assert "/t/" in words
    pass_time(world, days=20)
    assert surveys(world) == 1


@pytest.mark.parametrize(
    ("words", "score", "said"),
    [
        ("1\n", 1, ""),
        ("2，等了三天\n", 2, "等了三天"),
        ("5\n", 5, ""),
        ("满意，刘工很耐心\n", 4, "刘工很耐心"),
    ],
)
def test_an_answer_to_that_letter_rates_and_closes(
    make_world: MakeWorld, words: str, score: int, said: str
) -> None:
    world = solved(make_world)
    requester_answers(world, "solved", "好了\n")
    pass_time(world, minutes=40)
    requester_answers(world, "survey", words)
    row = ticket(world)
    assert (row["state"], row["closed_by"]) == ("closed", "requester")
    [found] = world.rows("SELECT score, words FROM ratings WHERE current")
    assert (found.score, found.words) == (score, said)


def test_not_fixed_as_an_answer_to_it_opens_the_ticket_again(make_world: MakeWorld) -> None:
    world = solved(make_world)
    requester_answers(world, "solved", "好了\n")
    pass_time(world, minutes=40)
    requester_answers(world, "survey", "没好\n")
    row = ticket(world)
    assert (row["state"], row["confirmed_at"], row["confirmed_by_id"]) == (
        "in_progress",
        None,
        None,
    )
    pass_time(world, days=7)
    assert ticket(world)["state"] == "in_progress"


def test_without_a_score_it_is_closed_two_working_days_later_as_the_requesters_doing(
    make_world: MakeWorld,
) -> None:
    world = solved(make_world)  # on a Friday
    requester_answers(world, "solved", "好了\n")
    pass_time(world, days=3)
    assert ticket(world)["state"] == "solved"
    pass_time(world, days=1, hours=1)
    row = ticket(world)
    assert (row["state"], row["closed_by"]) == ("closed", "requester")
    assert event_kinds(world)[-1] == "closed"
    assert world.value("SELECT count(*) FROM ratings") == 0


def test_a_score_that_came_by_itself_spares_the_letter(make_world: MakeWorld) -> None:
    world = solved(make_world)
    requester_answers(world, "solved", "好了\n")
    requester_answers(world, "solved", "5 分\n")
    pass_time(world, hours=1)
    assert surveys(world) == 0
    assert ticket(world)["state"] == "closed"


def test_a_letter_that_waits_for_the_morning_is_taken_back_when_the_score_comes(
    make_world: MakeWorld,
) -> None:
    world = solved(make_world)
    world.later(hours=9, minutes=40)  # 19:40
    requester_answers(world, "solved", "好了\n")
    pass_time(world, minutes=40)
    assert world.value("SELECT state FROM outbox WHERE letter = 'survey'") == "queued"
    requester_answers(world, "solved", "5 分，另外扫描仪怎么连？\n")
    assert ticket(world)["state"] == "solved"  # rated, and a question waits
    pass_time(world, hours=14)
    [row] = world.rows("SELECT state, reason FROM outbox WHERE letter = 'survey'")
    assert row.state == "superseded"
    assert "rated" in row.reason


def test_nobody_is_asked_twice_within_two_weeks(make_world: MakeWorld) -> None:
    world = solved(make_world)
    requester_answers(world, "solved", "好了\n")
    pass_time(world, hours=1)
    world.later(days=10)
    open_ticket(world, message_id="second@corp.test", subject="显示器不亮", text="显示器不亮。")
    engineer_answers(world, "dispatch", SOLUTION)
    requester_answers(world, "solved", "好了\n")
    pass_time(world, hours=1)
    assert surveys(world) == 1
    assert "within 14 days" in str(
        world.value("SELECT note FROM deadlines WHERE kind = 'survey' ORDER BY id DESC")
    )


def test_an_unproved_score_counts_nothing(make_world: MakeWorld) -> None:
    world = solved(make_world)
    number = str(ticket(world)["number"])
    write(world, ZHANG, "5 分\n", border=UNPROVED, subject=f"回复: 打印机卡纸 [{number}]")
    write(world, ZHANG, "2 分\n", border=UNPROVED, subject=f"回复: 打印机卡纸 [{number}]")
    assert ticket(world)["state"] == "to_confirm"
    assert world.value("SELECT count(*) FROM ratings") == 0


def test_a_delegate_confirms_and_rates_and_is_named(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=(LEAD, LIU, replace(ZHANG, delegates=(LI.key,)), LI))
    open_ticket(world)
    engineer_answers(world, "dispatch", SOLUTION)
    number = str(ticket(world)["number"])
    write(world, LI, "好了，5 分\n", subject=f"回复: 打印机卡纸 [{number}]")
    row = ticket(world)
    assert (row["state"], row["closed_by"]) == ("closed", "requester")
    mine = world.value(f"SELECT person_id FROM addresses WHERE address = '{LI.key}'")
    assert row["confirmed_by_id"] == mine
    assert world.value("SELECT person_id FROM ratings") == mine


def test_a_question_beside_the_yes_is_told_and_keeps_the_ticket_until_it_is_answered(
    make_world: MakeWorld,
) -> None:
    world = solved(make_world)
    before = len(kinds(world, LIU.key))
    requester_answers(world, "solved", "好了，5 分。另外扫描仪怎么连？\n")
    assert ticket(world)["state"] == "solved"
    assert kinds(world, LIU.key, before) == ["answer"]
    assert "扫描仪怎么连" in read(last_letter(world, LIU))
    pass_time(world, days=5)
    assert ticket(world)["state"] == "solved"
    engineer_answers(world, "answer", "扫描仪在“设备”里添加即可。\n")
    pass_time(world, days=4)
    assert ticket(world)["state"] == "closed"


@pytest.mark.parametrize(
    ("line", "score"),
    [
        ("#用户已确认 电话 15:20 5分", 5),
        ("#用户已确认 电话 15:20 非常满意", 5),
        ("#confirmed by phone 15:20 4/5", 4),
    ],
)
def test_a_yes_on_the_phone_with_a_score_closes_in_the_requesters_name(
    make_world: MakeWorld, line: str, score: int
) -> None:
    world = solved(make_world)
    engineer_answers(world, "dispatch", f"{line}\n")
    row = ticket(world)
    assert (row["state"], row["closed_by"]) == ("closed", "requester")
    assert row["confirmed_by_id"] == row["requester_id"]
    [found] = world.rows("SELECT score, source, person_id FROM ratings")
    assert (found.score, found.source, found.person_id) == (score, "phone", row["requester_id"])
    engineer_answers(world, "dispatch", "#撤销\n")
    assert ticket(world)["state"] == "closed"
    assert "评分已登记，撤销不了" in read(last_letter(world, LIU))
    pass_time(world, days=1)
    assert surveys(world) == 0


def test_a_yes_on_the_phone_without_a_score_is_asked_for_one_and_can_be_undone(
    make_world: MakeWorld,
) -> None:
    world = solved(make_world)
    engineer_answers(world, "dispatch", "#用户已确认 电话 15:20\n")
    assert ticket(world)["state"] == "solved"
    engineer_answers(world, "dispatch", "#撤销\n")
    row = ticket(world)
    assert (row["state"], row["confirmed_by_id"]) == ("to_confirm", None)
    pass_time(world, hours=2)
    assert surveys(world) == 0
    engineer_answers(world, "dispatch", "#用户已确认 电话 15:20\n")
    pass_time(world, minutes=59)
    assert surveys(world) == 1


@pytest.mark.parametrize(
    ("said", "minutes"),
    [("电话 10:30", 25), ("电话", 65), ("电话 昨天 10:30", 65), ("电话 10:00", 65)],
)
def test_a_call_is_recorded_at_its_own_time_unless_that_cannot_be(
    make_world: MakeWorld, said: str, minutes: int
) -> None:
    world = solved(make_world)
    done = ticket(world)["solved_at"]
    world.now += timedelta(minutes=60)
    engineer_answers(world, "dispatch", f"#用户已确认 {said}\n")
    row = ticket(world)
    assert (row["confirmed_at"] - done) // 60_000_000 == minutes
    assert row["solved_at"] == done


def test_an_undone_reopening_leaves_the_ticket_closed_as_it_was(make_world: MakeWorld) -> None:
    world = solved(make_world)
    requester_answers(world, "solved", "5 分\n")
    before = ticket(world)
    assert (before["state"], before["closed_by"]) == ("closed", "requester")
    engineer_answers(world, "dispatch", "#重开 用户来电说又卡了\n")
    assert ticket(world)["closed_by"] is None
    engineer_answers(world, "dispatch", "#撤销\n")
    after = ticket(world)
    kept = ("state", "closed_by", "closed_at", "confirmed_by_id", "priority", "reopens")
    assert [after[name] for name in kept] == [before[name] for name in kept]


def test_an_engineers_reopening_counts_like_the_requesters(make_world: MakeWorld) -> None:
    world = solved(make_world)
    requester_answers(world, "solved", "5 分\n")
    engineer_answers(world, "dispatch", "#重开 用户来电说又卡了\n")
    row = ticket(world)
    assert (row["state"], row["reopens"], row["closed_by"]) == ("in_progress", 1, None)
    assert row["priority"] == "high"
