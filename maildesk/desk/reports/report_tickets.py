"""The parts of a report that say which tickets there were: closed, of which kind, open, how old.

Pure: figures in, lines out.
"""

from __future__ import annotations

from maildesk.desk.letters.report_values import ReportLine, ReportPart, draw_bar
from maildesk.desk.reports.figure_words import AGES
from maildesk.desk.reports.report import Report
from maildesk.desk.reports.report_lines import (
    MOST_LINES,
    Part,
    bracket,
    define,
    join,
    list_numbers,
    make_part,
    mention_rest,
    name_figure,
    say,
    show_count,
)

_MOST_FAULTS = 8


def show_closed(report: Report, language: str) -> ReportPart | None:
    lines = [
        ReportLine(
            item.number,
            item.title or say("untitled", language),
            detail=join((item.engineer, item.solution), language),
        )
        for item in report.closed
    ]
    lines += mention_rest(report.figures.counts.closed.count - len(lines), language)
    return make_part("closed", lines, language)


def show_categories(report: Report, language: str) -> ReportPart | None:
    found = [item for item in report.figures.categories if item.tickets.count or item.before]
    total = sum(item.tickets.count for item in found) or 1
    lines = []
    for item in found[:MOST_LINES]:
        share = round(100 * item.tickets.count / total)
        change = f"{item.change:+d}" if item.change else "±0"
        value = f"{item.tickets.count}{bracket(change, language)}"
        lines.append(ReportLine(item.label.in_language(language), value, share, draw_bar(share)))
    lines += mention_rest(len(found) - MOST_LINES, language, "rest_lines")
    return make_part("categories", lines, language)


def show_faults(repeats: int) -> Part:
    """What was reported most, and what so often that its root cause is worth a review."""

    def show(report: Report, language: str) -> ReportPart | None:
        lines = []
        for item in report.figures.faults[:_MOST_FAULTS]:
            again = 0 < repeats <= item.tickets.count
            said = say("times", language, title=item.title, count=item.tickets.count)
            lines.append(
                ReportLine(
                    item.category.in_language(language),
                    said + say("find_cause", language) * again,
                    poor=again,
                    numbers=list_numbers(item.tickets, language),
                )
            )
        return make_part("faults", lines, language)

    return show


def show_standing(report: Report, language: str) -> ReportPart | None:
    """How it stood at the end, and what happened on the way."""
    counts = report.figures.counts
    keys = (
        ("opened", counts.opened),
        ("closed", counts.closed),
        ("misses", counts.misses),
        ("backlog", counts.backlog),
        ("unassigned", counts.unassigned),
        ("unconfirmed", counts.unconfirmed),
        ("solved", counts.solved),
        ("rejected", counts.rejected),
        ("by_policy", counts.by_policy),
        ("reopened", counts.reopened),
        ("chases", counts.chases),
    )
    shown = {key: found for key, found in keys if found.count}
    lines = [
        show_count(
            name_figure(key, language),
            found,
            language,
            poor=key == "unassigned",
            times=key in ("reopened", "chases"),
        )
        for key, found in shown.items()
    ]
    return ReportPart(say("standing", language), tuple(lines), define(tuple(shown), language))


def show_ages(report: Report, language: str) -> ReportPart | None:
    ages = [item for item in report.figures.counts.ages if item.tickets.count]
    total = sum(item.tickets.count for item in ages) or 1
    lines = []
    for item in ages:
        share = round(100 * item.tickets.count / total)
        old = item.days is None
        numbers = list_numbers(item.tickets, language) if old else ()
        label = AGES[item.days].in_language(language)
        lines.append(
            ReportLine(label, str(item.tickets.count), share, draw_bar(share), old, numbers=numbers)
        )
    return make_part("ages", lines, language)
