"""Notices of mail programs that look like somebody's words: recalls, calendars, receipts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builders import facts, incoming

from maildesk.desk.arrival.guard import Barrier, stop
from maildesk.desk.decision import Outcome
from maildesk.mail.files.sink import DiscardingSink
from maildesk.mail.message import Address, Attachment, Incoming, Kind
from maildesk.mail.parse import parse

CALENDAR = Attachment("meeting.ics", "text/calendar", 900, "0" * 64, inline=False)


def hold(**given: Any) -> Barrier | None:
    return stop(facts(mail=incoming(**given)))


@pytest.mark.parametrize(
    "subject",
    [
        "撤回：打印机卡纸",
        "撤回: 打印机卡纸",
        "邮件撤回：打印机卡纸",
        "郵件撤回：印表機",
        "撤回邮件：VPN 连不上",
        "召回：报销单",
        "邮件撤回通知",
        "Recall: Printer jam",
        "RECALL : Printer jam",
        "Message Recall: Printer jam",
        "Message Recall Report for message [Printer jam]",
        "[EXTERNAL] Recall: Printer jam",
    ],
)
def test_a_recall_notice_never_opens_a_ticket(subject: str) -> None:
    held = hold(subject=subject)
    assert held is not None
    assert (held.outcome, held.event) == (Outcome.IGNORED, "recall")


@pytest.mark.parametrize(
    "text",
    [
        "Zhang Min would like to recall the message, “Printer jam”.",
        'Zhang, Min (Finance) would like to recall the message, "Printer jam".',
        "张敏 想要撤回邮件“打印机卡纸”。",
        "发件人想要撤回此邮件：打印机卡纸",
        "张敏希望撤回邮件“打印机卡纸”",
    ],
)
def test_what_outlook_writes_into_a_recall_is_known_whatever_the_subject_says(text: str) -> None:
    held = hold(subject="打印机卡纸", text=text, reply=text)
    assert held is not None
    assert held.event == "recall"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("撤回功能用不了", "Outlook 的撤回按钮是灰的"),
        ("邮件撤回", "发出去的邮件能撤回吗？在哪操作"),
        ("撤回邮件失败", "昨天发错了，想撤回但失败了"),
        ("怎么撤回邮件", "发错人了，能不能帮忙撤回"),
        ("Recall does not work", "I would like to recall the message I sent this morning"),
        ("Message recall", "How do I recall a mail?"),
        ("回复：撤回：打印机卡纸", "为什么撤回？问题还在"),
        ("Re: Recall: Printer jam", "Why was it recalled?"),
        ("转发：撤回：工资表", "这封能帮忙处理吗"),
        ("想要撤回邮件", "我想要撤回邮件，请帮忙"),
        ("Product recall 2026: database is wrong", "The list is empty"),
    ],
)
def test_people_who_write_about_recalling_are_heard(subject: str, text: str) -> None:
    assert hold(subject=subject, text=text, reply=text) is None


@pytest.mark.parametrize(
    "subject",
    [
        "已接受: 打印机验收",
        "已接受：打印机验收",
        "接受: 打印机验收",
        "已拒绝: 打印机验收",
        "暂定: 打印机验收",
        "已拒絕：印表機驗收",
        "Accepted: Printer check",
        "Declined: Printer check",
        "Tentative: Printer check",
        "Tentatively Accepted: Printer check",
        "New Time Proposed: Printer check",
        "Canceled: Printer check",
    ],
)
def test_an_answer_to_a_meeting_never_opens_a_ticket(subject: str) -> None:
    held = hold(subject=subject, attachments=(CALENDAR,))
    assert held is not None
    assert (held.outcome, held.event) == (Outcome.IGNORED, "meeting_answer")


@pytest.mark.parametrize(
    "headers",
    [
        (("Content-Class", "urn:content-classes:calendarmessage"),),
        (("Content-Type", "text/calendar; method=REPLY; charset=utf-8"),),
    ],
)
def test_a_calendar_is_also_known_by_its_headers(headers: tuple[tuple[str, str], ...]) -> None:
    held = hold(subject="Accepted: Printer check", headers=headers)
    assert held is not None
    assert held.event == "meeting_answer"


@pytest.mark.parametrize(
    ("subject", "attachments"),
    [
        ("Accepted: but the printer still jams", ()),
        ("已拒绝：系统提示已拒绝访问", ()),
        ("会议室投影用不了", (CALENDAR,)),
        ("拒绝访问共享盘", (CALENDAR,)),
        ("Printer check", (CALENDAR,)),
    ],
)
def test_neither_such_a_subject_nor_a_calendar_alone_is_an_answer(
    subject: str, attachments: tuple[Attachment, ...]
) -> None:
    assert hold(subject=subject, attachments=attachments) is None


def test_a_calendars_answer_is_known_as_it_comes_from_the_parser(tmp_path: Path) -> None:
    raw = (
        "From: Zhang Min <zhang@corp.test>\r\nTo: desk@corp.test\r\n"
        "Subject: Accepted: Printer check\r\nMessage-ID: <a@corp.test>\r\n"
        "Date: Fri, 20 Nov 2026 10:00:00 +0800\r\nMIME-Version: 1.0\r\n{head}\r\n\r\n{body}"
    )
    calendar = "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n"
    plain = ("Content-Type: text/calendar; method=REPLY; charset=utf-8", calendar)
    parts = (
        'Content-Type: multipart/alternative; boundary="cut"',
        "--cut\r\nContent-Type: text/plain\r\n\r\n\r\n--cut\r\n"
        f"{plain[0]}\r\n\r\n{calendar}--cut--\r\n",
    )
    for place, (head, body) in enumerate((plain, parts)):
        path = tmp_path / f"{place}.eml"
        path.write_bytes(raw.format(head=head, body=body).encode())
        held = stop(facts(mail=parse(path, DiscardingSink())))
        assert held is not None, head
        assert held.event == "meeting_answer"


@pytest.mark.parametrize("kind", [Kind.REPORT, Kind.BOUNCE, Kind.AUTO_REPLY])
def test_a_receipt_is_held_whatever_its_words_are(kind: Kind) -> None:
    mail: Incoming = replace(incoming(), kind=kind, subject="已读：打印机卡纸", reply="还没好")
    held = stop(facts(mail=mail))
    assert held is not None
    assert held.outcome is Outcome.IGNORED
    assert held.event is not None


def test_a_recall_from_a_stranger_is_a_recall_and_waits_nowhere() -> None:
    mail = incoming(subject="Recall: Offer", sender=Address("", "x@elsewhere.test"))
    held = stop(facts(mail=mail))
    assert held is not None
    assert held.outcome is Outcome.IGNORED


@pytest.mark.parametrize("text", ["撤" * 100_000, "要撤回邮件" * 20_000, "a " * 100_000])
def test_a_long_text_is_looked_at_only_at_its_start(text: str) -> None:
    assert hold(subject=text, text=text, reply=text) is None
