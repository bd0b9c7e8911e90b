"""What stands in a report, in which order, and what a lead should look at first (R11, F10, N10).

A day's report is what happened and what is open; that of a week or a month also compares groups,
people and questions, and proposes what to look into. Pure: figures in, lines out.
"""

from __future__ import annotations

from maildesk.desk.letters.report_values import ReportPart
from maildesk.desk.reports.figures import Figures, Traced
from maildesk.desk.reports.report import Report
from maildesk.desk.reports.report_limits import show_limit, show_misses, show_rates, show_slices
from maildesk.desk.reports.report_lines import (
    POOR,
    Part,
    draw_kept,
    name_figure,
    say,
    say_percent,
    show_count,
)
from maildesk.desk.reports.report_ratings import show_follow_ups, show_low, show_satisfaction
from maildesk.desk.reports.report_tickets import (
    show_ages,
    show_categories,
    show_closed,
    show_faults,
    show_standing,
)


def lay_out(report: Report, language: str, repeats: int = 0) -> tuple[ReportPart, ...]:
    """The report's parts in that language; those with nothing to say are left out.

    A fault reported `repeats` times is worth asking why it comes again (F10); 0: never.
    """
    found = (ask(report, language) for ask in _list_parts(report, repeats))
    return tuple(part for part in found if part is not None and part.lines)


def summarise(figures: Figures, language: str) -> tuple[str, ...]:
    """What a lead reads in the first line, as far as there is anything to say."""
    said = []
    for limit in ("response", "solution"):
        total = figures.find_limit(limit).total
        if total.rate is not None:
            said.append(f"{name_figure(limit, language)} {say_percent(total.met, total.missed)}")
    overall = next((item for item in figures.satisfaction.questions if not item.key), None)
    if overall is not None and overall.average is not None:
        rated = say("rated_by", language, count=overall.answers)
        said.append(f"{name_figure('satisfaction', language)} {overall.average:.1f}{rated}")
    return tuple(said)


def _list_parts(report: Report, repeats: int) -> tuple[Part, ...]:
    if report.figures.period.kind == "daily":
        return (
            show_limit("response"),
            show_limit("contact"),
            show_limit("solution"),
            show_rates,
            show_misses,
            show_closed,
            show_categories,
            show_faults(repeats),
            show_satisfaction,
            show_low,
            show_follow_ups,
            show_standing,
            show_ages,
        )
    return (
        show_limit("response"),
        show_limit("contact"),
        show_limit("solution"),
        show_rates,
        show_slices("groups"),
        show_slices("engineers"),
        show_misses,
        show_categories,
        show_faults(repeats),
        show_satisfaction,
        show_low,
        show_follow_ups,
        show_standing,
        show_ages,
        _propose_review,
    )


def _propose_review(report: Report, language: str) -> ReportPart | None:
    """What of process, speed and feedback deserves a look at the review (N10)."""
    figures = report.figures
    points: list[tuple[str, Traced]] = [
        ("review_unexplained", figures.unexplained),
        ("review_same_day", figures.same_day_missed),
        ("review_reopened", Traced(figures.reopened.part, figures.reopened.numbers)),
        ("review_chased", figures.counts.chases),
        ("review_by_policy", figures.counts.by_policy),
        ("review_overdue", figures.follow_ups.overdue),
    ]
    lines = [
        show_count(say(key, language), found, language, times=key == "review_chased")
        for key, found in points
        if found.count
    ]
    for item in figures.find_limit("response").groups:
        rate = item.attainment.rate
        if rate is not None and rate < POOR:
            lines.append(
                draw_kept(
                    say("review_group", language, group=item.label.in_language(language)),
                    item.attainment,
                    language,
                )
            )
    return ReportPart(say("review", language), tuple(lines), say("review_note", language))
