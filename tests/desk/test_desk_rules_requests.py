"""How often the shipped rules record a request as an experienced desk would.

The figures are what is reached, not what is wished for; a change of rules may only raise them.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from ruamel.yaml import YAML

from maildesk.config import shipped
from maildesk.config.profile import load_profile
from maildesk.config.rules import load_rules
from maildesk.desk.profile import Profile
from maildesk.desk.rules.expectations import read_case, run_expectations
from maildesk.desk.rules.matching import RuleSet, compile_rules, judge

# Category, priority, type. The rules were fitted to these tables first and to other desks' mails
# (`tests/heldout/practice.yaml`) since, which cost some odd requests here.
REACHED = (0.96, 0.98, 0.98)
# No rule was changed for `fresh_b`, and none may be; where it falls, a rule was fitted to something
# else at its cost.
FRESH = {
    "fresh_a": (0.95, 0.95, 0.93),
    "fresh_b": (0.92, 0.92, 0.90),
    "fresh_c": (0.93, 0.96, 0.95),
    "fresh_d": (0.95, 0.95, 0.95),
    "fresh_e": (0.96, 0.94, 0.96),
}
# Types that only some profiles have apart; these tables know one name for them.
REQUESTED = frozenset({"requirement", "project"})

Request = tuple[str, str, str, str]


def _read(name: str) -> dict[str, list[Request]]:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return cast(dict[str, list[Request]], YAML(typ="safe").load(text))


REQUESTS = _read("requests.yaml") | _read("requests_fresh.yaml")


@pytest.fixture(scope="module")
def profile() -> Profile:
    found, faults = load_profile(shipped.folder("rules") / "profiles" / "default.yaml")
    assert found is not None, faults
    return found


@pytest.fixture(scope="module")
def rules(profile: Profile) -> RuleSet:
    found, faults = load_rules(shipped.folder("rules"), profile)
    assert not faults
    return compile_rules(found, profile)


def test_the_shipped_rules_are_many_and_say_what_they_mean(rules: RuleSet) -> None:
    assert len(rules.rules) >= 120
    assert run_expectations(rules) == ()
    assert all(rule.expect for rule in rules.rules)


@pytest.mark.parametrize("part", list(REQUESTS))
def test_requests_are_recorded_as_a_desk_would(rules: RuleSet, profile: Profile, part: str) -> None:
    right = [0, 0, 0]
    wrong = []
    for *wanted, text in REQUESTS[part]:
        judgement = judge(rules, read_case(text))
        got = [
            judgement.category or profile.default_category,
            judgement.priority or profile.default_priority,
            judgement.type or profile.default_type,
        ]
        if wanted[0] == "how_to" and got[2] == "question":
            # A question about a thing stands under how-to or under the thing: desks differ.
            got[0] = "how_to"
        if got[2] in REQUESTED:
            got[2] = "service_request"
        right = [count + (a == b) for count, a, b in zip(right, got, wanted, strict=True)]
        if got != wanted:
            wrong.append((text, wanted, got))
    total = len(REQUESTS[part])
    floors = FRESH.get(part, REACHED)
    assert all(count / total >= floor for count, floor in zip(right, floors, strict=True)), wrong
