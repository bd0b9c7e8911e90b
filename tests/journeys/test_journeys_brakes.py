"""It never loops and never storms (DESIGN §8): machines get nothing, brakes hold and show."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from builders import DESK, raw_mail
from worlds import LEAD, World

from maildesk.desk.charter import Budgets
from maildesk.desk.person import Person, Role

BOUNCE = b"""From: MAILER-DAEMON@mx.corp.test
To: desk@corp.test
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-ID: <bounce1@mx.corp.test>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mail could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.corp.test

Final-Recipient: rfc822; zhang@corp.test
Action: failed
Status: 5.1.1

--b
Content-Type: message/rfc822

Message-ID: %s
Subject: x

--b--
"""


@pytest.mark.parametrize(
    "headers",
    [
        ("Auto-Submitted: auto-replied",),
        ("X-Autoreply: yes",),
        ("Precedence: list", "List-Id: <all.corp.test>"),
    ],
)
def test_machines_answers_open_nothing_and_get_nothing(
    world: World, headers: tuple[str, ...]
) -> None:
    world.receive(raw_mail(headers=headers))
    assert world.value("SELECT count(*) FROM tickets") == 0
    assert world.value("SELECT outcome FROM sightings") == "ignored"
    assert not world.transport.sent


def test_an_out_of_office_answer_is_an_event_and_changes_nothing(world: World) -> None:
    world.receive(raw_mail())
    ack = world.transport.letters()[0]["Message-ID"]
    before = world.rows("SELECT state, waiting, updated_at FROM tickets")
    world.receive(
        raw_mail(
            message_id="ooo@corp.test",
            subject="自动回复: 【已受理】打印机卡纸 [IT-20261120-0001]",
            headers=(f"In-Reply-To: {ack}", "Auto-Submitted: auto-replied"),
        )
    )
    assert world.rows("SELECT state, waiting, updated_at FROM tickets") == before
    assert world.value("SELECT count(*) FROM events WHERE kind = 'auto_reply'") == 1
    assert len(world.transport.sent) == 1


def test_a_bounce_of_our_letter_is_an_event_and_marks_the_address(world: World) -> None:
    world.receive(raw_mail())
    ack = world.transport.letters()[0]["Message-ID"]
    world.receive(BOUNCE.replace(b"\n", b"\r\n") % ack.encode())
    assert world.value("SELECT count(*) FROM tickets") == 1
    assert world.value("SELECT count(*) FROM events WHERE kind = 'bounced'") == 1
    assert world.value(
        "SELECT count(*) FROM addresses WHERE address='zhang@corp.test' AND bounced_at IS NOT NULL"
    )
    assert len(world.transport.sent) == 1


def test_our_own_letter_coming_back_is_ignored_even_under_another_message_id(
    world: World,
) -> None:
    world.receive(raw_mail())
    _, ack = world.transport.sent[0]
    world.receive(ack)
    rewritten = ack.replace(b"Message-ID: <md.", b"Message-ID: <rewritten.")
    world.receive(rewritten.replace(b"Auto-Submitted: auto-replied\r\n", b""))
    outcomes = [row[0] for row in world.rows("SELECT outcome FROM sightings ORDER BY id")]
    assert outcomes == ["opened", "ignored", "ignored"]
    assert len(world.transport.sent) == 1


def test_one_address_gets_five_automatic_letters_an_hour_and_the_rest_is_visible(
    world: World,
) -> None:
    for at in range(9):
        world.receive(raw_mail(message_id=f"m{at}@corp.test", text=f"第 {at} 次：打不开网页\n"))
    assert len(world.transport.sent) == 5
    assert world.value("SELECT count(*) FROM outbox WHERE state = 'withheld'") == 4
    assert world.value("SELECT count(*) FROM tickets") == 9
    why = world.value("SELECT reason FROM outbox WHERE state = 'withheld' LIMIT 1")
    assert "5 are allowed" in why
    world.later(hours=2)
    world.receive(raw_mail(message_id="later@corp.test", text="又打不开网页了\n"))
    assert len(world.transport.letters("zhang@corp.test")) == 6


def test_an_engineer_who_got_many_dispatches_is_still_answered_as_a_requester(
    make_world: Callable[..., World],
) -> None:
    engineer = Person("刘洋", ("liu@corp.test",), role=Role.ENGINEER, groups=("hardware",))
    world = make_world(listed=(LEAD, engineer))
    world.start()
    for at in range(6):
        world.receive(raw_mail(sender=f"u{at} <u{at}@corp.test>", message_id=f"m{at}@corp.test"))
    world.receive(raw_mail(sender="刘洋 <liu@corp.test>", message_id="own@corp.test"))
    subjects = [letter["Subject"] for letter in world.transport.letters("liu@corp.test")]
    assert len([subject for subject in subjects if "派单" in subject]) == 6
    assert len([subject for subject in subjects if "已受理" in subject]) == 1


def test_the_desks_brake_pauses_letters_tells_the_lead_once_and_opens_again(
    make_world: Callable[..., World],
) -> None:
    world = make_world(budgets=Budgets(per_address_hour=5, per_desk_hour=6))
    world.start()
    for at in range(10):
        world.mailbox.arrive(
            raw_mail(sender=f"u{at} <u{at}@corp.test>", message_id=f"b{at}@corp.test")
        )
    world.run()
    world.run()
    acknowledged = [item for item in world.transport.sent if item[0].startswith("u")]
    assert len(acknowledged) == 6
    assert len(world.transport.letters("wang@corp.test")) == 1
    assert world.value("SELECT state FROM health WHERE part = 'brake:it'") == "degraded"
    world.later(minutes=61)
    acknowledged = [item for item in world.transport.sent if item[0].startswith("u")]
    assert len(acknowledged) == 10


def exchange(one: World, other: World, hours: float, strip: bool) -> None:
    """Let two desks write to each other for so long, carrying what they send."""
    carried = [0, 0]
    end = one.now + timedelta(hours=hours)
    while one.now < end:
        for at, (source, target) in enumerate(((one, other), (other, one))):
            for recipient, data in source.transport.sent[carried[at] :]:
                carried[at] += 1
                if recipient == target.desk.address:
                    target.mailbox.arrive(bare(data, carried[at]) if strip else data)
        for world in (one, other):
            world.now += timedelta(minutes=1)
            world.run()


def bare(data: bytes, count: int) -> bytes:
    """What a primitive responder makes of a letter: a new mail, no header that tells."""
    subject = next(line for line in data.split(b"\r\n") if line.startswith(b"Subject:"))
    sender = next(line for line in data.split(b"\r\n") if line.startswith(b"From:"))
    lines = (
        sender,
        b"To: x@x.test",
        subject,
        b"Message-ID: <bare%d@plain.test>" % count,
        b"",
        b"We have received your mail number %d." % count,
    )
    return b"\r\n".join(lines)


@pytest.mark.parametrize("strip", [False, True], ids=["both-maildesk", "no-marking-header"])
def test_two_desks_answering_each_other_stay_within_the_brakes(
    make_world: Callable[..., World], tmp_path: Path, strip: bool
) -> None:
    one = make_world(listed=(), accept_from=("*",))
    other = make_world(
        url=f"sqlite:///{tmp_path / 'other.db'}",
        folder=tmp_path / "other",
        secret=b"the other desk has a secret of its own",
        listed=(),
        accept_from=("*",),
        addresses=("help@other.test",),
    )
    one.start()
    other.start()
    one.receive(
        raw_mail(sender="Help <help@other.test>", text="Your ticket was opened.\n", subject="Hi")
    )
    exchange(one, other, 1.0, strip)
    sent = len(one.transport.letters("help@other.test"))
    back = len(other.transport.letters(DESK))
    assert sent <= 5
    assert back <= 5
    if not strip:
        assert (sent, back) == (1, 0)


def test_a_plain_responder_answering_every_letter_gets_five_an_hour(world: World) -> None:
    carried = 0
    world.receive(raw_mail(sender="bot <bot@corp.test>", message_id="seed@corp.test"))
    for _ in range(60):
        for _recipient, data in world.transport.sent[carried:]:
            carried += 1
            answer = bare(data, carried).replace(b"From: ", b"X-Was: ", 1)
            world.mailbox.arrive(
                b"From: bot@corp.test\r\n" + answer.replace(b"x@x.test", DESK.encode())
            )
        world.now += timedelta(seconds=59)
        world.run()
    assert len(world.transport.letters("bot@corp.test")) <= 5


def test_an_account_fault_holds_the_queue_and_nothing_dies(world: World) -> None:
    from worlds import Said

    world.transport.answers = [Said("account", 535, "authentication failed", "auth")]
    world.receive(raw_mail())
    assert not world.transport.sent
    assert world.value("SELECT state FROM outbox") == "queued"
    assert world.value("SELECT state FROM health WHERE part='smtp'") == "down"
    asyncio.run(world.delivery.drain())
    assert world.transport.tries == 1
    world.later(minutes=2)
    assert len(world.transport.sent) == 1
    assert world.value("SELECT state FROM health WHERE part='smtp'") == "ok"
