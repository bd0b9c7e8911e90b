"""Which parts has a time as people write it, in Chinese or English?  The words and their patterns.

A text that is not understood to its last character is not understood at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from maildesk.desk.orders.phrase import (
    Calendrical,
    Clock,
    Day,
    EndOf,
    Half,
    Offset,
    Phrase,
    Span,
    Weekday,
)
from maildesk.desk.rules.fold import fold_characters

_LONGEST = 80


def read_phrase(text: str) -> Phrase | None:
    """The parts of a written time; None when anything in it is not understood."""
    if len(text) > _LONGEST:
        return None
    folded = fold_characters(text)[: 2 * _LONGEST]
    phrase, place = Phrase(), 0
    while place < len(folded):
        for pattern, add in _PARTS:
            match = pattern.match(folded, place)
            if match is None or match.end() == place:
                continue
            longer = add(phrase, match)
            if longer is None:
                return None
            phrase, place = longer, match.end()
            break
        else:
            return None
    return None if phrase == Phrase() else phrase


_Add = Callable[[Phrase, "re.Match[str]"], Phrase | None]
"""Adds what a pattern found; None when that part was there already or makes no sense."""

_ONES = "[一二三四五六七八九]"
_N = rf"(?:[0-9]{{1,4}}|{_ONES}?十{_ONES}?|[零两]|{_ONES})"
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKS = {"上": -1, "last": -1, "本": 0, "这": 0, "this": 0, "下": 1, "next": 1, "下下": 2}
_DAYS = {
    **{"大前天": -3, "前天": -2, "昨": -1, "今": 0, "当": 0, "明": 1, "后天": 2, "大后天": 3},
    **{"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1, "tmr": 1, "tmrw": 1},
    "day after tomorrow": 2,
}
_HALVES = (
    (Half.DAWN, ("凌晨", "半夜")),
    (Half.MORNING, ("上午", "早上", "早晨", "清晨", "一早", "早", "morning")),
    (Half.NOON, ("中午", "正午", "noon", "midday")),
    (Half.AFTERNOON, ("下午", "午后", "afternoon", "pm", "p.m.", "p.m")),
    (Half.EVENING, ("傍晚", "晚上", "晚间", "夜里", "晚", "evening", "night")),
    (Half.AM, ("am", "a.m.", "a.m")),
)
_HALF_OF = {word: half for half, words in _HALVES for word in words}
_FILLING = (
    *("预计", "大概", "大约", "约", "于", "在", "争取", "尽量", "电话", "已", "当面", "微信"),
    *("最晚", "最迟", "最早", "左右", "之前", "以前", "前", "以内", "之内", "内", "之后", "以后"),
    *("后", "到", "完成", "恢复", "解决", "处理", "处理完", "修复", "修好", "搞定", "上门"),
    *("到场", "到货", "送到", "by", "at", "on", "before", "until", "till", "around", "about"),
    *("approx", "in", "the", "latest", "phone", "call", "within", "after", "of"),
)


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return (_DIGITS[tens or "一"] * 10 if ten else 0) + _DIGITS[ones or "零"]


def _skip(phrase: Phrase, _: re.Match[str]) -> Phrase:
    return phrase


def _say_now(phrase: Phrase, _: re.Match[str]) -> Phrase:
    return replace(phrase, now=True)


def _close(phrase: Phrase, _: re.Match[str]) -> Phrase:
    return replace(phrase, closing=True)


def _set_day(phrase: Phrase, day: Day) -> Phrase | None:
    return replace(phrase, day=day) if phrase.day is None else None


def _name_day(phrase: Phrase, match: re.Match[str]) -> Phrase | None:
    if match["day"] == "tonight":
        phrase = replace(phrase, half=Half.EVENING)
    return _set_day(phrase, Offset(_DAYS[match["day"]]))


def _name_weekday(phrase: Phrase, match: re.Match[str]) -> Phrase | None:
    written = match["weekday"]
    if written[:3] in _WEEKDAYS:
        day = _WEEKDAYS.index(written[:3])
    else:
        day = "一二三四五六日1234567天".index(written) % 7
    week = _WEEKS.get(match["week"] or "")
    if isinstance(phrase.day, Calendrical) and week is None:
        return replace(phrase, day=replace(phrase.day, weekday=day))
    return _set_day(phrase, Weekday(day, week))


def _name_date(phrase: Phrase, match: re.Match[str]) -> Phrase | None:
    parts = match.groupdict()
    year = int(parts["year"]) if parts.get("year") else None
    day, written, month = _number(match["day"]), parts.get("month"), None
    if written is not None:
        month = _MONTHS.index(written) + 1 if written in _MONTHS else _number(written)
        if month > 12 >= day and year is None:  # 25/11
            month, day = day, month
    if isinstance(phrase.day, Weekday) and phrase.day.week is None:
        return replace(phrase, day=Calendrical(day, month, year, phrase.day.day))
    return _set_day(phrase, Calendrical(day, month, year))


def _end_week(phrase: Phrase, match: re.Match[str]) -> Phrase | None:
    return _set_day(phrase, EndOf("week", 1 if match.groupdict().get("ahead") else 0))


def _end_month(phrase: Phrase, match: re.Match[str]) -> Phrase | None:
    return _set_day(phrase, EndOf("month", 1 if match.groupdict().get("ahead") else 0))


def _name_half(phrase: Phrase, match: re.Match[str]) -> Phrase | None:
    return replace(phrase, half=_HALF_OF[match[0]]) if phrase.half is None else None


def _name_clock(phrase: Phrase, match: re.Match[str]) -> Phrase | None:
    if phrase.clock is not None:
        return None
    written = match.groupdict().get("minute") or "零"
    minute = {"半": 30, "一刻": 15, "三刻": 45}.get(written)
    if minute is None:
        minute = _number(written.removesuffix("分").removeprefix("零") or "零")
    hour = match["hour"]
    return replace(phrase, clock=Clock(_number(hour), minute, hour.startswith("0")))


def _measure(phrase: Phrase, match: re.Match[str]) -> Phrase | None:
    if phrase.span is not None:
        return None
    unit, count, halves = match["unit"].lstrip("个"), match["count"].strip(), 0
    if unit.startswith("半"):  # 一个半小时
        unit, halves = unit[1:], 1
    if count in ("半", "half a", "half an"):
        count, halves = "零", halves + 1
    elif "." in count:
        count, _, part = count.partition(".")
        if part != "5":
            return None
        halves += 1
    whole = 1 if count in ("a", "an") else _number(count)
    more = _number(match["more"]) if match["more"] else 0
    span = _make_span(unit, whole, halves, more)
    if span is None:
        return None
    return replace(phrase, span=replace(span, ago=match["end"] in ("前", "之前", "以前", "ago")))


def _make_span(unit: str, whole: int, halves: int, more: int) -> Span | None:
    if unit.startswith(("小时", "钟头", "h")):
        return Span(minutes=60 * whole + 30 * halves + more)
    if more or halves:
        return None  # half a day: until when?
    if unit.startswith(("分", "m")):
        return Span(minutes=whole)
    if unit.startswith("刻"):
        return Span(minutes=15 * whole)
    if unit.startswith(("工作", "work", "business")):
        return Span(workdays=whole)
    return Span(days=whole if unit.startswith(("天", "日", "d")) else 7 * whole)


def _any_of(*words: str) -> str:
    """Any of the words, the longest first; an English one must end where it ends."""
    ordered = sorted(words, key=len, reverse=True)
    ends = ("(?![a-z])" if word.isascii() else "" for word in ordered)
    return "|".join(re.escape(word) + end for word, end in zip(ordered, ends, strict=True))


_WEEK = "(?:周|星期|礼拜)"
_END_OF = r"end of (?:the |this )?"
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s*(?P<year>20[0-9]{2}))?"
_LATER_DAYS = "日(?=[之以]?[内后])"
_UNIT = (
    rf"分钟?|个?半?(?:小时|钟头)|刻钟|个?工作日|天|{_LATER_DAYS}|个?{_WEEK}|"
    r"(?:(?:working |business |work)days?|minutes?|mins?|hours?|hrs?|days?|weeks?|[mhd])(?![a-z])"
)
_MORE = rf"零?\s*(?P<more>{_N})\s*(?:分钟?|min(?:ute)?s?(?![a-z])|m(?![a-z]))"
_ENGLISH_DAY = (
    "mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|"
    "sat(?:urday)?|sun(?:day)?"
)

# In this order: the first that fits is taken.
_PARTS: tuple[tuple[re.Pattern[str], _Add], ...] = tuple(
    (re.compile(pattern), add)
    for pattern, add in (
        (r"[\s,.;:~()、。…-]+|t(?=[0-9]{2}:)", _skip),
        # Weeks and months.
        (rf"(?:[本这]|(?P<ahead>下))个?{_WEEK}(?:[底内]|(?![一二三四五六日天末0-9]))", _end_week),
        (rf"(?:{_END_OF}|this |(?:end of )?(?P<ahead>next ))week(?![a-z])", _end_week),
        (r"eow(?![a-z])", _end_week),
        (r"(?:[本这当]个?|(?P<ahead>下)个?)?月[底末内]", _end_month),
        (r"end of (?:the |this |(?P<ahead>next ))?month(?![a-z])|eom(?![a-z])", _end_month),
        # Days.
        (rf"(?P<day>{_any_of(*_DAYS)})[天日]?", _name_day),
        (
            rf"(?P<week>下下|[上本这下])?个?{_WEEK}(?P<weekday>[一二三四五六日天]|[1-7](?![0-9]))",
            _name_weekday,
        ),
        (
            rf"(?:(?P<week>next|this|last)\s+|coming\s+)?(?P<weekday>{_ENGLISH_DAY})(?![a-z])",
            _name_weekday,
        ),
        (rf"(?P<year>20[0-9]{{2}})[-/.年](?P<month>{_N})[-/.月]{_DAY}(?![0-9])[日号]?", _name_date),
        (rf"(?P<month>{_N})月(?P<day>{_N})[日号]?(?![0-9:])", _name_date),
        (r"(?P<month>[0-9]{1,2})[-/](?P<day>[0-9]{1,2})(?![0-9:])", _name_date),
        (rf"(?P<day>{_N})(?:号|(?!{_LATER_DAYS})日)", _name_date),
        (rf"{_MONTH}\s+{_DAY}(?![0-9:]){_YEAR}", _name_date),
        (rf"(?:the )?{_DAY}(?: of)?\s+{_MONTH}{_YEAR}", _name_date),
        (r"the (?P<day>[0-9]{1,2})(?:st|nd|rd|th)(?![a-z])", _name_date),
        # Clocks and lengths of time.
        (r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::[0-9]{2})?(?![0-9])", _name_clock),
        (
            rf"(?P<hour>{_N})(?:点钟?|时)(?:整|(?P<minute>半|[一三]刻|零?{_N}(?!分钟|[0-9])分?))?",
            _name_clock,
        ),
        (r"(?P<hour>[0-9]{1,2})(?:\.(?P<minute>[0-9]{2}))?(?=\s*[ap]\.?m(?![a-z]))", _name_clock),
        (r"(?P<hour>[0-9]{1,2}) ?o'clock", _name_clock),
        (
            rf"(?P<count>half an? |an? |半|[0-9]{{1,4}}\.[0-9]|{_N})\s*(?P<unit>{_UNIT})"
            rf"(?:{_MORE})?(?:\s*(?P<end>[之以]?[后内前]|later|ago|from now))?",
            _measure,
        ),
        # Ends and halves of the day.
        (r"下班[前时]?|收工[前时]?|(?:eod|cob)(?![a-z])|(?:close|end) of business", _close),
        (rf"{_END_OF}(?:working |work |business )?day(?![a-z])|end of (?=[a-z])", _close),
        (r"(?:just |right )?now(?![a-z])|现在|刚[刚才]?", _say_now),
        (_any_of("最晚", "最迟", "最早"), _skip),
        (_any_of(*_HALF_OF), _name_half),
        (_any_of(*_FILLING), _skip),
    )
)
