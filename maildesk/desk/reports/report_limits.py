"""The parts of a report that say how limits were kept: by priority, group, person; and each miss.

Rates over all tickets of the period stand with them. Pure: figures in, lines out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from maildesk.desk.letters.moments import say_span
from maildesk.desk.letters.report_values import ReportLine, ReportPart
from maildesk.desk.reports.figures import LIMITS, LimitName, Miss, Share, Slice
from maildesk.desk.reports.report import Report
from maildesk.desk.reports.report_lines import (
    MOST_LINES,
    Part,
    define,
    draw_kept,
    draw_share,
    join,
    make_part,
    mention_rest,
    name_figure,
    say,
)

_MOST_MISSES = 20


def show_limit(limit: LimitName) -> Part:
    def show(report: Report, language: str) -> ReportPart | None:
        found = report.figures.find_limit(limit)
        lines = _chart(found.priorities, language)
        return make_part(limit, lines, language)

    return show


def show_slices(field: Literal["groups", "engineers"]) -> Part:
    """Attainment of every limit by group or by engineer: the response drawn, the others told."""

    def show(report: Report, language: str) -> ReportPart | None:
        limits = [report.figures.find_limit(limit) for limit in LIMITS]
        found: dict[str, dict[LimitName, Slice]] = {}
        for item in limits:
            for part in item.groups if field == "groups" else item.engineers:
                if part.attainment.rate is not None:
                    found.setdefault(part.key, {})[item.limit] = part
        lines = [_compare(slices, language) for slices in list(found.values())[:MOST_LINES]]
        lines += mention_rest(len(found) - MOST_LINES, language, "rest_lines")
        return ReportPart(say(f"by_{field}", language), tuple(lines), say("by_note", language))

    return show


def _compare(slices: Mapping[LimitName, Slice], language: str) -> ReportLine:
    """One group or engineer."""
    name = next(iter(slices.values())).label.in_language(language) or say("nobody", language)
    drawn = ReportLine(name, "–")
    told = []
    for limit, part in slices.items():
        line = draw_kept(name, part.attainment, language)
        if limit == "response":
            drawn = line
        else:
            told.append(say(f"brief_{limit}", language, kept=line.value))
    return replace(drawn, detail=join((drawn.detail, *told), language))


def _chart(slices: Sequence[Slice], language: str) -> tuple[ReportLine, ...]:
    """Those of which anything was due, in their order."""
    due = [item for item in slices if item.attainment.rate is not None]
    return tuple(
        draw_kept(item.label.in_language(language), item.attainment, language)
        for item in due[:MOST_LINES]
    )


def show_rates(report: Report, language: str) -> ReportPart | None:
    """Rates over all tickets of the period, one line each."""
    figures = report.figures
    lines: list[ReportLine] = []
    shown = []
    if figures.same_day.rate is not None:
        lines.append(draw_kept(name_figure("same_day", language), figures.same_day, language))
        shown.append("same_day")
    rates: tuple[tuple[str, Share], ...] = (
        ("first_line", figures.first_line),
        ("reopen_rate", figures.reopened),
    )
    for key, rate in rates:
        if rate.whole:
            label = name_figure(key, language)
            lines.append(draw_share(label, rate.part, rate.whole - rate.part, language))
            shown.append(key)
    return ReportPart(say("rates", language), tuple(lines), define(shown, language))


def show_misses(report: Report, language: str) -> ReportPart | None:
    """Each ticket once, with every limit it missed."""
    found: dict[str, list[tuple[LimitName, Miss]]] = {}
    for limit, miss in report.figures.list_misses():
        found.setdefault(miss.number, []).append((limit, miss))
    lines = [_tell_misses(missed, language) for missed in list(found.values())[:_MOST_MISSES]]
    lines += mention_rest(report.figures.counts.misses.count - len(lines), language)
    return make_part("misses", lines, language)


def _tell_misses(missed: Sequence[tuple[LimitName, Miss]], language: str) -> ReportLine:
    first = missed[0][1]
    reasons = dict.fromkeys(reason for _, miss in missed for reason in miss.reasons)
    ours = all(miss.ours for _, miss in missed)
    if reasons:
        why = say("why", language, why="；".join(reasons))
    else:
        why = say("ours_one" if ours else "no_why", language)
    late = [
        say(
            f"over_{limit}" if miss.done else f"still_{limit}",
            language,
            over=say_span(max(1, miss.over), language, brief=True),
        )
        for limit, miss in missed
    ]
    who = first.engineer or say("nobody", language)
    said = ("；" if language.startswith("zh") else "; ").join(late)
    return ReportLine(
        first.number,
        first.title or say("untitled", language),
        detail=join((first.priority.in_language(language), who, said, why), language),
        poor=not (ours or reasons),
    )
