"""Nobody can be impersonated: forged orders change nothing, reach nobody, and are explained.

Forged requesters and whom a forger brings along are `test_journeys_forged_people`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from builders import raw_mail
from forging import (
    ELSEWHERE,
    EVIL,
    OF_EVIL,
    PASS,
    SOLVED,
    Forgery,
    as_liu,
    as_zhang,
    find_code,
    play,
)
from thread import (
    AUDITOR,
    CHEN,
    FAILED,
    LIU,
    PROVED,
    UNPROVED,
    engineer_answers,
    last_id,
    last_letter,
    open_desk,
    open_ticket,
    ticket,
)
from worlds import World

from maildesk.mail.proof import ids


def with_code(world: World, **given: Any) -> None:
    as_liu(world, text=f"{SOLVED}\n> IT服务台\n> 〔{find_code(world)}〕\n", **given)


def after_ninety_days(world: World) -> None:
    dispatched = last_id(world, "dispatch")
    world.later(days=91)
    as_liu(world, answers=dispatched)


def after_ninety_days_by_code(world: World) -> None:
    code = find_code(world)
    world.later(days=91)
    as_liu(world, text=f"{SOLVED}\n> 〔{code}〕\n")


def with_a_letter_to_chen(world: World) -> None:
    engineer_answers(world, "dispatch", "#协办 陈晨\n")
    as_liu(world, answers=last_id(world, "dispatch", CHEN.key))


def with_the_code_of_another_ticket(world: World) -> None:
    """His own code, but of a ticket of somebody else; the thread is this one's."""
    first = "one@corp.test"
    world.receive(raw_mail(message_id="two@corp.test", text="打印机又没墨了。\n", headers=PROVED))
    as_liu(
        world,
        text=f"{SOLVED}\n> 〔{find_code(world)}〕\n",
        answers=first,
    )


AS_LIU: dict[str, Forgery] = {
    "a number in the subject": Forgery(as_liu, "unverified_note", "nothing shows who wrote it"),
    "no server's line at all": Forgery(
        lambda world: as_liu(world, border=()), "unverified_note", "nothing shows who wrote it"
    ),
    "the requester's own message named": Forgery(
        lambda world: as_liu(world, answers="one@corp.test"),
        "unverified_note",
        "nothing shows who wrote it",
    ),
    "forged results below a stranger's line": Forgery(
        lambda world: as_liu(world, headers=(ELSEWHERE, PASS)),
        "unverified_note",
        "not believed: it stands below a Received line of mx.far.test",
    ),
    "forged results of another server": Forgery(
        lambda world: as_liu(
            world, border=(PASS.replace("mx.corp.test", "mx.far.test"), *UNPROVED)
        ),
        "unverified_note",
        "not among the authserv_ids",
    ),
    "real results and forged ones below": Forgery(
        lambda world: as_liu(world, border=(PASS.replace("pass", "none"), *UNPROVED, PASS)),
        "unverified_note",
        "not believed: another stands higher up",
    ),
    "a failure and forged results below": Forgery(
        lambda world: as_liu(world, border=FAILED, headers=(PASS,)),
        "unverified_note",
        "a failure outweighs everything else",
    ),
    "results of somebody else's domain": Forgery(
        lambda world: as_liu(world, border=OF_EVIL), "unverified_note", "for far.test"
    ),
    "a failure and the signed id of his letter": Forgery(
        lambda world: as_liu(world, border=FAILED, answers=last_id(world, "dispatch")),
        "unverified_note",
        "a failure outweighs everything else",
    ),
    "a failure and the code of his letter": Forgery(
        lambda world: with_code(world, border=FAILED),
        "unverified_note",
        "a failure outweighs everything else",
    ),
    "a signed id of more than 90 days ago": Forgery(
        after_ninety_days, "unverified_note", "nothing shows who wrote it"
    ),
    "a code of more than 90 days ago": Forgery(
        after_ninety_days_by_code, "unverified_note", "nothing shows who wrote it"
    ),
    "the code of another ticket": Forgery(
        with_the_code_of_another_ticket, "unverified_note", "nothing shows who wrote it"
    ),
    "two From headers": Forgery(
        lambda world: as_liu(world, border=PROVED, headers=(f"From: Evil <{EVIL}>",)),
        "unverified_note",
        "never proved: the mail has 2 From headers",
    ),
    "two addresses in From": Forgery(
        lambda world: as_liu(world, sender=f"liu@corp.test, <{EVIL}>", border=PROVED),
        "unverified_note",
        "never proved: From names another address",
    ),
    "Reply-To to the forger": Forgery(
        lambda world: as_liu(world, headers=(f"Reply-To: {EVIL}", f"Sender: {EVIL}")),
        "unverified_note",
        "nothing shows who wrote it",
    ),
    "our own mark, not signed by us": Forgery(
        lambda world: as_liu(world, headers=(f"{ids.MARK}: it.deadbeef", "X-Maildesk-Role: lead")),
        "unverified_note",
        "nothing shows who wrote it",
    ),
    "the letter of another engineer named": Forgery(
        lambda world: as_liu(world, sender=CHEN, answers=last_id(world, "dispatch")),
        "unverified_note",
        "nothing shows who wrote it",
    ),
    "the code in another engineer's letter": Forgery(
        lambda world: with_code(world, sender=CHEN), "unverified_note", "nothing shows who wrote it"
    ),
    "an order that names another requester": Forgery(
        lambda world: as_liu(world, text="#代提 王强\n是王强让我报的。\n"),
        "unverified_note",
        "nothing shows who wrote it",
    ),
}

OF_OTHERS: dict[str, Forgery] = {
    "the engineer's name at another address": Forgery(
        lambda world: as_liu(world, sender=f"刘洋 <{EVIL}>", border=OF_EVIL),
        None,
        "outside accept_from",
    ),
    "the engineer's address as a name": Forgery(
        lambda world: as_liu(world, sender=f'"liu@corp.test" <{EVIL}>', border=OF_EVIL),
        None,
        "outside accept_from",
    ),
    "a stranger whose Reply-To is the engineer": Forgery(
        lambda world: as_liu(
            world, sender=f"<{EVIL}>", border=OF_EVIL, headers=("Reply-To: liu@corp.test",)
        ),
        None,
        "outside accept_from",
    ),
    "a stranger with the engineer's letter": Forgery(
        lambda world: as_liu(
            world,
            sender=f"<{EVIL}>",
            border=OF_EVIL,
            answers=last_id(world, "dispatch"),
            text=f"{SOLVED}\n> 〔{find_code(world)}〕\n",
        ),
        None,
        "outside accept_from",
    ),
    "our own letter sent back": Forgery(
        lambda world: as_liu(
            world, headers=(f"{ids.MARK}: {last_letter(world, LIU)[ids.MARK]}",), border=PROVED
        ),
        None,
        "a letter of our own came back",
    ),
    "an auditor's order": Forgery(
        lambda world: as_liu(world, sender=AUDITOR, border=PROVED), None, "no ticket is named"
    ),
    "a requester's order": Forgery(
        lambda world: as_zhang(world, "#已解决\n#优先级 高\n"), "words", "more than an answer"
    ),
}


@pytest.fixture
def desk(make_world: Callable[..., World]) -> World:
    """刘洋 has 张敏's ticket."""
    world = open_desk(make_world)
    open_ticket(world)
    assert ticket(world)["assignee_id"] is not None
    return world


@pytest.mark.parametrize("name", AS_LIU)
def test_an_engineer_forged_with(name: str, desk: World) -> None:
    told = play(desk, AS_LIU[name])
    assert told.outcome == "noted"
    assert told.ticket == "IT-20261120-0001"


@pytest.mark.parametrize("name", OF_OTHERS)
def test_somebody_else_comes_with(name: str, desk: World) -> None:
    play(desk, OF_OTHERS[name])
