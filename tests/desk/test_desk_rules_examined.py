"""The shipped rules before three hundred mails that no rule was written for.

The mails were labelled by somebody who had not seen the rules. Where those fell short, they were
mended for the class of fault; what `maildesk rules score` prints is what is asserted here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from ruamel.yaml import YAML

from maildesk.config import shipped
from maildesk.config.profile import load_profile
from maildesk.config.rules import load_rules
from maildesk.desk.expectations import read_case
from maildesk.desk.matching import compile_rules, judge

MAILS = Path(__file__).parents[1] / "heldout" / "mails.yaml"


def read_mails() -> list[dict[str, Any]]:
    text = MAILS.read_text(encoding="utf-8")
    return cast(list[dict[str, Any]], YAML(typ="safe").load(text))


@pytest.fixture(scope="module")
def judged() -> list[tuple[dict[str, Any], str, str]]:
    profile, _ = load_profile(shipped.folder("rules") / "profiles" / "default.yaml")
    assert profile is not None
    rules, faults = load_rules(shipped.folder("rules"), profile)
    assert faults == ()
    compiled = compile_rules(rules, profile)
    found = []
    for case in read_mails():
        verdict = judge(compiled, read_case(case["mail"]))
        category = verdict.category or profile.default_category
        priority = verdict.priority or profile.default_priority
        found.append((case, category, priority))
    return found


def accepts(wanted: str | list[str], got: str) -> bool:
    return got in wanted if isinstance(wanted, list) else got == wanted


def test_there_are_three_hundred_mails_and_more_than_half_are_chinese() -> None:
    mails = read_mails()
    assert len(mails) == 300
    chinese = [case for case in mails if any("一" <= sign <= "鿿" for sign in case["mail"])]
    assert len(chinese) >= 150


def test_nine_of_ten_get_the_right_category(judged: list[tuple[dict[str, Any], str, str]]) -> None:
    right = sum(accepts(case["category"], category) for case, category, _ in judged)
    assert right >= 0.90 * len(judged), right


def test_most_get_the_right_priority(judged: list[tuple[dict[str, Any], str, str]]) -> None:
    right = sum(accepts(case["priority"], priority) for case, _, priority in judged)
    assert right >= 0.85 * len(judged), right


def test_nothing_urgent_is_judged_low(judged: list[tuple[dict[str, Any], str, str]]) -> None:
    wrong = [
        case["mail"]
        for case, _, priority in judged
        if priority == "low" and case["priority"] == "urgent"
    ]
    assert wrong == []
