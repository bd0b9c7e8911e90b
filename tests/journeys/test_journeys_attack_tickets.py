"""Tickets that end another way than planned: what was still asked about them is asked no more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from ordering import EVERYBODY, count_letters, list_letters, open_numbered
from thread import (
    LIU,
    engineer_answers,
    last_id,
    open_desk,
    outcome,
    requester_answers,
    ticket,
    write,
)
from worlds import LEAD, World

from maildesk.store.reports import list_waiting

MakeWorld = Callable[..., World]
FIRST, SECOND, THIRD = (f"IT-20261120-{at:04d}" for at in (1, 2, 3))


def waits_for_lead(world: World) -> list[str]:
    with world.store.read() as db:
        return [item.what for item in list_waiting(db, "it")]


def open_escalated(make_world: MakeWorld) -> World:
    """Two tickets of 张敏; on the second 刘洋 asks the lead to escalate it."""
    world = open_desk(make_world, listed=EVERYBODY)
    open_numbered(world, 1)
    open_numbered(world, 2)
    engineer_answers(world, "dispatch", "#升级 主机坏了｜需要厂商到场\n")
    assert waits_for_lead(world) == ["escalation"]
    return world


@pytest.mark.parametrize(
    "order",
    [f"#合并 {FIRST}", "#不受理\n请联系行政部。", "#垃圾", "#用户已确认 电话"],
    ids=["merged", "rejected", "spam", "confirmed by phone"],
)
def test_what_is_over_waits_for_no_lead_any_more(make_world: MakeWorld, order: str) -> None:
    world = open_escalated(make_world)
    write(world, LIU, f"{order}\n", subject=f"[{SECOND}]")
    assert outcome(world)[0] == "appended", outcome(world)
    assert world.value("SELECT decision FROM approvals") == "withdrawn"
    assert waits_for_lead(world) == []
    sent = count_letters(world)
    world.later(hours=1)
    assert LEAD.key not in {to for _, to in list_letters(world, sent)}
    write(world, LEAD, "#同意升级 王强\n", answers=last_id(world, "escalation", LEAD.key))
    assert outcome(world)[0] == "noted"
    assert ticket(world, SECOND)["state"] in ("closed", "rejected", "solved")


def test_what_is_solved_waits_for_no_lead_unless_it_comes_back(make_world: MakeWorld) -> None:
    world = open_escalated(make_world)
    write(world, LIU, "#已解决\n已换主机，请再试一次。\n", subject=f"[{SECOND}]")
    assert waits_for_lead(world) == []
    requester_answers(world, "solved", "没好\n")
    assert ticket(world, SECOND)["state"] == "in_progress"
    assert waits_for_lead(world) == ["escalation"]
    write(world, LIU, "#已解决\n又换了一台，请再试一次。\n", subject=f"[{SECOND}]")
    requester_answers(world, "solved", "好了，谢谢\n")
    assert ticket(world, SECOND)["state"] == "solved"
    assert waits_for_lead(world) == []
