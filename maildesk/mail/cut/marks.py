"""What do clients mark in their HTML as history or signature, and where does it stand in the text?

Names and styles that no author types: Gmail, Outlook, Apple, Yahoo, Thunderbird, QQ, 163, Foxmail,
Exmail, Aliyun, Zimbra, Zoho, Proton and their likes. `html` finds the elements and their lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from maildesk.mail.cut.separator import is_quoted
from maildesk.mail.cut.spelling import fold_key

_TELLING = 6  # letters of a line that are enough to find it again
_NEVER_CONTAIN = frozenset(
    {"img", "br", "input", "meta", "link", "hr", "wbr", "html", "body", "head"}
)


class Mark(Enum):
    """HEAD: history from here on. QUOTE: this element is history. PREFIX: the attribution of the
    quote that follows. SIGNATURE: this element; SIGNED: from here to the history."""

    HEAD = "head"
    QUOTE = "quote"
    PREFIX = "prefix"
    SIGNATURE = "signature"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class Page:
    """A read HTML document. `heads`: (line of `text` where marked history begins, line where it
    ends or None). `signatures`: the texts of what is marked as signature above it."""

    text: str
    heads: tuple[tuple[int, int | None], ...] = ()
    signatures: tuple[str, ...] = ()

    def locate_heads(self, lines: Sequence[str]) -> dict[int, int | None]:
        """The first head's line among `lines`, which tell the same in another form, with its end.

        Found only beyond doubt: exactly one line tells the same as the head's first.
        """
        own = self.text.split("\n")
        if not self.heads:
            return {}
        if own == list(lines):
            return dict(self.heads[:1])
        start, end = self.heads[0]
        keys = [fold_key(line) for line in lines]
        place = _locate(own, start, keys, 0)
        if place is None:
            return {}
        if end is None:
            return {place: None}
        if not any(fold_key(line) for line in own[end:]):
            return {place: len(keys)}
        after = _locate(own, end, keys, place)
        return {} if after is None else {place: after}


@lru_cache(maxsize=4096)
def find_mark(name: str, attributes: str) -> Mark | None:
    """What a start tag marks. `attributes` as written, cut to a sane length by the caller."""
    low = attributes.lower()
    if _names(low, _HEADS) or any(style in low for style in _HEAD_STYLES):
        return Mark.HEAD
    if name in _NEVER_CONTAIN:
        return Mark.SIGNED if any(sign in low for sign in _SIGNED) else None
    if name == "includetail" or _names(low, _QUOTES) or _ZOHO.search(low):
        return Mark.QUOTE
    if _names(low, _PREFIXES):
        return Mark.PREFIX
    if name == "sign" or _names(low, _SIGNATURES) or _SIGNATURE.search(low):
        return Mark.SIGNATURE
    return Mark.SIGNED if any(sign in low for sign in _SIGNED) else None


def _names(attributes: str, tokens: Sequence[str]) -> bool:
    """Whether one of the tokens stands in the value of an id, class, name or data attribute."""
    for token in tokens:
        place = attributes.find(token)
        if place < 0:
            continue
        equals = attributes.rfind("=", 0, place)
        between = attributes[equals + 1 : place].lstrip().lstrip("\"'")
        if equals > 0 and "'" not in between and '"' not in between:
            key = attributes[max(0, equals - 40) : equals].split()[-1:]
            if key and (key[0] in _KEYS or key[0].startswith("data-")):
                return True
    return False


def _locate(own: Sequence[str], start: int, keys: Sequence[str], least: int) -> int | None:
    """Where the first telling line of `own` from `start` stands in `keys`, if only once."""
    told = [key for line in own[start : start + 12] if (key := fold_key(line))]
    if not told or len(told[0]) < _TELLING:
        return None
    first = told[0]
    places = [
        place
        for place in range(least, len(keys))
        if keys[place] == first or (len(keys[place]) >= 12 and first.startswith(keys[place]))
    ]
    if len(places) > 1 and len(told) > 1:
        places = [place for place in places if _follows(keys, place, told[1])]
    return places[0] if len(places) == 1 else None


def _follows(keys: Sequence[str], place: int, second: str) -> bool:
    after = next((key for key in keys[place + 1 : place + 6] if key), "")
    return bool(after) and (second.startswith(after) or after.startswith(second))


def has_quotes(lines: Sequence[str], place: int) -> bool:
    """Whether marked quotes follow soon."""
    return any(map(is_quoted, lines[place : place + 8]))


_KEYS = frozenset({"id", "class", "name"})
_HEADS = (
    "divrplyfwdmsg", "appendonsend", "zwchr", "stopspelling", "replysplit", "_mailoriginal",
    "outlookmessageheader", "mobile-reference-message", "__divider__", "__quoted_text__",
)  # fmt: skip
# Outlook's and Foxmail's line above the head of history; no author draws it.
_HEAD_STYLES = (
    "border-top:solid #e1e1e1 1.0pt", "border-top: solid #e1e1e1 1.0pt",
    "border-top:solid #b5c4df 1.0pt", "border-top: solid #b5c4df 1.0pt",
    "border-top-color: rgb(181, 196, 223)", "border-top-color:rgb(181,196,223)",
)  # fmt: skip
_QUOTES = (
    "yahoo_quoted", "isreplycontent", "ntes-mailmaster-quote", "reply139content",
    "protonmail_quote", "tutanota_quote", "alimail-quote", "__aliyun_previous_quote",
    "history-quote-wrapper", "lark-mail-quote", "editor-reference-message",
    "quoted-mail", "mail-quote-collapse", "cloudmagic-smart-beak",
    "mailspring-quote", "hs_reply", "front-quote", "messagereplysection", "bloop_original_html",
)  # fmt: skip
_ZOHO = re.compile(r"id\s?=\s?[\"']?(?:zm_\d{6,20}_parse|original-content\b)")
_PREFIXES = (
    "gmail_attr", "moz-cite-prefix", "moz-email-headers", "reply-intro",
    "zmail_extra", "airmail_on", "gmail_default_attr",
)  # fmt: skip
# As a whole name or the end of one; `signature-line` and `signature-form` are a contract's.
_SIGNATURE = re.compile(
    r"[\s\"'=_-](?:x_)?(?:[a-z]{0,20})signature(?:section|container|block|[-_](?:block|"
    r"container|wrap|"
    r"content|prefix|old|div))?(?=[\s\"'>]|_block|$)"
)
_SIGNATURES = (
    "protonmail_signature", "__aliyun_signature", "_rc_sig", "mail_sign", "signcontainer",
    "editorsign", "editorgraphsign", "-sgn", "zmail_sig", "ntes_sign",
)  # fmt: skip
_SIGNED = (
    "_mailautosig", "fmsigsep", "width: 210px; height: 1px", "width:210px;height:1px",
    "width: 210px;height: 1px", "__sig_pre__", "__sig_post__",
)  # fmt: skip
