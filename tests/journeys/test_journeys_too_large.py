"""A mail too large to be read is set aside, and its sender hears of it once, if he may."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from builders import raw_mail
from thread import FAILED, PROVED, ZHANG, last_letter, open_desk, read
from worlds import LEAD, World

from maildesk.desk.charter import Budgets
from maildesk.errors import Transient, Unreadable
from maildesk.mail.limits import Limits
from maildesk.wire.envelope import Envelope

BIG = "x" * 5000


def open_small(make_world: Callable[..., World], **given: Any) -> World:
    """A desk that takes mails of 3 KB at most."""
    world = open_desk(make_world, **given)
    world.config = replace(world.config, max_mail_bytes=3 * 1024)
    world.collect_again()
    world.start()
    return world


@pytest.fixture
def desk(make_world: Callable[..., World]) -> World:
    return open_small(make_world)


def send(world: World, **given: Any) -> None:
    values = {"text": BIG, "headers": PROVED, "message_id": f"m{world.mailbox.uidnext}@corp.test"}
    world.receive(raw_mail(**{**values, **given}))


def reason(world: World) -> str:
    return str(world.value("SELECT reason FROM sightings ORDER BY id DESC"))


def test_the_sender_hears_how_much_is_too_much_and_what_to_do(desk: World) -> None:
    send(desk)
    letter = last_letter(desk, ZHANG)
    assert letter["Subject"] == "【邮件过大】打印机卡纸，请缩小后重发"
    assert letter["Auto-Submitted"] == "auto-replied"
    assert letter["In-Reply-To"] == "<m1@corp.test>"
    words = read(letter)
    assert "张敏您好，您的邮件约 7 KB，超过每封 3 KB 的上限" in words
    assert "上传到网盘" in words
    assert letter.get_body(("html",)) is not None
    assert desk.value("SELECT outcome FROM sightings") == "quarantined"
    assert f"its sender {ZHANG.key} was told" in reason(desk)


def test_the_lead_is_told_that_the_sender_knows(desk: World) -> None:
    send(desk)
    assert "已请发件人缩小后重发" in read(last_letter(desk, LEAD))


def test_once_a_day_is_enough(desk: World) -> None:
    send(desk)
    desk.now += timedelta(hours=3)
    send(desk)
    assert len(desk.transport.letters(ZHANG.key)) == 1
    assert "was told within the day" in reason(desk)
    assert "也没有回复发件人" in read(last_letter(desk, LEAD))
    desk.now += timedelta(days=1)
    send(desk)
    assert len(desk.transport.letters(ZHANG.key)) == 2


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"headers": (*PROVED, "Auto-Submitted: auto-replied")}, "automatic reply"),
        ({"headers": (*PROVED, "Auto-Submitted: auto-generated")}, "machine"),
        ({"headers": (*PROVED, "List-Id: <all.corp.test>", "Precedence: list")}, "list"),
        ({"headers": (*PROVED, "Return-Path: <>")}, "report"),
        ({"headers": (*PROVED, "X-Spam-Flag: YES")}, "spam"),
        ({"headers": FAILED}, "somebody else"),
        ({"sender": "x <a@elsewhere.test>", "headers": ()}, "outside accept_from"),
        ({"sender": "x <noreply@corp.test>"}, "does not read answers"),
        ({"sender": "x <desk@corp.test>"}, "own address"),
        ({"to": "all@corp.test"}, "circular"),
    ],
)
def test_nobody_hears_who_would_get_no_answer(desk: World, given: dict[str, Any], why: str) -> None:
    send(desk, **given)
    assert [to for to, _ in desk.transport.sent if to != LEAD.key] == []
    assert "its sender was not told" in reason(desk)
    assert why in reason(desk)


def test_the_brake_of_the_address_holds(make_world: Callable[..., World]) -> None:
    world = open_small(make_world, budgets=Budgets(per_address_hour=1))
    world.receive(raw_mail(headers=PROVED, text="键盘坏了。\n"))
    send(world)
    assert len(world.transport.letters(ZHANG.key)) == 1
    assert "was not told: brake" in reason(world)


def test_a_head_the_server_does_not_give_leaves_the_mail_set_aside(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(batch: Sequence[Envelope]) -> Iterator[tuple[int, Iterator[bytes]]]:
        raise Transient("the connection is gone")

    monkeypatch.setattr(desk.mailbox, "fetch", refuse)
    send(desk)
    assert desk.value("SELECT outcome FROM sightings") == "quarantined"
    assert len(desk.transport.letters(LEAD.key)) == 1
    assert desk.transport.letters(ZHANG.key) == []


def test_whatever_goes_wrong_with_the_letter_the_mail_is_set_aside(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bool:
        raise RuntimeError("a bug")

    monkeypatch.setattr("maildesk.intake.tell_sender", fail)
    send(desk)
    send(desk, text="键盘坏了。\n")
    outcomes = [row[0] for row in desk.rows("SELECT outcome FROM sightings ORDER BY id")]
    assert outcomes == ["quarantined", "opened"]


def test_a_mail_beyond_the_readers_own_limit_is_answered_too(
    make_world: Callable[..., World], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise Unreadable("the mail has 7000 bytes, more than the 3000 allowed")

    world = open_desk(make_world)
    monkeypatch.setattr("maildesk.intake._READER", Limits(mail_bytes=3000))
    monkeypatch.setattr("maildesk.intake.parse", refuse)
    send(world)
    assert "邮件过大" in last_letter(world, ZHANG)["Subject"]


def test_what_was_there_before_the_start_is_not_answered(make_world: Callable[..., World]) -> None:
    world = make_world()
    world.config = replace(world.config, max_mail_bytes=3000)
    world.collect_again()
    world.mailbox.arrive(raw_mail(text=BIG))
    world.start()
    world.run()
    assert world.value("SELECT outcome FROM sightings") == "before_start"
    assert not world.transport.sent
