"""A request somebody else brings (R1): whose it is, who is told, and what proves nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from builders import raw_mail
from thread import (
    LIU,
    PEOPLE,
    PROVED,
    UNPROVED,
    ZHANG,
    engineer_answers,
    kinds,
    last_letter,
    open_desk,
    outcome,
    read,
    requester_answers,
    ticket,
)
from worlds import World

from maildesk.desk.person import Person, Role

MakeWorld = Callable[..., World]
ZHOU = Person("周涛", ("zhou@corp.test",), role=Role.ENGINEER, groups=("hardware",))
LINAS = (
    Person("李娜", ("lina@corp.test",), staff_number="F001", department="财务部"),
    Person("李娜", ("lina2@corp.test",), staff_number="M002", department="市场部"),
)
EVERYBODY = (*PEOPLE, ZHOU, *LINAS)
FORWARDED = (
    "---------- 转发的邮件 ----------\n"
    "发件人: 李娜 <lina@corp.test>\n"
    "主题: 打印机卡纸\n\n"
    "三楼打印机卡纸了，急用。\n"
)


def _bring(world: World, text: str, *, subject: str = "打印机卡纸", proof: bool = True) -> None:
    border = PROVED if proof else UNPROVED
    world.receive(
        raw_mail(sender=f"{LIU.name} <{LIU.key}>", subject=subject, text=text, headers=border)
    )


def _people(world: World) -> tuple[str, str]:
    """(requester, reporter) of the only ticket."""
    query = (
        "SELECT r.name AS requester, b.name AS reporter FROM tickets "
        "JOIN people r ON r.id = requester_id JOIN people b ON b.id = reporter_id"
    )
    [row] = world.rows(query)
    return row.requester, row.reporter


@pytest.mark.parametrize("line", ["#代提 张敏", "#onbehalf zhang@corp.test", "＃代提：张敏"])
@pytest.mark.parametrize("forward", [False, True])
def test_with_the_order_the_ticket_is_hers_from_the_start(
    make_world: MakeWorld, line: str, forward: bool
) -> None:
    world = open_desk(make_world, listed=EVERYBODY)
    text = f"{line}\n\n{FORWARDED}" if forward else f"{line}\n三楼打印机卡纸了，急用。\n"
    _bring(world, text, subject="转发: 打印机卡纸" if forward else "打印机卡纸")
    assert _people(world) == ("张敏", "刘洋")
    told = read(last_letter(world, ZHANG))
    assert "张敏您好，您的问题已受理（由刘洋代您提报）" in told
    assert "ack" not in kinds(world, LIU.key)
    assert kinds(world, "lina@corp.test") == []
    engineer = LIU if kinds(world, LIU.key) else ZHOU
    letter = read(last_letter(world, engineer))
    assert "提报人：财务部张敏" in letter
    assert "刘洋代提" in letter
    assert "三楼打印机卡纸了，急用。" in letter
    assert line not in letter
    engineer_answers(world, "dispatch", "马上来看。\n", by=engineer)
    assert "马上来看" in read(last_letter(world, ZHANG))
    requester_answers(world, "progress", "谢谢，我在三楼等。\n")
    assert outcome(world)[0] == "appended"


def test_a_forward_without_it_asks_whose_it_is_and_believes_no_inner_name(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world, listed=EVERYBODY)
    _bring(world, f"帮看下\n\n{FORWARDED}", subject="转发: 打印机卡纸")
    assert _people(world) == ("刘洋", "刘洋")
    asked = read(last_letter(world, LIU))
    assert "这是替谁提的？" in asked
    assert "#代提 李娜" in asked
    assert kinds(world, "lina@corp.test") == []
    engineer_answers(world, "whose", "#代提 张敏\n")
    assert _people(world) == ("张敏", "刘洋")
    assert kinds(world, ZHANG.key) == ["ack"]
    assert "由刘洋代您提报" in read(last_letter(world, ZHANG))
    # Her engineer learns whom to call, and his answers reach her.
    assert kinds(world, ZHOU.key) == ["dispatch", "dispatch"]
    letter = read(last_letter(world, ZHOU))
    assert "提报人：财务部张敏　电话 8123" in letter
    assert "（刘洋代提）" in letter
    engineer_answers(world, "dispatch", "马上来看。\n", by=ZHOU)
    assert "马上来看" in read(last_letter(world, ZHANG))
    # It is 周涛's ticket: who orders something there is told what came of it.
    assert kinds(world, LIU.key) == ["whose", "transcript"]
    assert "提报人：张敏" in read(last_letter(world, LIU))


def test_of_two_people_of_one_name_it_asks_which(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=EVERYBODY)
    _bring(world, "#代提 李娜\n三楼打印机卡纸了，急用。\n")
    assert _people(world) == ("刘洋", "刘洋")
    assert kinds(world, LIU.key) == ["whose"]
    engineer_answers(world, "whose", "#代提 李娜\n")
    assert "李娜（F001）、李娜（M002）" in read(last_letter(world, LIU))
    assert _people(world) == ("刘洋", "刘洋")
    engineer_answers(world, "whose", "#代提 F001\n")
    assert _people(world) == ("李娜", "刘洋")
    assert kinds(world, "lina@corp.test") == ["ack"]
    assert kinds(world, "lina2@corp.test") == []


def test_the_department_may_decide_between_them(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=EVERYBODY)
    _bring(world, "#代提 李娜（市场部）\n三楼打印机卡纸了，急用。\n")
    assert kinds(world, "lina2@corp.test") == ["ack"]
    assert ticket(world)["department"] == "市场部"


def test_nothing_is_brought_in_a_name_that_is_not_proved(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=EVERYBODY)
    _bring(world, "#代提 张敏\n三楼打印机卡纸了，急用。\n", proof=False)
    assert _people(world) == ("刘洋", "刘洋")
    assert kinds(world, ZHANG.key) == []
    assert kinds(world, LIU.key) == ["ack"]


def test_a_requesters_forward_is_her_own_request(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=EVERYBODY)
    world.receive(
        raw_mail(subject="转发: 打印机卡纸", text=f"#代提 李娜\n\n{FORWARDED}", headers=PROVED)
    )
    assert _people(world) == ("张敏", "张敏")
    assert kinds(world, ZHANG.key) == ["ack"]
