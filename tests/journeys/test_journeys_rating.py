"""Ratings by mail: confirm, rate, close, in that order; whose score counts (F9, R9, M7, W8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time

import pytest
from builders import profile
from thread import (
    LIU,
    ZHANG,
    engineer_answers,
    last_letter,
    open_desk,
    open_ticket,
    read,
    requester_answers,
    ticket,
)
from worlds import LEAD, World

from maildesk.clock_reports import enter_report
from maildesk.desk.policy import Reports

MakeWorld = Callable[..., World]
SOLUTION = "#已解决\n已更换搓纸轮，请再打印一次。\n"


def solved(make_world: MakeWorld) -> World:
    world = open_desk(make_world)
    open_ticket(world)
    engineer_answers(world, "dispatch", SOLUTION)
    assert ticket(world)["state"] == "to_confirm"
    return world


def rated(world: World) -> list[tuple[int | None, str, str]]:
    rows = world.rows("SELECT score, words, source FROM ratings WHERE current ORDER BY id")
    return [(row.score, row.words, row.source) for row in rows]


def test_a_yes_with_a_score_is_confirmed_rated_and_closed(make_world: MakeWorld) -> None:
    world = solved(make_world)
    requester_answers(world, "solved", "4 分，处理很快，但没提前通知\n")
    row = ticket(world)
    assert (row["state"], row["closed_by"]) == ("closed", "requester")
    assert row["confirmed_at"] == row["closed_at"]
    assert row["confirmed_by_id"] == row["requester_id"]
    [(score, words, source)] = rated(world)
    assert (score, source) == (4, "mail")
    assert "没提前通知" in words
    kinds = [
        item.kind
        for item in world.rows(
            "SELECT kind FROM events WHERE kind IN ('confirmed', 'rated', 'closed') ORDER BY id"
        )
    ]
    assert kinds == ["confirmed", "rated", "closed"]


def test_a_remark_beside_a_yes_is_no_letter_of_its_own(make_world: MakeWorld) -> None:
    world = solved(make_world)
    before = len(world.transport.letters(LIU.key))
    requester_answers(world, "solved", "好了，4 分，处理很快，但没提前通知\n")
    assert ticket(world)["state"] == "closed"
    assert len(world.transport.letters(LIU.key)) == before, "it stands in his digest"


def test_a_question_beside_a_yes_reaches_the_engineer_at_once(make_world: MakeWorld) -> None:
    world = solved(make_world)
    requester_answers(world, "solved", "好了，5 分。鼠标也坏了，帮换一个\n")
    assert ticket(world)["state"] == "solved"
    assert "鼠标也坏了，帮换一个" in read(last_letter(world, LIU))


def test_a_bare_yes_waits_for_its_score_and_closes_with_it(make_world: MakeWorld) -> None:
    world = solved(make_world)
    requester_answers(world, "solved", "好了\n")
    assert ticket(world)["state"] == "solved"
    requester_answers(world, "solved", "五星\n")
    assert ticket(world)["state"] == "closed"
    assert rated(world)[0][0] == 5


def test_a_changed_mind_is_the_current_one_and_opens_nothing(make_world: MakeWorld) -> None:
    world = solved(make_world)
    requester_answers(world, "solved", "5 分\n")
    requester_answers(world, "solved", "2 分，想想还是等得太久了\n")
    assert ticket(world)["state"] == "closed"
    assert [row[0] for row in rated(world)] == [2]
    assert world.value("SELECT count(*) FROM ratings") == 2


def test_a_low_score_without_a_word_on_whether_it_works_is_kept_and_asked(
    make_world: MakeWorld,
) -> None:
    world = solved(make_world)
    requester_answers(world, "solved", "2分\n")
    assert ticket(world)["state"] == "to_confirm"
    assert rated(world)[0][0] == 2
    assert "【请确认】" in str(world.transport.letters(ZHANG.key)[-1]["Subject"])


@pytest.mark.parametrize(
    "words", ["好了，2 分，太慢了\n", "好了但是等了两天 2分\n", "works now, 2/5, took ages\n"]
)
def test_a_yes_with_a_low_score_and_a_complaint_is_a_yes_and_followed_up(
    make_world: MakeWorld, words: str
) -> None:
    world = solved(make_world)
    requester_answers(world, "solved", words)
    row = ticket(world)
    assert (row["state"], row["closed_by"], row["reopens"]) == ("closed", "requester", 0)
    assert [score for score, _, _ in rated(world)] == [2]
    assert world.value("SELECT count(*) FROM follow_ups WHERE done_at IS NULL") == 1


def test_a_yes_with_a_complaint_about_the_thing_itself_is_asked_about(
    make_world: MakeWorld,
) -> None:
    world = solved(make_world)
    requester_answers(world, "solved", "好了，2 分，网速还是太慢\n")
    assert ticket(world)["state"] == "to_confirm"
    assert "【请确认】" in str(world.transport.letters(ZHANG.key)[-1]["Subject"])


def test_still_broken_is_one_priority_higher_and_counted(make_world: MakeWorld) -> None:
    world = solved(make_world)
    before = ticket(world)["priority"]
    requester_answers(world, "solved", "4分，但还是连不上\n")
    row = ticket(world)
    assert row["state"] == "in_progress"
    assert row["reopens"] == 1
    assert (before, row["priority"]) == ("medium", "high")
    engineer_answers(world, "answer", SOLUTION)
    requester_answers(world, "solved", "还是不行\n")
    row = ticket(world)
    assert (row["reopens"], row["priority"]) == (2, "high")  # never by itself among the most urgent


@pytest.mark.parametrize("daily", [time(17, 30), None])
def test_a_lead_hears_of_the_first_reopening_in_his_daily_or_at_once(
    make_world: MakeWorld, daily: time | None
) -> None:
    world = open_desk(make_world, profile=replace(profile(), reports=Reports(daily)))
    with world.store.write() as db:
        enter_report(db, world.desk, "daily", world.now)
    open_ticket(world)
    engineer_answers(world, "dispatch", SOLUTION)
    requester_answers(world, "solved", "还是不行\n")
    at_once = [str(mail["Subject"]) for mail in world.transport.letters(LEAD.key)]
    assert ["仍未解决" in subject for subject in at_once] == ([True] if daily is None else [])
    world.later(hours=12)
    told = [read(mail) for mail in world.transport.letters(LEAD.key) if "日报" in mail["Subject"]]
    assert ["重新处理" in text for text in told] == ([] if daily is None else [True])


@pytest.mark.parametrize("words", ["5 分\n", "五星\n"])
def test_before_anybody_said_it_was_solved_a_figure_is_only_a_word(
    make_world: MakeWorld, words: str
) -> None:
    world = open_desk(make_world)
    open_ticket(world)
    requester_answers(world, "ack", words)
    assert not rated(world)
    assert ticket(world)["state"] in ("new", "in_progress")
