"""A profile's smaller promises from its file: matrix, questions, states, escalation, survey, scope.

Reads and checks; what the values are for `desk.policy` says. `config.profile` joins them with the
rest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from maildesk.config.calendars import DAYS, read_clock
from maildesk.config.document import Document, join, line_of
from maildesk.config.faults import suggest
from maildesk.desk.label import Label
from maildesk.desk.policy import (
    FORMS,
    Alike,
    Cell,
    Closing,
    Escalation,
    Level,
    Move,
    Outside,
    Patience,
    Question,
    Records,
    Reports,
    Scope,
    StateWords,
    Survey,
)
from maildesk.desk.ticket import State

# What an answer may fill beside the handling record; `desk` reads these from labelled lines too.
_FIELD = re.compile(r"[a-z][a-z_]*")
_MOMENT = re.compile(r"(\S+)\s+(\d{1,2}:\d{2})")
_STATES = [state.value for state in State]
_SCORES = ("1", "2", "3", "4", "5")


def read_levels(document: Document, table: Mapping[str, Any], key: str) -> tuple[Level, ...]:
    """A short list of names, e.g. `impacts: {company: {zh: 全公司, en: Whole company}}`."""
    section = document.take(table, "", key, dict, default={}) or {}
    return _list_levels(document, section, key)


def _list_levels(document: Document, section: Mapping[str, Any], path: str) -> tuple[Level, ...]:
    found = []
    for name, entry in document.tables(section, path):
        document.check_keys(entry, join(path, name), ("zh", "en"))
        found.append(Level(name, document.take_label(entry, join(path, name)) or Label("", "")))
    return tuple(found)


def read_matrix(
    document: Document,
    table: Mapping[str, Any],
    impacts: Sequence[Level],
    urgencies: Sequence[Level],
    priorities: Sequence[str],
) -> tuple[Cell, ...]:
    """`matrix: {company: {now: urgent, later: high}, …}`: every impact with every urgency (W3)."""
    section = document.take(table, "", "matrix", dict, default={}) or {}
    names = [item.key for item in impacts]
    document.check_keys(section, "matrix", names)
    cells = []
    for impact, row in document.tables(section, "matrix"):
        path = join("matrix", impact)
        document.check_keys(row, path, [item.key for item in urgencies])
        for urgency in urgencies:
            remedy = f"Use one of: {', '.join(priorities)}"
            value = document.require(row, path, urgency.key, str, remedy)
            if value is not None and value not in priorities:
                problem = f"{value!r} is no priority of this profile"
                line = line_of(row, urgency.key)
                document.fault(line, join(path, urgency.key), problem, suggest(value, priorities))
            cells.append(Cell(impact, urgency.key, str(value or "")))
    if section and set(names) - set(section):
        missing = next(name for name in names if name not in section)
        problem = f"has no row for {missing!r}"
        document.fault(line_of(table, "matrix"), "matrix", problem, "Give one for each impact")
    return tuple(cells)


def read_questions(document: Document, table: Mapping[str, Any]) -> tuple[Question, ...]:
    """`questions: {screen: {zh: …, en: …, field: error, known: [报错, error]}}`."""
    section = document.take(table, "", "questions", dict, default={}) or {}
    found = []
    for key, entry in document.tables(section, "questions"):
        path = join("questions", key)
        document.check_keys(entry, path, ("zh", "en", "field", "known"))
        field = document.take(entry, path, "field", str) or ""
        if field and not _FIELD.fullmatch(field):
            problem = f"{field!r} is not small letters"
            document.fault(line_of(entry, "field"), join(path, "field"), problem, "e.g. error")
        words = read_words(document, entry, path, "known")
        label = document.take_label(entry, path) or Label("", "")
        found.append(Question(key, label, field, words))
    return tuple(found)


def read_words(
    document: Document, table: Mapping[str, Any], path: str, key: str
) -> tuple[str, ...]:
    """A list of words as rules write them."""
    words = document.take(table, path, key, list, default=[]) or []
    for word in words:
        if not isinstance(word, str) or not word.strip():
            problem = f"holds {word!r}, which is not text"
            remedy = f'Write it in quotes: "{word}"'
            document.fault(line_of(table, key), join(path, key), problem, remedy)
    return tuple(word for word in words if isinstance(word, str))


def read_states(document: Document, table: Mapping[str, Any]) -> tuple[StateWords, ...]:
    """`states: {unassigned: {zh: 待分配, en: …, requester: {zh: 新建, en: New}}}`."""
    section = document.take(table, "", "states", dict, default={}) or {}
    document.check_keys(section, "states", _STATES)
    found = []
    for key, entry in document.tables(section, "states"):
        path = join("states", key)
        document.check_keys(entry, path, ("zh", "en", "requester"))
        desk = document.take_label(entry, path) or Label("", "")
        reads = document.take(entry, path, "requester", dict)
        requester = document.take_label(reads, join(path, "requester")) if reads else desk
        found.append(StateWords(key, desk, requester or desk))
    return tuple(found)


def read_moves(document: Document, table: Mapping[str, Any]) -> tuple[Move, ...]:
    """`moves: {new: [in_progress, rejected], …}`; a state that is left out may go anywhere."""
    section = document.take(table, "", "moves", dict, default={}) or {}
    document.check_keys(section, "moves", _STATES)
    found = []
    for key in section:
        targets = document.take(section, "moves", key, list, default=[]) or []
        for target in targets:
            if target not in _STATES:
                problem = f"{target!r} is no state"
                remedy = suggest(str(target), _STATES)
                document.fault(line_of(section, key), join("moves", key), problem, remedy)
        found.append(Move(str(key), frozenset(str(target) for target in targets)))
    return tuple(found)


def read_escalation(
    document: Document, table: Mapping[str, Any], priorities: Sequence[str]
) -> Escalation:
    """`escalation: {after_minutes: 120, priorities: [urgent, high], decide_minutes: 30}` (M5)."""
    usual = Escalation()
    if table.get("escalation") is False:
        return Escalation(None)
    section = document.take(table, "", "escalation", dict, default={}) or {}
    document.check_keys(section, "escalation", ("after_minutes", "priorities", "decide_minutes"))
    names = document.take(section, "escalation", "priorities", list, default=[]) or []
    for name in names:
        if name not in priorities:
            problem = f"{name!r} is no priority of this profile"
            line = line_of(section, "priorities")
            document.fault(line, "escalation.priorities", problem, suggest(str(name), priorities))
    return Escalation(
        _count(document, section, "escalation", "after_minutes", usual.after_minutes or 0),
        frozenset(str(name) for name in names),
        _count(document, section, "escalation", "decide_minutes", usual.decide_minutes),
    )


def read_survey(document: Document, table: Mapping[str, Any]) -> Survey:
    """When the rating is asked, on which scale, and for what (M7, R9, W8)."""
    usual = Survey()
    section = document.take(table, "", "survey", dict, default={}) or {}
    known = (
        *("after", "within_minutes", "scale", "answers", "questions"),
        *("low_below", "follow_up_hours", "every_days"),
    )
    document.check_keys(section, "survey", known)
    answers = document.take(section, "survey", "answers", dict, default={}) or {}
    questions = document.take(section, "survey", "questions", dict, default={}) or {}
    for key in answers:
        if str(key) not in _SCORES:
            problem, remedy = f"{key!r} is no score", "Scores are 1, the worst, to 5, the best"
            document.fault(line_of(answers, key), join("survey.answers", key), problem, remedy)
    after = _choose(document, section, "survey", "after", ("solved", "confirmed"))
    scale = _choose(document, section, "survey", "scale", ("five", "three"))
    low_below = _count(document, section, "survey", "low_below", usual.low_below)
    if low_below > len(_SCORES):
        problem, remedy = f"{low_below} would call every score low", "Write 5 or less"
        document.fault(line_of(section, "low_below"), "survey.low_below", problem, remedy)
    return Survey(
        after="confirmed" if after == "confirmed" else "solved",
        within_minutes=_count(document, section, "survey", "within_minutes", usual.within_minutes),
        scale="three" if scale == "three" else "five",
        answers=_list_levels(document, answers, "survey.answers"),
        questions=_list_levels(document, questions, "survey.questions"),
        low_below=low_below,
        follow_up_hours=_count(
            document, section, "survey", "follow_up_hours", usual.follow_up_hours
        ),
        every_days=_count(document, section, "survey", "every_days", usual.every_days),
    )


def read_closing(document: Document, table: Mapping[str, Any]) -> Closing:
    """`closing: {after_days: 5, remind_days: [2, 4]}`; without `after_days` only the requester's
    word closes (F9)."""
    section = document.take(table, "", "closing", dict, default={}) or {}
    document.check_keys(section, "closing", ("after_days", "remind_days"))
    days = document.take(section, "closing", "remind_days", list)
    usual = Closing()
    if days is not None and not _rises(days):
        remedy = "Write working days from small to large, e.g. remind_days: [2, 4]; [] for none"
        line, problem = (
            line_of(section, "remind_days"),
            f"{days!r} are not at most two days, each later",
        )
        document.fault(line, "closing.remind_days", problem, remedy)
        days = None
    return Closing(
        _count(document, section, "closing", "after_days", 0) or None,
        usual.remind_days if days is None else tuple(days),
    )


def _rises(days: Sequence[Any]) -> bool:
    """Whether these are at most two whole numbers of days, each larger than the one before."""
    whole = all(isinstance(day, int) and not isinstance(day, bool) and day > 0 for day in days)
    return whole and len(days) <= 2 and list(days) == sorted(set(days))


def read_patience(document: Document, table: Mapping[str, Any]) -> Patience:
    """`waiting: {remind_days: 2, give_up_days: 10}`; 0 or nothing: no reminder, never given up."""
    usual = Patience()
    section = document.take(table, "", "waiting", dict, default={}) or {}
    document.check_keys(section, "waiting", ("remind_days", "give_up_days"))
    remind = _count(document, section, "waiting", "remind_days", usual.remind_days or 0) or None
    give_up = _count(document, section, "waiting", "give_up_days", 0) or None
    return Patience(remind, give_up)


def read_reports(document: Document, table: Mapping[str, Any]) -> Reports:
    """`reports: {daily: "17:30", weekly: "fri 17:30", monthly: "1 09:00"}`; false: none (R11)."""
    if table.get("reports") is False:
        return Reports(None)
    section = document.take(table, "", "reports", dict, default={}) or {}
    document.check_keys(section, "reports", ("daily", "weekly", "monthly"))
    daily: time | None = Reports().daily
    if section.get("daily") is False:
        daily = None
    elif "daily" in section:
        daily = read_clock(document, section, "reports", "daily", time(17, 30))
    weekly = _read_moment(document, section, "weekly", 'Write e.g. "fri 17:30"')
    monthly = _read_moment(document, section, "monthly", 'Write e.g. "1 09:00"')
    return Reports(daily, weekly, monthly)


def _read_moment(
    document: Document, section: Mapping[str, Any], key: str, remedy: str
) -> tuple[int, time] | None:
    """A weekday, or a day every month has, with a time of that day."""
    text = document.take(section, "reports", key, str)
    if text is None:
        return None
    match = _MOMENT.fullmatch(text.strip().lower())
    day = match[1] if match else ""
    if key == "weekly" and day in DAYS:
        number = DAYS.index(day)
    elif key == "monthly" and day.isdigit() and 1 <= int(day) <= 28:
        number = int(day)
    else:
        problem = f"{text!r} is no {'day of the week' if key == 'weekly' else 'day from 1 to 28'}"
        problem += " with a time"
        document.fault(line_of(section, key), join("reports", key), problem, remedy)
        return None
    clock = {"time": match[2] if match else ""}
    return number, read_clock(document, clock, join("reports", key), "time", time(9))


def read_records(document: Document, table: Mapping[str, Any]) -> Records:
    """`records: {knowledge_days: 1, archive_days: 3, form: work-order, review_ranks: 1, repeats: 5,
    repeat_days: 30}`: working days (M9), whose form is printed, how many of the most urgent
    priorities are reviewed (W9), how many alike want a root cause (F10)."""
    usual = Records()
    section = document.take(table, "", "records", dict, default={}) or {}
    known = (
        *("knowledge_days", "archive_days", "form", "review_ranks"),
        *("repeats", "repeat_days"),
    )
    document.check_keys(section, "records", known)
    form = ""
    if "form" in section:
        form = _choose(document, section, "records", "form", FORMS)
    return Records(
        _count(document, section, "records", "knowledge_days", usual.knowledge_days),
        _count(document, section, "records", "archive_days", usual.archive_days),
        form,
        _count(document, section, "records", "review_ranks", usual.review_ranks),
        _count(document, section, "records", "repeats", usual.repeats),
        _count(document, section, "records", "repeat_days", usual.repeat_days),
    )


def read_scope(document: Document, table: Mapping[str, Any]) -> Scope:
    """What the desk does, and what it does not with where to go instead (N11)."""
    section = document.take(table, "", "scope", dict, default={}) or {}
    document.check_keys(section, "scope", ("offered", "outside"))
    offered = []
    for entry in document.take(section, "scope", "offered", list, default=[]) or []:
        if not isinstance(entry, dict):
            remedy = "Write entries as - {zh: 办公电脑, en: Office computers}"
            line = line_of(section, "offered")
            document.fault(line, "scope.offered", "holds something that is no name", remedy)
            continue
        document.check_keys(entry, "scope.offered", ("zh", "en"))
        label = document.take_label(entry, "scope.offered")
        offered += [label] if label else []
    elsewhere = document.take(section, "scope", "outside", dict, default={}) or {}
    outside = []
    for key, entry in document.tables(elsewhere, "scope.outside"):
        path = join("scope.outside", key)
        document.check_keys(entry, path, ("words", "zh", "en"))
        words = read_words(document, entry, path, "words")
        if not words:
            remedy = "Say how people call it, e.g. words: [空调, 门禁卡]"
            document.fault(line_of(entry), join(path, "words"), "is missing or empty", remedy)
        outside.append(Outside(key, words, document.take_label(entry, path) or Label("", "")))
    return Scope(tuple(offered), tuple(outside))


def read_alike(document: Document, table: Mapping[str, Any]) -> Alike:
    """`alike: {tickets: 3, minutes: 60}`: when many alike are taken for one outage."""
    usual = Alike()
    section = document.take(table, "", "alike", dict, default={}) or {}
    document.check_keys(section, "alike", ("tickets", "minutes"))
    tickets = _count(document, section, "alike", "tickets", usual.tickets)
    if 0 <= tickets < 2:
        problem, remedy = f"{tickets} would make an outage of every ticket", "Write 2 or more"
        document.fault(line_of(section, "tickets"), "alike.tickets", problem, remedy)
    return Alike(
        tickets,
        _count(document, section, "alike", "minutes", usual.minutes),
    )


def _choose(
    document: Document, section: Mapping[str, Any], path: str, key: str, known: Sequence[str]
) -> str:
    value = document.take(section, path, key, str, default=known[0])
    if value is not None and value not in known:
        line = line_of(section, key)
        document.fault(
            line, join(path, key), f"{value!r} is not one of them", suggest(value, known)
        )
    return str(value or known[0])


def _count(
    document: Document, section: Mapping[str, Any], path: str, key: str, default: int
) -> int:
    number = document.take(section, path, key, int, default=default)
    if number is not None and number < 0:
        document.fault(line_of(section, key), join(path, key), "is negative", "Write 0 or more")
    return int(number or 0)
