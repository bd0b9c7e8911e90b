"""Rules that can never do what they say are named; rules that can are left alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_desk_negation import NAME, PROFILE

from maildesk.desk.rules.lint import PROBLEMS, lint
from maildesk.desk.rules.matching import Searchable, compile_rules, judge
from maildesk.desk.rules.rule import Condition, Given, Rule, Setting


def rule(key: str, *words: str, none: tuple[str, ...] = (), **more: Any) -> Rule:
    made = Rule(
        key,
        NAME,
        tuple(
            Condition(regex=word[1:]) if word[0] == "~" else Condition(word=word) for word in words
        ),
        tuple(Condition(word=word) for word in none),
        set=Setting("network"),
    )
    return replace(made, **more)


def remarks(*rules: Rule) -> list[str]:
    return [f"{item.rule.id} {item.kind}" for item in lint(rules)]


STOP: dict[str, Any] = {"stop": True, "set": Setting("service")}


@pytest.mark.parametrize(
    ("rules", "wanted"),
    [
        ([rule("a", "断网", **STOP), rule("b", "全公司断网")], ["b unreachable"]),
        ([rule("a", "断网", **STOP), rule("b", "全公司断网", "掉线")], []),
        ([rule("b", "全公司断网"), rule("a", "断网", **STOP)], []),
        ([rule("a", "断网", none=("演练",), **STOP), rule("b", "全公司断网")], []),
        ([rule("a", "断网", none=("演练",), **STOP), rule("b", "全公司断网", none=("演练",))],
         ["b unreachable"]),
        ([rule("a", "断网", fields=("subject",), **STOP), rule("b", "断网")], []),
        ([rule("a", "断网", given=Given(vip=True), **STOP), rule("b", "断网")], []),
        ([rule("a", "断网", "掉线", at_least=2, **STOP), rule("b", "断网")], []),
        ([rule("a", "断网", shadow=True, **STOP), rule("b", "断网")], []),
        ([rule("a", "~断.?网", **STOP), rule("b", "~断.?网")], ["b unreachable"]),
        ([rule("a", "断网"), rule("b", "断网", set=Setting("hardware"))], ["b contradictory"]),
        ([rule("a", "断网"), rule("b", "断网", set=Setting("hardware"), weight=2)], []),
        ([rule("a", "断网", set=Setting(priority="high")),
          rule("b", "断网", set=Setting(priority="low"), weight=2)], ["b contradictory"]),
        ([rule("a", "断网"), rule("b", "断網")], ["b duplicate"]),
        ([rule("a", "断网"), rule("b", "断网", set=Setting(priority="high"))], []),
        ([rule("a", "断网", weight=3), rule("b", "全公司断网")], ["b shadowed"]),
        ([rule("a", "断网"), rule("b", "全公司断网", weight=3)], []),
        ([rule("a", "断网", weight=3), rule("b", "全公司断网", set=Setting(priority="high"))], []),
        ([rule("a", "print*", weight=3), rule("b", "printer", "printing")], ["b shadowed"]),
        ([rule("a", "print", weight=3), rule("b", "printer")], []),
        ([rule("a", "print", weight=3), rule("b", "print*")], []),
        ([rule("a", "打印机", weight=3), rule("b", "打印机…坏")], ["b shadowed"]),
        ([rule("a", "断网演练", none=("演练",))], ["a always blocked"]),
        ([rule("a", "断网演练", "断网", none=("演练",))], ["a blocked word"]),
        ([rule("a", "断网演练", "演练一", none=("演练",))], ["a always blocked"]),
        ([rule("a", "断网演练", "断网", none=("演练",), at_least=2)], ["a always blocked"]),
        ([rule("a", all=(Condition(word="断网演练"),), none=("演练",))], ["a always blocked"]),
        ([rule("a", "VPN", "vpn")], ["a duplicate"]),
        ([rule("a", "断网", none=("测试", "測試"))], ["a duplicate"]),
    ],
)  # fmt: skip
def test_what_can_never_work_is_named(rules: list[Rule], wanted: list[str]) -> None:
    assert remarks(*rules) == wanted


def test_marks_of_a_chinese_keyboard_that_part_and_quote_nothing_are_named() -> None:
    assert remarks(rule("a", "视频会议，腾讯会议"), rule("b", "“zoom”"), rule("c", "账号，")) == [
        "a typing",
        "b typing",
    ]


def test_a_remark_says_where_and_why() -> None:
    first = rule("a", "断网", **STOP)
    second = replace(rule("b", "全公司断网"), file="rules/own.yaml", line=7)
    (remark,) = lint((first, second))
    assert str(remark) == (
        "rules/own.yaml:7: b: unreachable: whatever it matches, a before it matches and stops"
    )


WORDS = st.sampled_from(
    [
        "断网",
        "全公司断网",
        "网",
        "print*",
        "printer",
        "print",
        "机…坏",
        "打印机…坏",
        "演练",
        "~断.?网",
    ]
)
RULES = st.builds(
    lambda words, none, weight, stop: rule(
        "x", *words, none=tuple(none), weight=weight, stop=stop,
        set=Setting("network") if not stop else Setting(),
    ),
    st.lists(WORDS, min_size=1, max_size=3),
    st.lists(WORDS.filter(lambda word: word[0] != "~"), max_size=2),
    st.integers(1, 3),
    st.booleans(),
)  # fmt: skip
TEXTS = st.lists(
    st.sampled_from(
        ["断网", "断了网", "全公司", "打印机", "printer", "printing", "坏", "演练", " ", "。"]
    ),
    max_size=12,
).map("".join)


@given(st.lists(RULES, min_size=2, max_size=4), st.lists(TEXTS, min_size=5, max_size=20))
def test_what_is_called_unreachable_or_blocked_never_matches(
    made: list[Rule], texts: list[str]
) -> None:
    rules = [replace(item, id=str(place)) for place, item in enumerate(made)]
    dead = {item.rule.id for item in lint(rules) if item.kind in ("unreachable", "always blocked")}
    assert dead <= {item.id for item in rules} and PROBLEMS
    compiled = compile_rules(rules, PROFILE)
    for text in texts:
        for trace in judge(compiled, Searchable({"subject": "", "body": text})).traces:
            assert not (trace.matched and trace.rule in dead), (text, trace)
