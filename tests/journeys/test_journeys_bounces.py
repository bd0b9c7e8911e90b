"""A letter that comes back marks its reader's address for a while, shows, and ends when he writes.

What a report says is `tests/mail`'s; here it is what the desk makes of it (issue: kinds of mail).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from builders import raw_mail
from thread import (
    FAILED,
    LIU,
    ZHANG,
    engineer_answers,
    kinds,
    last_id,
    open_desk,
    open_ticket,
    requester_answers,
    write,
)
from worlds import LEAD, Said, World

from maildesk.desk.arrival.unreached import Unreached
from maildesk.desk.charter import Budgets
from maildesk.store import unreached

REPORT = """\
From: MAILER-DAEMON@mx.corp.test
To: desk@corp.test
Subject: Delivery report
Auto-Submitted: auto-replied
Message-ID: <{id}@mx.corp.test>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

About your mail.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.corp.test

Final-Recipient: rfc822; {who}
Action: {action}
Status: {status}

--b
Content-Type: text/rfc822-headers

Message-ID: <{about}>
Subject: x

--b--
"""


@pytest.fixture
def desk(make_world: Callable[..., World]) -> World:
    world = open_desk(make_world)
    open_ticket(world)
    return world


def report(
    world: World,
    *,
    about: str = "",
    who: str = ZHANG.key,
    action: str = "failed",
    status: str = "5.1.1",
) -> None:
    """A delivery report about the newest acknowledgement, or the letter `about`."""
    about = about or last_id(world, "ack")
    name = f"report{world.mailbox.uidnext}"
    text = REPORT.format(id=name, who=who, action=action, status=status, about=about)
    world.receive(text.replace("\n", "\r\n").encode())


def mark_of(world: World, address: str = ZHANG.key) -> Unreached | None:
    with world.store.read() as db:
        return unreached.find(db, address, world.now)


def states(world: World, letter: str, to: str = ZHANG.key) -> list[tuple[str, str]]:
    rows = world.rows(
        f"SELECT state, reason FROM outbox WHERE letter='{letter}' AND address='{to}' ORDER BY id"
    )
    return [(row.state, row.reason or "") for row in rows]


def event(world: World, kind: str) -> dict[str, str]:
    data = world.value(f"SELECT data FROM events WHERE kind = '{kind}' ORDER BY id DESC")
    return dict(json.loads(data) if isinstance(data, str) else data)


@pytest.mark.parametrize(
    ("status", "days", "name"), [("5.1.1", 7, "hard"), ("4.4.7", 1, "soft"), ("5.2.2", 1, "soft")]
)
def test_a_bounce_marks_the_address_for_a_while_and_says_which_letter_it_was(
    desk: World, status: str, days: int, name: str
) -> None:
    report(desk, status=status)
    mark = mark_of(desk)
    assert mark is not None
    assert (mark.since, mark.until) == (desk.now, desk.now + timedelta(days=days))
    assert mark.why == f"{name} {status}"
    told = event(desk, "bounced")
    assert told["lasts"] == name
    assert told["status"] == status
    assert told["recipients"] == told["letter_to"] == told["marked"] == ZHANG.key
    assert told["letter"] == "ack"
    desk.now += timedelta(days=days, seconds=1)
    assert mark_of(desk) is None


def test_automatic_letters_pause_and_a_persons_words_still_leave(desk: World) -> None:
    report(desk)
    # The lead enters something for her: the acknowledgement would be automatic.
    write(desk, LEAD, "#代提 张敏\n她的键盘坏了。\n", subject="键盘坏了")
    state, why = states(desk, "ack")[-1]
    assert state == "withheld"
    assert "unreachable" in why
    assert "hard 5.1.1" in why
    assert "2026-11-27" in why
    engineer_answers(desk, "dispatch", "请再试一次。\n")
    assert states(desk, "progress") == [("accepted", "")]


def test_a_mail_from_the_address_ends_it_and_is_answered(desk: World) -> None:
    report(desk)
    desk.now += timedelta(minutes=1)
    desk.receive(raw_mail(message_id="new@corp.test", subject="键盘坏了", text="键盘坏了。\n"))
    assert mark_of(desk) is None
    assert [state for state, _ in states(desk, "ack")] == ["accepted", "accepted"]
    assert event(desk, "reached")["who"] == ZHANG.key


def test_a_mail_somebody_else_wrote_in_her_name_ends_nothing(desk: World) -> None:
    report(desk)
    write(desk, ZHANG, "键盘坏了。\n", border=FAILED, subject="键盘坏了")
    assert mark_of(desk) is not None


def test_a_second_bounce_begins_the_time_anew_and_a_soft_one_never_shortens_it(
    desk: World,
) -> None:
    began = desk.now
    report(desk)
    desk.now += timedelta(days=2)
    report(desk)
    mark = mark_of(desk)
    assert mark is not None
    assert (mark.since, mark.until) == (began, desk.now + timedelta(days=7))
    report(desk, status="4.2.2")
    assert mark_of(desk) == mark


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.7"), ("delivered", "2.0.0")])
def test_delays_and_success_notices_mark_nothing(desk: World, action: str, status: str) -> None:
    report(desk, action=action, status=status)
    assert mark_of(desk) is None


def test_a_letter_that_was_too_large_marks_nobody(desk: World) -> None:
    report(desk, status="5.6.1")
    assert mark_of(desk) is None
    assert event(desk, "bounced")["marked"] == ""


def test_a_success_notice_ends_it(desk: World) -> None:
    report(desk)
    desk.now += timedelta(hours=1)
    report(desk, action="delivered", status="2.0.0")
    assert mark_of(desk) is None
    assert "delivered" in event(desk, "reached")["how"]


def test_an_alias_is_known_by_the_letter_that_came_back(desk: World) -> None:
    report(desk, who="zhang.min.2@mail.elsewhere.test")
    assert mark_of(desk) is not None
    assert event(desk, "bounced")["marked"] == ZHANG.key


def test_somebody_we_never_wrote_to_is_not_marked(desk: World) -> None:
    desk.receive(raw_mail(sender="李 <li@corp.test>", message_id="li@corp.test"))
    report(desk, who="li@corp.test", about=last_id(desk, "ack", ZHANG.key))
    assert mark_of(desk, "li@corp.test") is None


def test_an_engineer_still_gets_what_people_wrote_and_the_lead_hears_of_limits(
    desk: World,
) -> None:
    report(desk, who=LIU.key, about=last_id(desk, "dispatch"))
    assert mark_of(desk, LIU.key) is not None
    requester_answers(desk, "ack", "补充一张照片。\n")
    assert states(desk, "answer", LIU.key) == [("accepted", "")]
    desk.later(hours=30)
    assert kinds(desk, LEAD.key) == ["missed"]
    assert states(desk, "missed", LIU.key)[0][0] == "withheld"


def test_what_waits_in_the_outbox_is_withheld_too(desk: World) -> None:
    desk.transport.answers = [Said("later", 451, "busy", "data")]
    desk.receive(raw_mail(message_id="new@corp.test", subject="键盘坏了", text="键盘坏了。\n"))
    assert states(desk, "ack")[-1][0] == "queued"
    report(desk, about=last_id(desk, "ack"))
    assert states(desk, "ack")[-1][0] == "withheld"


@pytest.mark.parametrize(
    ("said", "days", "name"),
    [
        (Said("never", 550, "5.1.1 no such user", "rcpt"), 7, "hard"),
        (Said("never", 550, "no such user", "rcpt"), 7, "hard"),
        (Said("never", 550, "5.7.1 blocked by policy", "rcpt"), 1, "soft"),
        (Said("never", 552, "5.2.2 mailbox full", "rcpt"), 1, "soft"),
        (Said("never", 554, "5.6.0 bad content", "dot"), 0, ""),
    ],
)
def test_a_refusal_of_the_recipient_marks_the_address(
    make_world: Callable[..., World], said: Said, days: int, name: str
) -> None:
    world = open_desk(make_world)
    world.transport.answers = [said]
    world.receive(raw_mail(sender="李 <li@corp.test>"))
    mark = mark_of(world, "li@corp.test")
    if not days:
        assert mark is None
        return
    assert mark is not None
    assert mark.until == world.now + timedelta(days=days)
    assert mark.why.startswith(f"{name}, refused: rcpt: {said.code}")


def test_how_long_is_configured_and_nought_is_never(make_world: Callable[..., World]) -> None:
    world = open_desk(make_world, budgets=Budgets(bounced_hours=2, bounced_soft_hours=0))
    open_ticket(world)
    report(world, status="4.2.2")
    assert mark_of(world) is None
    report(world)
    mark = mark_of(world)
    assert mark is not None
    assert mark.until == world.now + timedelta(hours=2)
