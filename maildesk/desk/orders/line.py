"""What does one line order?  Its word, what stands behind it, and every reason for doubt.

Where a line may stand is `script`'s question, and whether its argument names anybody or anything
is asked where people and tickets are known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from maildesk.desk.orders.spelling import suggest
from maildesk.desk.orders.table import WORDS, Argument, Order, OrderSpec
from maildesk.desk.rules.fold import fold_characters

HASHES = "#＃﹟♯⋕⌗"
"""Number signs of all keyboards, and those one takes for them: a line with any is never relayed."""


class Doubt(StrEnum):
    """Why a line holds the mail."""

    UNKNOWN = "unknown"  # no word of ours
    UNCLEAR = "unclear"  # a word of ours and something glued to it
    NO_ARGUMENT = "no argument"  # means nothing without one
    LEFTOVER = "leftover"  # takes nothing, and what stands there would reach nobody
    MISPLACED = "misplaced"  # an order between words
    EMBEDDED = "embedded"  # an order inside a line
    UNMARKED = "unmarked"  # 内部：… without a number sign
    WRAPPED = "wrapped"  # the mail program seems to have broken the line
    TOO_MANY = "too many"


@dataclass(frozen=True, slots=True)
class Line:
    """A valid order; `raw` is the line as written."""

    order: Order
    argument: str
    raw: str


@dataclass(frozen=True, slots=True)
class Suspect:
    """A line that might be an order. `near` are words it may have been meant for."""

    raw: str
    word: str
    near: tuple[str, ...]
    why: Doubt


# Letters of Korean and Braille that show nothing at all.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
# What may end a word. Not among them is what changes or joins words: 已解决？, help/status, don't.
_JOINING = frozenset("?？/\\_&+%'’#＃")
_LEADING = " \t\xa0\u3000\u200b\ufeff：:，,。.；;！!、-—–=|｜→~～…@*"
_TRAILING = " \t\xa0\u3000\u200b\ufeff，,。.；;！!、~～…*"
# What lists and bold type put before a line: "- #内部", "1. #内部", "*#内部*".
_DRESS = re.compile(r"(?:[\s>*_~`·•●○■□◆▪–—…\"'“”‘’「『【\[(（-]|\d{1,2}[.、)）]){1,20}")
_PREFIXES = frozenset(word[:end] for word in WORDS for end in range(len(word) + 1))
_PRIORITIES = re.compile(
    r"特急|紧急|最高|高|中|低|重要|一般|普通|严重|轻微|[ps][0-9]|urgent|high|medium|low"
)
_TIMES = re.compile(
    r"\d|今天|今日|今晚|今早|明天|明日|明早|明晚|后天|大后天|昨|周|星期|礼拜|下+周|下个?星期|[本这上]周|"
    r"上午|中午|下午|早上|晚上|傍晚|凌晨|下班|月底|半|[一二两三四五六七八九十]"
)
_HAN_NAME = re.compile("[\u3400-\u9fff·]{2,4}")
_STAFF = re.compile(r"[a-z]{0,6}[0-9]{1,10}|[^\s@]{1,64}@[a-z0-9.-]{1,190}")
_NUMBER = re.compile(r"[a-z]{0,10}-?[0-9]{1,20}(?:[-_./]?[0-9]{1,12}){0,4}")

_ARTICLES = re.compile(r"kb-?[0-9]{1,9}(?:[\s,，、;；和]+(?:and\s+)?kb-?[0-9]{1,9})*")

# A first line counts without `#` only when it could hardly be part of an answer. These could:
# names of buttons, headings, and what one says about one's own work.
_NEVER_BARE = frozenset(
    (
        *("继续", "暂停", "已确认", "请补充", "受理", "查询", "协助", "continue", "pause", "park"),
        *("confirmed", "take", "accept", "wait", "ask", "external", "private", "called", "state"),
    )
)
# Of no use by accident: they send a mail out, take something back, end or reopen a ticket, or
# are headings as often (知识库, template).
_NEVER_BARE_ORDERS = frozenset(
    {
        *(Order.SEND, Order.UNDO, Order.SPAM, Order.REOPEN, Order.REJECT),
        *(Order.ESCALATE, Order.AGREE, Order.DECLINE, Order.APPROVE, Order.DISAPPROVE),
        *(Order.KB, Order.SPLIT, Order.PARENT, Order.SNIPPET, Order.FOLLOW),
    }
)
# 进度 or "status" above a text is its heading; alone it is a question to us.
_BARE_ALONE = frozenset({Order.STATUS, Order.HELP})
_UNMARKED = re.compile(
    r"(?:仅?内部|内部备注|内部记录|内部说明|internal(?: note| only)?)\s*(?:[:：]|$)", re.IGNORECASE
)


def strip_unseen(text: str) -> str:
    """The text from its first visible character on."""
    for place, character in enumerate(text):
        if character.isalnum() and character not in _BLANK_LETTERS:
            return text[place:]
        if not (unicodedata.category(character)[0] in "ZCM" or character in _BLANK_LETTERS):
            return text[place:]
    return ""


def is_blank(line: str) -> bool:
    """Whether a reader sees nothing."""
    return not strip_unseen(line)


def is_hash_line(line: str) -> bool:
    """Whether a reader sees a number sign first."""
    return strip_unseen(line)[:1] in tuple(HASHES)


def read_line(line: str) -> Line | Suspect:
    """What a hash line orders."""
    raw = strip_unseen(line).rstrip()
    body = strip_unseen(raw[1:])
    found = _find_word(body)
    if found is None:
        word = _first_word(_skip_hashes(body))
        return Suspect(raw, word, suggest(word), Doubt.UNKNOWN)
    spec, end = found
    word, rest = body[:end].rstrip(), strip_unseen(body[end:])
    if rest and not _ends_word(body[end:]) and not _may_be_glued(spec, rest):
        return Suspect(raw, word, (fold_characters(word),), Doubt.UNCLEAR)
    argument = _trim(rest, spec.argument)
    if not any(map(str.isalnum, argument)):
        if "?" in argument or "？" in argument:
            return Suspect(raw, word, (fold_characters(word),), Doubt.UNCLEAR)
        argument = ""
    if argument and not _may_take(spec, argument):
        return Suspect(raw, word, (), Doubt.LEFTOVER)
    if spec.required and not argument:
        return Suspect(raw, word, (), Doubt.NO_ARGUMENT)
    if spec.order is not Order.NOTE and _find_inside(argument) is not None:
        return Suspect(raw, word, (), Doubt.EMBEDDED)
    return Line(spec.order, argument, raw)


def read_bare(line: str, *, alone: bool) -> Line | None:
    """What a first line without number sign orders; `alone`: there is nothing else in the mail."""
    raw = strip_unseen(line).rstrip()
    if len(raw) > 40:
        return None
    word = " ".join(fold_characters(raw).split())
    spec = WORDS.get(word)
    if spec is None or spec.required:
        return None
    if word in _NEVER_BARE or spec.order in _NEVER_BARE_ORDERS:
        return None
    if spec.order in _BARE_ALONE and not alone:
        return None
    return Line(spec.order, "", raw)


def doubt_words(line: str, *, first: bool) -> Suspect | None:
    """Why a line without number sign at its start may be an order all the same, if it may."""
    if first and _UNMARKED.match(strip_unseen(line[:80])):
        return Suspect(line.strip(), "内部", ("内部",), Doubt.UNMARKED)
    if not any(sign in line for sign in HASHES):
        return None
    word = _find_inside(line)
    if word is not None:
        return Suspect(line.strip(), word, (fold_characters(word),), Doubt.EMBEDDED)
    dress = _DRESS.match(line)
    if dress is not None and is_hash_line(line[dress.end() :]):
        word = _first_word(_skip_hashes(line[dress.end() :]))
        near = suggest(word)
        if near:
            return Suspect(line.strip(), word, near, Doubt.EMBEDDED)
    return None


def _find_word(body: str) -> tuple[OrderSpec, int] | None:
    """The longest known word at the start, and where it ends; one that ends there comes first."""
    ended = glued = None
    for spec, end in _follow(body):
        rest = body[end:]
        if not rest or _ends_word(rest):
            ended = (spec, end)
        elif not (body[end - 1].isascii() and rest[0].isascii() and rest[0].isalpha()):
            glued = (spec, end)
    return ended or glued


def _follow(body: str) -> Iterator[tuple[OrderSpec, int]]:
    key = ""
    for place, character in enumerate(body):
        if character.isspace():
            key = key if key.endswith(" ") else key + " "
        else:
            key += fold_characters(character)
        if key not in _PREFIXES:
            return
        spec = WORDS.get(key)
        if spec is not None:
            yield spec, place + 1


def _ends_word(rest: str) -> bool:
    mark = strip_unseen(rest[:1]) or " "
    return mark not in _JOINING and unicodedata.category(mark)[0] in "ZCMPS"


def _may_take(spec: OrderSpec, argument: str) -> bool:
    if spec.argument is Argument.ARTICLE:
        return _ARTICLES.fullmatch(fold_characters(argument)) is not None
    return spec.argument is not Argument.NONE


def _may_be_glued(spec: OrderSpec, rest: str) -> bool:
    """Whether something that directly follows the word can only be its argument.

    `#预计16:00` can; `#内部网站打不开` may be a heading of words for the requester, or a note.
    """
    text = fold_characters(rest[:300]).strip()
    match spec.argument:
        case Argument.TIME:
            return _TIMES.match(text) is not None
        case Argument.PRIORITY:
            return _PRIORITIES.fullmatch(text.strip(_TRAILING)) is not None
        case Argument.PERSON:
            name = text.strip(_TRAILING)
            return bool(_HAN_NAME.fullmatch(name) or _STAFF.fullmatch(name))
        case Argument.CATEGORY:
            return len(text) <= 6 and text.isalpha()
        case Argument.TICKET:
            return _NUMBER.fullmatch(text.strip(_TRAILING)) is not None
        case Argument.ARTICLE:
            return _ARTICLES.fullmatch(text.strip(_TRAILING)) is not None
        case _:
            return False


def _trim(rest: str, argument: Argument) -> str:
    rest = rest.lstrip(_LEADING)
    return rest.rstrip() if argument is Argument.TEXT else rest.rstrip(_TRAILING)


def _find_inside(line: str) -> str | None:
    """A known word behind a number sign inside the line; not in `a#b` and not in an address."""
    for place, sign in enumerate(line):
        if sign not in HASHES:
            continue
        before = line[place - 1] if place else " "
        if before.isascii() and (before.isalnum() or before in "/=&?_%~+#"):
            continue
        body = line[place + 1 : place + 61]
        found = _find_word(body)
        if found is not None and (found[1] == len(body) or _ends_word(body[found[1] :])):
            return body[: found[1]]
    return None


def _skip_hashes(body: str) -> str:
    return strip_unseen(strip_unseen(body).lstrip(HASHES))


def _first_word(body: str) -> str:
    """What was probably meant as the word, for suggestions."""
    for place, character in enumerate(body[:24]):
        if not character.isalnum() and character not in "-'":
            return body[:place]
    return body[:24]
