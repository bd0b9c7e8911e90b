"""Encrypted mails never become empty tickets: the sender is asked once to send them again."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta

import pytest
from builders import DESK, _word
from thread import (
    FAILED,
    LIU,
    PROVED,
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
)
from worlds import World

from maildesk.desk.person import Person

# A CMS enveloped-data as far as one can see it from outside (RFC 5652 §6.1).
_ENVELOPED = bytes.fromhex("3080 0609 2a864886f70d010703 a080 3080 020100 3180".replace(" ", ""))
SECRET = base64.b64encode(_ENVELOPED + bytes(range(256)) * 8).decode()


def send(
    world: World,
    sender: Person = ZHANG,
    *,
    subject: str = "报表打不开",
    answers: str = "",
    border: tuple[str, ...] = PROVED,
) -> None:
    """A mail as Outlook sends it, S/MIME encrypted."""
    world.now += timedelta(minutes=5)
    threading = (f"In-Reply-To: <{answers}>",) if answers else ()
    lines = (
        *border,
        f"From: {_word(sender.name)} <{sender.key}>",
        f"To: {DESK}",
        f"Subject: {_word(subject)}",
        f"Message-ID: <e{world.mailbox.uidnext}@corp.test>",
        f"Date: {world.now:%a, %d %b %Y %H:%M:%S} +0000",
        *threading,
        "MIME-Version: 1.0",
        'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"',
        'Content-Disposition: attachment; filename="smime.p7m"',
        "Content-Transfer-Encoding: base64",
        "",
        SECRET,
        "",
    )
    world.receive("\r\n".join(lines).encode())


@pytest.fixture
def desk(make_world: Callable[..., World]) -> World:
    return open_desk(make_world)


def test_a_new_ticket_says_what_it_is_and_its_acknowledgement_asks_again(desk: World) -> None:
    send(desk)
    assert ticket(desk)["title"] == "报表打不开"
    assert kinds(desk, ZHANG.key) == ["ack"]
    letter = last_letter(desk, ZHANG)
    assert str(letter["Subject"]).startswith("【请重发】报表打不开")
    assert "您的邮件是加密的，服务台看不到内容" in read(letter)
    html = letter.get_body(("html",))
    assert html is not None
    assert "重新发送一次" in html.get_content()
    [row] = desk.rows("SELECT reply, body FROM texts")
    assert row.reply == row.body == "（这封邮件是加密的，服务台看不到内容；原件见附件）"


def test_the_engineer_reads_it_too_and_gets_the_file(desk: World) -> None:
    send(desk, subject="打印机坏了")
    dispatch = last_letter(desk, LIU)
    assert "这封邮件是加密的" in read(dispatch)
    assert "已请对方改用普通邮件重发" in read(dispatch)
    assert [part.get_filename() for part in dispatch.iter_attachments()] == ["smime.p7m"]


@pytest.mark.parametrize("subject", ["", "...", "…"])
def test_a_subject_that_is_encrypted_as_well_has_a_title_in_its_place(
    desk: World, subject: str
) -> None:
    send(desk, subject=subject)
    assert ticket(desk)["title"] == "（加密邮件）"


def test_on_a_known_ticket_one_letter_a_day_asks_again(desk: World) -> None:
    open_ticket(desk)
    before = ticket(desk)["state"]
    send(desk, subject="回复: 打印机卡纸", answers=last_id(desk, "ack"))
    send(desk, subject="回复: 打印机卡纸", answers=last_id(desk, "ack"))
    assert kinds(desk, ZHANG.key) == ["ack", "encrypted"]
    letter = last_letter(desk, ZHANG)
    assert str(letter["Subject"]).startswith("【请重发】打印机卡纸")
    assert letter["Auto-Submitted"] == "auto-replied"
    assert "处理人刘洋" in read(letter)
    assert kinds(desk, LIU.key) == ["dispatch", "answer", "answer"]
    assert "这封邮件是加密的" in read(last_letter(desk, LIU))
    assert ticket(desk)["state"] == before
    desk.now += timedelta(days=1)
    send(desk, subject="回复: 打印机卡纸", answers=last_id(desk, "ack"))
    assert kinds(desk, ZHANG.key) == ["ack", "encrypted", "encrypted"]


def test_an_encrypted_answer_reopens_and_confirms_nothing(desk: World) -> None:
    open_ticket(desk)
    engineer_answers(desk, "dispatch", "#已解决\n已清理纸屑，请再试。\n")
    send(desk, subject="回复: 打印机卡纸", answers=last_id(desk, "solved"))
    assert ticket(desk)["state"] == "to_confirm"


def test_an_engineers_encrypted_answer_is_no_silence(desk: World) -> None:
    open_ticket(desk)
    send(desk, LIU, subject="回复: 打印机卡纸", answers=last_id(desk, "dispatch"))
    assert event_kinds(desk)[-1] != "relayed"
    assert kinds(desk, ZHANG.key) == ["ack"]
    assert "这封邮件是加密的，服务台看不到内容，没有发给任何人" in read(last_letter(desk, LIU))


def test_nobody_is_asked_for_a_mail_somebody_else_wrote(desk: World) -> None:
    open_ticket(desk)
    send(desk, subject="回复: 打印机卡纸", answers=last_id(desk, "ack"), border=FAILED)
    assert kinds(desk, ZHANG.key) == ["ack"]


def test_armor_within_the_text_is_kept_and_asked_for_again(desk: World) -> None:
    armor = "-----BEGIN PGP MESSAGE-----\n\nhQEMA3X\n=abcd\n-----END PGP MESSAGE-----\n"
    open_ticket(desk, text=armor)
    assert str(last_letter(desk, ZHANG)["Subject"]).startswith("【请重发】")
    words = read(last_letter(desk, LIU))
    assert "服务台看不到内容；密文如下" in words
    assert "hQEMA3X" in words
