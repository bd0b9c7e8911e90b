"""Where do the words of a body end, and what a client or server set below them begin?

`-- `, the line of a device, the cards of NetEase and QQ, the footers of lists and gateways. Only
what some program marks: a name typed below a letter stays. (What may be *passed on* is cut harder,
by `signature`.)
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from maildesk.mail.cut.device import is_phone_signature
from maildesk.mail.cut.separator import is_quoted, is_rule

_SIGNATURE_LINES = 20
_SIGNATURE_CHARS = 1500
_DASHES = frozenset({"--", "—", "－－", "——"})
_FEW = 4
_DRAWN = 20
_CARD, _WIDE = 12, 60
_QQ_RULE = "-" * 18  # above QQ Mail's signatures and, with words in it, above its history
_ABBREVIATED = re.compile(
    r"\b(?:inc|ltd|co|corp|llc|gmbh|e\.v|s\.a|s\.r\.l|dept|bros|jr|sr|dr|mbh|plc|ing|dipl|no|nr|st|"
    r"str|tel|ext|ave|blvd|fl|apt)\.$",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"mailing[- ]?list|unsubscribe|google groups|you(?: a|')re subscribed|取消订阅|退订",
    re.IGNORECASE,
)


def has_words(lines: Sequence[str]) -> bool:
    """Whether somebody wrote something here: quotes, rules and phone signatures are not words."""
    return any(
        line.strip() and not is_quoted(line) and not is_rule(line) and not is_phone_signature(line)
        for line in lines
    )


def is_footer(lines: Sequence[str]) -> bool:
    """Whether what stands below a quote is a signature or a list's footer, and no answer."""
    written = [line for line in lines if line.strip()]
    if not written or len(written) > _SIGNATURE_LINES:
        return False
    if written[0].strip(" \u3000") == "致" and any("礼" in line for line in written[1:3]):
        return True  # the ending of a letter as Foxmail 5 sets it: 致 礼！ name, date
    if written[0].rstrip() in _DASHES:
        return not says_something(written[1:])
    if is_rule(written[0]):  # drawn by a list or a company's gateway, above what it adds
        low = written[0].strip()
        return (len(low) >= _DRAWN and low[0] == "_") or any(map(_FOOTER.search, written))
    return all(map(is_phone_signature, written))


def find_trailing_rule(lines: Sequence[str]) -> int:
    """Where a rule begins that ends the words: drawn above a signature or history, it is its."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return end - 1 if end > 1 and is_rule(lines[end - 1]) else len(lines)


def find_signature(lines: Sequence[str], history: Sequence[str]) -> int:
    """Where the signature begins: after `-- `, or the phone's line at the end; else the length."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    last = end
    while last and (is_phone_signature(lines[last - 1]) or not lines[last - 1].strip()):
        last -= 1
    phone = last if last < end else None
    dashes = {*_DASHES, _QQ_RULE} if history and history[0].startswith(_QQ_RULE) else _DASHES
    size = 0
    for place in range(end - 1, max(end - 1 - _SIGNATURE_LINES, -1), -1):
        size += len(lines[place])
        if size > _SIGNATURE_CHARS:
            break
        if _is_list_footer(lines, place, end) and has_words(lines[:place]):
            return place
        if lines[place].rstrip() in dashes and has_words(lines[:place]):
            if not says_something(lines[place + 1 : end]):
                return place
            break
    if phone is not None and has_words(lines[:phone]):
        return _card_start(lines, phone)
    return len(lines)


def _is_list_footer(lines: Sequence[str], place: int, end: int) -> bool:
    """Mailman's rule of underscores, and at most a few lines below it that name the list."""
    line = lines[place].strip()
    if len(line) < _DRAWN or line.strip("_") or end - place > _CARD:
        return False
    return any(map(_FOOTER.search, lines[place + 1 : end]))


def says_something(below: Sequence[str]) -> bool:
    """Whether the first line of what may be a signature is a sentence: then somebody drew a line
    between two matters, or wrote into his signature. Signatures begin with a name."""
    first = next((line.strip() for line in below if line.strip()), "")
    if any(map(_FOOTER.search, below[:_CARD])):
        return False  # a list says how to leave it
    return _is_sentence(first) and not is_phone_signature(first)


def _is_sentence(line: str) -> bool:
    """Whether a line ends like a sentence, and not like a firm's or a title's abbreviation."""
    bare = line.strip().strip("\"'”’)）")
    if bare.endswith(("。", "！", "？", "!", "?", "；")):
        return len(bare) > _FEW
    return bare.endswith(".") and bare.count(" ") >= 2 and not _ABBREVIATED.search(bare)


def _card_start(lines: Sequence[str], phone: int) -> int:
    """NetEase draws a card of `|` above its line 签名由 网易邮箱大师 定制: it goes with it."""
    top = phone
    for place in range(phone - 1, max(phone - _CARD, 0) - 1, -1):
        if len(lines[place]) > _WIDE:
            break
        if lines[place].startswith("|") and not lines[place].strip("| "):
            top = place
    return top if has_words(lines[:top]) else phone
