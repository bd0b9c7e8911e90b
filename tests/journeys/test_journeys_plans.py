"""A major problem's plan is approved by the lead before the ticket is solved (F7)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from builders import profile
from thread import (
    CHEN,
    LIU,
    PEOPLE,
    UNPROVED,
    ZHANG,
    engineer_answers,
    event_kinds,
    kinds,
    last_letter,
    open_desk,
    open_ticket,
    outcome,
    read,
    ticket,
    write,
)
from worlds import LEAD, World

from maildesk.desk.policy import Escalation

MakeWorld = Callable[..., World]

PLAN = "#根因 搓纸轮老化\n#临时方案 先用二楼的打印机\n#永久方案 今晚更换搓纸轮\n"
SOLVED = "#已解决\n已更换搓纸轮，请再打印一次。\n"


def desk_with(make_world: MakeWorld, ranks: int = 4) -> World:
    """A desk that approves the plans of so many of its most urgent priorities."""
    planned = replace(
        profile(),
        plan_ranks=ranks,
        escalation=Escalation(None),
        unassigned_after_minutes=100_000,
    )
    return open_desk(make_world, listed=PEOPLE, profile=planned)


def asked(world: World) -> list[Any]:
    return world.rows("SELECT * FROM approvals ORDER BY id")


def form(row: Any) -> dict[str, str]:
    return row.form if isinstance(row.form, dict) else json.loads(row.form)


def say(world: World, text: str, letter: str = "dispatch") -> None:
    engineer_answers(world, letter, text)


def decide(world: World, text: str) -> None:
    engineer_answers(world, "plan", text, by=LEAD)


def test_a_plan_is_put_before_the_lead_in_one_letter(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    say(world, PLAN)
    assert kinds(world, LEAD.key) == ["plan"]
    letter = last_letter(world, LEAD)
    assert letter["Subject"] == "【方案待批】中｜打印机卡纸 [IT-20261120-0001]"
    text = read(letter)
    for line in ("根因：搓纸轮老化", "临时方案：先用二楼的打印机", "永久方案：今晚更换搓纸轮"):
        assert line in text
    assert "刘洋提交了此单的处理方案，需要您批准，请在今天 10:35 前答复" in text
    [row] = asked(world)
    assert (row.kind, row.decision) == ("plan", None)
    assert form(row)["permanent"] == "今晚更换搓纸轮"
    assert kinds(world, ZHANG.key) == ["ack"]


def test_plans_of_lesser_tickets_need_nobody(make_world: MakeWorld) -> None:
    world = desk_with(make_world, ranks=1)
    open_ticket(world)
    say(world, PLAN)
    assert asked(world) == []
    say(world, SOLVED)
    assert ticket(world)["state"] == "to_confirm"


@pytest.mark.parametrize("text", ["#批准\n", "同意\n", "#approve\n", "批准，谢谢\n"])
def test_an_approved_plan_may_be_carried_out(make_world: MakeWorld, text: str) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    say(world, PLAN)
    decide(world, text)
    assert asked(world)[0].decision == "agreed"
    assert "王强已批准方案，可以实施" in read(last_letter(world, LIU))
    say(world, SOLVED)
    assert ticket(world)["state"] == "to_confirm"


def test_a_condition_reaches_the_engineer(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    say(world, PLAN)
    decide(world, "#批准 22:00 以后再动\n")
    assert "王强已批准方案，要求：22:00 以后再动" in read(last_letter(world, LIU))


def test_it_is_not_solved_while_its_plan_is_undecided(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    say(world, PLAN)
    say(world, SOLVED)
    assert outcome(world)[0] == "noted"
    assert ticket(world)["state"] != "to_confirm"
    assert "方案还没有批准，不能标为已解决" in read(last_letter(world, LIU))
    assert kinds(world, ZHANG.key) == ["ack"]


def test_it_is_not_solved_with_a_plan_that_was_not_approved(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    say(world, PLAN)
    decide(world, "#不批准 请补充回退方案\n")
    assert "王强没有批准方案：请补充回退方案" in read(last_letter(world, LIU))
    say(world, SOLVED)
    assert outcome(world)[0] == "noted"
    assert "方案没有获批（请补充回退方案）" in read(last_letter(world, LIU))
    say(world, "#永久方案 今晚更换搓纸轮，失败则换回旧件\n")
    assert kinds(world, LEAD.key).count("plan") == 2
    assert "刘洋修改了此单的处理方案" in read(last_letter(world, LEAD))
    assert "news" not in kinds(world, ZHANG.key)
    decide(world, "#批准\n")
    say(world, SOLVED)
    assert ticket(world)["state"] == "to_confirm"


def test_a_plan_changed_after_its_approval_is_told_and_asked_anew(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    say(world, PLAN)
    decide(world, "#批准\n")
    say(world, "#永久方案 整机更换\n")
    news = read(last_letter(world, ZHANG))
    assert "解决方案有调整，新方案批准后马上实施" in news
    assert "整机" not in news
    assert [row.decision for row in asked(world)] == ["agreed", None]
    say(world, SOLVED)
    assert ticket(world)["state"] != "to_confirm"


def test_a_plan_changed_before_its_approval_replaces_the_former_question(
    make_world: MakeWorld,
) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    say(world, PLAN)
    say(world, "#永久方案 整机更换\n")
    assert [row.decision for row in asked(world)] == ["withdrawn", None]
    assert "news" not in kinds(world, ZHANG.key)
    decide(world, "#批准\n")
    assert [row.decision for row in asked(world)] == ["withdrawn", "agreed"]


def test_the_same_plan_written_again_asks_nobody_twice(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    say(world, PLAN)
    say(world, PLAN)
    assert kinds(world, LEAD.key).count("plan") == 1
    assert len(asked(world)) == 1


def test_only_a_proved_lead_approves_a_plan(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    say(world, PLAN)
    number = "回复: [IT-20261120-0001]"
    write(world, CHEN, "#批准\n", subject=number)
    say(world, "#批准\n")
    write(world, LEAD, "#批准\n", subject=number, border=UNPROVED)
    engineer_answers(world, "plan", "批准\n", by=LEAD, border=UNPROVED)
    assert asked(world)[0].decision is None
    assert kinds(world, LEAD.key)[-1] == "code"


def test_a_lead_who_does_not_answer_is_reminded_once(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    say(world, PLAN)
    world.later(minutes=31)
    world.later(minutes=60)
    assert kinds(world, LEAD.key) == ["plan", "plan"]
    assert last_letter(world, LEAD)["Subject"].startswith("【方案催批】")
    assert event_kinds(world).count("decision_missed") == 1


def test_agreeing_to_an_escalation_that_nobody_asked_for_is_told_apart(
    make_world: MakeWorld,
) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    say(world, PLAN)
    decide(world, "#同意升级 陈晨\n")
    assert "这张单在等方案批准" in read(last_letter(world, LEAD))
    assert asked(world)[0].decision is None
