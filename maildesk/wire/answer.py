"""What an SMTP server's answer means for a letter: gone, later, never, or not the letter's fault.

Pure: a phase, a code and the server's words in, an `Answer` out (RFC 5321 §4.2, RFC 3463). What
is done about it is the delivery's question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Phase = Literal["connect", "tls", "auth", "mail", "rcpt", "data", "dot"]


class Answer(StrEnum):
    """What became of a letter (DESIGN §3, "A letter leaves").

    `ACCOUNT` is a fault of the sending account or server, not of the letter: nothing may die of
    it. `UNKNOWN` means the connection was lost after the final dot: it may have been accepted.
    """

    ACCEPTED = "accepted"
    LATER = "later"
    NEVER = "never"
    ACCOUNT = "account"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with its evidence: the SMTP code (None without one), the words, the phase."""

    answer: Answer
    code: int | None
    text: str
    phase: Phase


_ENHANCED = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")
_AUTH_CODES = frozenset({503, 530, 534, 535, 538})
_TOO_LARGE = frozenset({"5.3.4", "5.2.3"})
# What large providers say about the sender's account at RCPT or after the dot: sending limit
# reached, blocked as an outbound spammer, not allowed to send as this address.
_ACCOUNT_STATUS = frozenset(
    {"5.1.8", "5.2.252", "5.4.5", "5.7.3", "5.7.57", "5.7.60", "5.7.139", "5.7.501", "5.7.502"}
    | {"5.7.503", "5.7.504", "5.7.708"}
)
_LIMIT_WORDS = re.compile(r"frequency limited|sending (limit|quota)|rate limit|daily .{0,20}limit")

# Postfix and Exim object to the sender at RCPT only; quoted from elsewhere it stands later on.
_SENDER_WORDS = re.compile(
    r"(?:5\.\d+\.\d+ )?(?:<[^>]*>: sender address rejected|sender verify failed)"
)


def judge(phase: Phase, code: int, text: str) -> Answer:
    """What `code` and `text`, received in `phase`, mean for the letter."""
    if 200 <= code < 300:
        return Answer.ACCEPTED if phase == "dot" else Answer.LATER
    if not 500 <= code < 600:
        return Answer.LATER
    found = _ENHANCED.search(text)
    status = found[0] if found else None
    words = text.lower()
    large = status in _TOO_LARGE or (code == 552 and status is None)
    relaying = "relay" in words and (status is None or status.startswith("5.7."))
    ours = (
        phase in ("connect", "tls", "auth")
        or code in _AUTH_CODES
        or status in _ACCOUNT_STATUS
        or _LIMIT_WORDS.search(words) is not None
        or (phase == "mail" and not large)
        or (phase == "rcpt" and (relaying or _SENDER_WORDS.match(words) is not None))
    )
    return Answer.ACCOUNT if ours else Answer.NEVER
