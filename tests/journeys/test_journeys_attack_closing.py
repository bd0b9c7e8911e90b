"""Whose word closes a ticket, attacked: forged scores, others' scores, letters of other times.

Every test asserts what did not happen as well: no rating, no confirmation, no letter.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from thread import (
    CHEN,
    FAILED,
    LIU,
    UNPROVED,
    ZHANG,
    engineer_answers,
    kinds,
    last_id,
    last_letter,
    open_desk,
    open_ticket,
    read,
    requester_answers,
    ticket,
    write,
)
from worlds import World

from maildesk.desk.person import Person

MakeWorld = Callable[..., World]
SOLUTION = "#已解决\n已更换搓纸轮，请再打印一次。\n"
FIRST, SECOND = "IT-20261120-0001", "IT-20261120-0002"


@pytest.fixture
def solved(make_world: MakeWorld) -> World:
    world = open_desk(make_world)
    open_ticket(world)
    engineer_answers(world, "dispatch", SOLUTION)
    return world


def count_ratings(world: World) -> int:
    return int(world.value("SELECT count(*) FROM ratings") or 0)


@pytest.mark.parametrize("words", ["5 分\n", "1分，态度恶劣\n", "好了，5分\n", "★★★★★\n"])
@pytest.mark.parametrize("first", ["", "好了\n", "5 分\n"])
def test_a_score_that_nothing_proves_is_none(solved: World, first: str, words: str) -> None:
    """Before the yes, between yes and score, and after the ticket was closed."""
    if first:
        requester_answers(solved, "solved", first)
    before, ratings = ticket(solved), count_ratings(solved)
    subject = f"回复: 打印机卡纸 [{FIRST}]"
    write(solved, ZHANG, words, border=UNPROVED, subject=subject)
    after = ticket(solved)
    assert count_ratings(solved) == ratings
    assert (after["state"], after["confirmed_at"]) == (before["state"], before["confirmed_at"])


@pytest.mark.parametrize("words", ["5 分\n", "1分，态度恶劣\n", "好了\n"])
def test_a_mail_that_fails_proof_rates_nothing_whatever_letter_it_answers(
    solved: World, words: str
) -> None:
    write(solved, ZHANG, words, answers=last_id(solved, "solved", ZHANG.key), border=FAILED)
    assert count_ratings(solved) == 0
    assert ticket(solved)["state"] == "to_confirm"


@pytest.mark.parametrize("who", [LIU, CHEN, "路人 <stranger@elsewhere.test>"])
@pytest.mark.parametrize("words", ["5 分\n", "好了，满分\n"])
def test_nobody_else_rates_with_the_requesters_letter(
    solved: World, who: Person | str, words: str
) -> None:
    """He may have been forwarded it; its engineer would like five stars as well."""
    write(solved, who, words, answers=last_id(solved, "solved", ZHANG.key))
    assert count_ratings(solved) == 0
    assert ticket(solved)["confirmed_at"] is None
    assert ticket(solved)["state"] == "to_confirm"


def test_a_score_for_a_ticket_that_goes_on_again_closes_nothing(solved: World) -> None:
    """The letter lay in the mailbox; meanwhile it was taken up again."""
    old = last_id(solved, "solved", ZHANG.key)
    requester_answers(solved, "solved", "还是不行，报错一样\n")
    assert ticket(solved)["state"] == "in_progress"
    write(solved, ZHANG, "5 分\n", answers=old)
    assert ticket(solved)["state"] == "in_progress"
    assert ticket(solved)["confirmed_at"] is None
    assert count_ratings(solved) == 0


def test_a_score_for_a_merged_ticket_ends_neither_of_them(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_ticket(world)
    open_ticket(world, message_id="m2@corp.test", subject="打印机又卡纸了")
    write(world, LIU, SOLUTION, answers=last_id(world, "dispatch", LIU.key))
    letter = last_id(world, "solved", ZHANG.key)
    write(world, LIU, f"#合并 {FIRST}\n", subject=f"[{SECOND}]")
    before = ticket(world, FIRST)["state"]
    write(world, ZHANG, "5 分，谢谢\n", answers=letter)
    assert ticket(world, FIRST)["state"] == before
    assert ticket(world, FIRST)["confirmed_at"] is None


def test_the_same_score_twice_is_rated_once(solved: World) -> None:
    answered = last_id(solved, "solved", ZHANG.key)
    for _ in range(2):
        write(solved, ZHANG, "5 分\n", answers=answered, message_id="same@corp.test", date="x")
    assert count_ratings(solved) == 1


@pytest.mark.parametrize(
    "words",
    [
        "5 分" + "！" * 5000,
        "满意" * 3000,
        "🙏" * 4000 + "\n5 分\n",
        "\u202e分5\u202c 好了\n",
        "=HYPERLINK(\"http://x.test\")，5 分\n",
        "5 分\x00\x07\n",
    ],
)  # fmt: skip
def test_odd_and_endless_words_harm_nothing(solved: World, words: str) -> None:
    requester_answers(solved, "solved", words)
    assert ticket(solved)["state"] in ("to_confirm", "in_progress", "solved", "closed")
    assert solved.value("SELECT count(*) FROM sightings WHERE outcome = 'quarantined'") == 0
    for row in solved.rows("SELECT words FROM ratings"):
        assert len(row.words) <= 4000


@pytest.mark.parametrize("words", ["好了 5", "好了，5", "5\n好了，谢谢", "OK 5"])
def test_a_yes_with_a_lone_figure_confirms_rates_and_closes(solved: World, words: str) -> None:
    """It reopened the ticket, one priority higher."""
    requester_answers(solved, "solved", f"{words}\n")
    assert (ticket(solved)["state"], ticket(solved)["reopens"]) == ("closed", 0)
    assert [row.score for row in solved.rows("SELECT score FROM ratings")] == [5]


def test_a_yes_with_a_figure_that_may_be_anything_is_asked_about(solved: World) -> None:
    requester_answers(solved, "solved", "好了 2\n")
    assert (ticket(solved)["state"], ticket(solved)["reopens"]) == ("to_confirm", 0)
    assert kinds(solved, ZHANG.key)[-1] == "clarify"
    assert count_ratings(solved) == 0


@pytest.mark.parametrize("words", ["好了，就是来得太慢", "好了但等太久", "目前好了，再观察一下"])
def test_a_yes_with_a_complaint_about_the_service_is_asked_about(solved: World, words: str) -> None:
    requester_answers(solved, "solved", f"{words}\n")
    assert (ticket(solved)["state"], ticket(solved)["reopens"]) == ("to_confirm", 0)
    assert kinds(solved, ZHANG.key)[-1] == "clarify"


@pytest.mark.parametrize(
    "words", ["好了，但是打印还是卡", "好了，请把旧键盘拿走", "好了，但又掉线"]
)
def test_a_yes_with_anything_else_goes_on_and_is_told(solved: World, words: str) -> None:
    requester_answers(solved, "solved", f"{words}\n")
    assert ticket(solved)["state"] == "in_progress"
    assert words in read(last_letter(solved, LIU))
