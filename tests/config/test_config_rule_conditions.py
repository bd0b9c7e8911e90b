"""The whole language of rules as files write it, and each slip with its line and remedy."""

# ruff: noqa: E501 - a fault stands on one line, as people see it

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest
from builders import profile

from maildesk.config.references import check_rules
from maildesk.config.rules import load_rules
from maildesk.desk.arrival.directory import Directory
from maildesk.desk.person import Person, Role
from maildesk.desk.rules.rule import ANYTHING, Condition, Given, Hours, Range, Setting

HEAD = "- id: a\n  name: {zh: 甲, en: A}\n"
SET = "  set: {priority: low}\n"

WHOLE = """\
- id: a
  name: {zh: 甲, en: A}
  when:
    any: [断网, {word: 发票, in: [attachment_name]}, {regex: '掉.线', in: [subject, "header:X-Alarm"]}]
    all: [三楼]
    none: [演练]
    at_least: 2
    negation: false
    from: [boss@corp.test, "@corp.test", 王总]
    department: 财务部
    to: desk@corp.test
    language: zh
    attachments: {at_least: 1, at_most: 3}
    size: {over: 5 MB}
    length: {under: 30}
    time: {outside: work}
    vip: true
  set: {impact: company, urgency: stopped, watchers: [王总, a@corp.test], letter: none, note: " 看机房 ", ask: [screen]}
  shadow: true
  expect:
    - {mail: 断网, from: 王总, department: 财务部, attachments: [a.pdf, b.pdf], size: 6000000, at: "2026-11-20 22:00", vip: true, set: {}}
    - {mail: 断网, headers: {X-Alarm: 1}, set: {impact: company, watchers: [王总], letter: none, note: 看机房, ask: [screen]}}
"""


def load(folder: Path, text: str) -> tuple[str, ...]:
    place = folder / "rules"
    place.mkdir(exist_ok=True)
    (place / "a.yaml").write_text(text, encoding="utf-8")
    return tuple(str(fault) for fault in load_rules(place, profile())[1])


def test_everything_a_rule_may_say_is_read(tmp_path: Path) -> None:
    question = profile().questions[0].key
    assert load(tmp_path, WHOLE.replace("[screen]", f"[{question}]")) == ()
    (rule,) = load_rules(tmp_path / "rules", profile())[0]
    assert rule.any == (
        Condition(word="断网"),
        Condition(word="发票", fields=("attachment_name",)),
        Condition(regex="掉.线", fields=("subject", "header:x-alarm")),
    )
    assert (rule.all, rule.none) == ((Condition(word="三楼"),), (Condition(word="演练"),))
    assert (rule.at_least, rule.negation, rule.shadow) == (2, False, True)
    assert rule.given == Given(
        senders=("boss@corp.test", "@corp.test", "王总"),
        departments=("财务部",),
        to=("desk@corp.test",),
        language="zh",
        attachments=Range(1, 3),
        size=Range(least=5 * 1024**2 + 1),
        length=Range(most=29),
        hours=Hours("work", outside=True),
        vip=True,
    )
    assert rule.set == Setting(
        impact="company",
        urgency="stopped",
        watchers=("王总", "a@corp.test"),
        letter="none",
        note="看机房",
        ask=(question,),
    )
    assert rule.expect[0].about == {
        "from": "王总", "department": "财务部", "attachments": "a.pdf, b.pdf", "size": "6000000",
        "at": "2026-11-20 22:00", "vip": "true",
    }  # fmt: skip
    case = rule.expect[1]
    assert (case.set, case.about) == ({"impact": "company"}, {"header:x-alarm": "1"})
    assert case.among == {
        "watchers": ("王总",), "letter": ("none",), "note": ("看机房",), "ask": (question,),
    }  # fmt: skip


@pytest.mark.parametrize(
    "when",
    ["{all: [断网]}", "{department: 财务部}", "{vip: true}", "{length: {under: 9}, none: [谢谢]}"],
)
def test_any_may_be_left_out_where_something_else_is_asked(tmp_path: Path, when: str) -> None:
    assert load(tmp_path, f"{HEAD}  when: {when}\n{SET}") == ()


def test_a_time_may_be_two_times_of_the_day(tmp_path: Path) -> None:
    assert load(tmp_path, HEAD + '  when: {time: {from: "18:00", to: "08:30"}}\n' + SET) == ()
    (rule,) = load_rules(tmp_path / "rules", profile())[0]
    assert rule.given.hours == Hours(start=time(18), end=time(8, 30))


def test_a_rule_that_asks_for_nothing_beside_words_says_so(tmp_path: Path) -> None:
    load(tmp_path, HEAD + "  when: {any: [断网]}\n" + SET)
    assert load_rules(tmp_path / "rules", profile())[0][0].given is ANYTHING


@pytest.mark.parametrize(
    ("when", "wanted"),
    [
        ("{any: [断网], at_least: 2}", "when.at_least: 2 is not between 1 and 1, the words of `any`. Most rules need 1 (the default) or 2"),
        ("{all: [断网], at_least: 2}", "when.at_least: has no `any` to count. It counts words of `any`; give them, or leave at_least out"),
        ("{any: [断网], lang: zh}", "when.lang: is not a known key. Did you mean 'language'?"),
        ("{language: chinese}", "when.language: 'chinese' is not a language rules can ask for. Use one of: zh, en"),
        ("{any: [{word: a, regex: b}]}", "when.any: needs either a word or a regex. Write {word: 发票, in: [attachment_name]} or {regex: '…', in: [subject]}"),
        ("{any: [{word: 断网, in: [boddy]}]}", "when.any.in: 'boddy' is not a field of a mail. Did you mean 'body'?"),
        ("{any: [{word: 断网, on: [body]}]}", "when.any.on: is not a known key. Use one of: regex, word, in"),
        ("{all: []}", "when.all: is empty. Give at least one word, or leave it out"),
        ("{from: []}", 'when.from: is empty. Write an address, "@example.com", or a name or staff number of the people list'),
        ("{from: [5]}", 'when.from: 5 is not text. Write it in quotes: "5"'),
        ("{from: 'a@b@'}", "when.from: 'a@b@' is neither an address nor a domain. Write an address, \"@example.com\", or a name or staff number of the people list"),
        ("{to: helpdesk}", "when.to: 'helpdesk' is not a mail address. Write an address of the desk, such as helpdesk@example.com"),
        ("{attachments: {least: 1}}", "when.attachments.least: is not a known key. Did you mean 'at_least'?"),
        ("{attachments: {at_least: many}}", "when.attachments.at_least: 'many' is not a number. Write e.g. attachments: {at_least: 1}"),
        ("{attachments: 1}", "when.attachments: is a whole number, not a table (key: value). Write a table (key: value)"),
        ("{size: {over: huge}}", 'when.size.over: \'huge\' is not a size. Write e.g. size: {over: "5 MB"}'),
        ("{length: {over: 30, under: 30}}", "when.length: can never hold: its lower bound is above its upper one. Write e.g. length: {under: 30}"),
        ("{length: {}}", "when.length: is empty. Write e.g. length: {under: 30}"),
        ("{time: {outside: office}}", "when.time.outside: 'office' is no calendar of the profile. Use one of: work, always"),
        ("{time: {}}", 'when.time: says no time that could be meant. Write {outside: work}, {within: work} (a calendar of the profile), or {from: "18:00", to: "08:30"}'),
        ('{time: {from: "18:00"}}', 'when.time: says no time that could be meant. Write {outside: work}, {within: work} (a calendar of the profile), or {from: "18:00", to: "08:30"}'),
        ('{time: {from: "25:00", to: "08:00"}}', "when.time.from: '25:00' is no time of the day. Write it as \"08:30\""),
        ("{vip: maybe}", "when.vip: is text, not true or false. Write true or false"),
    ],
)  # fmt: skip
def test_each_slip_in_a_condition_is_said(tmp_path: Path, when: str, wanted: str) -> None:
    faults = load(tmp_path, f"{HEAD}  when: {when}\n{SET}")
    assert [fault for fault in faults if not fault.startswith("rules/a.yaml:4")] == [
        f"rules/a.yaml:3: {wanted}"
    ]


@pytest.mark.parametrize(
    ("setting", "wanted"),
    [
        ("{impact: huge}", "set.impact: 'huge' is no impact of the profile. Use one of: company, department, person"),
        ("{urgency: now}", "set.urgency: 'now' is no urgency of the profile. Use one of: stopped, degraded, whenever"),
        ("{letter: hello}", "set.letter: 'hello' is not something a rule can say of the acknowledgement. Write letter: none for no acknowledgement, or leave it out"),
        ("{note: ' '}", "set.note: is empty. Write what staff should know, or leave it out"),
        ("{note: 5}", 'set.note: is a whole number, not text. Write it in quotes: "5"'),
        ("{watchers: 王总}", "set.watchers: is text, not a list. Write a list: [王总]"),
    ],
)  # fmt: skip
def test_each_slip_in_what_follows_is_said(tmp_path: Path, setting: str, wanted: str) -> None:
    faults = load(tmp_path, f"{HEAD}  when: {{any: [断网]}}\n  set: {setting}\n")
    assert faults == (f"rules/a.yaml:4: {wanted}",)


def test_a_question_nobody_asks_is_a_fault(tmp_path: Path) -> None:
    (fault,) = load(tmp_path, f"{HEAD}  when: {{any: [断网]}}\n  set: {{ask: [nothing-of-it]}}\n")
    assert fault.startswith(
        "rules/a.yaml:4: set.ask: 'nothing-of-it' is no question of the profile"
    )


@pytest.mark.parametrize(
    ("case", "wanted"),
    [
        ("{mail: x, at: soon, set: {}}", 'expect.at: \'soon\' is no moment. Write it as "2026-11-20 22:00"'),
        ("{mail: x, size: big, set: {}}", "expect.size: 'big' is not a number of bytes. Write it in bytes, e.g. size: 6000000"),
        ("{mail: x, set: {tag: [a]}}", "expect.set.tag: is not a known key. Did you mean 'tags'?"),
        ("{mail: x, set: {tags: a}}", "expect.set.tags: is text, not a list. Write a list: [a]"),
        ("{mail: x, set: {letter: hello}}", "expect.set.letter: 'hello' is not something a rule can say of the acknowledgement. Write letter: none for no acknowledgement, or leave it out"),
        ("{mail: x, headers: X-Alarm, set: {}}", "expect.headers: is text, not a table (key: value). Write a table (key: value)"),
        ("{mail: x, form: a, set: {}}", "expect.form: is not a known key. Did you mean 'from'?"),
    ],
)  # fmt: skip
def test_each_slip_in_a_case_is_said(tmp_path: Path, case: str, wanted: str) -> None:
    text = f"{HEAD}  when: {{any: [断网]}}\n{SET}  expect:\n    - {case}\n"
    assert load(tmp_path, text) == (f"rules/a.yaml:6: {wanted}",)


PEOPLE = Directory(
    (
        Person("王强", ("wang@corp.test",), "NT001", "集团/财务部", role=Role.LEAD),
        Person("张敏", ("zhang@corp.test",), department="市场部"),
        Person("张敏", ("zhang2@corp.test",), department="市场部"),
    )
)


@pytest.mark.parametrize(
    ("when", "setting", "wanted"),
    [
        ("from: 王刚", "priority: low", "when.from: '王刚' is nobody of the people list. Did you mean '王强'?"),
        ("from: 张敏", "priority: low", "when.from: '张敏' is 2 people of the people list. Write the staff number or address."),
        ("any: [a]", "watchers: [赵六]", "set.watchers: '赵六' is nobody of the people list. Write an address, or add the person there."),
        ("department: 财务", "priority: low", "when.department: '财务' is no department of the people list. Did you mean '财务部'?"),
        ("from: [x@else.test, NT001]", "watchers: [y@else.test, 王强]", None),
        ("department: 财务部", "assignee: 王强", None),
    ],
)  # fmt: skip
def test_names_in_rules_must_mean_somebody(
    tmp_path: Path, when: str, setting: str, wanted: str | None
) -> None:
    assert load(tmp_path, f"{HEAD}  when: {{{when}}}\n  set: {{{setting}}}\n") == ()
    rules, _ = load_rules(tmp_path / "rules", profile())
    faults = [str(fault).removesuffix(". ") for fault in check_rules(rules, PEOPLE)]
    assert [fault.replace("..", ".") for fault in faults] == (
        [f"rules/a.yaml:1: {wanted}"] if wanted else []
    )
