"""Letters through a real Postfix into a real Dovecot: accepted, refused at once, bounced later."""

from __future__ import annotations

import asyncio
import re

import pytest
from servers.dovecot import Dovecot
from servers.postfix import GHOST, Postfix

from maildesk.wire.imap import ImapMailbox
from maildesk.wire.smtp import Answer, Reply, SmtpTransport

pytestmark = pytest.mark.servers


def letter(number: int, to: str) -> bytes:
    return (
        f"From: desk@desk.test\r\nTo: {to}\r\nMessage-ID: <{number}.a@desk.test>\r\n"
        "Subject: =?utf-8?B?5omT5Y2w5py6?=\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        f"张敏您好，{number}\r\n.\r\n"
    ).encode()


def send_all(server: Postfix, sender: str, recipients: list[str]) -> list[Reply]:
    async def main() -> list[Reply]:
        transport = SmtpTransport(server.account())
        sends = [transport.send(sender, to, letter(n, to)) for n, to in enumerate(recipients)]
        replies = await asyncio.gather(*sends)
        await transport.close()
        return replies

    return asyncio.run(main())


def test_letters_arrive_whole_also_at_a_plus_address(dovecot: Dovecot, postfix: Postfix) -> None:
    user = dovecot.fresh_user()
    recipients = [f"{user}@desk.test", f"{user}+IT-20261120-0001@desk.test"]
    replies = send_all(postfix, "desk@desk.test", recipients)
    assert [reply.answer for reply in replies] == [Answer.ACCEPTED] * 2
    dovecot.wait_for(user, 2)
    box = ImapMailbox(dovecot.account(user))
    box.open()
    envelopes = box.envelopes(box.search())
    raws = [b"".join(pieces) for _, pieces in box.fetch(envelopes)]
    box.close()
    assert {item.message_id for item in envelopes} == {"0.a@desk.test", "1.a@desk.test"}
    assert all("张敏您好".encode() in raw and raw.endswith(b"\r\n.\r\n") for raw in raws)
    assert any(b"Delivered-To: " + user.encode() in raw for raw in raws)


def test_an_unknown_recipient_is_refused_for_good(dovecot: Dovecot, postfix: Postfix) -> None:
    [reply] = send_all(postfix, "desk@desk.test", ["nobody@desk.test"])
    assert (reply.answer, reply.code, reply.phase) == (Answer.NEVER, 550, "rcpt")
    assert "5.1.1" in reply.text


def test_a_letter_that_cannot_be_delivered_comes_back_as_a_report(
    dovecot: Dovecot, postfix: Postfix
) -> None:
    user = dovecot.fresh_user()
    [reply] = send_all(postfix, f"{user}@desk.test", [GHOST])
    assert reply.answer is Answer.ACCEPTED
    [report] = dovecot.wait_for(user, 1)
    assert b"multipart/report" in report.raw
    assert re.search(rb"(?m)^Status: 5\.", report.raw)
    assert b"<0.a@desk.test>" in report.raw


def test_a_hundred_letters_share_the_allowed_connections(
    dovecot: Dovecot, postfix: Postfix
) -> None:
    user = dovecot.fresh_user()
    before = postfix.log().count("connect from localhost")
    replies = send_all(postfix, "desk@desk.test", [f"{user}@desk.test"] * 100)
    assert {reply.answer for reply in replies} == {Answer.ACCEPTED}
    dovecot.wait_for(user, 100, seconds=30)
    lines = re.findall(r"smtpd\[\d+\]: connect from localhost", postfix.log())
    assert len(lines) <= 4 + before
