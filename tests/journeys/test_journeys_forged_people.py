"""Nobody confirms, reopens, listens or is brought in by a forged mail; auditors and vendors are
held to their part. Forged orders are `test_journeys_forgery`.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from builders import raw_mail
from forging import (
    EVIL,
    NUMBER,
    OF_EVIL,
    OF_VENDOR,
    SOLVED,
    VENDOR,
    Forgery,
    as_liu,
    as_zhang,
    constant,
    find_code,
    play,
)
from thread import (
    AUDITOR,
    FAILED,
    LIU,
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
    outcome,
    read,
    requester_answers,
    ticket,
    write,
)
from worlds import LEAD, World

from maildesk.desk.ticket import State


@pytest.fixture
def desk(make_world: Callable[..., World]) -> World:
    """刘洋 has 张敏's ticket."""
    world = open_desk(make_world)
    open_ticket(world)
    assert ticket(world)["assignee_id"] is not None
    return world


def long_after(world: World) -> None:
    solved = last_id(world, "solved")
    for days in (91, 5, 5):  # until both reminders have left
        world.later(days=days)
    as_zhang(world, border=UNPROVED, answers=solved)


BROKEN = "还是没好\n"
AS_ZHANG: dict[str, Forgery] = {
    "a number in the subject": Forgery(
        lambda world: as_zhang(world, border=UNPROVED),
        "unverified_words",
        "nothing shows who wrote it",
    ),
    "a number, to open it again": Forgery(
        lambda world: as_zhang(world, BROKEN, border=UNPROVED),
        "unverified_words",
        "nothing shows who wrote it",
    ),
    "her own message named": Forgery(
        lambda world: as_zhang(world, border=UNPROVED, answers="one@corp.test"),
        "unverified_words",
        "nothing shows who wrote it",
    ),
    "a failure": Forgery(
        lambda world: as_zhang(world, border=FAILED),
        "unverified_note",
        "a failure outweighs everything else",
    ),
    "a failure and her own letter": Forgery(
        lambda world: as_zhang(world, border=FAILED, answers=last_id(world, "solved")),
        "unverified_note",
        "a failure outweighs everything else",
    ),
    "a letter of more than 90 days ago": Forgery(
        long_after, "unverified_words", "nothing shows who wrote it"
    ),
    "her letter, from a stranger": Forgery(
        lambda world: as_zhang(
            world, sender=f"张敏 <{EVIL}>", border=OF_EVIL, answers=last_id(world, "solved")
        ),
        None,
        "outside accept_from",
    ),
    "her letter, and Reply-To her": Forgery(
        lambda world: as_zhang(
            world,
            sender=f"<{EVIL}>",
            border=OF_EVIL,
            headers=("Reply-To: zhang@corp.test",),
            answers=last_id(world, "solved"),
        ),
        None,
        "outside accept_from",
    ),
    "two From headers": Forgery(
        lambda world: as_zhang(world, border=PROVED, headers=(f"From: <{EVIL}>",)),
        "unverified_words",
        "never proved: the mail has 2 From headers",
    ),
}


@pytest.mark.parametrize("name", AS_ZHANG)
def test_a_requester_forged_with(name: str, desk: World) -> None:
    engineer_answers(desk, "dispatch", "#已解决\n已更换硒鼓，请再试一次。\n")
    assert ticket(desk)["state"] == State.TO_CONFIRM.value
    play(desk, AS_ZHANG[name])
    requester_answers(desk, "solved", "好了\n")
    assert ticket(desk)["state"] == State.SOLVED.value


def test_a_colleague_with_the_requesters_letter_confirms_nothing(desk: World) -> None:
    engineer_answers(desk, "dispatch", "#已解决\n已更换硒鼓，请再试一次。\n")
    before, sent = constant(desk), len(desk.transport.sent)
    as_zhang(desk, sender="吴迪 <wu@corp.test>", answers=last_id(desk, "solved"))
    assert constant(desk) == before
    assert not {to for to, _ in desk.transport.sent[sent:]} & {ZHANG.key, LEAD.key}
    assert ticket(desk, "IT-20261120-0002")["state"] != State.SOLVED.value


def test_forged_words_do_not_end_the_wait_for_the_requester(desk: World) -> None:
    engineer_answers(desk, "dispatch", "#等用户\n请问是哪一台？\n")
    play(
        desk,
        Forgery(
            lambda world: as_zhang(world, "是五楼那台\n", border=UNPROVED),
            "unverified_words",
            "nothing shows who wrote it",
        ),
    )
    assert ticket(desk)["state"] == State.WAITING_REQUESTER.value


@pytest.mark.parametrize("border", [UNPROVED, FAILED], ids=["no evidence", "a failure"])
def test_a_forged_mail_brings_nobody_into_the_conversation(
    border: tuple[str, ...], desk: World
) -> None:
    before = constant(desk)
    copied = (f"Cc: {EVIL}",)
    as_zhang(desk, "补充：密码也不对\n", border=border, headers=copied)
    as_liu(desk, border=border, headers=copied)
    assert constant(desk) == before
    engineer_answers(desk, "dispatch", "密码已重置，请用新密码登录。\n")
    assert {to for to, _ in desk.transport.sent} == {ZHANG.key, LIU.key}


def test_a_first_mail_that_fails_brings_nobody_in(make_world: Callable[..., World]) -> None:
    world = open_desk(make_world)
    world.receive(raw_mail(headers=(*FAILED, f"Cc: {EVIL}")))
    engineer_answers(world, "dispatch", "密码已重置，请用新密码登录。\n")
    assert EVIL not in {to for to, _ in world.transport.sent}


@pytest.mark.parametrize("border", [UNPROVED, FAILED], ids=["no evidence", "a failure"])
def test_a_forged_mail_opens_no_ticket_for_somebody_else(
    border: tuple[str, ...], make_world: Callable[..., World]
) -> None:
    world = open_desk(make_world)
    write(world, LIU, "#代提 张敏\n她的打印机卡纸。\n", subject="打印机", border=border)
    assert not world.transport.letters(ZHANG.key)
    assert event_kinds(world).count("onbehalf") == 0
    requester = world.value(
        "SELECT people.key FROM people JOIN tickets ON tickets.requester_id = people.id"
    )
    assert requester == "HW005"


def test_a_vendor_in_cc_gives_no_orders_with_the_engineers_letter(
    make_world: Callable[..., World],
) -> None:
    world = open_desk(make_world)
    open_ticket(world, headers=(f"Cc: {VENDOR}",))
    before = constant(world)
    dispatched = last_id(world, "dispatch")
    text = f"{SOLVED}\n> 〔{find_code(world)}〕\n"
    write(world, f"<{VENDOR}>", text, answers=dispatched, border=OF_VENDOR, subject=NUMBER)
    assert constant(world) == before
    assert kinds(world, ZHANG.key) == ["ack"]
    assert outcome(world) == ("appended", "words: cc added words")
    assert kinds(world, LIU.key) == ["dispatch", "answer"]


def test_a_vendor_in_cc_confirms_nothing(make_world: Callable[..., World]) -> None:
    world = open_desk(make_world)
    open_ticket(world, headers=(f"Cc: {VENDOR}",))
    engineer_answers(world, "dispatch", SOLVED)
    before = constant(world)
    solved = last_id(world, "solved", VENDOR)
    write(world, f"<{VENDOR}>", "好了\n", answers=solved, border=OF_VENDOR)
    assert constant(world) == before


def test_a_vendor_whom_the_engineer_copied_is_a_stranger(desk: World) -> None:
    """He answered all with the vendor in Cc; the vendor's answer names the dispatch letter."""
    dispatched = last_id(desk, "dispatch")
    engineer_answers(desk, "dispatch", "请看一下这台打印机。\n", headers=(f"Cc: {VENDOR}",))
    play(
        desk,
        Forgery(
            lambda world: write(
                world, f"<{VENDOR}>", SOLVED, answers=dispatched, border=OF_VENDOR, subject=NUMBER
            ),
            None,
            "takes part in no ticket",
        ),
    )


def test_an_auditor_in_cc_reads_and_changes_nothing(make_world: Callable[..., World]) -> None:
    world = open_desk(make_world)
    open_ticket(world, headers=(f"Cc: {AUDITOR.key}",))
    before = constant(world)
    for text in (SOLVED, "#接单\n", "我来处理。\n", "#发送\n", "好了\n"):
        write(world, AUDITOR, text, answers="one@corp.test", subject=NUMBER)
        assert constant(world) == before
    assert kinds(world, ZHANG.key) == ["ack"]
    assert kinds(world, LIU.key) == ["dispatch"]
    write(world, AUDITOR, "#状态\n", subject=NUMBER)
    assert kinds(world, AUDITOR.key)[-1] == "transcript"
    assert "刘洋" in read(last_letter(world, AUDITOR))


def test_the_engineer_is_warned_once_a_day_of_mails_in_his_name(desk: World) -> None:
    for _ in range(3):
        as_liu(desk)
    assert kinds(desk, LIU.key) == ["dispatch", "unproved"]
    desk.later(hours=25)
    as_liu(desk)
    assert kinds(desk, LIU.key).count("unproved") == 2


def test_a_real_mail_with_a_reply_to_elsewhere_is_answered_to_its_author(desk: World) -> None:
    as_liu(desk, text="#状态\n", border=PROVED, headers=(f"Reply-To: {EVIL}",))
    as_zhang(desk, "怎么还没好？\n", headers=(f"Reply-To: {EVIL}",))
    assert {to for to, _ in desk.transport.sent} == {LIU.key, ZHANG.key}
