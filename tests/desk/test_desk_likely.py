"""Which expressions are worth running: never one too few, and not many too many."""

from __future__ import annotations

from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maildesk.config import shipped
from maildesk.config.profile import load_profile
from maildesk.config.rules import load_rules
from maildesk.desk.rules.expectations import read_case
from maildesk.desk.rules.expression import read_needs
from maildesk.desk.rules.fold import Folded
from maildesk.desk.rules.likely import Likely
from maildesk.desk.rules.rule import Rule
from maildesk.desk.rules.words import compile_regex, fold_regex


@lru_cache(maxsize=1)
def read_shipped() -> tuple[Rule, ...]:
    folder = shipped.folder("rules")
    profile, faults = load_profile(folder / "profiles" / "default.yaml")
    assert profile is not None, faults
    rules, faults = load_rules(folder, profile)
    assert not faults
    return tuple(rules)


@lru_cache(maxsize=1)
def list_expressions() -> tuple[str, ...]:
    conditions = (item for rule in read_shipped() for item in (*rule.any, *rule.all, *rule.none))
    return tuple(dict.fromkeys(item.regex for item in conditions if item.regex))


def list_likely(likely: Likely, text: str) -> set[int]:
    hints = [
        (hinted, start, start + len(word))
        for word, hinted in likely.words.items()
        for start in range(len(text))
        if text.startswith(word, start)
    ]
    return set(likely.select(text, hints))


def is_likely(pattern: str, text: str) -> bool:
    return bool(list_likely(Likely({0: fold_regex(pattern)}), text))


def test_no_expression_that_stands_in_an_examined_mail_is_passed_over() -> None:
    patterns = list_expressions()
    compiled = [compile_regex(pattern) for pattern in patterns]
    likely = Likely({number: fold_regex(item) for number, item in enumerate(patterns)})
    standing = tried = 0
    for rule in read_shipped():
        for case in rule.expect:
            text = Folded("\n".join(read_case(case.mail).fields.values())).text
            found = list_likely(likely, text)
            matched = {n for n, item in enumerate(compiled) if item.search(text.encode())}
            assert matched <= found, [patterns[number] for number in matched - found]
            standing, tried = standing + len(matched), tried + len(found)
    assert standing > 300
    assert tried < 2 * standing, "most of what is run stands there"


@settings(max_examples=300)
@given(st.data())
def test_whatever_an_expression_matches_is_likely(data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(list_expressions()))
    matching = data.draw(st.from_regex(fold_regex(pattern)))
    text = Folded(matching).text
    if compile_regex(pattern).search(text.encode("utf-8", "replace")):
        assert is_likely(pattern, text)


PIECES = st.sampled_from(
    ["无法", "登录", "a", "Ab", "é", "ß", "[ab]", "[^a]", "[^\\n]", "[a-c]", "[登录]", "[]a]",
     "\\d", "\\w", "\\s", "\\b", ".", "^", "$", "\\.", "\\n", "（", "？"]
)  # fmt: skip
EXPRESSIONS = st.recursive(
    PIECES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda many: f"({'|'.join(many)})"),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{2}", "{0,2}", "{1,}", "??"])).map(
            lambda two: f"(?:{two[0]}){two[1]}"
        ),
    ),
    max_leaves=8,
)


@settings(max_examples=600)
@given(EXPRESSIONS, st.text(st.sampled_from("无法登录aAbcéßss09 .\n(?"), max_size=24))
def test_an_expression_that_matches_is_likely_whatever_it_is_made_of(
    pattern: str, text: str
) -> None:
    folded = Folded(text).text
    if compile_regex(pattern).search(folded.encode()):
        assert is_likely(pattern, folded)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("无法.{0,6}(登录|打开)", "系统无法正常登录", True),
        ("无法.{0,6}(登录|打开)", "无法理解为什么邮箱里的附件要重新登录", False),
        ("无法.{0,6}(登录|打开)", "无法\n登录", False),
        ("[登打连](不了|不上)", "说不上连", False),
        ("[登打连](不了|不上)", "连不上", True),
        ("(提示|显示)[:,]?[\"']", "显示器坏了'", False),
        ("(提示|显示)[:,]?[\"']", "提示:'错误'", True),
    ],
)
def test_what_belongs_together_must_stand_together(pattern: str, text: str, expected: bool) -> None:
    assert is_likely(pattern, text) is expected


@pytest.mark.parametrize("pattern", [r"\p{Han}+", "(?i)abc", r"\Qa.b\E", "[[:alpha:]]x", "a{,3}"])
def test_syntax_it_does_not_know_is_always_run(pattern: str) -> None:
    assert read_needs(pattern).chains == ((),)
    assert is_likely(pattern, "何")
