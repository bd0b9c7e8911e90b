"""Does a subject's prefix say answer or forward? `Re:`, `AW:`, `回复：`, `WG:`, `转发：`, `ENC:` …

The words mail programs of all languages put before a subject, with their counters. What a subject
says without them is `desk.arrival.subject`'s question.
"""

from __future__ import annotations

import re

_REPLY = (
    "RE|REPLY|AW|ANTW|ANTWORT|SV|VS|RIF|RÉP|RÉPONSE|RES|RESP|RESPUESTA|REF|ODP|YNT|CEVAP|VÁ|"
    "VÁLASZ|BLS|ATB|На|Отв|Ответ|Відп|ΑΠ|ΣΧΕΤ|השב|תשובה|رد|返信|回信|답장|회신|답변|"
    "答复|答覆|回复|回覆|回復|Trả lời"
)
_FORWARD = (
    "FW|FWD|FORWARD|WG|VB|VL|TR|ENC|RV|REENV|İLT|ILT|PD|DOORST|TRS|TOV|Переслано|Пересылка|Пересл|"
    "Пер|ΠΡΘ|הועבר|إعادة توجيه|転送|전달|转发|轉發|轉寄|转寄|转送|Chuyển tiếp"
)
_COUNTER = r"(?: ?[\[({【]? ?\d{1,4} ?[\])}】]|[\^*]\d{1,4}|\d{1,2})?"
# One letter is also a drive ("R: drive", "I:盘"), and a subject of its own when nothing follows.
_LETTER_END = r"(?! ?(?:[\\/]|盘|盤|drive\b))(?= ?\S)"

PREFIX = re.compile(
    rf"(?:(?P<reply>(?:{_REPLY}){_COUNTER} ?[:︰﹕]|R(?:\[\d+\])? ?:{_LETTER_END})"
    rf"|(?P<forward>(?:{_FORWARD}){_COUNTER} ?[:︰﹕]|I(?:\[\d+\])? ?:{_LETTER_END}))",
    re.IGNORECASE,
)
"""One prefix; the group that matched names its kind. Colons have to be narrow."""

_TAGS = re.compile(
    r"\s*(?:\[[^\[\]]{0,40}\]|【[^【】]{0,40}】|\((?:ext|external)\))", re.IGNORECASE
)
_NORSE_FORWARD = re.compile(r"^(?:Fra|Videresendt):", re.MULTILINE)


def is_reply(subject: str) -> bool:
    """Whether the outermost prefix says reply: `[EXT] Re: Fwd: x` does."""
    return _kind(subject) == "reply"


def is_forward(subject: str, text: str = "") -> bool:
    """Whether the outermost prefix says forward: `Fwd: Re: x` does.

    `VS:` answers in Finnish and forwards in Danish and Norwegian; there `text` decides.
    """
    kind = _kind(subject)
    if kind == "reply" and text and subject.lstrip()[:2].upper() == "VS":
        return _NORSE_FORWARD.search(text) is not None
    return kind == "forward"


def strip(subject: str) -> str:
    """The subject without any stack of prefixes, to be compared; not for titles."""
    narrow = subject.replace("：", ":").replace("\u00a0", " ").strip()
    start = 0
    while found := PREFIX.match(narrow, start):
        start = found.end()
        while narrow.startswith(" ", start):
            start += 1
    return narrow[start:]


def _kind(subject: str) -> str | None:
    narrow = subject[:200].replace("：", ":").replace("\u00a0", " ").lstrip()
    if narrow.startswith("[") and (found := PREFIX.match(narrow, 1)):
        return found.lastgroup  # `[Fwd: x]`, as old Thunderbirds write it
    while match := _TAGS.match(narrow):
        narrow = narrow[match.end() :].lstrip()
    found = PREFIX.match(narrow)
    return found.lastgroup if found else None
