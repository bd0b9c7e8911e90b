"""Reports of more mail systems and providers, receipts, and other notices that are no letters."""

from __future__ import annotations

from pathlib import Path

import pytest

from maildesk.mail.files.sink import DiscardingSink
from maildesk.mail.message import Incoming, Kind
from maildesk.mail.parse import parse


def read(folder: Path, raw: str) -> Incoming:
    path = folder / "mail.eml"
    path.write_bytes(raw.replace("\n", "\r\n").encode())
    return parse(path, DiscardingSink())


# (name, From, subject, text): one failed recipient each, `bad@` somewhere
REPORTS = [
    (
        "courier",
        '"Courier mail server at mx.test" <@mx.test>',
        "NOTICE: mail delivery status.",
        "This is a delivery status notification from mx.test,\n"
        "running the Courier mail server, version 0.65.\n"
        "\nThe original message was received on Fri\nfrom desk.test\n"
        "\n---------------------------------------------------------------------------\n"
        "\n                           UNDELIVERABLE MAIL\n"
        "\nYour message to the following recipients cannot be delivered:\n"
        "\n<bad@far.test>:\n    mx.far.test [1.2.3.4]:\n"
        ">>> RCPT TO:<bad@far.test>\n<<< 550 5.1.1 unknown\n",
    ),
    (
        "smtp32",
        "Postmaster <postmaster@x.test>",
        "Undeliverable Mail",
        "user not found: bad@far.test\n",
    ),
    (
        "mailenable",
        "Postmaster@x.test",
        "Message Delivery Failure",
        "MailEnable: Message could not be delivered to some recipients.\n"
        "The following recipient(s) could not be reached:\n"
        "\n\tRecipient: [SMTP:bad@far.test]\n\tReason: Recipient does not exist\n"
        "\nMessage headers follow:\n\nReceived: from x\n",
    ),
    (
        "hmail",
        "mailer-daemon@x.test",
        "Message undeliverable: Ticket",
        "Your message did not reach some or all of the intended recipients.\n"
        "\n   Sent: Fri\n   Subject: Ticket\n\nThe following recipient(s) could not be re"
        "ached:\n\nbad@far.test\n   Error Type: SMTP\n   Remote server (1.2.3.4) issued a"
        "n error.\n   hMailServer sent: RCPT TO:<bad@far.test>\n"
        "   Remote server replied: 550 unknown\n\nhMailServer\n",
    ),
    (
        "kerio",
        "postmaster@x.test",
        "Delivery Status Notification",
        "Your message was not delivered\nto one or more recipients.\n"
        "\nbad@far.test - 550 no such user\n",
    ),
    (
        "merak",
        "postmaster@x.test",
        "Undeliverable mail",
        "The following message has not been delivered. bad@far.test 550 unknown\n",
    ),
    (
        "argosoft",
        "postmaster@x.test",
        "Delivery failure",
        "Message was undeliverable.\nReason: the user bad@far.test is unknown\n",
    ),
    (
        "mercury",
        "postmaster@x.test",
        "Delivery failure notification",
        "With reference to your message with the subject:\n"
        '   "Ticket"\n\nThe local mail transport system has reported the following prob'
        "lems it\nencountered while trying to deliver your message:\n"
        "\n*** bad@far.test\n   User not known at this site.\n",
    ),
    (
        "vpop3",
        "Mail Server <postmaster@x.test>",
        "Mail Delivery Failure",
        "VPOP3 couldn't deliver mail to:\nbad@far.test\nError: 550 unknown\n",
    ),
    (
        "surfcontrol",
        "postmaster@x.test",
        "Undeliverable: Ticket",
        "Your message could not be delivered.\nRecipient: bad@far.test\nReason: 550 5.1.1\n",
    ),
    (
        "mailmarshal",
        "MailMarshal <postmaster@x.test>",
        "Undeliverable: Ticket",
        "MailMarshal could not deliver the mail to\nbad@far.test\n550 unknown\n",
    ),
    (
        "interscan",
        "postmaster@x.test",
        "Mail could not be delivered",
        "Sent <<< RCPT TO:<bad@far.test>\nReceived >>> 550 5.1.1 unknown\n"
        "Unable to deliver message to <bad@far.test>.\n",
    ),
    (
        "ses",
        "MAILER-DAEMON@amazonses.com",
        "Delivery Status Notification (Failure)",
        "An error occurred while trying to deliver the mail to the following recipients:"
        "\nbad@far.test\n",
    ),
    (
        "zoho",
        "mailer-daemon@mail.zoho.com",
        "Undelivered Mail Returned to Sender",
        "This message was created automatically by mail delivery software.\n"
        " A message that you sent could not be delivered to one or more of its recipients"
        ". This is a permanent error.\n\n[Status: Error, Address: <bad@far.test>, Respons"
        "eCode 550, 5.1.1 unknown]\n",
    ),
    (
        "verizon",
        "postmaster@verizon.net",
        "Returned mail",
        "Error: undeliverable mail\nbad@far.test: 550 4.2.1 mailbox temporarily disabled\n",
    ),
    (
        "earthlink",
        "MAILER-DAEMON@x.test",
        "Mail delivery failed",
        "Sorry, unable to deliver your message to bad@far.test for the following reason: "
        "552 Quota violation for bad@far.test\n",
    ),
    (
        "kddi",
        "no-reply@ezweb.ne.jp",
        "Mail System Error - Returned Mail",
        "The user(s) account is disabled.\n\n<bad@ezweb.ne.jp>: 550 user unknown\n",
    ),
    (
        "biglobe",
        "postmaster@biglobe.test",
        "Returned mail: User unknown",
        "----- The following addresses had delivery problems -----\n"
        "<bad@far.test>\n----- Non-delivered information -----\n"
        "The number of messages in recipient's mailbox exceeded the local limit.\n",
    ),
    (
        "wanadoo",
        "postmaster@wanadoo.test",
        "Échec de livraison de votre message",
        "Votre message n'a pas pu être délivré à:\nbad@far.test\n550 inconnu\n",
    ),
    (
        "libero",
        "MAILER-DAEMON@libero.test",
        "Mancato recapito",
        "Il messaggio non è stato consegnato a bad@far.test: 550 utente sconosciuto\n",
    ),
    (
        "uol",
        "MAILER-DAEMON@uol.test",
        "Mensagem não entregue",
        "A mensagem não pôde ser entregue a bad@far.test\n550 caixa inexistente\n",
    ),
    (
        "139",
        "postmaster@139.com",
        "退信通知",
        "您发送的邮件 Ticket 未能送达 bad@139.com，原因：用户不存在\n",
    ),
    (
        "189",
        "postmaster@189.cn",
        "邮件退回",
        "您的邮件无法送达：\nbad@189.cn\n失败原因：550 用户不存在\n",
    ),
    (
        "263",
        "MAILER-DAEMON@263.net",
        "退信(Failure notice)",
        "收件人：<bad@263.net>\n原因：mailbox not found 550\n",
    ),
    (
        "aliyun",
        "postmaster@aliyun.com",
        "系统退信",
        "以下收件人投递失败：bad@aliyun.com 原因：收件人不存在 smtp;553 5.3.5\n",
    ),
    (
        "turbomail",
        "postmaster@corp.test",
        "退信(Undelivered mail)",
        "发送给 bad@far.test 的邮件失败\n错误信息：550 User unknown\n",
    ),
    (
        "winmail",
        "postmaster@corp.test",
        "邮件发送失败通知",
        "邮件发送到 <bad@far.test> 失败。\n550\n",
    ),
    (
        "daum",
        "mailer-daemon@hanmail.test",
        "메일 전송 실패 안내",
        "bad@far.test 수신자를 찾을 수 없습니다.\n550 5.1.1\n",
    ),
    (
        "zh-TW",
        "postmaster@corp.test",
        "無法傳遞: 印表機",
        "您的郵件無法傳遞給下列收件者:\n\nbad@far.test\n#550 5.1.1\n",
    ),
    (
        "ja",
        "postmaster@corp.test",
        "配信不能: 件名",
        "次の受信者またはグループにメッセージを配信できませんでした:\n\nbad@far.test\n#550 5.1.1\n",
    ),
    (
        "es",
        "postmaster@corp.test",
        "No se puede entregar: x",
        "No se pudo entregar a estos destinatarios o grupos:\n\nbad@far.test\n#550 5.1.1\n",
    ),
    (
        "pl",
        "postmaster@corp.test",
        "Nie można dostarczyć: x",
        "Dostarczenie do następujących adresatów nie powiodło się:\n\nbad@far.test\n#550 5.1.1\n",
    ),
    (
        "ru",
        "postmaster@corp.test",
        "Недоставлено: x",
        "Не удалось доставить сообщение следующим получателям:\n\nbad@far.test\n#550 5.1.1\n",
    ),
    (
        "nl",
        "postmaster@corp.test",
        "Onbestelbaar: x",
        "Kan niet worden bezorgd bij de volgende geadresseerden:\n\nbad@far.test\n#550 5.1.1\n",
    ),
    (
        "xmsg",
        "postmaster@t-online.test",
        "Ihre Mail konnte nicht zugestellt werden",
        "|------------------------- Message log follows: -------------------------|\n"
        " no valid recipients were found for this message\n"
        "|------------------------- Failed addresses follow: ---------------------|\n"
        " <bad@far.test> ... unknown user\n|------------------------- Message text follow"
        "s: ------------------------|\nReceived: from desk.test\n",
    ),
    (
        "smail",
        "<MAILER-DAEMON@x.test>",
        "mail failed, returning to sender",
        "|------------------------- Failed addresses follow: ---------------------|\n"
        " bad@far.test ... unknown host\n",
    ),
    (
        "bigfoot",
        "MAILER-DAEMON@bigfoot.test",
        "Returned mail: Mailbox full",
        "   ----- The following addresses had permanent fatal errors -----\n"
        "<bad@far.test>\n   ----- Transcript of session follows -----\n"
        "<<< 552 mailbox full\n",
    ),
]


@pytest.mark.parametrize(
    ("sender", "subject", "text"), [case[1:] for case in REPORTS], ids=[case[0] for case in REPORTS]
)
def test_a_provider_s_report_names_the_one_it_did_not_reach(
    tmp_path: Path, sender: str, subject: str, text: str
) -> None:
    mail = read(
        tmp_path,
        f"Return-Path: <>\nFrom: {sender}\nTo: desk@desk.test\nSubject: {subject}\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{text}",
    )
    assert mail.kind is Kind.BOUNCE
    assert mail.bounce is not None
    assert mail.bounce.action == "failed"
    assert [one.partition("@")[0] for one in mail.bounce.recipients] == ["bad"]


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "Read: Ticket",
            "Your message \n\n   To: Desk\n   Subject: Ticket\n   Sent: Friday 10:00 AM\n\n"
            "was read on Friday, November 20, 2026 10:30:00 AM.",
        ),
        ("Not read: Ticket", "Your message\n\nwas deleted without being read on Friday 10:30"),
        ("Gelesen: Ticket", "Ihre Nachricht\n\n Betreff: x\n\nwurde am Freitag 10:30:00 gelesen."),
        ("Lu : Ticket", "Votre message\n\n Objet : x\n\na été lu le vendredi 20 à 10:30:00."),
        (
            "已读: 工单",
            "您的邮件\n\n收件人: x\n已发送时间: 10:00\n\n已于 2026年11月20日 10:30 阅读。",
        ),
        ("開封済み: 件名", "メッセージは 2026/11/20 10:30 に開封されました。"),
        (
            "Прочитано: Заявка",
            "Ваше сообщение\n\n Кому: x\n\nбыло прочитано: 20 ноября 2026 г. 10:30:00.",
        ),
    ],
)
def test_a_receipt_without_its_parts_is_known_by_both_its_halves(
    tmp_path: Path, subject: str, text: str
) -> None:
    mail = read(
        tmp_path,
        f"From: Ann <ann@x.test>\nTo: desk@desk.test\nSubject: {subject}\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{text}",
    )
    assert mail.kind is Kind.REPORT
    assert mail.bounce is None


PARTS = (
    "Content-Type: multipart/{0}; boundary=b\n\n--b\n\n{1}\n--b\nContent-Type: {2}\n\n{3}\n--b--\n"
)


@pytest.mark.parametrize(
    ("top", "part", "fields"),
    [
        (
            "report; report-type=disposition-notification",
            "message/disposition-notification",
            "x: y",
        ),
        ("report; report-type=disposition-notification", "text/plain", "x: y"),
        ("report; report-type=feedback-report", "message/feedback-report", "Feedback-Type: abuse"),
        ("report; report-type=tlsrpt", "application/tlsrpt+gzip", "x"),
        (
            "alternative",
            "message/disposition-notification",
            "Disposition: manual-action/x; displayed",
        ),
    ],
)
def test_receipts_and_abuse_reports_are_reports(
    tmp_path: Path, top: str, part: str, fields: str
) -> None:
    mail = read(
        tmp_path,
        "From: Ann <ann@x.test>\nTo: desk@desk.test\nSubject: Ticket\n"
        + PARTS.format(top, "words", part, fields),
    )
    assert mail.kind is Kind.REPORT
    assert mail.bounce is None


def test_a_refusal_of_sieve_dressed_as_a_receipt_is_a_bounce(tmp_path: Path) -> None:
    mail = read(
        tmp_path,
        "Return-Path: <>\nFrom: Mail Delivery Subsystem <postmaster@x.test>\nTo: desk@desk.test\n"
        "Subject: Automatically rejected mail\nAuto-Submitted: auto-replied (rejected)\n"
        + PARTS.format(
            "report; report-type=disposition-notification",
            "Your message to <bad@far.test> was automatically rejected:\nno",
            "message/disposition-notification",
            "Final-Recipient: rfc822; bad@far.test\n"
            "Disposition: automatic-action/MDN-sent-automatically; deleted",
        ),
    )
    assert mail.kind is Kind.BOUNCE
    assert mail.bounce is not None
    assert mail.bounce.recipients == ("bad@far.test",)


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        ("accettazione", Kind.REPORT),
        ("avvenuta-consegna", Kind.REPORT),
        ("errore-consegna", Kind.BOUNCE),
    ],
)
def test_italian_certified_mail_tells_each_step(tmp_path: Path, step: str, kind: Kind) -> None:
    mail = read(
        tmp_path,
        f"From: posta-certificata@pec.test\nTo: desk@desk.test\nX-Ricevuta: {step}\n"
        "Subject: AVVISO DI MANCATA CONSEGNA: x\n\nil messaggio a bad@far.test: 5.1.1 - "
        "indirizzo sconosciuto\n",
    )
    assert mail.kind is kind


def test_a_letter_of_italian_certified_mail_is_a_person_s(tmp_path: Path) -> None:
    mail = read(
        tmp_path,
        'From: "Per conto di: ann@x.test" <posta-certificata@pec.test>\nTo: desk@desk.test\n'
        "X-Trasporto: posta-certificata\nSubject: POSTA CERTIFICATA: guasto\n\nAiuto\n",
    )
    assert mail.kind is Kind.ORDINARY
