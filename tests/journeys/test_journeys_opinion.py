"""One page, one POST: solved with a rating, or not; what is changed later, and what is left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from builders import profile
from test_journeys_pages import _dump, _read_links
from thread import (
    LIU,
    ZHANG,
    engineer_answers,
    event_kinds,
    kinds,
    last_letter,
    open_desk,
    open_ticket,
    read,
    ticket,
)
from worlds import World

from maildesk.desk.aftercare.opinion_form import NO_OPINION, Opinion
from maildesk.desk.pages.links import Link

MakeWorld = Callable[..., World]
SOLUTION = "#已解决\n已更换搓纸轮，请再打印一次。\n"


def solved(make_world: MakeWorld, **survey: Any) -> tuple[World, Link]:
    calm = replace(
        profile(),
        survey=replace(profile().survey, **survey),
        unassigned_after_minutes=100_000,
    )
    world = open_desk(make_world, profile=calm)
    open_ticket(world)
    engineer_answers(world, "dispatch", SOLUTION)
    return world, _read_links(world, ZHANG)["已解决"]


def rated(world: World) -> Sequence[Any]:
    return world.rows("SELECT score, answers, words, source FROM ratings WHERE current")


def test_solved_and_rated_in_one_go_is_closed_without_another_letter(make_world: MakeWorld) -> None:
    world, link = solved(make_world)
    before = len(kinds(world, ZHANG.key))
    form = Opinion("5", (("speed", "4"), ("attitude", "5")))
    assert world.feedback.answer(link, "confirmed", "处理很快", "", form).ok
    world.run()
    row = ticket(world)
    assert (row["state"], row["closed_by"]) == ("closed", "requester")
    [found] = rated(world)
    assert (found.score, found.words, found.source) == (5, "处理很快", "page")
    assert "speed" in str(found.answers)
    world.later(days=10)
    assert len(kinds(world, ZHANG.key)) == before
    timeline = [kind for kind in event_kinds(world) if kind in ("confirmed", "rated", "closed")]
    assert timeline == ["confirmed", "rated", "closed"]


def test_the_same_form_twice_counts_once_and_another_one_changes_it(make_world: MakeWorld) -> None:
    world, link = solved(make_world)
    world.feedback.answer(link, "confirmed", "", "", Opinion("5"))
    before = _dump(world)
    assert world.feedback.answer(link, "confirmed", "", "", Opinion("5")).ok
    assert _dump(world) == before
    world.later(days=20)
    assert world.feedback.answer(link, "confirmed", "又坏过一次", "", Opinion("4")).ok
    [found] = rated(world)
    assert (found.score, found.words) == (4, "又坏过一次")
    assert ticket(world)["state"] == "closed"
    sight = world.feedback.look(link)
    assert sight is not None
    assert (sight.given.score, sight.remark) == ("4", "又坏过一次")
    assert "评价" in (sight.answered or "")


def test_a_yes_without_a_score_on_the_page_that_offered_one_asks_no_second_time(
    make_world: MakeWorld,
) -> None:
    world, link = solved(make_world)
    assert world.feedback.answer(link, "confirmed", "", "", NO_OPINION).ok
    assert ticket(world)["state"] == "solved"
    world.later(hours=2)
    assert "survey" not in kinds(world)


def test_where_the_profile_asks_after_the_yes_the_page_and_a_letter_do(
    make_world: MakeWorld,
) -> None:
    world, link = solved(make_world, after="confirmed")
    assert "已解决，评价" not in read(last_letter(world, ZHANG))
    first = world.feedback.look(link)
    assert first is not None and first.scale == ()
    world.feedback.answer(link, "confirmed", "", "", NO_OPINION)
    then = world.feedback.look(link)
    assert then is not None and then.confirmed
    assert [score for score, _ in then.scale] == ["5", "4", "3", "2", "1"]
    world.later(hours=1)
    assert kinds(world, ZHANG.key)[-1] == "survey"
    world.feedback.answer(link, "confirmed", "", "", Opinion("4"))
    assert ticket(world)["state"] == "closed"


def test_another_question_on_the_page_reaches_the_engineer_and_keeps_the_ticket(
    make_world: MakeWorld,
) -> None:
    world, link = solved(make_world)
    form = Opinion("5", further="扫描仪能一起装上吗")
    assert world.feedback.answer(link, "confirmed", "很好", "", form).ok
    world.run()
    assert ticket(world)["state"] == "solved"
    assert "扫描仪能一起装上吗" in read(last_letter(world, LIU))
    assert "asked_more" in event_kinds(world)
    [found] = rated(world)
    assert (found.score, found.words) == (5, "很好")


@pytest.mark.parametrize("days", [1, 20])
def test_not_fixed_after_closing_opens_it_again_within_five_working_days(
    make_world: MakeWorld, days: int
) -> None:
    world, link = solved(make_world)
    world.feedback.answer(link, "confirmed", "", "", Opinion("5"))
    world.later(days=days)
    sight = world.feedback.look(link)
    assert sight is not None
    assert ("broken" in sight.choices) is (days == 1)
    done = world.feedback.answer(link, "broken", "又卡了", "")
    assert done.ok is (days == 1)
    row = ticket(world)
    assert (row["state"], row["reopens"]) == (("in_progress", 1) if days == 1 else ("closed", 0))


@pytest.mark.parametrize("score", ["9", "0", "x", "５"])
def test_what_no_page_of_ours_offers_is_left_out(make_world: MakeWorld, score: str) -> None:
    world, link = solved(make_world)
    form = Opinion(score, (("speed", "7"), ("nothing", "5")))
    assert world.feedback.answer(link, "confirmed", "", "", form).ok
    assert not rated(world)
    assert ticket(world)["state"] == "solved"


def test_a_secret_in_a_remark_is_masked(make_world: MakeWorld) -> None:
    world, link = solved(make_world)
    words = "身份证 11010519491231002X 的登记也好了"
    assert world.feedback.answer(link, "confirmed", words, "", Opinion("5")).ok
    assert "11010519491231002X" not in str(_dump(world))
