"""Which mails must not become tickets: our own, machines' answers, recalls, strangers, spam.

Each question is one function; `BARRIERS` is their order. What a barrier stops is kept and can be
explained; nothing here decides what an ordinary request becomes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from maildesk.desk.arrival.subject import is_forward, is_reply, strip_prefixes
from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import Facts, Outcome
from maildesk.mail.message import Incoming, Kind, address_key


@dataclass(frozen=True, slots=True)
class Barrier:
    """A mail stopped here. `event` is what its ticket (if evidence names one) records of it."""

    outcome: Outcome
    why: str
    event: str | None = None


def stop(facts: Facts) -> Barrier | None:
    """The first barrier that holds this mail, or None for an ordinary one."""
    return next((held for ask in BARRIERS if (held := ask(facts)) is not None), None)


def _is_ours(facts: Facts) -> Barrier | None:
    if facts.ours is None:
        return None
    return Barrier(Outcome.IGNORED, f"a letter of our own came back: {facts.ours}")


_MACHINE: dict[Kind, tuple[str, str]] = {
    Kind.BOUNCE: ("bounced", "a delivery report: never opens or changes a ticket"),
    Kind.AUTO_REPLY: ("auto_reply", "an automatic reply: never opens or changes a ticket"),
    Kind.REPORT: ("report", "a receipt or report: never opens or changes a ticket"),
    Kind.LIST: ("list_mail", "mail of a list: never answered, never opens or changes a ticket"),
}


def _is_machine(facts: Facts) -> Barrier | None:
    if facts.mail.kind not in _MACHINE:
        return None
    event, why = _MACHINE[facts.mail.kind]
    return Barrier(Outcome.IGNORED, why, event)


def _is_recall(facts: Facts) -> Barrier | None:
    """Somebody takes a mail back. It is not taken back here: what was read stays read."""
    mail = facts.mail
    if is_reply(mail.subject[:500]) or is_forward(mail.subject[:500]):
        return None  # a person says something about a recall
    if not _RECALL.match(_title(mail)) and not _RECALL_BODY.match(mail.text[:500]):
        return None
    why = "a recall notice: never opens or changes a ticket"
    return Barrier(Outcome.IGNORED, why, "recall")


def _is_meeting_answer(facts: Facts) -> Barrier | None:
    """A calendar says yes or no. The subject alone proves nothing: people write such, too."""
    mail = facts.mail
    if not (_MEETING.match(_title(mail)) and _holds_calendar(mail)):
        return None
    why = "an answer to a meeting: never opens or changes a ticket"
    return Barrier(Outcome.IGNORED, why, "meeting_answer")


def _has_no_sender(facts: Facts) -> Barrier | None:
    if facts.sender is not None:
        return None
    return Barrier(Outcome.DOORSTEP, "it has no usable sender address")


def _is_marked_spam(facts: Facts) -> Barrier | None:
    mark = None if facts.admitted else _spam_mark(facts.mail)
    return Barrier(Outcome.DOORSTEP, f"the server marked it as spam ({mark})") if mark else None


def _is_stranger(facts: Facts) -> Barrier | None:
    sender = facts.sender
    assert sender is not None
    if facts.admitted or sender.listed or accepts(facts.desk, sender.address):
        return None
    if _takes_part(facts):
        return None
    why = f"{sender.address} is outside accept_from, not listed, and takes part in no ticket"
    return Barrier(Outcome.DOORSTEP, why)


BARRIERS: tuple[Callable[[Facts], Barrier | None], ...] = (
    _is_ours,
    _is_machine,
    _is_recall,
    _is_meeting_answer,
    _has_no_sender,
    _is_marked_spam,
    _is_stranger,
)


def accepts(desk: DeskConfig, address: str) -> bool:
    """Whether `accept_from` lets an address in: an address, a domain, `.domain` with all below."""
    domain = address.rpartition("@")[2]
    for entry in desk.accept_from:
        item = entry.lower()
        if "@" in item.lstrip("@"):
            if address_key(item) == address:
                return True
        elif item == "*" or domain == item.lstrip("@") or _is_below(domain, item):
            return True
    return False


def is_desk_address(desk: DeskConfig, key: str) -> bool:
    """Whether an address key is one of the desk's own."""
    return any(address_key(own) == key for own in desk.addresses)


def _is_below(domain: str, item: str) -> bool:
    suffix = item.removeprefix("*")
    return suffix.startswith(".") and (domain == suffix[1:] or domain.endswith(suffix))


def _title(mail: Incoming) -> str:
    """The start of the subject, without what gateways put before it."""
    return strip_prefixes(mail.subject[:500])


# What programs write, and nothing looser: 撤回功能用不了 is a request.
_RECALL = re.compile(
    r"(?:邮件|郵件|消息|訊息)?(?:撤回|召回|收回)(?:通知|邮件|郵件|消息)? ?[:：]|"
    r"(?:邮件|郵件)(?:撤回|召回)(?:通知|提醒)$|(?:message )?recall(?: notification)? ?[:：]|"
    r"message recall report for ",
    re.IGNORECASE,
)
_RECALL_BODY = re.compile(
    r"\s*(?:[^\n]{1,120} would like to recall the message, [\"“]|"
    r"[^\n]{0,120}?(?:想要|希望|欲|要)(?:撤回|收回|召回)(?:此|该|以下)?邮件 ?[“\"「:：])",
    re.IGNORECASE,
)
_MEETING = re.compile(
    r"(?:已接受|接受|已拒绝|拒绝|暂定|已暂定|暂时接受|已暫訂|暫訂|已拒絕|拒絕|已谢绝|已取消|取消|已建议新时间|建议新时间|"
    r"accepted|declined|tentative|tentatively accepted|cancell?ed|new time proposed) ?[:：]",
    re.IGNORECASE,
)


def _holds_calendar(mail: Incoming) -> bool:
    if any(item.content_type.lower() in _CALENDAR for item in mail.attachments):
        return True
    if (mail.header("Content-Class") or "").lower().endswith(":calendarmessage"):
        return True
    return (mail.header("Content-Type") or "").lower().startswith(_CALENDAR)


_CALENDAR = ("text/calendar", "application/ics")


def _takes_part(facts: Facts) -> bool:
    sender = facts.sender
    assert sender is not None
    mine = sender.addresses | {sender.address}
    return any(ticket.insiders & mine for ticket in facts.tickets)


def _spam_mark(mail: Incoming) -> str | None:
    for name, spam_when in _SPAM_HEADERS:
        value = (mail.header(name) or "").strip().lower()
        if value and spam_when(value):
            return f"{name}: {value[:60]}"
    return None


def _is_high(value: str) -> bool:
    return value.isdigit() and int(value) >= 5


_SPAM_HEADERS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("X-Spam-Flag", lambda value: value == "yes"),
    ("X-Spam-Status", lambda value: value.startswith("yes")),
    ("X-MS-Exchange-Organization-SCL", _is_high),
    ("X-Spam", lambda value: value == "yes"),
)
