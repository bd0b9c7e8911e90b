"""What stands in a report, in which order, and what a lead should look at first (R11, F10, N10).

A day's report is what happened and what is open; that of a week or a month also compares groups,
people and questions, and proposes what to look into. Pure: figures in, lines out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from maildesk.desk.figure_words import AGES, MEANINGS
from maildesk.desk.figures import (
    Attainment,
    Figures,
    FollowUpState,
    LimitName,
    Miss,
    Share,
    Slice,
    Traced,
)
from maildesk.desk.label import Label
from maildesk.desk.moments import say_span
from maildesk.desk.report import Report
from maildesk.desk.report_values import ReportLine, ReportPart, draw_bar
from maildesk.desk.report_words import WORDS

_MOST_LINES = 12
_MOST_FAULTS = 8
_MOST_MISSES = 20
_MOST_NUMBERS = 6
_POOR = 0.9
"""Below so much of the limits kept, a line is marked."""


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
            said.append(f"{_name(limit, language)} {_percent(total.met, total.missed)}")
    overall = next((item for item in figures.satisfaction.questions if not item.key), None)
    if overall is not None and overall.average is not None:
        rated = _say("rated_by", language, count=overall.answers)
        said.append(f"{_name('satisfaction', language)} {overall.average:.1f}{rated}")
    return tuple(said)


def count_late(figures: Figures) -> int:
    """How many tickets missed a limit; beyond what is listed one by one, how many limits."""
    listed = {miss.number for _, miss in figures.list_misses()}
    beyond = sum(max(0, item.total.missed - len(item.misses)) for item in figures.limits)
    return len(listed) + beyond


def list_numbers(tickets: Traced, language: str) -> tuple[str, ...]:
    """The first tickets; the last one says that there are more."""
    shown = tickets.numbers[:_MOST_NUMBERS]
    if not shown or tickets.count <= len(shown):
        return shown
    return (*shown[:-1], shown[-1] + _say("and_more", language))


Part = Callable[[Report, str], ReportPart | None]


def _list_parts(report: Report, repeats: int) -> tuple[Part, ...]:
    if report.figures.period.kind == "daily":
        return (
            _show_limit("response"),
            _show_limit("contact"),
            _show_limit("solution"),
            _show_rates,
            _list_misses,
            _list_closed,
            _show_categories,
            _show_faults(repeats),
            _show_satisfaction,
            _list_low,
            _show_follow_ups,
            _show_standing,
            _show_ages,
        )
    return (
        _show_limit("response"),
        _show_limit("contact"),
        _show_limit("solution"),
        _show_rates,
        _show_slices("groups"),
        _show_slices("engineers"),
        _list_misses,
        _show_categories,
        _show_faults(repeats),
        _show_satisfaction,
        _list_low,
        _show_follow_ups,
        _show_standing,
        _show_ages,
        _propose_review,
    )


def _show_limit(limit: LimitName) -> Part:
    def show(report: Report, language: str) -> ReportPart | None:
        found = report.figures.find_limit(limit)
        lines = _chart(found.priorities, language)
        return _part(limit, lines, language)

    return show


def _show_slices(field: str) -> Part:
    """Response attainment by group or by engineer."""

    def show(report: Report, language: str) -> ReportPart | None:
        slices: tuple[Slice, ...] = getattr(report.figures.find_limit("response"), field)
        title = _say(f"by_{field}", language)
        return ReportPart(title, _chart(slices, language))

    return show


def _chart(slices: Sequence[Slice], language: str) -> tuple[ReportLine, ...]:
    """Those of which anything was due, in their order."""
    due = [item for item in slices if item.attainment.rate is not None]
    return tuple(
        _draw(
            item.label.in_language(language) or _say("nobody", language), item.attainment, language
        )
        for item in due[:_MOST_LINES]
    )


def _draw(label: str, kept: Attainment, language: str) -> ReportLine:
    rate = kept.rate or 0.0
    share = _whole(kept.met, kept.missed)
    value = f"{share}%{_bracket(f'{kept.met}/{kept.met + kept.missed}', language)}"
    ours = _say("ours", language, count=kept.ours) if kept.ours else ""
    return ReportLine(label, value, share, draw_bar(share), rate < _POOR, ours)


def _show_rates(report: Report, language: str) -> ReportPart | None:
    """Rates over all tickets of the period, one line each."""
    figures = report.figures
    lines: list[ReportLine] = []
    if figures.same_day.rate is not None:
        lines.append(_draw(_name("same_day", language), figures.same_day, language))
    rates: tuple[tuple[str, Share], ...] = (
        ("first_line", figures.first_line),
        ("reopen_rate", figures.reopened),
    )
    for key, rate in rates:
        if rate.whole:
            share = _whole(rate.part, rate.whole - rate.part)
            value = f"{share}%{_bracket(f'{rate.part}/{rate.whole}', language)}"
            lines.append(ReportLine(_name(key, language), value, share, draw_bar(share)))
    return ReportPart(_say("rates", language), tuple(lines))


def _list_misses(report: Report, language: str) -> ReportPart | None:
    """Each ticket once, with every limit it missed."""
    found: dict[str, list[tuple[LimitName, Miss]]] = {}
    for limit, miss in report.figures.list_misses():
        found.setdefault(miss.number, []).append((limit, miss))
    lines = [_tell_misses(missed, language) for missed in list(found.values())[:_MOST_MISSES]]
    lines += _mention_rest(len(found) - _MOST_MISSES, language)
    return _part("misses", lines, language)


def _tell_misses(missed: Sequence[tuple[LimitName, Miss]], language: str) -> ReportLine:
    first = missed[0][1]
    reasons = dict.fromkeys(reason for _, miss in missed for reason in miss.reasons)
    ours = all(miss.ours for _, miss in missed)
    if reasons:
        why = _say("why", language, why="；".join(reasons))
    else:
        why = _say("ours_one" if ours else "no_why", language)
    late = [
        _say(
            f"over_{limit}" if miss.done else f"still_{limit}",
            language,
            over=say_span(max(1, miss.over), language, brief=True),
        )
        for limit, miss in missed
    ]
    who = first.engineer or _say("nobody", language)
    said = ("；" if language.startswith("zh") else "; ").join(late)
    return ReportLine(
        first.number,
        first.title or _say("untitled", language),
        detail=_join((first.priority.in_language(language), who, said, why), language),
        poor=not (ours or reasons),
    )


def _list_closed(report: Report, language: str) -> ReportPart | None:
    lines = [
        ReportLine(
            item.number,
            item.title or _say("untitled", language),
            detail=_join((item.engineer, item.solution), language),
        )
        for item in report.closed
    ]
    lines += _mention_rest(report.figures.counts.closed.count - len(lines), language)
    return _part("closed", lines, language)


def _show_categories(report: Report, language: str) -> ReportPart | None:
    found = [item for item in report.figures.categories if item.tickets.count or item.before]
    total = sum(item.tickets.count for item in found) or 1
    lines = []
    for item in found[:_MOST_LINES]:
        share = round(100 * item.tickets.count / total)
        change = f"{item.change:+d}" if item.change else "±0"
        value = f"{item.tickets.count}{_bracket(change, language)}"
        lines.append(ReportLine(item.label.in_language(language), value, share, draw_bar(share)))
    return _part("categories", lines, language)


def _show_faults(repeats: int) -> Part:
    """What was reported most, and what so often that its root cause is worth a review."""

    def show(report: Report, language: str) -> ReportPart | None:
        lines = []
        for item in report.figures.faults[:_MOST_FAULTS]:
            again = 0 < repeats <= item.tickets.count
            said = _say("times", language, title=item.title, count=item.tickets.count)
            lines.append(
                ReportLine(
                    item.category.in_language(language),
                    said + _say("find_cause", language) * again,
                    poor=again,
                    numbers=list_numbers(item.tickets, language),
                )
            )
        return _part("faults", lines, language)

    return show


def _show_satisfaction(report: Report, language: str) -> ReportPart | None:
    satisfaction = report.figures.satisfaction
    lines = []
    for item in satisfaction.questions:
        if item.average is None:
            continue
        share = round(item.average * 20)
        label = item.label.in_language(language) if item.key else _say("overall", language)
        value = f"{item.average:.1f}{_say('rated_by', language, count=item.answers)}"
        lines.append(ReportLine(label, value, share, draw_bar(share), item.average < 4))
    rated = satisfaction.rated
    if rated.whole:
        share = _whole(rated.part, rated.whole - rated.part)
        value = f"{share}%{_bracket(f'{rated.part}/{rated.whole}', language)}"
        lines.append(ReportLine(_name("rated", language), value, share, draw_bar(share)))
    return _part("satisfaction", lines, language)


def _list_low(report: Report, language: str) -> ReportPart | None:
    satisfaction = report.figures.satisfaction
    lines = []
    for item in satisfaction.low[:_MOST_LINES]:
        score = _say("score", language, score=item.score) if item.score is not None else ""
        state = _FOLLOWED[item.follow_up].in_language(language)
        said = _join((score, item.words), language)
        detail = _join((item.engineer, state, item.record), language)
        poor = item.follow_up in ("open", "overdue", "late")
        lines.append(ReportLine(item.number, said, detail=detail, poor=poor))
    lines += _mention_rest(satisfaction.low_count - len(lines), language)
    return _part("low", lines, language)


_FOLLOWED: dict[FollowUpState, Label] = {
    "in_time": Label("已按时回访", "followed up in time"),
    "late": Label("回访超时", "followed up late"),
    "open": Label("待回访", "to be followed up"),
    "overdue": Label("回访已超时，仍未完成", "follow-up overdue"),
    "none": Label("", ""),
}


def _show_follow_ups(report: Report, language: str) -> ReportPart | None:
    ups = report.figures.follow_ups
    states: tuple[tuple[FollowUpState, Traced], ...] = (
        ("in_time", ups.in_time),
        ("late", ups.late),
        ("open", ups.open),
        ("overdue", ups.overdue),
    )
    lines = [
        _count(_FOLLOWED[state].in_language(language), found, language, poor=state == "overdue")
        for state, found in states
        if found.count
    ]
    return _part("follow_ups", lines, language)


def _show_standing(report: Report, language: str) -> ReportPart | None:
    """How it stood at the end, and what happened on the way."""
    counts = report.figures.counts
    keys = (
        ("backlog", counts.backlog),
        ("unassigned", counts.unassigned),
        ("unconfirmed", counts.unconfirmed),
        ("solved", counts.solved),
        ("rejected", counts.rejected),
        ("by_policy", counts.by_policy),
        ("reopened", counts.reopened),
        ("chases", counts.chases),
    )
    lines = [
        _count(_name(key, language), found, language, poor=key == "unassigned")
        for key, found in keys
        if found.count
    ]
    return ReportPart(_say("standing", language), tuple(lines))


def _show_ages(report: Report, language: str) -> ReportPart | None:
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
    return _part("ages", lines, language)


def _propose_review(report: Report, language: str) -> ReportPart | None:
    """What of process, speed and feedback deserves a look at the review (N10)."""
    figures = report.figures
    unexplained = [m.number for _, m in figures.list_misses() if not (m.ours or m.reasons)]
    kept = tuple(dict.fromkeys(unexplained))
    points: list[tuple[str, Traced]] = [
        ("review_unexplained", Traced(len(kept), kept)),
        ("review_same_day", figures.same_day_missed),
        ("review_reopened", Traced(figures.reopened.part, figures.reopened.numbers)),
        ("review_chased", figures.counts.chases),
        ("review_by_policy", figures.counts.by_policy),
        ("review_overdue", figures.follow_ups.overdue),
    ]
    lines = [_count(_say(key, language), found, language) for key, found in points if found.count]
    for item in figures.find_limit("response").groups:
        rate = item.attainment.rate
        if rate is not None and rate < _POOR:
            lines.append(
                _draw(
                    _say("review_group", language, group=item.label.in_language(language)),
                    item.attainment,
                    language,
                )
            )
    return ReportPart(_say("review", language), tuple(lines), _say("review_note", language))


def _count(label: str, found: Traced, language: str, *, poor: bool = False) -> ReportLine:
    return ReportLine(label, str(found.count), poor=poor, numbers=list_numbers(found, language))


def _mention_rest(count: int, language: str) -> list[ReportLine]:
    return [ReportLine("", _say("rest", language, count=count))] if count > 0 else []


def _part(key: str, lines: Iterable[ReportLine], language: str) -> ReportPart:
    return ReportPart(_name(key, language), tuple(lines), _define(key, language))


def _name(key: str, language: str) -> str:
    return MEANINGS[key].name.in_language(language)


def _define(key: str, language: str) -> str:
    return MEANINGS[key].definition.in_language(language).rstrip("。.")


def _say(key: str, language: str, **values: object) -> str:
    return WORDS[key].in_language(language).format(**values)


def _join(said: Sequence[str], language: str) -> str:
    return ("｜" if language.startswith("zh") else " | ").join(filter(None, said))


def _bracket(text: str, language: str) -> str:
    return f"（{text}）" if language.startswith("zh") else f" ({text})"


def _percent(part: int, rest: int) -> str:
    return f"{_whole(part, rest)}%"


def _whole(part: int, rest: int) -> int:
    """The share in whole per cent; a hundred only when nothing is missing, 0 only for nothing."""
    share = round(100 * part / (part + rest))
    return min(max(share, 1 if part else 0), 99 if rest else 100)
