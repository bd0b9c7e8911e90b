"""The parts of a report that say what requesters thought of it, and who followed up (M8, W8).

Pure: figures in, lines out.
"""

from __future__ import annotations

from maildesk.desk.label import Label
from maildesk.desk.letters.report_values import ReportLine, ReportPart, draw_bar
from maildesk.desk.reports.figures import FollowUpState, Traced
from maildesk.desk.reports.report import Report
from maildesk.desk.reports.report_lines import (
    MOST_LINES,
    define,
    draw_share,
    join,
    make_part,
    mention_rest,
    name_figure,
    say,
    show_count,
)

_FOLLOWED: dict[FollowUpState, Label] = {
    "in_time": Label("已按时回访", "followed up in time"),
    "late": Label("回访超时", "followed up late"),
    "open": Label("待回访", "to be followed up"),
    "overdue": Label("回访已超时，仍未完成", "follow-up overdue"),
    "none": Label("", ""),
}


def show_satisfaction(report: Report, language: str) -> ReportPart | None:
    satisfaction = report.figures.satisfaction
    lines = []
    for item in satisfaction.questions:
        if item.average is None:
            continue
        share = round(item.average * 20)
        label = item.label.in_language(language) if item.key else say("overall", language)
        value = f"{item.average:.1f}{say('rated_by', language, count=item.answers)}"
        lines.append(ReportLine(label, value, share, draw_bar(share), item.average < 4))
    shown = ["satisfaction"] * bool(lines)
    rated = satisfaction.rated
    if rated.whole:
        shown.append("rated")
        label = name_figure("rated", language)
        lines.append(draw_share(label, rated.part, rated.whole - rated.part, language))
    return ReportPart(name_figure("satisfaction", language), tuple(lines), define(shown, language))


def show_low(report: Report, language: str) -> ReportPart | None:
    satisfaction = report.figures.satisfaction
    lines = []
    for item in satisfaction.low[:MOST_LINES]:
        score = say("score", language, score=item.score) if item.score is not None else ""
        state = _FOLLOWED[item.follow_up].in_language(language)
        said = join((score, item.words), language)
        detail = join((item.engineer, state, item.record), language)
        poor = item.follow_up in ("open", "overdue", "late")
        lines.append(ReportLine(item.number, said, detail=detail, poor=poor))
    lines += mention_rest(satisfaction.low_count - len(lines), language)
    return make_part("low", lines, language)


def show_follow_ups(report: Report, language: str) -> ReportPart | None:
    ups = report.figures.follow_ups
    states: tuple[tuple[FollowUpState, Traced], ...] = (
        ("in_time", ups.in_time),
        ("late", ups.late),
        ("open", ups.open),
        ("overdue", ups.overdue),
    )
    lines = [
        show_count(_FOLLOWED[state].in_language(language), found, language, poor=state == "overdue")
        for state, found in states
        if found.count
    ]
    return make_part("follow_ups", lines, language)
