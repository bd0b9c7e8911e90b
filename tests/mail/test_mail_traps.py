"""Mails of people that look like a machine's. Hiding one of them hides a customer."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.mail.files.sink import DiscardingSink
from maildesk.mail.kinds.auto import judge
from maildesk.mail.kinds.bounce import find_fate
from maildesk.mail.message import Address, Incoming, Kind
from maildesk.mail.parse import parse
from maildesk.mail.parts.structure import Outline


def read(folder: Path, raw: str) -> Incoming:
    path = folder / "mail.eml"
    path.write_bytes(raw.replace("\n", "\r\n").encode())
    return parse(path, DiscardingSink())


QMAIL = (
    "Hi. This is the qmail-send program at mx.test.\nI'm afraid I wasn't able to deliver your "
    "message to the following addresses.\n\n<bad@far.test>:\n550 5.1.1 no such user\n"
)
FIELDS = (
    "Reporting-MTA: dns; mx.test\n\nFinal-Recipient: rfc822; bad@far.test\nAction: failed\n"
    "Status: 5.1.1\n"
)

# (headers, subject, text)
TRAPS = [
    # People who write about bounces
    ("From: li@x.test", "Undeliverable mail, please help", "My mail to bad@far.test comes back"),
    ("From: li@x.test", "退信", "我给 bad@163.com 发邮件被退信 550 5.1.1，怎么办？"),
    ("From: li@x.test", "系统退信是什么意思？", "收到系统退信 550 User not found bad@163.com"),
    ("From: li@x.test", "邮件无法投递", "发给 bad@163.com 的邮件无法投递"),
    ("From: li@x.test", "Mail delivery failed", QMAIL),
    ("From: li@x.test", "failure notice", "I got this:\n\n" + QMAIL),
    ("From: li@x.test", "Fwd: failure notice", "-------- Forwarded --------\n" + QMAIL),
    ("From: li@x.test", "Fwd: Undelivered Mail Returned to Sender", "?\n\n" + FIELDS),
    ("From: li@x.test", "转发: 系统退信", "帮忙看看\n\n" + QMAIL),
    ("From: li@x.test", "WG: Unzustellbar: Angebot", "Was heißt das?\n\n" + QMAIL),
    ("From: li@x.test", "Re: failure notice", "Thanks!\n\n> " + QMAIL.replace("\n", "\n> ")),
    ("From: li@x.test", "Delivery Status Notification (Failure)", FIELDS),
    ("From: li@x.test", "配信不能について", "bad@far.test に送れません。550 User unknown"),
    ("From: li@x.test", "Non remis : ma commande", "Le colis n'a pas été livré à bad@far.test"),
    ("From: li@x.test", "Delivered: parcel but empty", "The parcel was delivered to bad@far.test"),
    ("From: li@x.test", "Delayed: shipment 4711", "The parcel of bad@far.test is delayed"),
    ("From: li@x.test", "Returned mail piece at the reception", "A letter came back, 550 pieces"),
    ("From: li@x.test", "关于邮箱的自动回复", "请开通"),
    ("From: li@x.test", "我的自动回复", "我的自动回复没有了"),
    ("From: li@x.test", "Bounce rate too high", "Our bounce rate is 5.1.1 percent, a@b.test"),
    # Addresses that look like machines'
    ("From: li@bounce.example", "Undelivered parcel", "The parcel for bad@far.test is missing"),
    ("From: li@mailer-daemon.example", "failure notice", "The line fails, ask bad@far.test"),
    ("From: postmaster@x.test", "Mail relay will move on Sunday", "Tell ann@x.test, please."),
    ("From: postmaster@x.test", "Re: failure notice", "We fixed bad@far.test\n\n> " + QMAIL),
    ("From: postmaster@x.test", "Fwd: failure notice", "Can you look?\n\n" + QMAIL),
    ("From: postmaster@x.test", "Your server answers 550 5.7.1", "Hello, a@b.test cannot write."),
    ("From: postmaster@x.test", "Quota of our accounts", "Please raise it for ann@x.test to 5 GB"),
    (
        "From: postmaster@x.test\nUser-Agent: Mozilla Thunderbird",
        "Undelivered mail",
        "Hello, bad@far.test gets 550 5.1.1 from you.",
    ),
    ("From: admin@x.test", "Delivery failed", "Our print jobs fail: 550 errors, ask a@b.test"),
    ("From: admin@x.test", "Undeliverable: hello", "Why do I get 550 5.1.1 for bad@far.test?"),
    ("From: noreply@x.test", "Delivery failed: order 550 ", "Your parcel for a@b.test came back"),
    ("From: mail@x.test", "邮件退回", "发给 bad@163.com 的邮件被退回 550，请处理"),
    ("From: support@x.test", "Message blocked", "My message to bad@far.test was blocked 550 5.7.1"),
    ("From: root@x.test", "Cron <root@x> backup failed", "error: could not send a@b.test"),
    ("From: system@x.test", "Disk full on mail.x.test", "quota exceeded for ann@x.test, 550 MB"),
    ("From: security@x.test", "Rejected: access request", "Request of ann@x.test was rejected"),
    ('From: "Mail Administrator" <ann@x.test>', "Please reset my password", "It says 550"),
    ("From: mailadmin@x.test", "Migration of mailboxes", "ann@x.test is not found in the new list"),
    # The empty return path, on forms and from programs
    ("Return-Path: <>\nFrom: li@x.test", "Contact form", "Name: Li\nMail: li@x.test\nHelp!"),
    ("Return-Path: <>\nFrom: web@x.test", "网站留言", "姓名：李\n邮箱：li@x.test\n无法登录"),
    ("Return-Path: <>\nFrom: li@x.test", "Printer broken", "Error 550 in 5.1.1, ask a@b.test"),
    ("Return-Path: <>\nFrom: li@x.test", "无法发送邮件", "我无法发送邮件，请帮忙"),
    ("Return-Path: <>\nFrom: li@x.test", "Re: Undeliverable", "It works again for bad@far.test"),
    ("Return-Path: <>\nFrom: noreply@x.test", "New order", "Order of a@b.test: 550 pieces"),
    (
        "Return-Path: <>\nFrom: mailer-daemon@desk.test",
        "Undelivered messages for desk@desk.test",
        "5 messages wait for desk@desk.test. Release them now: http://evil.test/",
    ),
    # Lures and receipts people write
    ("From: li@x.test", "Read: the manual", "I read your message yesterday. It is wrong."),
    ("From: li@x.test", "已读：合同", "您的邮件已读，合同没问题，下周签。"),
    ("From: li@x.test", "Read: contract", "Your message was read at 10:30, but what is clause 4?"),
    ("From: li@x.test", "Gelesen: Angebot", "Ihre Nachricht habe ich gelesen, wir nehmen es."),
    # People who write about automatic answers
    ("From: li@x.test", "自动回复设置不了", "请帮忙"),
    ("From: li@x.test", "自动回复：怎么关闭？", "请问怎么关闭？"),
    ("From: li@x.test", "Out of office", "How do I set the out of office message?"),
    ("From: li@x.test", "Automatic reply does not work", "Please fix"),
    ("From: li@x.test", "Re: Automatic reply: printer", "Thanks, I will wait."),
    ("From: li@x.test", "Fwd: Automatic reply: printer", "What is this?"),
    ("From: li@x.test", "AW: Abwesenheitsnotiz: Drucker", "Danke"),
    ("From: li@x.test", "Abwesenheitsnotiz einrichten", "Wie geht das?"),
    ("From: li@x.test", "Bob is out of the office", "He needs a laptop there."),
    ("From: li@x.test", "Vacation planner is down", "I am on vacation next week, fix it"),
    ("From: li@x.test", "休假系统打不开", "我明天休假，系统打不开"),
    ("From: li@x.test", "I will be away next week", "Please water the printer"),
    ("From: li@x.test", "Auto: air conditioning broken", "My car's AC is broken."),
    ("From: li@x.test", "Absence: Tuesday", "Ich bin am Dienstag nicht da."),
    ("From: li@x.test", "不在通知の設定", "設定方法を教えてください"),
    ("From: li@x.test", "부재중 설정", "부재중 설정 방법"),
    ("From: li@x.test", "Réponse automatique ne marche pas", "Aidez-moi"),
    ("From: li@x.test\nX-Auto-Response-Suppress: All", "Printer", "It is broken"),
    ("From: li@x.test\nX-MS-Exchange-Inbox-Rules-Loop: li@x.test", "Printer", "It is broken"),
    (
        "From: li@x.test\nX-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent",
        "Printer",
        "It is broken",
    ),
    ("From: li@x.test\nX-Mailer: Vacation Planner 4.2", "Calendar", "It stops at June"),
    ("From: li@x.test\nX-Autoreply: no", "Printer", "It is broken"),
    ("From: li@x.test\nX-Loop: desk@desk.test", "Printer", "It is broken"),
    ("From: li@x.test\nPrecedence: first-class", "Printer", "It is broken"),
    ("From: li@x.test\nSender: secretary@x.test", "Printer", "It is broken"),
    ("From: li@x.test\nAuto-Submitted: no", "Printer", "It is broken"),
    ("From: li@x.test\nIn-Reply-To: <a@b>", "Re: Printer", "I am on vacation, but it is broken"),
    ("From: li@x.test\nFeedback-ID: 1:2:3", "Printer", "It is broken"),
]


@pytest.mark.parametrize(("headers", "subject", "text"), TRAPS)
def test_a_person_stays_visible(tmp_path: Path, headers: str, subject: str, text: str) -> None:
    mail = read(
        tmp_path,
        f"{headers}\nTo: desk@desk.test\nSubject: {subject}\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{text}\n",
    )
    assert mail.kind is Kind.ORDINARY
    assert mail.bounce is None


@pytest.mark.parametrize("sender", ["li@x.test", "postmaster@x.test", "admin@x.test"])
@pytest.mark.parametrize("subject", ["Fwd: Undelivered mail", "What is this", "退信求助"])
@pytest.mark.parametrize(
    "part",
    [
        "Content-Type: message/rfc822\n\nFrom: MAILER-DAEMON@x.test\nSubject: failure notice\n\n"
        + QMAIL,
        "Content-Type: message/rfc822\n\nFrom: MAILER-DAEMON@x.test\nSubject: failure notice\n"
        "Content-Type: multipart/report; boundary=c\n\n--c\n\nx\n--c\n"
        f"Content-Type: message/delivery-status\n\n{FIELDS}\n--c--",
        f"Content-Type: text/plain; name=notice.txt\nContent-Disposition: attachment\n\n{QMAIL}",
        "Content-Type: application/octet-stream; name=notice.eml\n\nSubject: x\n\n" + QMAIL,
    ],
)
def test_a_report_that_a_person_attaches_is_a_question(
    tmp_path: Path, sender: str, subject: str, part: str
) -> None:
    mail = read(
        tmp_path,
        f"From: {sender}\nTo: desk@desk.test\nSubject: {subject}\n"
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
        f"Content-Type: text/plain; charset=utf-8\n\n请看附件\n--b\n{part}\n--b--\n",
    )
    assert mail.kind is Kind.ORDINARY
    assert mail.bounce is None


WORDS = st.sampled_from(
    ["bad@far.test", "550 5.1.1", "undeliverable", "退信", "Automatic reply:", "\n", " ", "<", ">",
     "Final-Recipient: rfc822; a@b.test", "Action: failed", "Reporting-MTA: x", "Read:", "10:30",
     "your message was read", "Received: x", "Message-ID: <a@b>", "----- Original message -----",
     "is out of the office", "@", "x" * 50, "自动回复", "(", "[", ":", "."]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=500), st.lists(WORDS, max_size=40).map("".join))


@given(subject=TEXTS, text=TEXTS, header=TEXTS, email=TEXTS)
def test_nothing_raises_whatever_a_mail_says(
    subject: str, text: str, header: str, email: str
) -> None:
    names = ("return-path", "auto-submitted", "to", "x-failed-recipients", "in-reply-to", "sender")
    headers = dict.fromkeys(names, header)
    for top in ("multipart/report", "text/plain"):
        outline = Outline(top, {"report-type": header}, (), ())
        for sender in (None, Address(subject, email), Address("", "MAILER-DAEMON@x.test")):
            find_fate(outline, headers, sender, subject, text)
            find_fate(outline, {}, sender, subject, text)
    judge(headers, subject, text)
    judge({}, subject, text)


HOSTILE = ["a@", "<a@b.c>", "550 ", "user ", "a.", "--", "5.1.1.", ">", "Status: ", "\n", "自动",
           "mailbox mailbox ", "Received: x\n", "Final-Recipient: rfc822; a@b\n", "(", " is was",
           "Action: failed\n\n", "delivery ", "a@b.c ", "+40",
           "message ", "-", "[", "(x) "]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_repetition_makes_judging_slow(piece: str) -> None:
    import time

    times = []
    for size in (20_000, 2_000_000):
        text = piece * (size // len(piece))
        begin = time.process_time()
        outline = Outline("multipart/report", {}, (), ())
        find_fate(outline, {"to": text[:5000]}, Address("", "postmaster@x.test"), text, text)
        judge({"auto-submitted": text}, text, text)
        times.append(time.process_time() - begin)
    assert times[1] < 1.5
