"""Is this mail about another mail's fate? Delivery reports, read receipts, abuse reports.

RFC 3464 reports first, then the texts of Postfix, Exchange, qmail, Exim, QQ and 163, believed
only from senders no person has. A person who forwards a bounce asks a question: that is ordinary.
What a bounce does to an address is the desk's decision.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from maildesk.mail.headers import find_ids
from maildesk.mail.message import Address, Bounce, Kind
from maildesk.mail.structure import Leaf, Outline

_READ = 64 * 1024
_TEXT = 8_000
_MOST = 50  # recipients of one report we remember
_NOT_PRINTED = re.compile(r"[\x00-\x1f\x7f]")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.\-])([45])(\d)(\d)(?=[ \-])")
_ADDRESS = re.compile(r"[A-Za-z0-9._%+=-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_MESSAGE_ID = re.compile(rb"^message-id:[ \t]*(?:\r?\n[ \t]+)?([^\r\n]+)", re.IGNORECASE | re.M)
_SENDERS = frozenset(
    {"mailer-daemon", "mailerdaemon", "postmaster", "mail-daemon", "mailer_daemon"}
)

_FAILED = re.compile(
    r"^\s*(?:undeliver(?:ed|able)|delivery status notification \(failure\)|delivery failure|"
    r"delivery (?:has )?failed|failed delivery|mail delivery (?:failed|failure|system)|"
    r"failure notice|returned mail|mail system error|message undeliverable|"
    r"mail could not be delivered|non remis|unzustellbar|no se puede entregar|"
    r"退信|系统退信|来自.{1,40}的退信|邮件退回|退回邮件|退件|未送达|未传递|无法投递|無法傳遞|"
    r"无法送达|投递失败|邮件投递失败|发送失败|配信不能|배달되지 않음)",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"^\s*(?:delivery status notification \(delay\)|delayed mail|delivery delayed|"
    r"warning: (?:could not send|message .{1,60} delayed)|mail delivery (?:delayed|warning)|"
    r"投递延迟|邮件延迟|延迟投递|正在重试)",
    re.IGNORECASE,
)
_DELIVERED = re.compile(
    r"^\s*(?:relayed|delivered|expanded|successful mail delivery report|"
    r"delivery status notification \(success\)|已送达|投递成功)",
    re.IGNORECASE,
)
_REPORTS = {
    "message/disposition-notification": "read receipt",
    "message/feedback-report": "abuse report",
}


@dataclass(frozen=True, slots=True)
class Fate:
    """What a report says: `kind` is BOUNCE or REPORT; `bounce` None for receipts and abuse."""

    kind: Kind
    bounce: Bounce | None = None


def find_fate(
    outline: Outline,
    headers: Mapping[str, str],
    sender: Address | None,
    subject: str,
    text: str,
) -> Fate | None:
    """The report this mail is, or None. `headers`: lower-case names to the first decoded value."""
    is_report = outline.top == "multipart/report"
    machine = _is_machine(sender, headers)
    if is_report or machine:
        for leaf in outline.files:
            if leaf.content_type in ("message/delivery-status", "message/global-delivery-status"):
                return _read_report(leaf, outline.files)
            if leaf.content_type in _REPORTS:
                return Fate(Kind.REPORT)
    if is_report and outline.parameters.get("report-type", "").lower() in (
        "disposition-notification",
        "feedback-report",
    ):
        return Fate(Kind.REPORT)
    if machine:
        return _read_words(subject, text, headers, outline.files)
    return None


def _is_machine(sender: Address | None, headers: Mapping[str, str]) -> bool:
    """Whether only a mail system writes under this sender (RFC 5321 §4.5.5, §4.5.1)."""
    if headers.get("return-path", "").strip() == "<>":
        return True
    return sender is not None and sender.email.lower().partition("@")[0] in _SENDERS


def _read_report(leaf: Leaf, files: Sequence[Leaf]) -> Fate:
    """RFC 3464 §2: a block about the message, then one block per recipient."""
    data, _ = leaf.read(_READ)
    blocks = [_fields(block) for block in re.split(r"\n\s*\n", _lines(data))]
    recipients = [block for block in blocks if "action" in block or "final-recipient" in block]
    actions = [block.get("action", "").partition(" ")[0].lower() for block in recipients]
    for wanted, kind in (("failed", Kind.BOUNCE), ("delayed", Kind.REPORT), ("", Kind.REPORT)):
        chosen = [
            block
            for block, action in zip(recipients, actions, strict=True)
            if not wanted or action == wanted
        ]
        if chosen:
            return Fate(kind, _bounce(chosen, files))
    return Fate(Kind.REPORT, Bounce(None, None, (), _find_original(files)))


def _bounce(blocks: Sequence[Mapping[str, str]], files: Sequence[Leaf]) -> Bounce:
    status = _STATUS.search(blocks[0].get("status", ""))
    action = blocks[0].get("action", "").partition(" ")[0].lower()
    people = (
        block.get("original-recipient") or block.get("final-recipient") or "" for block in blocks
    )
    addresses = (_NOT_PRINTED.sub("", one.rpartition(";")[2]).strip(" <>\t") for one in people)
    return Bounce(
        status=status[1] if status else None,
        action=action or None,
        recipients=tuple(dict.fromkeys(item for item in addresses if "@" in item))[:_MOST],
        original_message_id=_find_original(files),
    )


def _read_words(
    subject: str, text: str, headers: Mapping[str, str], files: Sequence[Leaf]
) -> Fate | None:
    """Reports of systems that send prose. The sender is known to be a machine."""
    start = text[:_TEXT]
    failed = _FAILED.match(subject) or "This is the qmail-send program" in start
    delayed = _DELAYED.match(subject)
    delivered = _DELIVERED.match(subject)
    if not (failed or delayed or delivered or "x-failed-recipients" in headers):
        return None
    prose = re.split(r"^-{2,}|^\s*Original message headers", start, maxsplit=1, flags=re.M)[0]
    prose = prose if _ADDRESS.search(prose) else start
    named = _ADDRESS.findall(headers.get("x-failed-recipients", "")) or _ADDRESS.findall(prose)
    people = (address for address in named if address.partition("@")[0].lower() not in _SENDERS)
    status = _STATUS.search(start)
    code = _CODE.search(start)
    original = _find_original(files) or _find_id(start.encode("utf-8", "replace"))
    action = "delayed" if delayed else "delivered" if delivered and not failed else "failed"
    return Fate(
        Kind.BOUNCE if action == "failed" else Kind.REPORT,
        Bounce(
            status=status[1] if status else f"{code[1]}.0.0" if code else None,
            action=action,
            recipients=tuple(dict.fromkeys(people))[:_MOST],
            original_message_id=original,
        ),
    )


def _find_original(files: Iterable[Leaf]) -> str | None:
    """The Message-ID of the mail that was returned with the report."""
    for leaf in files:
        if leaf.content_type in ("message/rfc822", "text/rfc822-headers", "message/global"):
            found = _find_id(leaf.read(_READ)[0])
            if found:
                return found
    return None


def _find_id(data: bytes) -> str | None:
    match = _MESSAGE_ID.search(data)
    ids = find_ids(match[1].decode("utf-8", "replace")) if match else ()
    return ids[0] if ids else None


def _lines(data: bytes) -> str:
    text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\n ", " ").replace("\n\t", " ")


def _fields(block: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in block.split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.strip().lower(), value.strip())
    return found
