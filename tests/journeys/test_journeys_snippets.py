"""`#模板`: a ready-made answer leaves as the engineer's own words, in the requester's language."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from ordering import count_letters, list_letters, open_numbered
from thread import (
    CHEN,
    LIU,
    PEOPLE,
    ZHANG,
    engineer_answers,
    last_letter,
    open_desk,
    outcome,
    read,
    ticket,
)
from worlds import World

from maildesk.desk.person import Person

MakeWorld = Callable[..., World]


def test_the_text_leaves_with_the_engineers_own_words_below(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    engineer_answers(world, "dispatch", "#模板 打印机重启\n三楼的另一台也可以用。\n")
    letter = read(last_letter(world, ZHANG))
    assert "张敏您好，请先这样试一下打印机" in letter
    assert letter.index("关掉打印机电源") < letter.index("三楼的另一台也可以用。")
    assert "模板" not in letter
    assert ticket(world)["responded_at"] is not None
    assert ticket(world)["state"] == "in_progress"


def test_it_is_enough_to_read_for_a_solved_ticket(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    engineer_answers(world, "dispatch", "#已解决\n#模板 清缓存\n")
    assert ticket(world)["state"] == "to_confirm"
    letter = last_letter(world, ZHANG)
    assert "【请确认】" in str(letter["Subject"])
    assert "Ctrl + Shift + Delete" in read(letter)


def test_a_requester_reads_it_in_her_own_language(make_world: MakeWorld) -> None:
    english = Person("Min Zhang", ZHANG.addresses, language="en")
    world = open_desk(make_world, listed=(*(p for p in PEOPLE if p is not ZHANG), english))
    open_numbered(world)
    engineer_answers(world, "dispatch", "#模板 重置密码\n")
    letter = read(last_letter(world, ZHANG))
    assert "Hello Min Zhang, your password has been reset." in letter
    assert "call extension 8005" in letter


def test_an_unknown_name_is_answered_with_the_list(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    before, sent = ticket(world), count_letters(world)
    engineer_answers(world, "dispatch", "#模板 重启\n")
    assert outcome(world)[0] == "noted"
    assert ticket(world) == before
    assert list_letters(world, sent) == (("transcript", LIU.key),)
    assert "没有模板“重启”，可用的有：" in read(last_letter(world, LIU))
    assert "打印机重启" in read(last_letter(world, LIU))


@pytest.mark.parametrize(
    "text",
    [
        "#模板\n请看下面。",
        "#模板 清缓存\n#内部 他又来了",
        "#模板 清缓存\n#转厂商 华为 a@vendor.test\n请看",
    ],
)
def test_it_is_not_guessed_which_or_for_whom(make_world: MakeWorld, text: str) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    sent = count_letters(world)
    engineer_answers(world, "dispatch", f"{text}\n")
    assert outcome(world)[0] == "noted"
    assert list_letters(world, sent) == (("transcript", LIU.key),)


def test_it_reaches_the_requester_from_an_internal_letter_too(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    engineer_answers(world, "dispatch", "#状态\n")
    engineer_answers(world, "transcript", "#模板 要截图\n")
    assert "麻烦您发一张截图" in read(last_letter(world, ZHANG))


def test_the_list_is_mailed_to_who_asks(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    engineer_answers(world, "dispatch", "#协办 陈晨\n")
    engineer_answers(world, "dispatch", "#模板\n", by=CHEN)
    assert "可用的模板：" in read(last_letter(world, CHEN))
