"""A scripted mail as the bytes that arrive: a request, an answer to a letter that left, a file.

An answer names the letter as mail programs do, quotes it below and so carries its code. What the
company's own server would have noted about the sender stands on top, for a border of ours.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr
from zoneinfo import ZoneInfo

from maildesk.config.mailscript import LAST, Proof, Scripted
from maildesk.desk.arrival.directory import Directory
from maildesk.desk.charter import DeskConfig
from maildesk.mail.message import address_key
from maildesk.mail.proof.trust import Border
from maildesk.simulation.machines import mark_automatic, write_bounce
from maildesk.store import chronicle
from maildesk.store.engine import Connection

SCRIPT = "@script"
"""The mailbox of scripted mails: only there are the results believed that stand on top of them."""

_SERVER = "mx.script.invalid"
BORDERS: Mapping[str, Border] = {SCRIPT: Border((_SERVER,), (_SERVER,), ())}
_RESULTS: Mapping[Proof, str] = {"passed": "pass", "failed": "fail"}
_POLICY = policy.SMTP.clone(max_line_length=900)  # folding would break ids longer than a line
_CUT = "------------------ 原始邮件 ------------------"


class CannotWrite(Exception):
    """Why a scripted mail does not come about; its text names the place in the script."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A letter that left: as it is, to which address, of which desk."""

    mail: EmailMessage
    address: str
    desk_id: str


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the mails of a script. `directory` knows who is meant, `desks` whom they write to."""

    directory: Directory
    desks: Mapping[str, DeskConfig]

    def write(self, db: Connection, item: Scripted, number: int) -> bytes:
        """The mail's bytes; `number` tells it from the script's others. Raises CannotWrite."""
        try:
            return self._write(db, item, number)
        except (ValueError, LookupError, AttributeError) as fault:  # how `email` refuses addresses
            problem = f"cannot be written as a mail ({fault}); look at its addresses"
            raise CannotWrite(f"{item.place}: {problem}") from fault

    def _write(self, db: Connection, item: Scripted, number: int) -> bytes:
        if item.file is not None:
            raw = item.file.read_bytes()
            sender = address_key(str(message_from_bytes(raw, policy=policy.default)["From"] or ""))
            return (_note(item, item.proof, sender) if item.proof else b"") + raw
        if item.machine == "bounce":
            returned = self.find_answered(db, item)
            zone = self.desks[returned.desk_id].zone_info
            report = write_bounce(returned.mail, returned.address, item.at.astimezone(zone), number)
            return _note(item, "none", "") + report
        name, address = self.find_sender(item)
        answered = self.find_answered(db, item) if item.letter else None
        desk = self.desks[answered.desk_id] if answered else next(iter(self.desks.values()))
        mail = EmailMessage(policy=_POLICY)
        mail["From"] = formataddr((name, address)) if name.isascii() else f"{name} <{address}>"
        mail["To"] = ", ".join(item.to or (desk.address,))
        if item.cc:
            mail["Cc"] = ", ".join(item.cc)
        mail["Subject"] = item.subject or (f"回复：{answered.mail['Subject']}" if answered else "")
        mail["Date"] = format_datetime(item.at.astimezone(desk.zone_info))
        mail["Message-ID"] = f"<script-{number}.{item.at:%Y%m%d%H%M}@{address.rpartition('@')[2]}>"
        text = item.body.rstrip() + "\n"
        if item.machine == "auto_reply":
            mark_automatic(mail)
        if answered is not None:
            letter = answered.mail
            mail["In-Reply-To"] = str(letter["Message-ID"])
            known = str(letter["References"] or "").split()
            mail["References"] = " ".join((*known, str(letter["Message-ID"])))
            text += f"\n{_quote(letter, desk.zone_info)}"
        mail.set_content(text, cte="base64")
        for path in item.attach:
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            main, _, sub = kind.partition("/")
            mail.add_attachment(path.read_bytes(), maintype=main, subtype=sub, filename=path.name)
        if mail.is_multipart():
            mail.set_boundary(f"cut-{number}")  # else made at random
        return _note(item, item.proof or self._assume(address), address) + mail.as_bytes()

    def find_sender(self, item: Scripted) -> tuple[str, str]:
        """(name, address) of who writes. Raises CannotWrite when nobody is found by that name."""
        name, address = parseaddr(item.sender)
        if "@" in address:
            person = self.directory.at(address)
            return name or (person.name if person else ""), address
        match = self.directory.find_exactly(item.sender)
        if match.person is None:
            raise CannotWrite(f"{item.place}: from: {match.why}")
        return match.person.name, match.person.addresses[0]

    def find_answered(self, db: Connection, item: Scripted, letter: str | None = None) -> Answered:
        """The letter that is answered or clicked: the newest that fits. Raises CannotWrite."""
        wanted = item.letter or letter
        kind = None if wanted == LAST else wanted
        reader = item.reader or self.find_sender(item)[1]
        found = chronicle.find_letter(db, address_key(reader), kind, item.ticket)
        if found is None:
            what = f"no letter {kind}" if kind else "no letter"
            about = f" about {item.ticket}" if item.ticket else ""
            raise CannotWrite(f"{item.place}: {what}{about} has left to {reader} by then")
        mail = message_from_bytes(found[0], policy=policy.default)
        return Answered(mail, found[1], found[2])

    def _assume(self, address: str) -> Proof:
        return "passed" if self.directory.at(address) is not None else "none"


def read_text(mail: EmailMessage) -> str:
    """A letter's words."""
    body = mail.get_body(("plain",))
    return str(body.get_content()).replace("\r\n", "\n") if body is not None else ""


def _note(item: Scripted, proof: Proof, address: str) -> bytes:
    """What our own server writes on top of a mail that comes in."""
    when = format_datetime(item.at)
    lines = [f"Received: from pc.script.invalid by {_SERVER} with ESMTP; {when}"]
    if proof in _RESULTS:
        domain = address.rpartition("@")[2]
        said = f"dmarc={_RESULTS[proof]} header.from={domain}"
        lines.insert(0, f"Authentication-Results: {_SERVER}; {said}")
    return "".join(f"{line}\r\n" for line in lines).encode("ascii", "replace")


def _quote(letter: EmailMessage, zone: ZoneInfo) -> str:
    sent = letter["Date"].datetime.astimezone(zone)
    head = (
        _CUT,
        f"发件人: {letter['From']}",
        f"发送时间: {sent:%Y年%m月%d日 %H:%M}",
        f"收件人: {letter['To']}",
        f"主题: {letter['Subject']}",
        "",
    )
    return "\n".join(head) + "\n" + read_text(letter)
