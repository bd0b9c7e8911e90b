"""People with a mail client on the real servers: they read their inbox and answer as clients do.

Outlook and QQ Mail quote the letter they answer; the quotation is the letter as it lies in the
mailbox. `post` logs in, as at the office; `post_from_outside` comes from the Internet and proves
nothing.
"""

from __future__ import annotations

import re
import smtplib
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime

from builders import NOW
from servers import LOOPBACK
from servers.dovecot import Dovecot
from servers.postfix import Postfix

OUTSIDE = "203.0.113.9"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of the desk as its receiver's mailbox has it."""

    mail: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.mail["Subject"])

    @property
    def id(self) -> str:
        return str(self.mail["Message-ID"])

    @property
    def answers(self) -> str:
        return str(self.mail["In-Reply-To"] or "")

    @property
    def references(self) -> list[str]:
        return str(self.mail["References"] or "").split()

    @property
    def text(self) -> str:
        return self._read("plain")

    @property
    def html(self) -> str:
        return self._read("html")

    @property
    def lines(self) -> list[str]:
        return [line for line in self.text.splitlines() if line.strip()]

    def find_link(self, words: str) -> str:
        """The link behind `words：` in the text."""
        found = re.search(rf"{words}：(\S+)", self.text)
        assert found is not None, self.text
        return found[1]

    def _read(self, kind: str) -> str:
        body = self.mail.get_body((kind,))
        assert body is not None
        return str(body.get_content())


class Correspondent:
    """Somebody with a fresh mailbox. `sent` are the ids of what he wrote."""

    def __init__(self, name: str, dovecot: Dovecot, postfix: Postfix, desk: str) -> None:
        self.name = name
        self.dovecot = dovecot
        self.postfix = postfix
        self.desk = desk
        self.user = dovecot.fresh_user()
        self.address = f"{self.user}@desk.test"
        self.sent: list[str] = []

    def read(self) -> list[Letter]:
        """Everything in the inbox, in the order it came."""
        mails = (item.raw for item in self.dovecot.messages(self.user))
        return [Letter(message_from_bytes(raw, policy=policy.default)) for raw in mails]

    def wait_for(self, count: int) -> Letter:
        """The newest letter, once there are `count`; more than that are one too many."""
        self.dovecot.wait_for(self.user, count, seconds=20)
        letters = self.read()
        assert len(letters) == count, [letter.subject for letter in letters]
        return letters[-1]

    def write(self, subject: str, text: str, *headers: tuple[str, str]) -> EmailMessage:
        mail = EmailMessage(policy=policy.SMTP)
        mail["From"] = f"{self.name} <{self.address}>"
        mail["To"] = self.desk
        mail["Subject"] = subject
        mail["Date"] = format_datetime(NOW)
        mail["Message-ID"] = f"<{self.user}.{len(self.sent) + 1}@client.test>"
        for key, value in headers:
            mail[key] = value
        mail.set_content(text)
        self.sent.append(str(mail["Message-ID"]))
        return mail

    def answer_in_outlook(self, letter: Letter, words: str, signature: str) -> EmailMessage:
        """Outlook in Chinese: a header block and the whole letter below the words, twice."""
        block = (
            f"发件人: IT服务台 <{self.desk}>\n发送时间: 2026年11月20日 10:00\n"
            f"收件人: {self.name} <{self.address}>\n主题: {letter.subject}\n"
        )
        text = f"{words}\n\n{signature}\n\n{block}\n{letter.text}"
        mail = self.write(f"答复: {letter.subject}", text, *_refer(letter))
        own = "".join(
            f"<p class=MsoNormal><span>{line or '&nbsp;'}</span></p>"
            for line in f"{words}\n\n{signature}".split("\n")
        )
        head = block.strip().replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
        body = re.search(r"<body[^>]*>(.*)</body>", letter.html, re.DOTALL | re.IGNORECASE)
        mail.add_alternative(
            f"<html><body lang=ZH-CN><div class=WordSection1>{own}"
            "<div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt'>"
            f"<p class=MsoNormal>{head}</p></div></div>{body[1] if body else letter.html}"
            "</div></body></html>",
            subtype="html",
        )
        return mail

    def answer_in_qq(self, letter: Letter, words: str) -> EmailMessage:
        """QQ Mail and Foxmail: a line of dashes above the letter."""
        text = (
            f"{words}\n\n------------------ 原始邮件 ------------------\n"
            f"发件人: IT服务台 <{self.desk}>\n发送时间: 2026年11月20日(星期五) 10:00\n"
            f"收件人: {self.name} <{self.address}>\n主题: {letter.subject}\n\n{letter.text}"
        )
        return self.write(f"回复：{letter.subject}", text, *_refer(letter))

    def post(self, mail: EmailMessage) -> None:
        """Log in and send: the servers write who it was."""
        with smtplib.SMTP(LOOPBACK, self.postfix.submission_port, "pc.desk.test") as client:
            client.login(self.user, self.dovecot.password)
            client.send_message(mail, self.address, [self.desk])

    def post_from_outside(self, mail: EmailMessage) -> None:
        """Send as anybody on the Internet can, in whosever name."""
        with smtplib.SMTP(LOOPBACK, self.postfix.port, "mail.outside.test") as client:
            client.ehlo()
            code, said = client.docmd("XCLIENT", f"NAME=mail.outside.test ADDR={OUTSIDE}")
            assert code == 220, said
            client.ehlo("mail.outside.test")
            client.send_message(mail, self.address, [self.desk])


def _refer(letter: Letter) -> tuple[tuple[str, str], ...]:
    references = " ".join([*letter.references, letter.id])
    return ("In-Reply-To", letter.id), ("References", references)
