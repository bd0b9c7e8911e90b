"""How a line of a report reads: its words, its shares in per cent, its bar, its tickets' numbers.

Used by every part of a report; which parts there are, and in which order, says `report_parts`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from maildesk.desk.letters.report_values import ReportLine, ReportPart, draw_bar
from maildesk.desk.reports.figure_words import MEANINGS
from maildesk.desk.reports.figures import KEPT, Attainment, Traced
from maildesk.desk.reports.report import Report
from maildesk.desk.reports.report_words import WORDS

MOST_LINES = 12
_MOST_NUMBERS = 6
POOR = 0.9
"""Below so much of the limits kept, a line is marked."""

Part = Callable[[Report, str], ReportPart | None]
"""Makes one part of a report in a language; None: there is nothing to say."""


def make_part(key: str, lines: Iterable[ReportLine], language: str) -> ReportPart:
    """A part under a figure's name, with what the figure counts below."""
    return ReportPart(name_figure(key, language), tuple(lines), define((key,), language))


def show_count(
    label: str, found: Traced, language: str, *, poor: bool = False, times: bool = False
) -> ReportLine:
    """How many tickets, and the first of them. `times`: how often something happened to them."""
    numbers = list_numbers(found, language, times=times)
    return ReportLine(label, str(found.count), poor=poor, numbers=numbers)


def draw_kept(label: str, kept: Attainment, language: str) -> ReportLine:
    """How far a limit was kept, and how much of what was missed was our own doing."""
    ours = say("ours", language, count=kept.ours) if kept.ours else ""
    poor = (kept.rate or 0.0) < POOR
    return draw_share(label, kept.met, kept.missed, language, poor=poor, detail=ours)


def draw_share(
    label: str, part: int, rest: int, language: str, *, poor: bool = False, detail: str = ""
) -> ReportLine:
    share = round_share(part, rest)
    value = f"{share}%{bracket(f'{part}/{part + rest}', language)}"
    return ReportLine(label, value, share, draw_bar(share), poor, detail)


def mention_rest(count: int, language: str, word: str = "rest") -> list[ReportLine]:
    """That there are so many more than those listed; nothing when there are none."""
    return [ReportLine("", say(word, language, count=count))] if count > 0 else []


def list_numbers(tickets: Traced, language: str, *, times: bool = False) -> tuple[str, ...]:
    """The first tickets; the last one says that there are more. What happened several `times` to
    one is no further ticket."""
    shown = tickets.numbers[:_MOST_NUMBERS]
    all_there = times and len(tickets.numbers) < KEPT
    count = len(tickets.numbers) if all_there else tickets.count
    if not shown or count <= len(shown):
        return shown
    return (*shown[:-1], shown[-1] + say("and_more", language))


def name_figure(key: str, language: str) -> str:
    return MEANINGS[key].name.in_language(language)


def define(keys: Sequence[str], language: str) -> str:
    """What figures count; of several each after its name."""
    said = [MEANINGS[key].definition.in_language(language).rstrip("。.") for key in keys]
    if len(keys) == 1:
        return said[0]
    colon, stop = ("：", "。") if language.startswith("zh") else (": ", ". ")
    names = (name_figure(key, language) for key in keys)
    return stop.join(f"{name}{colon}{words}" for name, words in zip(names, said, strict=True))


def say(key: str, language: str, **values: object) -> str:
    return WORDS[key].in_language(language).format(**values)


def join(said: Sequence[str], language: str) -> str:
    return ("｜" if language.startswith("zh") else " | ").join(filter(None, said))


def bracket(text: str, language: str) -> str:
    return f"（{text}）" if language.startswith("zh") else f" ({text})"


def say_percent(part: int, rest: int) -> str:
    return f"{round_share(part, rest)}%"


def round_share(part: int, rest: int) -> int:
    """The share in whole per cent; a hundred only when nothing is missing, 0 only for nothing."""
    share = round(100 * part / (part + rest))
    return min(max(share, 1 if part else 0), 99 if rest else 100)
