"""`#撤销`: everything as it was before, what waits is kept back, what left is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from ordering import (
    CASES,
    EVERYBODY,
    Case,
    count_letters,
    list_parts,
    name_case,
    open_numbered,
    row_of,
)
from thread import (
    CHEN,
    LIU,
    engineer_answers,
    last_letter,
    open_desk,
    read,
    requester_answers,
    ticket,
)
from worlds import Said, World

MakeWorld = Callable[..., World]
CHANGING = tuple(case for case in CASES if case.changed)
LATER = Said("later", 451, "busy", "rcpt")


@pytest.mark.parametrize("case", CHANGING, ids=name_case)
def test_undo_restores_the_row_and_keeps_back_what_has_not_left(
    make_world: MakeWorld, case: Case
) -> None:
    world = open_desk(make_world, listed=EVERYBODY)
    open_numbered(world)
    if case.first:
        engineer_answers(world, "dispatch", f"{case.first}\n")
    before, parts, sent = row_of(world), list_parts(world), count_letters(world)
    due = world.rows("SELECT kind, due_at FROM deadlines WHERE state = 'open' ORDER BY id")
    world.transport.answers = [LATER] * len(case.letters)
    engineer_answers(world, "dispatch", f"{case.chinese}\n{case.words}\n")
    assert row_of(world) != before
    left = len(world.transport.sent)
    # Within the minute after which the outbox would try again.
    world.now -= timedelta(minutes=5)
    engineer_answers(world, "dispatch", "#撤销\n")
    assert row_of(world) == before
    assert list_parts(world) == parts
    now_due = world.rows("SELECT kind, due_at FROM deadlines WHERE state = 'open' ORDER BY id")
    assert sorted(map(tuple, now_due)) == sorted(map(tuple, due))
    world.later(hours=1)
    new = f"SELECT state FROM outbox WHERE id > {sent} AND letter <> 'survey'"
    waited = [row[0] for row in world.rows(new)]
    assert waited == ["superseded"] * len(case.letters) + ["accepted"]
    [(to, _)] = world.transport.sent[left:][:1]
    assert to == LIU.key
    answer = read(last_letter(world, LIU))
    assert f"已撤销：{case.chinese.splitlines()[0]}" in answer
    others = [to for _, to in case.letters if to != LIU.key]
    assert answer.count("未发出，已拦下") == len(others)
    assert "无法收回" not in answer


def test_undo_names_what_has_left_already(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    before = row_of(world)
    engineer_answers(world, "dispatch", "#已解决\n已更换搓纸轮，请再打印一次。\n")
    engineer_answers(world, "dispatch", "#撤销\n")
    assert row_of(world) == before
    letter = last_letter(world, LIU)
    assert "【已撤销】" in str(letter["Subject"])
    assert "已经发出，无法收回：请确认（张敏）" in read(letter)


def test_undoing_a_hand_over_tells_the_colleague_who_has_read_of_it(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    engineer_answers(world, "dispatch", "#转派 陈晨\n")
    engineer_answers(world, "dispatch", "#撤销\n")
    told = read(last_letter(world, CHEN))
    assert "刘洋撤销了转派，此单不用您处理了" in told
    assert "处理人：刘洋" in told


def test_an_undo_is_not_undone(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    engineer_answers(world, "dispatch", "#优先级 高\n")
    engineer_answers(world, "dispatch", "#撤销\n")
    before = ticket(world)
    engineer_answers(world, "dispatch", "#撤销\n")
    assert "没有可以撤销的操作" in read(last_letter(world, LIU))
    assert ticket(world) == before


@pytest.mark.parametrize("words", ["是三楼靠窗那台", "还没好", "好了"])
def test_nothing_is_undone_behind_a_requester_who_has_answered(
    make_world: MakeWorld, words: str
) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    engineer_answers(world, "dispatch", "#已解决\n已更换搓纸轮，请再打印一次。\n")
    requester_answers(world, "solved", f"{words}\n")
    before = ticket(world)
    engineer_answers(world, "dispatch", "#撤销\n")
    assert "没有可以撤销的操作" in read(last_letter(world, LIU))
    assert ticket(world) == before


def test_only_who_changed_it_undoes_it(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    engineer_answers(world, "dispatch", "#协办 陈晨\n")
    engineer_answers(world, "dispatch", "#优先级 高\n")
    engineer_answers(world, "dispatch", "#撤销\n", by=CHEN)
    assert ticket(world)["priority"] == "high"
    assert "没有可以撤销的操作" in read(last_letter(world, CHEN))


@pytest.mark.parametrize("left", [True, False], ids=["letter left", "letter waits"])
def test_undoing_an_invitation_takes_the_helpers_part_away_and_tells_him(
    make_world: MakeWorld, left: bool
) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    parts = list_parts(world)
    world.transport.answers = [] if left else [LATER]
    engineer_answers(world, "dispatch", "#协办 陈晨\n")
    assert list_parts(world) != parts
    world.now -= timedelta(minutes=5)
    engineer_answers(world, "dispatch", "#撤销\n")
    assert list_parts(world) == parts
    assert "已撤销：请陈晨协办" in read(last_letter(world, LIU))
    world.later(hours=1)
    told = [read(letter) for letter in world.transport.letters(CHEN.key)]
    assert len(told) == (2 if left else 0)
    if left:
        assert "刘洋撤销了协办邀请，此单不用您协办了" in told[-1]
    engineer_answers(world, "dispatch", "#撤销\n")
    assert "没有可以撤销的操作" in read(last_letter(world, LIU))


def test_an_invitation_beside_another_order_is_undone_with_it(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    before, parts = row_of(world), list_parts(world)
    engineer_answers(world, "dispatch", "#优先级 高\n#协办 陈晨\n")
    engineer_answers(world, "dispatch", "#撤销\n")
    assert row_of(world) == before
    assert list_parts(world) == parts
