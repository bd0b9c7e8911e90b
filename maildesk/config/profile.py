"""A process profile from `rules/profiles/*.yaml`, with everything that is wrong in it.

Reads and checks; what the values are for `desk.profile` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Any, Literal

from maildesk.config.calendars import read_calendars, read_clock, read_days
from maildesk.config.document import Document, join, line_of
from maildesk.config.faults import Fault, suggest
from maildesk.config.policies import (
    read_alike,
    read_closing,
    read_escalation,
    read_levels,
    read_matrix,
    read_moves,
    read_patience,
    read_questions,
    read_records,
    read_reports,
    read_scope,
    read_states,
    read_survey,
)
from maildesk.desk.arrival.number import list_faults
from maildesk.desk.profile import (
    Category,
    Duty,
    Group,
    Label,
    Priority,
    Profile,
    Quiet,
    RequestType,
)

_KEYS = (
    "id", "label", "number_format", "categories", "priorities", "types", "groups", "calendars",
    "defaults", "near_minutes", "quiet", "digest_at", "confirm_thanks", "unassigned_after_minutes",
    "major", "vip",
    "impacts", "urgencies", "matrix", "severities", "questions", "states", "moves", "results",
    "escalation", "survey", "closing", "waiting", "reports", "records", "scope", "alike",
    "same_day_before", "plan_ranks",
)  # fmt: skip


def load_profile(path: Path) -> tuple[Profile | None, tuple[Fault, ...]]:
    """The profile, or None and every fault of the file with its line, key and remedy."""
    document = Document(path, f"{path.parent.name}/{path.name}")
    if document.root is None and not document.faults:
        document.fault(None, "", "is empty", "Copy the shipped profiles/default.yaml and change it")
    if document.root is not None and not isinstance(document.root, dict):
        document.fault(1, "", "is not a table", "Start with `id: my-profile`")
    elif document.root is not None:
        profile = _read_profile(document, document.root)
        if not document.faults:
            return profile, ()
    return None, tuple(document.faults)


def _read_profile(document: Document, table: Mapping[str, Any]) -> Profile:
    document.check_keys(table, "", _KEYS)
    calendars = read_calendars(document, table)
    groups = _read_groups(document, table)
    group_keys = [group.key for group in groups]
    categories = _read_categories(document, table, group_keys)
    priorities = _read_priorities(document, table, [calendar.key for calendar in calendars])
    impacts = read_levels(document, table, "impacts")
    urgencies = read_levels(document, table, "urgencies")
    ranks = [item.key for item in priorities]
    questions = read_questions(document, table)
    types = _read_types(document, table, [item.key for item in questions])
    defaults = document.require(
        table, "", "defaults", dict,
        "Say what holds when no rule speaks: defaults: {category: service, priority: medium, …}",
    )  # fmt: skip
    defaults = defaults if defaults is not None else {}
    document.check_keys(defaults, "defaults", ("category", "priority", "type"))
    label = document.require(
        table, "", "label", dict, "Name it: label: {zh: 默认流程, en: Default}"
    )
    return Profile(
        id=str(document.require(table, "", "id", str, "Name it, e.g. id: default")),
        label=(document.take_label(label, "label") if label is not None else None) or Label("", ""),
        number_format=_read_number_format(document, table),
        categories=categories,
        priorities=priorities,
        types=types,
        groups=groups,
        calendars=calendars,
        default_category=_choose(document, defaults, "category", [item.key for item in categories]),
        default_priority=_choose(document, defaults, "priority", [item.key for item in priorities]),
        default_type=_choose(document, defaults, "type", [item.key for item in types]),
        near_minutes=_read_minutes(document, table, "near_minutes", 30),
        quiet=_read_quiet(document, table),
        digest_at=read_clock(document, table, "", "digest_at", time(8, 30)),
        confirm_thanks=document.take(table, "", "confirm_thanks", bool, default=False) is True,
        unassigned_after_minutes=_read_minutes(document, table, "unassigned_after_minutes", 15),
        major_update_minutes=_read_major(document, table),
        vip_at_least=_read_vip(document, table, [item.key for item in priorities]),
        impacts=impacts,
        urgencies=urgencies,
        matrix=read_matrix(document, table, impacts, urgencies, ranks),
        severities=read_levels(document, table, "severities"),
        questions=questions,
        state_words=read_states(document, table),
        moves=read_moves(document, table),
        results=read_levels(document, table, "results"),
        escalation=read_escalation(document, table, ranks),
        survey=read_survey(document, table),
        closing=read_closing(document, table),
        patience=read_patience(document, table),
        reports=read_reports(document, table),
        records=read_records(document, table),
        scope=read_scope(document, table),
        alike=read_alike(document, table),
        same_day_before=_read_same_day(document, table),
        plan_ranks=_read_minutes(document, table, "plan_ranks", 0),
    )


def _read_same_day(document: Document, table: Mapping[str, Any]) -> time | None:
    """`"17:00"`: what comes before it is, in principle, solved the same day (R14)."""
    if not table.get("same_day_before"):
        return None
    return read_clock(document, table, "", "same_day_before", time(17))


def _read_types(
    document: Document, table: Mapping[str, Any], questions: list[str]
) -> tuple[RequestType, ...]:
    found = []
    keys = ("code", "questions", "approval", "takes")
    for key, entry, label in _read_entries(document, table, "types", keys):
        path = join("types", key)
        asked = _read_keys(document, entry, path, "questions")
        for name in asked:
            if name not in questions:
                problem = f"{name!r} is no question of this profile"
                line = line_of(entry, "questions")
                document.fault(line, join(path, "questions"), problem, suggest(name, questions))
        approval = document.take(entry, path, "approval", str) or ""
        if approval not in ("", "manager", "lead"):
            line = line_of(entry, "approval")
            problem = f"{approval!r} is nobody who can be asked"
            document.fault(line, join(path, "approval"), problem, "Write manager or lead")
        takes, categories = _read_types_taken(document, entry, path)
        code = document.take(entry, path, "code", str) or ""
        if code and not (code.isascii() and code.isalpha() and len(code) <= 20):
            problem = f"{code!r} cannot stand in a number"
            remedy = "Write up to 20 letters from A to Z, e.g. code: INC"
            document.fault(line_of(entry, "code"), join(path, "code"), problem, remedy)
        who: Literal["", "manager", "lead"] = "manager" if approval == "manager" else ""
        found.append(
            RequestType(
                key, label, code, asked, "lead" if approval == "lead" else who, takes, categories
            )
        )
    return tuple(found)


def _read_types_taken(
    document: Document, entry: Mapping[str, Any], path: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """`takes: [incident]`, or `takes: {types: [service_request], categories: [account]}`."""
    if not isinstance(entry.get("takes"), dict):
        return _read_keys(document, entry, path, "takes"), ()
    section = entry["takes"]
    path = join(path, "takes")
    document.check_keys(section, path, ("types", "categories"))
    types = _read_keys(document, section, path, "types")
    return types, _read_keys(document, section, path, "categories")


def _read_keys(
    document: Document, entry: Mapping[str, Any], path: str, key: str
) -> tuple[str, ...]:
    keys = document.take(entry, path, key, list, default=[]) or []
    return tuple(str(item) for item in keys)


def _read_entries(
    document: Document, table: Mapping[str, Any], key: str, more: tuple[str, ...]
) -> list[tuple[str, Mapping[str, Any], Label]]:
    """The entries of one section: key, table and label. `more` are keys beside zh and en."""
    remedy = f"Give at least one entry, e.g. {key}: {{some-key: {{zh: 名称, en: Name}}}}"
    section = document.require(table, "", key, dict, remedy)
    if section is not None and not section:
        document.fault(line_of(table, key), key, "is empty", remedy)
    entries = []
    for name, entry in document.tables(section or {}, key):
        path = join(key, name)
        document.check_keys(entry, path, ("zh", "en", *more))
        entries.append((name, entry, document.take_label(entry, path) or Label("", "")))
    return entries


def _read_groups(document: Document, table: Mapping[str, Any]) -> tuple[Group, ...]:
    found = []
    for key, entry, label in _read_entries(
        document, table, "groups", ("extension", "engineers", "duty", "lead")
    ):
        path = join("groups", key)
        extension = document.take(entry, path, "extension", str)
        engineers = _read_names(document, entry, path, "engineers")
        duty = _read_duty(document, entry, path)
        lead = (document.take(entry, path, "lead", str) or "").strip() or None
        found.append(Group(key, label, extension, engineers, duty, lead))
    return tuple(found)


def _read_duty(document: Document, entry: Mapping[str, Any], path: str) -> Duty:
    """`{mon: 刘洋, tue-fri: [陈静, 王强]}`, or a list whose people take turns week by week."""
    duty, path = entry.get("duty"), join(path, "duty")
    if "duty" not in entry or isinstance(duty, list):
        return Duty(turns=_read_names(document, entry, path.rpartition(".")[0], "duty"))
    if not isinstance(duty, dict):
        remedy = "Write days, e.g. {mon: 刘洋, tue-fri: 陈静}, or a list who take turns by week"
        document.fault(line_of(entry, "duty"), path, "is neither days nor a list", remedy)
        return Duty()
    week: list[tuple[str, ...]] = [()] * 7
    for key in duty:
        names = _read_names(document, duty, path, key)
        for place in read_days(document, key, line_of(duty, key), path):
            week[place] = names
    return Duty(week=tuple(week) if any(week) else ())


def _read_names(
    document: Document, table: Mapping[str, Any], path: str, key: str
) -> tuple[str, ...]:
    """Names, staff numbers or addresses: one, or a list. Whose they are `references` checks."""
    value = table.get(key, [])
    names = value if isinstance(value, list) else [value]
    for name in names:
        if not isinstance(name, str) or not name.strip():
            remedy = f'Write it in quotes: "{name}"' if isinstance(name, int) else "Name a person"
            problem = f"{name!r} is no name, staff number or address"
            document.fault(line_of(table, key), join(path, key), problem, remedy)
    return tuple(name.strip() for name in names if isinstance(name, str))


def _read_quiet(document: Document, table: Mapping[str, Any]) -> Quiet | None:
    """`{from: "20:00", to: "08:30"}`; `false` for letters at any hour."""
    if table.get("quiet") is False:
        return None
    quiet = document.take(table, "", "quiet", dict, default={}) or {}
    document.check_keys(quiet, "quiet", ("from", "to"))
    usual = Quiet()
    found = Quiet(
        read_clock(document, quiet, "quiet", "from", usual.start),
        read_clock(document, quiet, "quiet", "to", usual.end),
    )
    if found.start == found.end:
        remedy = 'Write e.g. {from: "20:00", to: "08:30"}, or quiet: false for no quiet hours'
        document.fault(line_of(table, "quiet"), "quiet", "ends when it begins", remedy)
    return found


def _read_minutes(document: Document, table: Mapping[str, Any], key: str, default: int) -> int:
    minutes = document.take(table, "", key, int, default=default)
    if minutes is not None and minutes < 0:
        document.fault(line_of(table, key), key, "is negative", "Write 0 or more")
    return minutes or 0


def _read_major(document: Document, table: Mapping[str, Any]) -> int:
    """`{update_minutes: 30}`: how long a major incident may be silent."""
    major = document.take(table, "", "major", dict, default={}) or {}
    document.check_keys(major, "major", ("update_minutes",))
    minutes = document.take(major, "major", "update_minutes", int, default=30) or 0
    if minutes < 5:
        line, key = line_of(major, "update_minutes"), join("major", "update_minutes")
        document.fault(line, key, "is below 5", "Write minutes, e.g. major: {update_minutes: 30}")
        return 30
    return minutes


def _read_vip(document: Document, table: Mapping[str, Any], known: list[str]) -> str | None:
    """`{at_least: high}`: the priority a VIP's request is raised to, one step at most."""
    vip = document.take(table, "", "vip", dict, default={}) or {}
    document.check_keys(vip, "vip", ("at_least",))
    if not vip:
        return None
    key = document.require(vip, "vip", "at_least", str, f"Use one of: {', '.join(known)}")
    if key is not None and key not in known:
        line, problem = line_of(vip, "at_least"), f"{key!r} is no priority of this profile"
        document.fault(line, join("vip", "at_least"), problem, suggest(key, known))
    return str(key) if key else None


def _read_categories(
    document: Document, table: Mapping[str, Any], groups: list[str]
) -> tuple[Category, ...]:
    found = []
    keys = ("group", "engineer", "backup", "takes")
    for key, entry, label in _read_entries(document, table, "categories", keys):
        path = join("categories", key)
        group = _refer(document, entry, path, "group", groups)
        engineer = (document.take(entry, path, "engineer", str) or "").strip() or None
        backup = document.take(entry, path, "backup", bool, default=False) is True
        takes = _read_keys(document, entry, path, "takes")
        found.append(Category(key, label, group, engineer, backup, takes))
    return tuple(found)


def _read_priorities(
    document: Document, table: Mapping[str, Any], calendars: list[str]
) -> tuple[Priority, ...]:
    """In file order, the most urgent first: the place is the rank."""
    found = []
    keys = (
        *("response_minutes", "contact_minutes", "solution_minutes"),
        *("calendar", "solution_calendar", "takes"),
    )
    for rank, (key, entry, label) in enumerate(_read_entries(document, table, "priorities", keys)):
        path = join("priorities", key)
        remedy = "Give the time to the first response in minutes, e.g. response_minutes: 240"
        minutes = document.require(entry, path, "response_minutes", int, remedy)
        if minutes is not None and minutes <= 0:
            line = line_of(entry, "response_minutes")
            document.fault(line, join(path, "response_minutes"), "is not above 0", remedy)
        found.append(
            Priority(
                key,
                label,
                rank,
                minutes or 1,
                _refer(document, entry, path, "calendar", calendars),
                _read_limit(document, entry, path, "contact_minutes"),
                _read_limit(document, entry, path, "solution_minutes"),
                _refer(document, entry, path, "solution_calendar", calendars)
                if "solution_calendar" in entry
                else None,
                _read_keys(document, entry, path, "takes"),
            )
        )
    return tuple(found)


def _read_limit(document: Document, entry: Mapping[str, Any], path: str, key: str) -> int | None:
    """Minutes of a limit that a profile need not have."""
    minutes: int | None = document.take(entry, path, key, int)
    if minutes is not None and minutes <= 0:
        remedy = "Write minutes, or leave it out where there is no such limit"
        document.fault(line_of(entry, key), join(path, key), "is not above 0", remedy)
    return minutes


def _read_number_format(document: Document, table: Mapping[str, Any]) -> str:
    """A pattern with `{date:…}`, `{seq:…}` and perhaps `{type}`; every fault of it."""
    remedy = "Write for example IT-{date:%Y%m%d}-{seq:04d}"
    text = document.require(table, "", "number_format", str, remedy)
    for problem in list_faults(text) if text is not None else ():
        line = line_of(table, "number_format")
        document.fault(line, "number_format", problem.removeprefix(f"{text}: "), remedy)
    return str(text or "")


def _refer(
    document: Document, entry: Mapping[str, Any], path: str, key: str, known: list[str]
) -> str:
    """A key of another section of the profile."""
    value = document.require(entry, path, key, str, f"Use one of: {', '.join(known)}")
    if value is not None and value not in known:
        problem = f"{value!r} is no {key} of this profile"
        document.fault(line_of(entry, key), join(path, key), problem, suggest(value, known))
    return str(value or "")


def _choose(document: Document, defaults: Mapping[str, Any], key: str, known: list[str]) -> str:
    return _refer(document, defaults, "defaults", key, known)
