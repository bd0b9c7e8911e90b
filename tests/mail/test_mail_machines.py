"""Machines and people told apart; a person's mail is never hidden."""

from __future__ import annotations

from pathlib import Path

import pytest

from maildesk.mail.files.sink import DiscardingSink
from maildesk.mail.kinds.auto import judge
from maildesk.mail.message import Bounce, Incoming, Kind
from maildesk.mail.parse import parse

REPLY, LIST, ORDINARY = Kind.AUTO_REPLY, Kind.LIST, Kind.ORDINARY


def read(folder: Path, raw: str) -> Incoming:
    path = folder / "mail.eml"
    path.write_bytes(raw.replace("\n", "\r\n").encode())
    return parse(path, DiscardingSink())


@pytest.mark.parametrize(
    ("headers", "subject", "kind", "generated"),
    [
        ({"auto-submitted": "auto-replied"}, "x", REPLY, True),
        ({"auto-submitted": "auto-replied (vacation)"}, "x", REPLY, True),
        ({"auto-submitted": "auto-generated"}, "x", ORDINARY, True),
        ({"auto-submitted": "auto-notified; owner-email=a@b"}, "x", ORDINARY, True),
        ({"auto-submitted": "no"}, "x", ORDINARY, False),
        ({"x-auto-response-suppress": "All"}, "x", ORDINARY, False),
        ({"precedence": "auto_reply"}, "x", REPLY, False),
        ({"x-autoreply": "yes"}, "x", REPLY, False),
        ({"x-autoreply": "no"}, "x", ORDINARY, False),
        ({"list-id": "<all.x.test>"}, "x", LIST, False),
        ({"list-unsubscribe": "<mailto:x>"}, "x", LIST, False),
        ({"precedence": "Bulk"}, "x", LIST, False),
        ({"list-id": "<a>", "auto-submitted": "auto-replied"}, "x", REPLY, True),
        ({}, "自动回复：打印机", REPLY, False),
        ({}, "自动回复: Re: 打印机", REPLY, False),
        ({}, "自动回复", REPLY, False),
        ({}, "【自动回复】", REPLY, False),
        ({}, "Automatic reply: printer", REPLY, False),
        ({}, "Out of Office: printer", REPLY, False),
        ({}, "Abwesenheitsnotiz: Drucker", REPLY, False),
        ({}, "Réponse automatique : imprimante", REPLY, False),
        ({}, "자동 회신: 프린터", REPLY, False),
        ({}, "自动回复设置不了", ORDINARY, False),
        ({}, "不在办公室的人收不到邮件", ORDINARY, False),
        ({}, "Out of office message cannot be saved", ORDINARY, False),
        ({}, "Re: 自动回复：打印机", ORDINARY, False),
        ({}, "转发：自动回复：打印机", ORDINARY, False),
        ({}, "Automatic replies broken", ORDINARY, False),
    ],
)
def test_only_a_machine_s_sign_makes_a_mail_automatic(
    headers: dict[str, str], subject: str, kind: Kind, generated: bool
) -> None:
    assert judge(headers, subject) == (kind, generated)


def test_a_report_with_several_fates_names_those_that_failed(tmp_path: Path) -> None:
    mail = read(
        tmp_path,
        "From: MAILER-DAEMON@x.test\nSubject: Undeliverable\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\n\nwords\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n"
        "Final-Recipient: rfc822; good@far.test\nAction: delivered\nStatus: 2.0.0\n\n"
        "Final-Recipient: rfc822; <bad@far.test>\nAction: failed\nStatus: 5.2.2 (mailbox full)\n"
        "--b\nContent-Type: text/rfc822-headers\n\nMessage-Id:\n <ours@desk.test>\nSubject: x\n"
        "--b--\n",
    )
    assert mail.kind is Kind.BOUNCE
    assert mail.bounce == Bounce("5.2.2", "failed", ("bad@far.test",), "ours@desk.test", False)


@pytest.mark.parametrize(
    ("subject", "body", "kind"),
    [
        ("系统退信", "收件人 bad@163.com 不存在 550 User not found", Kind.BOUNCE),
        ("Undeliverable: hello", "bad@163.com 550 5.1.10 RESOLVER", Kind.BOUNCE),
        ("Mail delivery failed: returning message to sender", "bad@163.com 550", Kind.BOUNCE),
        ("Warning: could not send message for past 4 hours", "bad@163.com 450", Kind.REPORT),
        ("Quarterly maintenance of the mail system", "We will be down", Kind.ORDINARY),
    ],
)
def test_prose_of_a_mail_system_is_believed_only_with_its_subject(
    tmp_path: Path, subject: str, body: str, kind: Kind
) -> None:
    mail = read(tmp_path, f"From: postmaster@x.test\nSubject: {subject}\n\n{body}\n")
    assert mail.kind is kind
    if kind is not Kind.ORDINARY:
        assert mail.bounce is not None
        assert mail.bounce.recipients == ("bad@163.com",)


@pytest.mark.parametrize("subject", ["退信是什么意思", "Undelivered Mail Returned to Sender"])
def test_a_person_who_asks_about_a_bounce_is_ordinary(tmp_path: Path, subject: str) -> None:
    mail = read(tmp_path, f"From: li@x.test\nSubject: {subject}\n\n550 5.1.1 bad@far.test\n")
    assert mail.kind is Kind.ORDINARY
    assert mail.bounce is None
