"""A profile's smaller promises: each fault with its line, its key and what to do."""

# ruff: noqa: E501 - a fault stands on one line, as people see it

from __future__ import annotations

from pathlib import Path

import pytest

from maildesk.config.profile import load_profile

PROFILE = """\
id: small
label: {zh: 小, en: Small}
number_format: "TS{date:%Y}{seq:05d}"
calendars: {always: {always: true}}
groups: {desk: {zh: 服务台, en: Desk}}
categories: {all: {zh: 全部, en: All, group: desk, takes: [network]}}
priorities:
  urgent: {zh: 紧急, en: Urgent, response_minutes: 30, calendar: always, solution_minutes: 60}
  normal: {zh: 一般, en: Normal, response_minutes: 240, calendar: always, takes: [low]}
questions: {what: {zh: 哪台？, en: Which?, field: device, known: [电脑]}}
types: {incident: {zh: 故障, en: Incident, code: INC, questions: [what], approval: lead}}
defaults: {category: all, priority: normal, type: incident}
impacts: {one: {zh: 一人, en: One}, all: {zh: 全部, en: All}}
urgencies: {now: {zh: 立即, en: Now}}
matrix:
  one: {now: normal}
  all: {now: urgent}
states: {new: {zh: 新, en: New}}
moves: {new: [in_progress]}
escalation: {after_minutes: 60, priorities: [urgent], decide_minutes: 20}
survey: {after: confirmed, scale: three, low_below: 3}
reports: {daily: "17:00", weekly: "fri 17:30", monthly: "1 09:00"}
scope: {outside: {air: {words: [空调], zh: 请找行政, en: Ask Facilities}}}
alike: {tickets: 4, minutes: 30}
closing: {after_days: 5, remind_days: [1, 3]}
waiting: {remind_days: 0, give_up_days: 10}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "profiles" / "small.yaml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return path


def test_they_are_read_whole(tmp_path: Path) -> None:
    profile, faults = load_profile(write(tmp_path, PROFILE))
    assert profile is not None, faults
    assert profile.weigh("all", "now") == "urgent"
    assert profile.weigh("all", "never") is None
    assert profile.take_category("network") == "all"
    assert profile.take_priority("low") == "normal"
    assert profile.priority("urgent").solution_minutes == 60
    assert profile.type("incident").approval == "lead"
    assert profile.questions[0].known == ("电脑",)
    assert profile.escalation.decide_minutes == 20
    assert profile.survey.after == "confirmed"
    assert profile.reports.weekly is not None
    assert profile.reports.weekly[0] == 4
    assert profile.scope.outside[0].words == ("空调",)
    assert (profile.alike.tickets, profile.alike.minutes) == (4, 30)
    assert (profile.closing.after_days, profile.closing.remind_days) == (5, (1, 3))
    assert (profile.patience.remind_days, profile.patience.give_up_days) == (None, 10)


def test_without_a_word_of_it_two_reminders_are_sent_and_nothing_is_closed(tmp_path: Path) -> None:
    text = PROFILE.partition("closing:")[0]
    profile, faults = load_profile(write(tmp_path, text))
    assert profile is not None, faults
    assert (profile.closing.after_days, profile.closing.remind_days) == (None, (2, 4))
    assert (profile.patience.remind_days, profile.patience.give_up_days) == (2, None)


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("{now: urgent}", "{now: urgnt}", "17: matrix.all.now: 'urgnt' is no priority of this profile. Did you mean 'urgent'?"),
        ("  all: {now: urgent}\n", "", "15: matrix: has no row for 'all'. Give one for each impact"),
        ("questions: [what]", "questions: [waht]", "11: types.incident.questions: 'waht' is no question of this profile. Did you mean 'what'?"),
        ("approval: lead", "approval: boss", "11: types.incident.approval: 'boss' is nobody who can be asked. Write manager or lead"),
        ("code: INC", "code: 故障", "11: types.incident.code: '故障' cannot stand in a number. Write up to 20 letters from A to Z, e.g. code: INC"),
        ("states: {new:", "states: {nwe:", "18: states.nwe: is not a known key. Did you mean 'new'?"),
        ("moves: {new: [in_progress]}", "moves: {new: [progress]}", "19: moves.new: 'progress' is no state. Did you mean 'in_progress'?"),
        ("priorities: [urgent]", "priorities: [high]", "20: escalation.priorities: 'high' is no priority of this profile. Use one of: urgent, normal"),
        ("after: confirmed", "after: tomorrow", "21: survey.after: 'tomorrow' is not one of them. Use one of: solved, confirmed"),
        ("low_below: 3", "answers: {7: {zh: 好, en: Good}}", "21: survey.answers.7: 7 is no score. Scores are 1, the worst, to 5, the best"),
        ("low_below: 3", "low_below: 6", "21: survey.low_below: 6 would call every score low. Write 5 or less"),
        ('"fri 17:30"', '"friday"', '22: reports.weekly: \'friday\' is no day of the week with a time. Write e.g. "fri 17:30"'),
        ('"1 09:00"', '"31 09:00"', '22: reports.monthly: \'31 09:00\' is no day from 1 to 28 with a time. Write e.g. "1 09:00"'),
        ("words: [空调], ", "", "23: scope.outside.air.words: is missing or empty. Say how people call it, e.g. words: [空调, 门禁卡]"),
        ("tickets: 4", "tickets: -4", "24: alike.tickets: is negative. Write 0 or more"),
        ("tickets: 4", "tickets: 1", "24: alike.tickets: 1 would make an outage of every ticket. Write 2 or more"),
        ("{always: true}}", "{always: true}, work: {week: {mon: [\"09:00-12:00\"]}, days_off: [2026-02-30]}}", "4: is not valid YAML (day is out of range for month). There is no day 2026-02-30"),
        ("[1, 3]", "[3, 1]", "25: closing.remind_days: [3, 1] are not at most two days, each later. Write working days from small to large, e.g. remind_days: [2, 4]; [] for none"),
        ("[1, 3]", "[1, 2, 3]", "25: closing.remind_days: [1, 2, 3] are not at most two days, each later. Write working days from small to large, e.g. remind_days: [2, 4]; [] for none"),
        ("give_up_days: 10", "giveup_days: 10", "26: waiting.giveup_days: is not a known key. Did you mean 'give_up_days'?"),
        ("solution_minutes: 60", "solution_minutes: 0", "8: priorities.urgent.solution_minutes: is not above 0. Write minutes, or leave it out where there is no such limit"),
        ("field: device", "field: Gerät", "10: questions.what.field: 'Gerät' is not small letters. e.g. error"),
        ("known: [电脑]", "known: [110]", '10: questions.what.known: holds 110, which is not text. Write it in quotes: "110"'),
    ],
)  # fmt: skip
def test_each_fault_is_said_with_its_line_and_remedy(
    tmp_path: Path, old: str, new: str, wanted: str
) -> None:
    assert old in PROFILE
    profile, faults = load_profile(write(tmp_path, PROFILE.replace(old, new, 1)))
    assert profile is None
    assert str(faults[0]) == f"profiles/small.yaml:{wanted}"
