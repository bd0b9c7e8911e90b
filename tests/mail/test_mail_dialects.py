"""Reports as mail systems write them, each in its own words, and what is to be known of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from maildesk.mail.files.sink import DiscardingSink
from maildesk.mail.message import Incoming, Kind
from maildesk.mail.parse import parse

COPY = (
    "\n\nReceived: from desk.test by mx.test; Fri, 20 Nov 2026 10:00:00 +0000\n"
    "From: Desk <desk@desk.test>\nTo: bad@far.test\nSubject: Ticket\n"
    "Message-ID: <ours@desk.test>\n\nwords of other@people.test\n"
)
BAD = ("bad@far.test",)


def read(folder: Path, raw: str) -> Incoming:
    path = folder / "mail.eml"
    path.write_bytes(raw.replace("\n", "\r\n").encode())
    return parse(path, DiscardingSink())


# (name, From, subject, text, status, action)
PROSE = [
    (
        "exim",
        "Mail Delivery System <Mailer-Daemon@mx.test>",
        "Mail delivery failed: returning message to sender",
        "This message was created automatically by mail delivery software.\n\nA message that you "
        "sent could not be delivered to one or more of its\nrecipients. This is a permanent error."
        " The following address(es) failed:\n\n  bad@far.test\n    SMTP error from remote mail "
        "server after RCPT TO:<bad@far.test>:\n    host mx.far.test [5.1.1.2]: 550 5.1.1 no such "
        "user\n\n------ This is a copy of the message, including all the headers. ------" + COPY,
        "5.1.1",
        "failed",
    ),
    (
        "exim's warning",
        "Mail Delivery System <Mailer-Daemon@mx.test>",
        "Warning: message 1abCdE-0001-xy delayed 24 hours",
        "This message was created automatically by mail delivery software.\nA message that you "
        "sent has not yet been delivered to one or more of its\nrecipients after more than 24 "
        "hours on the queue on mx.test.\n\nThe message identifier is: 1abCdE-0001-xy\n\nThe "
        "address to which the message has not yet been delivered is:\n\n  bad@far.test\n\nNo "
        "action is required on your part. Delivery attempts will continue.\n",
        None,
        "delayed",
    ),
    (
        "qmail",
        "MAILER-DAEMON@mx.test",
        "failure notice",
        "Hi. This is the qmail-send program at mx.test.\nI'm afraid I wasn't able to deliver your "
        "message to the following addresses.\nThis is a permanent error; I've given up. Sorry it "
        "didn't work out.\n\n<bad@far.test>:\n10.1.2.3 does not like recipient.\nRemote host said:"
        " 550 Unknown user\nGiving up on 10.1.2.3.\n\n--- Below this line is a copy of the message."
        "\n\nReturn-Path: <desk@desk.test>" + COPY,
        "5.0.0",
        "failed",
    ),
    (
        "old sendmail",
        "Mail Delivery Subsystem <MAILER-DAEMON@mx.test>",
        "Returned mail: User unknown",
        "The original message was received at Fri, 20 Nov 2026\nfrom desk.test [10.0.0.1]\n\n   "
        "----- The following addresses had permanent fatal errors -----\n<bad@far.test>\n\n   "
        "----- Transcript of session follows -----\n... while talking to mx.far.test.:\n>>> RCPT "
        "To:<bad@far.test>\n<<< 550 <bad@far.test>... User unknown\n550 <bad@far.test>... User "
        "unknown\n\n   ----- Original message follows -----" + COPY,
        "5.0.0",
        "failed",
    ),
    (
        "postfix without its report",
        "MAILER-DAEMON@mx.test (Mail Delivery System)",
        "Undelivered Mail Returned to Sender",
        "This is the mail system at host mx.test.\n\nI'm sorry to have to inform you that your "
        "message could not\nbe delivered to one or more recipients.\n\nFor further assistance, "
        "please send mail to postmaster.\n\n<bad@far.test>: host mx.far.test[1.2.3.4] said: 552 "
        "5.2.2 Mailbox full (in reply to RCPT TO command)\n" + COPY,
        "5.2.2",
        "failed",
    ),
    (
        "MMDF",
        "MMDF Mail System <mmdf@mx.test>",
        "Failed mail (msg.aa12345)",
        "    Your message could not be delivered to\n'bad@far.test (host: far.test) (queue: smtp)'"
        " for the following\nreason:  ' (USER) Unknown user name in \"bad@far.test\"'\n\n    Your "
        "message follows:\n" + COPY,
        None,
        "failed",
    ),
    (
        "Exchange 5.5",
        "System Administrator <postmaster@mx.test>",
        "Undeliverable: Ticket",
        "Your message\n\n  To:      bad@far.test\n  Subject: Ticket\n  Sent:    Fri, 20 Nov 2026 "
        "10:00:00 +0100\n\ndid not reach the following recipient(s):\n\nbad@far.test on Fri, 20 "
        "Nov 2026 10:00:01 +0100\n    The recipient name is not recognized\n\tThe MTS-ID of the "
        "original message is: c=us;a= ;p=x;l=MX12345\n    MSEXCH:IMS:x:y:MX 3550 (000B09B6) 550 "
        "5.1.1 User unknown (5.5.2657.72)\n",
        "5.1.1",
        "failed",
    ),
    (
        "Domino",
        "Postmaster@mx.test",
        "DELIVERY FAILURE: User bad (bad@far.test) not listed in Domino Directory",
        "Your message\n\n  Subject: Ticket\n\nwas not delivered to:\n\n  bad@far.test\n\nbecause:"
        "\n\n  User bad (bad@far.test) not listed in Domino Directory\n",
        None,
        "failed",
    ),
    (
        "GroupWise",
        "Mailer-Daemon@mx.test",
        "Message status - undeliverable",
        "The attached file had the following undeliverable recipient(s):\n\tbad@far.test\n\n"
        "Transcript of session follows:\n\tCommand: RCPT TO:<bad@far.test>\n\tResponse: 550 no "
        "such user\n",
        "5.0.0",
        "failed",
    ),
    (
        "iPlanet",
        "Internet Mail Delivery <postmaster@mx.test>",
        "Delivery Notification: Delivery has failed",
        "This report relates to a message you sent with the following header fields:\n\n  "
        "Message-id: <ours@desk.test>\n  Date: Fri, 20 Nov 2026\n  From: desk@desk.test\n  Subject:"
        " Ticket\n\nYour message cannot be delivered to the following recipients:\n\n  Recipient "
        "address: bad@far.test\n  Reason: Illegal host/domain name found\n",
        None,
        "failed",
    ),
    (
        "MDaemon",
        "MDaemon@mx.test",
        "Permanent Delivery Failure",
        "The attached message had PERMANENT fatal delivery errors!\n\nAfter one or more "
        "unsuccessful delivery attempts the attached message has\nbeen removed from the mail "
        "queue on this server.\n\nFailed address: bad@far.test\n\n--- Session Transcript ---\n "
        "RCPT To:<bad@far.test>\n 550 unknown user\n",
        "5.0.0",
        "failed",
    ),
    (
        "IMail",
        "Postmaster@mx.test",
        "Undeliverable Mail",
        "Unknown user: bad@far.test\n\n\nOriginal message follows.\n" + COPY,
        None,
        "failed",
    ),
    (
        "CommuniGate",
        "MAILER-DAEMON@mx.test",
        "Undeliverable mail: Ticket",
        "Failed to deliver to 'bad@far.test'\nSMTP module(domain far.test) reports:\n host "
        "mx.far.test says:\n 550 5.1.1 unknown\n",
        "5.1.1",
        "failed",
    ),
    (
        "XMail",
        "postmaster@mx.test",
        "Error sending message [123.456.mx] from [mx.test]",
        "[<00>] XMail bounce: Rcpt=[bad@far.test];Error=[550 no such user]\n\n[<01>] Error sending"
        " message [123.456.mx] from [mx.test].\n\nID:        <S123>\nMail From: <desk@desk.test>\n"
        "Rcpt To:   <bad@far.test>\nServer:    <mx.far.test>\n",
        "5.0.0",
        "failed",
    ),
    (
        "James",
        "postmaster@mx.test",
        "Re: Ticket",
        "Hi. This is the James mail server at mx.test.\nI'm afraid I wasn't able to deliver your "
        "message to the following addresses.\nThis is a permanent error; I've given up.\n\n"
        "bad@far.test\n550 no mailbox\n",
        "5.0.0",
        "failed",
    ),
    (
        "Yahoo",
        "MAILER-DAEMON@yahoo.test",
        "Failure Notice",
        "Sorry, we were unable to deliver your message to the following address.\n\n"
        "<bad@far.test>:\nRemote host said:\n554 delivery error: dd This user doesn't have an "
        "account (bad@far.test) [0]\n\n--- Below this line is a copy of the message." + COPY,
        "5.0.0",
        "failed",
    ),
    (
        "Gmail",
        "Mail Delivery Subsystem <mailer-daemon@googlemail.test>",
        "Delivery Status Notification (Failure)",
        "Delivery to the following recipient failed permanently:\n\n     bad@far.test\n\nTechnical"
        " details of permanent failure: \nGoogle tried to deliver your message, but it was "
        "rejected by the server. The error that the other server returned was:\n550 550 5.1.1 "
        "<bad@far.test>: Recipient address rejected (state 14).\n\n----- Original message -----\n"
        + COPY,
        "5.1.1",
        "failed",
    ),
    (
        "GMX",
        "mailer-daemon@gmx.test",
        "Mail delivery failed: returning message to sender",
        "This message was created automatically by mail delivery software.\n\nA message that you "
        "sent could not be delivered to one or more of\nits recipients. The following addresses "
        "failed:\n\n    <bad@far.test>\n    SMTP error from remote server after RCPT command:\n   "
        "host mx.far.test[1.2.3.4]:\n    550 5.1.1 unknown\n\n--- The header of the original "
        "message is following. ---" + COPY,
        "5.1.1",
        "failed",
    ),
    (
        "QQ",
        "PostMaster@qq.com",
        "系统退信/Systems bounce",
        "抱歉，您的邮件被退回来了……\n原邮件信息：\n时间 2026-11-20 10:00:00\n主题 Ticket\n收件人 "
        "bad@far.test\n退信原因：\n收件人（bad@far.test）不存在，邮件无法投递。\nhost mx said: 550 "
        "Mailbox not found.\n",
        "5.0.0",
        "failed",
    ),
    (
        "163",
        "Postmaster@163.com",
        "系统退信",
        "系统退信\n很抱歉，您发送的邮件被退回，以下是该邮件的相关信息：\n被退回邮件\n主题：Ticket\n"
        "无法发送到 bad@far.test\n退信原因：收件人邮件地址(bad@far.test)不存在\n"
        "英文说明：SMTP error,"
        " RCPT TO: 550 User not found: bad@far.test\n建议解决方案：温馨提示\n",
        "5.0.0",
        "failed",
    ),
    (
        "Sina",
        "MAILER-DAEMON@sina.com",
        "来自sina.com的退信",
        "您的邮件无法投递到以下地址：\n<bad@far.test>\n原因：邮箱已满 552 5.2.2 mailbox full\n",
        "5.2.2",
        "failed",
    ),
    (
        "Coremail's delay",
        "postmaster@corp.test",
        "邮件延迟投递通知",
        "您的邮件暂未成功投递到 bad@far.test，系统将继续尝试投递。\n原因：451 4.7.1 greylisted\n",
        "4.7.1",
        "delayed",
    ),
    (
        "Exchange in Chinese",
        "postmaster@corp.test",
        "未传递: 打印机",
        "您的邮件\n\n  收件人: bad@far.test\n  主题: 打印机\n\n"
        "未传递到以下收件人:\n\nbad@far.test\n"
        "   #550 5.1.1 RESOLVER.ADR.RecipNotFound ##\n",
        "5.1.1",
        "failed",
    ),
    (
        "docomo",
        "mail-daemon@docomo.test",
        "Mail System Error - Returned Mail",
        "次のあて先へのメッセージはエラーのため送信できませんでした。\n\n送信先メールアドレスが"
        "見つかりません。メールアドレスをご確認の上、再送信してください。\n\n<bad@far.test>: 550 "
        "Unknown user\n",
        "5.0.0",
        "failed",
    ),
    (
        "Naver",
        "postmaster@naver.test",
        "메일이 반송되었습니다: 전송 실패",
        "메일 전송 실패 안내\n받는 사람 : bad@far.test\n"
        "실패 사유 : 존재하지 않는 사용자입니다. 550 "
        "5.1.1 No such user\n",
        "5.1.1",
        "failed",
    ),
    (
        "Exchange in German",
        "Microsoft Outlook <postmaster@corp.test>",
        "Unzustellbar: Ticket",
        "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:\n\n"
        "bad@far.test\nDie eingegebene E-Mail-Adresse konnte nicht gefunden werden.\n\n"
        "Diagnoseinformationen für Administratoren:\nbad@far.test\n#550 5.1.10 "
        "RESOLVER.ADR.RecipientNotFound ##\n",
        "5.1.10",
        "failed",
    ),
    (
        "Exchange in French",
        "postmaster@corp.test",
        "Non remis : Ticket",
        "Échec de la remise pour ces destinataires ou groupes :\n\nbad@far.test\nL'adresse est "
        "introuvable.\n#550 5.1.1 ##\n",
        "5.1.1",
        "failed",
    ),
    (
        "Mail.ru in Russian",
        "mailer-daemon@mail.test",
        "Сообщение не доставлено",
        "Ваше сообщение не может быть доставлено:\n\nbad@far.test\nпользователь не найден, 550 "
        "User not found\n",
        "5.0.0",
        "failed",
    ),
    (
        "a filter",
        "Barracuda <postmaster@mx.test>",
        "**Message you sent blocked by our bulk email filter**",
        "Your message to: bad@far.test\nwas blocked by our Spam Firewall. The email you sent has "
        "NOT BEEN DELIVERED.\n",
        None,
        "failed",
    ),
    (
        "AOL",
        "Mail Delivery Subsystem <MAILER-DAEMON@aol.test>",
        "Returned mail: see transcript for details",
        "Your mail to the following recipients could not be delivered because they are not "
        "accepting mail from desk@desk.test:\n\tbad@far.test\n",
        None,
        "failed",
    ),
    (
        "a phrase nobody listed",
        "MAILER-DAEMON@mx.test",
        "Oops",
        "<bad@far.test>: user unknown, 550 5.1.1\n",
        "5.1.1",
        "failed",
    ),
]


@pytest.mark.parametrize(
    ("sender", "subject", "text", "status", "action"),
    [case[1:] for case in PROSE],
    ids=[case[0] for case in PROSE],
)
def test_prose_of_a_mail_system_tells_whom_it_did_not_reach_and_why(
    tmp_path: Path, sender: str, subject: str, text: str, status: str | None, action: str
) -> None:
    mail = read(
        tmp_path,
        f"Return-Path: <>\nFrom: {sender}\nTo: desk@desk.test\nSubject: {subject}\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{text}",
    )
    assert mail.kind is (Kind.BOUNCE if action == "failed" else Kind.REPORT)
    assert mail.bounce is not None
    assert (mail.bounce.status, mail.bounce.action, mail.bounce.recipients) == (status, action, BAD)
    if "ours@desk.test" in text:
        assert mail.bounce.original_message_id == "ours@desk.test"


@pytest.mark.parametrize(
    ("sender", "subject", "text", "status", "action"),
    [case[1:] for case in PROSE],
    ids=[case[0] for case in PROSE],
)
def test_the_same_words_from_a_person_are_a_question(
    tmp_path: Path, sender: str, subject: str, text: str, status: str | None, action: str
) -> None:
    for heading in (subject, f"Fwd: {subject}", f"转发: {subject}", "What does this mean"):
        mail = read(
            tmp_path,
            f"From: Li <li@x.test>\nTo: desk@desk.test\nSubject: {heading}\n"
            f"Content-Type: text/plain; charset=utf-8\n\nWhat is this?\n\n{text}",
        )
        assert mail.kind is Kind.ORDINARY, heading
        assert mail.bounce is None


@pytest.mark.parametrize(
    ("text", "permanent"),
    [
        ("<bad@far.test>: 550 5.1.1 no such user", True),
        ("<bad@far.test>: 552 5.2.2 mailbox full", False),
        ("<bad@far.test>: 550 5.7.0 user is over quota", False),
        ("<bad@far.test>: 邮箱已满 550 5.1.0", False),
        ("<bad@far.test>: 450 4.4.1 timed out, giving up", False),
        ("<bad@far.test>: user unknown", None),
        ("<bad@far.test>: 554 5.7.1 message looks like spam", None),
    ],
)
def test_a_full_mailbox_and_a_tired_server_are_not_for_ever(
    tmp_path: Path, text: str, permanent: bool | None
) -> None:
    mail = read(
        tmp_path,
        "Return-Path: <>\nFrom: MAILER-DAEMON@x.test\nTo: desk@desk.test\n"
        f"Subject: Undelivered Mail\nContent-Type: text/plain; charset=utf-8\n\n{text}\n",
    )
    assert mail.bounce is not None
    assert mail.bounce.permanent is permanent


def test_the_status_is_that_of_the_first_one_named(tmp_path: Path) -> None:
    mail = read(
        tmp_path,
        "Return-Path: <>\nFrom: MAILER-DAEMON@x.test\nTo: desk@desk.test\nSubject: failure notice\n"
        "\n<one@far.test>:\nuser unknown 550\n\n<two@far.test>:\n552 5.2.2 quota\n\n"
        "--- Below this line is a copy of the message.\n\nTo: one@far.test, three@far.test\n",
    )
    assert mail.bounce is not None
    assert mail.bounce.recipients == ("one@far.test", "two@far.test")
    assert mail.bounce.status == "5.0.0"


@pytest.mark.parametrize(
    "headers",
    [
        "From: postmaster@x.test\nX-Failed-Recipients: bad@far.test\nSubject: Sorry",
        "From: u@x.test\nX-MS-Exchange-Message-Is-Ndr:\nSubject: Undeliverable: x",
        "Return-Path: <>\nFrom: bad@far.test\nSubject: DELIVERY FAILURE: User bad not listed",
        "From: noreply@x.test\nAuto-Submitted: auto-replied\nSubject: Mail delivery failed",
    ],
)
def test_a_header_only_machines_set_makes_up_for_a_sender(tmp_path: Path, headers: str) -> None:
    mail = read(
        tmp_path, f"{headers}\nTo: desk@desk.test\n\nbad@far.test: 550 5.1.1 unknown user\n"
    )
    assert mail.kind is Kind.BOUNCE
    assert mail.bounce is not None
    assert mail.bounce.recipients == BAD
