"""The first response (R6): what counts as one, when it was, and the limits it ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from builders import NOW
from ordering import ANSWERED, at, count_letters, list_letters, micros, open_numbered
from thread import (
    LIU,
    ZHANG,
    engineer_answers,
    event_kinds,
    last_letter,
    open_desk,
    requester_answers,
    ticket,
)
from worlds import World

MakeWorld = Callable[..., World]


def test_another_priority_moves_the_open_limits(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    engineer_answers(world, "dispatch", "#优先级 高\n")
    due = {
        row.kind: row.due_at
        for row in world.rows("SELECT kind, due_at FROM deadlines WHERE state = 'open'")
        if row.kind.startswith("response")
    }
    assert due == {"response_missed": at(12, 0), "response_near": at(11, 30)}
    assert ticket(world)["contact_due"] == at(10, 30)
    assert ticket(world)["response_due"] == due["response_missed"]
    world.later(minutes=26)  # 10:31: the first contact is late
    world.later(hours=1)  # 11:31
    assert "【即将超时" in str(last_letter(world, LIU)["Subject"])


def test_after_the_first_response_another_priority_moves_the_solution_only(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    engineer_answers(world, "dispatch", "#接单\n")
    query = "SELECT kind, due_at FROM deadlines WHERE kind LIKE 'response%' ORDER BY id"
    before, solution = world.rows(query), ticket(world)["solution_due"]
    engineer_answers(world, "dispatch", "#优先级 高\n")
    assert world.rows(query) == before
    assert ticket(world)["solution_due"] == at(10, 30, 23) < solution


RESPONDING = (
    ("马上来看，请稍等。", 5),
    ("#接单", 5),
    ("#已响应 10:03", 3),
    ("#预计 16:00", 5),
    ("#已解决\n已更换搓纸轮，请再打印一次。", 5),
)


@pytest.mark.parametrize(("text", "minutes"), RESPONDING, ids=[item[0] for item in RESPONDING])
def test_the_first_response_is_when_a_human_reached_the_requester(
    make_world: MakeWorld, text: str, minutes: int
) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    assert ticket(world)["responded_at"] is None  # not by the acknowledgement
    engineer_answers(world, "dispatch", f"{text}\n")
    assert ticket(world)["responded_at"] == micros(NOW + timedelta(minutes=minutes))
    sent = count_letters(world)
    world.later(hours=8)
    assert list_letters(world, sent) == ()


def test_a_reply_to_all_is_a_response_although_nothing_is_relayed(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    sent = count_letters(world)
    engineer_answers(world, "dispatch", "马上来看。\n", to=f"{ZHANG.key}, desk@corp.test")
    assert ticket(world)["responded_at"] == micros(ANSWERED)
    assert list_letters(world, sent) == ()


@pytest.mark.parametrize(
    "text", ["#内部\n先问问陈晨", "#分类 网络异常", "#优先级 中", "#挂起 等备件"]
)
def test_a_note_or_a_mere_entry_is_no_response(make_world: MakeWorld, text: str) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    engineer_answers(world, "dispatch", f"{text}\n")
    requester_answers(world, "ack", "补充一下：是三楼那台。\n")
    assert ticket(world)["responded_at"] is None


def test_an_answer_to_an_internal_letter_is_a_note_and_no_response(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    engineer_answers(world, "dispatch", "#状态\n")
    sent = count_letters(world)
    engineer_answers(world, "transcript", "这台我见过，是搓纸轮的问题\n")
    assert ticket(world)["responded_at"] is None
    assert "note" in event_kinds(world)
    assert list_letters(world, sent) == ()
