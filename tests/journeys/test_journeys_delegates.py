"""Whom the people list makes more than a requester: delegates (W8), VIPs; and machines, less."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from builders import profile, raw_mail
from thread import (
    FAILED,
    LIU,
    PEOPLE,
    PROVED,
    UNPROVED,
    ZHANG,
    engineer_answers,
    event_kinds,
    kinds,
    last_id,
    last_letter,
    open_desk,
    open_ticket,
    read,
    ticket,
    write,
)
from worlds import World

from maildesk.desk.person import Person

MakeWorld = Callable[..., World]
LI = Person("李秘书", ("li@corp.test",), staff_number="A002", department="总经办")
SUN = Person("孙悦", ("sun@corp.test",), department="财务部")
HERS = replace(ZHANG, delegates=("li@corp.test",))
LISTED = (*(p for p in PEOPLE if p is not ZHANG), HERS, LI, SUN)
SUBJECT = "[IT-20261120-0001] 打印机卡纸"


def _solve(make_world: MakeWorld, **given: Any) -> World:
    world = open_desk(make_world, **{"listed": LISTED, **given})
    open_ticket(world)
    engineer_answers(world, "dispatch", "#已解决\n卡纸已取出，请再试一次。\n")
    assert ticket(world)["state"] == "to_confirm"
    return world


def test_a_delegate_confirms_though_no_mail_named_her(make_world: MakeWorld) -> None:
    world = _solve(make_world)
    write(world, LI, "好了，谢谢！\n", subject=SUBJECT)
    assert ticket(world)["state"] == "solved"
    assert event_kinds(world)[-1] == "confirmed"


def test_a_delegate_opens_it_again_and_the_engineer_reads_who_did(make_world: MakeWorld) -> None:
    world = _solve(make_world)
    write(world, LI, "还是卡纸\n", answers=last_id(world, "solved", ZHANG.key))
    assert ticket(world)["state"] == "in_progress"
    assert "李秘书" in read(last_letter(world, LIU))


@pytest.mark.parametrize("border", [FAILED, UNPROVED])
def test_a_forged_delegate_confirms_nothing(make_world: MakeWorld, border: tuple[str, ...]) -> None:
    world = _solve(make_world)
    write(world, LI, "好了，谢谢！\n", subject=SUBJECT, border=border)
    assert ticket(world)["state"] == "to_confirm"


def test_a_colleague_who_is_no_delegate_gets_a_ticket_of_her_own(make_world: MakeWorld) -> None:
    world = _solve(make_world)
    write(world, SUN, "好了，谢谢！\n", subject=SUBJECT)
    assert ticket(world)["state"] == "to_confirm"
    assert world.value("SELECT count(*) FROM tickets") == 2


def test_a_delegates_own_request_is_her_own_unless_she_names_for_whom(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world, listed=LISTED)
    write(world, LI, "我的打印机卡纸了\n", subject="打印机卡纸")
    assert kinds(world, LI.key) == ["ack"]
    write(world, LI, "#代提 张敏\n她的打印机又卡纸了，麻烦看一下。\n", subject="打印机又卡纸")
    assert kinds(world, ZHANG.key) == ["ack"]
    assert "李秘书" in read(last_letter(world, ZHANG))
    text = read(last_letter(world, LIU))
    assert "提报人：财务部张敏" in text
    assert "#代提" not in text
    write(world, LI, "#代提 孙悦\n她的打印机也卡纸了。\n", subject="打印机也卡纸")
    assert kinds(world, SUN.key) == []
    write(world, SUN, "#代提 张敏\n她的打印机坏了。\n", subject="打印机坏了")
    assert kinds(world, ZHANG.key) == ["ack"]


@pytest.mark.parametrize("border", [FAILED, UNPROVED])
def test_who_opens_for_another_must_be_proved(
    make_world: MakeWorld, border: tuple[str, ...]
) -> None:
    world = open_desk(make_world, listed=LISTED)
    write(world, LI, "#代提 张敏\n打印机卡纸\n", subject="打印机卡纸", border=border)
    assert kinds(world, ZHANG.key) == []


def test_a_vip_is_marked_and_raised_one_step_at_most(make_world: MakeWorld) -> None:
    important = tuple(replace(p, vip=True) if p is HERS else p for p in LISTED)
    world = open_desk(make_world, listed=important)
    open_ticket(world)
    assert ticket(world)["priority"] == "medium"
    letter = last_letter(world, LIU)
    assert "提报人：财务部张敏〔VIP〕" in read(letter)
    assert "财务部张敏〔VIP〕" in str(letter["Subject"])


@pytest.mark.parametrize(
    ("least", "became"), [("high", "high"), ("urgent", "high"), ("medium", "medium")]
)
def test_what_the_profile_says_of_vips(make_world: MakeWorld, least: str, became: str) -> None:
    important = tuple(replace(p, vip=True) if p is HERS else p for p in LISTED)
    world = open_desk(make_world, listed=important, profile=replace(profile(), vip_at_least=least))
    open_ticket(world)
    assert ticket(world)["priority"] == became
    write(world, SUN, "我的打印机卡纸了\n", subject="打印机卡纸了")
    assert ticket(world, "IT-20261120-0002")["priority"] == "medium"


def test_a_forged_vip_is_not_raised(make_world: MakeWorld) -> None:
    important = tuple(replace(p, vip=True) if p is HERS else p for p in LISTED)
    world = open_desk(make_world, listed=important, profile=replace(profile(), vip_at_least="high"))
    world.receive(raw_mail(headers=FAILED))
    assert ticket(world)["priority"] == "medium"


MONITOR = "监控 <zabbix@corp.test>"


def _alarm(world: World) -> None:
    world.receive(
        raw_mail(
            sender=MONITOR,
            subject="打印服务器 PRN01 打印机卡纸",
            text="PRN01: paper jam\n",
            headers=(*PROVED, "Auto-Submitted: auto-generated"),
        )
    )


def test_what_a_machine_reported_is_solved_without_asking_it(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=LISTED)
    _alarm(world)
    engineer_answers(world, "dispatch", "#已解决\n已清理，打印正常。\n")
    row = ticket(world)
    assert row["state"] == "solved"
    assert row["solved_at"] is not None
    assert row["responded_at"] is not None
    assert kinds(world, "zabbix@corp.test") == []
    assert "note" in event_kinds(world)


def test_a_word_is_enough_where_nobody_reads_it(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=LISTED)
    _alarm(world)
    engineer_answers(world, "dispatch", "#已解决\n")
    assert ticket(world)["state"] == "solved"


def test_once_somebody_is_named_for_it_he_is_asked(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=LISTED)
    _alarm(world)
    engineer_answers(world, "dispatch", "#代提 孙悦\n")
    engineer_answers(world, "dispatch", "#已解决\n已清理，请再试一次。\n")
    assert ticket(world)["state"] == "to_confirm"
    assert kinds(world, SUN.key)[-1] == "solved"
