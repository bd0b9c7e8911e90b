"""What a subject says once everything mail programs and gateways put before it is gone.

Prefixes of replies and forwards in any language, tags of gateways, and our own states and numbers
are removed for titles and comparisons. It finds no ticket: that is `number`'s question.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from maildesk.mail.cut.prefix import PREFIX

_GATEWAY = (
    "EXT|EXTERN|EXTERNAL|EXTERNAL[ -]E?-?MAIL|EXTERNAL SENDER|外部|外部邮件|外部郵件|外来邮件|"
    "外网邮件|外部发件人|来自外部|站外邮件"
)
_STATE = (
    r"已受理|请补充|请重发|邮件过大|处理进展|处理中|待您补充|待用户反馈|挂起|待您确认|待确认|请确认|已解决|已结单|已关闭|未受理|"
    r"已驳回|重新处理|升级待确认|即将超时[^\]】]{0,20}|已超时[^\]】]{0,20}|"
    r"请协助|派单|协办|待派单[^\]】]{0,20}|用户回复|厂商回复|未发出|YOUR HELP, PLEASE|"
    r"请处理|待您过目|自动邮件已暂停|ACTION NEEDED|FOR YOUR EYES|AUTOMATIC MAIL PAUSED|"
    r"RECEIVED|AWAITING ASSIGNMENT|IN PROGRESS|PROGRESS|WAITING FOR YOU|MORE DETAILS PLEASE|"
    r"ON HOLD|PLEASE CONFIRM|PLEASE RESEND|TOO LARGE|SOLVED|CLOSED|NOT ACCEPTED|REOPENED|"
    r"DUE SOON[^\]】]{0,20}|OVERDUE[^\]】]{0,20}"
)
_TAG = re.compile(
    rf"[\[(【] ?(?:{_GATEWAY}|{_STATE}) ?[\])】]|(?:EXTERNAL|外部邮件) ?:", re.IGNORECASE
)
# Only in brackets, and with as many digits as a dated number has, so that [HP-1020] stays.
_NUMBER = re.compile(
    r"[\[(【] ?[A-Z][A-Z_]{0,19} ?-? ?(?=(?:[-_./]?\d){7})"
    r"\d{1,20}(?: ?[-_./] ?\d{1,12}){0,4} ?[\])】]",
    re.IGNORECASE,
)
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# One character for one, so that what is found in the folded copy stands at the same place.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_JOINERS = "\u200c\u200d"
_WIDE = frozenset("WF")


def strip_prefixes(subject: str) -> str:
    """The subject without any stack of prefixes and tags, and without bracketed numbers of ours.

    Blanks are single in the result. It is "" only when nothing but those stood there. Stripping
    again changes nothing.
    """
    text = _flatten(subject)
    text = _flatten(_cut(_NUMBER, text))
    narrow = text.translate(_NARROW)
    start = 0
    while match := _match_prefix(narrow, start):
        start = match.end()
        while narrow.startswith(" ", start):
            start += 1
    return text[start:]


def is_reply(subject: str) -> bool:
    """Whether the outermost prefix says reply."""
    return _first_kind(subject) == "reply"


def is_forward(subject: str) -> bool:
    """Whether the outermost prefix says forward."""
    return _first_kind(subject) == "forward"


def remove_numbers_like(number: str, title: str) -> str:
    """The title without tokens of the same shape as `number`, bracketed or bare.

    A subject of ours holds exactly one number (DESIGN §8), even when the requester's words had one.
    """
    if not number:
        return _flatten(title)
    return _flatten(_shape(re.sub(r"\d+", "0", number)).sub(" ", _flatten(title)))


def shorten(title: str, columns: int) -> str:
    """The title in at most so many columns (a Han character takes two), cut with an ellipsis.

    Latin words are kept whole where that costs little; an emoji or accent is never torn apart.
    """
    if len(title) * 2 <= columns or _measure(title) <= columns:
        return title
    end = width = 0
    while width + _columns(title[end]) <= columns - 1:
        width += _columns(title[end])
        end += 1
    while end > 1 and (unicodedata.combining(title[end]) or _is_glued(title, end)):
        end -= 1
    blank = title.rfind(" ", 0, end + 1)
    if blank >= end * 2 // 3 and title[blank:end].isascii():
        end = blank
    return title[:end].rstrip(" ,;:-—，；：、（([【") + "…"


def _first_kind(subject: str) -> str | None:
    narrow = _flatten(_cut(_NUMBER, _flatten(subject))).translate(_NARROW)
    start = 0
    while match := _match_prefix(narrow, start):
        if match.re is PREFIX:
            return match.lastgroup
        start = match.end()
        while narrow.startswith(" ", start):
            start += 1
    return None


def _match_prefix(narrow: str, start: int) -> re.Match[str] | None:
    return PREFIX.match(narrow, start) or _TAG.match(narrow, start)


def _flatten(text: str) -> str:
    return " ".join(_CONTROLS.sub(" ", _INVISIBLE.sub("", text)).split())


def _cut(pattern: re.Pattern[str], text: str) -> str:
    kept, start = [], 0
    for match in pattern.finditer(text.translate(_NARROW)):
        kept.append(text[start : match.start()])
        start = match.end()
    return " ".join([*kept, text[start:]]) if kept else text


@lru_cache(maxsize=256)
def _shape(shape: str) -> re.Pattern[str]:
    token = re.escape(shape).replace("0", r"\d{1,20}")
    return re.compile(rf"[\[(【]? ?(?<![A-Z0-9]){token}(?!\d) ?[\])】]?", re.IGNORECASE)


def _measure(text: str) -> int:
    return sum(map(_columns, text))


def _columns(char: str) -> int:
    if unicodedata.combining(char) or char in _JOINERS:
        return 0
    return 2 if unicodedata.east_asian_width(char) in _WIDE else 1


def _is_glued(title: str, at: int) -> bool:
    """Whether the character at `at` belongs to the one before it (joiners, variation selectors)."""
    return (
        title[at] in _JOINERS
        or title[at - 1] in _JOINERS
        or "\ufe00" <= title[at] <= "\ufe0f"
        or "\U0001f3fb" <= title[at] <= "\U0001f3ff"
    )
