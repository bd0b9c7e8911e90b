"""Is a line only a greeting or a good-bye?  Around an order block these do no harm (WORDS.md)."""

from __future__ import annotations

import re

from maildesk.desk.rules.fold import fold_characters

_LONGEST = 40

_GREETING = re.compile(
    r"[^\s,.;:!?。、]{0,10}\s*(?:您好|你好|好|早|早上好|上午好|中午好|下午好|晚上好)\s*[啊呀哈]?"
    r"|(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))(?:[ ,]+[^\s,.;:!?]{1,20}){0,4}"
)
# 已修好 is an answer and would be a greeting by the rule above.
_PLAIN_GREETING = re.compile(
    r"[^\s,.;:!?。、]{0,10}\s*(?:您好|你好|早上好|上午好|中午好|下午好|晚上好)\s*[啊呀哈]?"
    r"|[您你]?在(?:吗|么|不在)|有人(?:在)?(?:吗|么)"
    r"|(?:hi|hello|hey)(?:[ ,]+[^\s,.;:!?]{1,20}){0,1}"
)
_NAME = re.compile(r"[^\s,.;:!?。、]{1,10}\s*[,:]")
_CLOSING = re.compile(
    r"(?:多谢|谢谢|感谢|谢了|辛苦了?|此致|敬礼|祝好|顺颂商祺|顺祝商祺|祝工作顺利|祝您工作顺利|以上)"
    r"(?:您|你|大家|了)?"
    r"|(?:many |with |kind |best |warm )*"
    r"(?:thanks?|thank you|thx|regards|wishes|cheers|best|br|rgds)(?: in advance| a lot)?"
)
_MARKS = " \t\xa0\u3000,.;:!?~。、…-—"


def is_greeting(line: str) -> bool:
    """您好 · 张工好 · 王经理： · Hi Anna, — a line that only addresses somebody."""
    words = _fold(line)
    if words is None:
        return False
    greets = _GREETING.fullmatch(words.rstrip(_MARKS)) or _NAME.fullmatch(words)
    return greets is not None


def is_closing(line: str) -> bool:
    """谢谢 · 祝好 · Best regards, — without a name."""
    words = _fold(line)
    return words is not None and _CLOSING.fullmatch(words.rstrip(_MARKS)) is not None


def says_nothing(line: str) -> bool:
    """A greeting or a good-bye beyond doubt: alone beside an order it is no answer to anybody."""
    words = _fold(line)
    greets = words is not None and _PLAIN_GREETING.fullmatch(words.rstrip(_MARKS)) is not None
    return greets or is_closing(line)


def _fold(line: str) -> str | None:
    line = line.strip()
    return fold_characters(line).strip() if 0 < len(line) <= _LONGEST else None
