"""A ticket that touches data is not solved without a word on the backup (N9)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from ordering import count_letters, list_letters, open_numbered
from thread import (
    LIU,
    ZHANG,
    engineer_answers,
    last_letter,
    open_desk,
    outcome,
    read,
    requester_answers,
    ticket,
)
from worlds import World

from maildesk.desk.pages.links import Link
from maildesk.desk.pages.page_values import Done

MakeWorld = Callable[..., World]
SAID = "文件已恢复到昨天的版本，请打开看看。"


def open_data(make_world: MakeWorld) -> World:
    world = open_desk(make_world)
    open_numbered(world)
    engineer_answers(world, "dispatch", "#分类 数据恢复\n")
    assert ticket(world)["category"] == "data"
    return world


@pytest.mark.parametrize("order", ["#已解决", "#用户已确认 电话"])
def test_without_it_nothing_is_solved_and_the_answer_says_what_to_add(
    make_world: MakeWorld, order: str
) -> None:
    world = open_data(make_world)
    before, sent = ticket(world), count_letters(world)
    engineer_answers(world, "dispatch", f"{order}\n{SAID}\n")
    assert outcome(world)[0] == "noted"
    assert ticket(world) == before
    assert list_letters(world, sent) == (("transcript", LIU.key),)
    assert "请在正文里加一行“备份：已做”或“备份：不涉及”" in read(last_letter(world, LIU))


@pytest.mark.parametrize(
    ("line", "kept"), [("备份：已做", "已做"), ("Backup: not needed", "not needed")]
)
def test_the_line_is_recorded_and_not_sent(make_world: MakeWorld, line: str, kept: str) -> None:
    world = open_data(make_world)
    engineer_answers(world, "dispatch", f"#已解决\n{SAID}\n{line}\n")
    row = ticket(world)
    assert (row["state"], row["result"], row["fields"]) == (
        "to_confirm",
        "solved",
        {"backup": kept},
    )
    letter = read(last_letter(world, ZHANG))
    assert SAID in letter
    assert "备份" not in letter
    assert "ackup" not in letter


def test_said_once_it_holds_for_the_next_attempt(make_world: MakeWorld) -> None:
    world = open_data(make_world)
    engineer_answers(world, "dispatch", f"#已解决\n备份：已做\n{SAID}\n")
    requester_answers(world, "solved", "还没好，文件打不开\n")
    engineer_answers(world, "answer", "#已解决\n换了格式，请再打开一次。\n")
    assert ticket(world)["state"] == "to_confirm"


def test_the_line_alone_is_no_text_for_the_requester(make_world: MakeWorld) -> None:
    world = open_data(make_world)
    engineer_answers(world, "dispatch", "#已解决\n备份：已做\n")
    assert "需要写给用户看的说明" in read(last_letter(world, LIU))
    assert ticket(world)["state"] != "to_confirm"


def test_another_ticket_needs_none_and_its_words_stay_whole(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    engineer_answers(world, "dispatch", "#已解决\n备份：已做\n请再打印一次。\n")
    assert "备份：已做" in read(last_letter(world, ZHANG))


def press(world: World, choice: str, words: str) -> Done:
    """刘洋 taps a button of the page behind his dispatch letter."""
    link = Link(choice, world.desk.id, 1, LIU.key, world.now)
    return world.feedback.answer(link, choice, words, "")


def test_a_tap_on_the_page_is_refused_with_the_same_words(make_world: MakeWorld) -> None:
    world = open_data(make_world)
    refused = press(world, "solved", SAID)
    assert not refused.ok
    assert "备份：已做" in refused.why
    assert press(world, "solved", f"{SAID}\n备份：已做").ok
    assert ticket(world)["fields"] == {"backup": "已做"}
