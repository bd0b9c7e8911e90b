"""Cause, solutions and lessons: written down for colleagues, and sent to nobody by themselves."""

from __future__ import annotations

from collections.abc import Callable

from ordering import count_letters, list_letters, open_numbered
from thread import (
    CHEN,
    LIU,
    ZHANG,
    engineer_answers,
    event_kinds,
    last_letter,
    open_desk,
    read,
    ticket,
)
from worlds import World

MakeWorld = Callable[..., World]


def test_what_is_recorded_reaches_colleagues_and_never_the_requester(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    engineer_answers(
        world,
        "dispatch",
        "#根因\n定影器老化\n\n备件型号不对\n#永久方案 更换原厂定影器\n"
        "#已解决\n已更换，请再打印一次。\n",
    )
    assert ticket(world)["fields"] == {
        "cause": "定影器老化\n\n备件型号不对",
        "permanent": "更换原厂定影器",
    }
    engineer_answers(world, "dispatch", "#转派 陈晨\n#经验 备件要常备\n")
    given = read(last_letter(world, CHEN))
    assert "根因：定影器老化" in given
    assert "永久方案：更换原厂定影器" in given
    assert "经验：备件要常备" in given
    told = "".join(read(letter) for letter in world.transport.letters(ZHANG.key))
    assert "已更换，请再打印一次。" in told
    for inside in ("定影器", "备件", "根因", "方案"):
        assert inside not in told


def test_a_second_text_replaces_the_first_and_both_stay_on_the_timeline(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    engineer_answers(world, "dispatch", "#根因 缺纸\n")
    engineer_answers(world, "dispatch", "#root cause: 搓纸轮磨损\n")
    assert ticket(world)["fields"] == {"cause": "搓纸轮磨损"}
    assert event_kinds(world).count("recorded") == 2
    engineer_answers(world, "dispatch", "#撤销\n")
    assert ticket(world)["fields"] == {"cause": "缺纸"}


def test_marking_for_the_knowledge_base_costs_no_letter_and_is_shown(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    sent = count_letters(world)
    engineer_answers(world, "dispatch", "#知识库 换搓纸轮的步骤\n")
    assert list_letters(world, sent) == ()
    assert ticket(world)["fields"] == {"knowledge": "换搓纸轮的步骤"}
    engineer_answers(world, "dispatch", "#状态\n")
    assert "知识库：换搓纸轮的步骤" in read(last_letter(world, LIU))


def test_the_status_shows_what_is_recorded(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    engineer_answers(world, "dispatch", "#临时方案 先用二楼的打印机\n")
    engineer_answers(world, "dispatch", "#状态\n")
    assert "临时方案：先用二楼的打印机" in read(last_letter(world, LIU))
