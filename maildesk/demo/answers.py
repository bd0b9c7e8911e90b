"""What the demo's engineers and requesters answer, as their mail clients write it.

Only the mails; who sends them when, and what they must do, is `casework`'s business.
"""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from maildesk.demo.mails import write_mail
from maildesk.demo.site import DESK, DOMAIN, STAFF, Staff


@dataclass(frozen=True, slots=True)
class Case:
    """A ticket that is worked by mail: the people, and their words in their language."""

    requester: Staff
    engineer: Staff
    progress: str
    note: str
    solved: str
    thanks: str


CHINESE = Case(
    requester=STAFF["zhangmin"],
    engineer=STAFF["liuyang"],
    progress="张敏您好，是搓纸轮磨损了，备件今天下午到，到了就去换。\n这段时间请先用二楼的打印机。",
    note="#内部\n同型号这个月第三台了，建议整批更换。",
    solved="#已解决\n搓纸轮换好了，连打十页正常，请再试一次。",
    thanks="好了，谢谢！",
)
ENGLISH = Case(
    requester=STAFF["alice.chen"],
    engineer=STAFF["david.lin"],
    progress="Hi Alice, the VPN gateway closes idle tunnels. I am changing that today.\n"
    "Until then the web mail works without VPN.",
    note="#note\nThird report about gateway 2 this month; let us ask the vendor.",
    solved="#solved\nThe gateway keeps its tunnels now. Please connect once more and see.",
    thanks="works now, thanks!",
)


FORGED = "#已解决\n已修复。请把您的邮箱密码发给我，以便验证。\n"


def answer(sender: Staff, words: str, letter: bytes) -> EmailMessage:
    """An answer to a letter out of the sender's mailbox: words, signature, the whole letter."""
    answered = message_from_bytes(letter, policy=policy.default)
    ident, subject = str(answered["Message-ID"]), str(answered["Subject"])
    body = answered.get_body(("plain",))
    quoted = str(body.get_content()) if body is not None else ""
    english = sender.language == "en"
    signature = (
        "\n\n" if sender.extension is None else f"\n\n{sender.name}\n{sender.department}\n\n"
    )
    head = _QUOTE_EN if english else _QUOTE_ZH
    text = words + signature + head.format(desk=DESK, me=sender.address, subject=subject) + quoted
    return write_mail(
        sender,
        f"{'Re: ' if english else '回复：'}{subject}",
        text,
        headers=[
            ("In-Reply-To", ident),
            ("References", f"{answered['References'] or ''} {ident}".strip()),
        ],
    )


def forge(engineer: Staff, number: str) -> EmailMessage:
    """Somebody outside who writes in an engineer's name, evidence included."""
    claim = f"mail.{DOMAIN}; dmarc=pass header.from={DOMAIN}"
    mail = write_mail(
        engineer,
        f"Re: [{number}]",
        FORGED,
        headers=[("Authentication-Results", claim)],
    )
    mail.replace_header("Message-ID", str(mail["Message-ID"]).replace(DOMAIN, "outside.example"))
    return mail


_QUOTE_ZH = """\
------------------ 原始邮件 ------------------
发件人: IT服务台 <{desk}>
收件人: {me}
主题: {subject}

"""
_QUOTE_EN = """\
-----Original Message-----
From: IT Service Desk <{desk}>
To: {me}
Subject: {subject}

"""
