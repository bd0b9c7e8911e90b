"""How urgent does the requester call it, and by when does he wish it done (F4, W5)?

Words and labelled fields in, a profile's severity and a moment out. What a requester calls his
request is stored beside its priority and never sets it; whether a wish can be met is `opening`'s
question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from maildesk.desk.orders.moment import read_moment
from maildesk.desk.policy import Level
from maildesk.desk.profile import Calendar
from maildesk.desk.rules.fold import fold, fold_characters

_READ = 2_000
_MARKS = "!！:：,， \n[]【】()（）"


@dataclass(frozen=True, slots=True)
class Severity:
    """The profile's key ("" where it has none for it), and the requester's own words."""

    key: str
    words: str


@dataclass(frozen=True, slots=True)
class Wish:
    """The wished-for time as it was written, and as a moment in UTC where it names one."""

    words: str
    at: datetime | None


def read_severity(
    title: str, words: str, fields: Mapping[str, str], levels: Sequence[Level]
) -> Severity | None:
    """What the requester calls it: by label (严重程度：严重), else in his words (很急, ASAP)."""
    for key in ("severity", "urgency"):
        stated = fields.get(key)
        if stated:
            said = fold(stated).strip()
            named = [one.key for one in levels if said in (fold(one.label.zh), fold(one.label.en))]
            return Severity(named[0] if named else _pick(_degree(said), levels), stated)
    for text in (title, words[:_READ]):
        folded = fold_characters(text)
        if not any(sign in folded for sign in _SIGNS):
            continue
        for pattern, degree in ((_SLIGHT, "slight"), (_GRAVE, "grave")):
            found = pattern.search(folded)
            if found is not None:
                whole = len(folded) == len(text)
                said = text[found.start() : found.end()] if whole else found[0]
                return Severity(_pick(degree, levels), said.strip(_MARKS))
    return None


def read_wish(
    words: str, fields: Mapping[str, str], now: datetime, zone: ZoneInfo, calendar: Calendar
) -> Wish | None:
    """By when he wishes it done. `now` is when his mail came, `calendar` the desk's hours."""
    labelled = fields.get("wished")
    if labelled:
        return Wish(labelled, _read(labelled, now, zone, calendar))
    for text in _find_wishes(words[:_READ]):
        at = _read(text, now, zone, calendar)
        if at is not None:
            return Wish(text, at)
    return None


# In this order: 不紧急 is slight, and holds 紧急.
_SLIGHT = re.compile(
    r"不(?:太|是很|是特别|是|怎么|算)?(?:着急|紧急|急|严重)|不赶时间|有空(?:的时候)?(?:再|帮|看|处理|弄)|"
    r"(?:什么时候|哪天)方便|"
    r"\b(?:no (?:rush|hurry)|not (?:an? |that |so |very )?(?:urgent|critical|emergency)|"
    r"isn't urgent|low priority|whenever you (?:can|have time))\b"
)
_GRAVE = re.compile(
    r"十万火急|万分火急|火急|(?:很|特|非常|十分|比较|超|太|好)(?:着)?急|(?:特别|非常|十分|很)紧急|"
    r"加急|紧急求助|急急+|在线等|(?<![着不应危])(?:紧急|急)\s*!+|"
    r"(?:^|\n)[^\S\n]*(?:[\[【(]\s*)?(?:紧急|急)\s*[\]】):!,]|"
    r"\b(?:asap|urgent(?:ly)?|emergency|as soon as possible|top priority|critical)\b"
)
# Neither stands in a text without one of these, which are looked for thirty times as fast.
_SIGNS = (
    "急", "严重", "不赶时间", "有空", "方便", "在线等",
    "asap", "as soon as", "critical", "emergency", "hurry", "priority", "rush", "urgent",
    "whenever",
)  # fmt: skip
_DEGREES = (
    ("slight", re.compile(r"^不|轻|低|minor|slight|low|not |p[34]|^[45]$")),
    ("middle", re.compile(r"一般|普通|中|medium|moderate|normal|p2|^3$")),
    (
        "grave",
        re.compile(
            r"[急高重]|马上|立即|尽快|critical|major|high|severe|serious|asap|urgent|p[01]|^[12]$"
        ),
    ),
)


def _degree(folded: str) -> str:
    return next((name for name, pattern in _DEGREES if pattern.search(folded)), "")


def _pick(degree: str, levels: Sequence[Level]) -> str:
    """A profile lists its severities from the gravest on."""
    if not levels or not degree:
        return ""
    place = {"grave": 0, "slight": -1}.get(degree, len(levels) // 2)
    return levels[place].key


_DONE = (
    r"前(?:能|要|需|必须|务必|可以|帮我|帮忙|给我|一定|最好|就)*"
    r"(?:完成|解决|修好|弄好|搞定|处理|装好|开通|恢复|用|要用|给|安排|搞好|修复|做好|到位)"
)
_CHINESE_WISH = re.compile(rf"(?P<time>[^,，。;；!！?？\s:：]{{2,14}}?)(?:之|以|下班)?{_DONE}")
# A search for the end alone leaps from one 前 to the next.
_CHINESE_END = re.compile(_DONE)
_LEADS = re.compile(
    r".*?(?:希望|期望|请|麻烦|务必|最好|需要|需|必须|要求|能否|能不能|可否|要|盼|望|想)(?:您|你们?|能|在|于)*"
)
_ENGLISH_WISH = re.compile(
    r"\b(?:need|needs|needed|want|like|require[sd]?|please|fix|fixed|done|ready|solved?|finish(?:ed)?|"
    r"complete[d]?|working|installed|available|deadline|resolved?|set up|hope)\b"
    r"[^.!?\n]{0,60}?\b(?:by|before|no later than)\s+(?P<time>[a-z0-9: ]{2,28})",
)


def _find_wishes(words: str) -> Iterator[str]:
    folded = fold_characters(words)
    for match in _CHINESE_WISH.finditer(folded) if _CHINESE_END.search(folded) else ():
        text = _LEADS.sub("", match["time"])
        tail = "下班前" if match[0].find("下班前") >= 0 and "下班" not in text else "前"
        yield text + tail
    for match in _ENGLISH_WISH.finditer(folded):
        pieces = match["time"].split()
        for length in range(min(len(pieces), 5), 0, -1):
            yield "by " + " ".join(pieces[:length])


def _read(text: str, now: datetime, zone: ZoneInfo, calendar: Calendar) -> datetime | None:
    """The moment of the whole text, else of what stands before its first mark."""
    folded = fold_characters(text)
    for part in (folded, re.split(r"[,;。(]", folded)[0]):
        cut = _LEADS.sub("", part) if part else ""
        for candidate in dict.fromkeys((part, cut)):
            found = read_moment(candidate, now, zone, calendar) if candidate.strip() else None
            if found is not None:
                return found
    return None
