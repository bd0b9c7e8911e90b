"""Rules made ready to judge: one automaton for all their words, and who asks for which.

Built once when rules are read; `matching` judges mails by it. Its hash names what the rules decide,
so that every decision can say under which rules it was made.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import time
from functools import cache
from typing import Any, NamedTuple

from maildesk.desk.profile import Calendar, Profile
from maildesk.desk.rules.conclusion import Ranks
from maildesk.desk.rules.negation import MARKS
from maildesk.desk.rules.rule import Condition, Judgement, Rule, RuleTrace
from maildesk.desk.rules.words import Finder

ANY, ALL, NONE = range(3)
"""What a condition is to its rule."""


class Find(NamedTuple):
    """A condition in a field: which field and role, its place in the rule, the rule's number and
    its own in the set, and as its file has it.

    Made once for all mails; where the words stand in a mail `matching` knows. Those of a rule sort
    as they are shown.
    """

    field: int
    role: int
    position: int
    rule: int
    number: int
    condition: str


Uses = tuple[tuple[Find, ...], ...]
"""Condition number → what it is to the rules that name it."""


_NAMED = 60
"""Characters of a word or expression that an explanation shows."""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules ready to judge. `hash` (hex SHA-256) names what they decide, not where they stand."""

    rules: tuple[Rule, ...]
    hash: str
    profile: Profile = field(repr=False, compare=False)
    ranks: Ranks = field(repr=False, compare=False)
    calendars: Mapping[str, Calendar] = field(repr=False, compare=False)
    finder: Finder = field(repr=False, compare=False)
    fields: tuple[str, ...] = field(repr=False, compare=False)
    uses: tuple[Uses, ...] = field(repr=False, compare=False)  # for each field
    deniable: frozenset[int] = field(repr=False, compare=False)  # condition numbers
    wordless: frozenset[int] = field(repr=False, compare=False)  # rules that need no word
    misses: tuple[RuleTrace, ...] = field(repr=False, compare=False)

    def settle(self, judgement: Judgement, key: str) -> str | None:
        """What a mail so judged gets for `key`: by rules, or by default."""
        value: str | None = getattr(judgement, key)
        if value is None and key in ("category", "priority", "type"):
            value = str(getattr(self.profile, f"default_{key}"))
        return value


def compile_rules(rules: Sequence[Rule], profile: Profile) -> RuleSet:
    """Builds one automaton and one set of expressions for all rules, in the order given.

    The profile says which priority is more urgent. Raises `re2.error` for an invalid expression;
    `config.rules` has refused those with file and line before.
    """
    numbers: dict[Condition, int] = {}
    uses: list[tuple[str, int, int, int, int, str]] = []
    deniable = set()
    for place, rule in enumerate(rules):
        for role, conditions in ((ANY, rule.any), (ALL, rule.all), (NONE, rule.none)):
            for position, condition in enumerate(conditions):
                words = Condition(condition.word, condition.regex)
                number = numbers.setdefault(words, len(numbers))
                written = condition.regex or condition.word or ""
                for name in condition.fields or rule.fields:
                    uses.append((name, place, role, position, number, written))
                if rule.negation and role != NONE:
                    deniable.add(number)
    names = _order_fields(use[0] for use in uses)
    finds: list[list[list[Find]]] = [[[] for _ in numbers] for _ in names]
    for name, place, role, position, number, written in uses:
        order = names.index(name)
        finds[order][number].append(Find(order, role, position, place, number, written))
    return RuleSet(
        rules=tuple(rules),
        hash=_hash_rules(rules, profile),
        profile=profile,
        ranks={
            # The profile's own words count before those it takes from the shared rules.
            "priority": {
                **{word: item.rank for item in profile.priorities for word in item.takes},
                **{item.key: item.rank for item in profile.priorities},
            },
            "impact": {level.key: rank for rank, level in enumerate(profile.impacts)},
            "urgency": {level.key: rank for rank, level in enumerate(profile.urgencies)},
        },
        calendars={calendar.key: calendar for calendar in profile.calendars},
        finder=Finder(tuple(numbers), MARKS if deniable else ()),
        fields=names,
        uses=tuple(tuple(map(tuple, of_field)) for of_field in finds),
        deniable=frozenset(deniable),
        wordless=frozenset(
            place for place, rule in enumerate(rules) if not rule.any and not rule.all
        ),
        misses=tuple(trace_miss(rule, describe_miss(rule)) for rule in rules),
    )


def trace_miss(rule: Rule, why: str) -> RuleTrace:
    """The trace of a rule that did not match."""
    return RuleTrace(rule.id, False, 0, (), why, 0, (), rule.shadow)


def describe_miss(rule: Rule) -> str:
    """What is missing where none of a rule's words stands in the mail."""
    conditions = rule.any or rule.all
    if not conditions:
        return "it was not tried"
    if not rule.any:
        return (
            f"{name_condition(conditions[0])} does not stand in {say_where(rule, *conditions[:1])}"
        )
    where = say_where(rule, *conditions)
    if len(conditions) == 1:
        return f"its one word does not stand in {where}"
    return f"none of {len(conditions)} words stands in {where}"


def name_condition(condition: Condition) -> str:
    """As its file has it, cut where an expression is longer than anybody reads in a line."""
    said = condition.regex or condition.word or ""
    return f'"{said if len(said) <= _NAMED else said[:_NAMED] + "…"}"'


def say_where(rule: Rule, *conditions: Condition) -> str:
    """In which fields these are searched."""
    names = (name for condition in conditions for name in condition.fields or rule.fields)
    return " or ".join(dict.fromkeys(names))


def _order_fields(used: Iterable[str]) -> tuple[str, ...]:
    """Every field any rule looks into: subject and body first, the others by name."""
    names = set(used)
    first = [name for name in ("subject", "body") if name in names]
    return (*first, *sorted(names.difference(first)))


def _hash_rules(rules: Sequence[Rule], profile: Profile) -> str:
    content = [_list_deciding(rule) for rule in rules]
    ranks = [[item.key, item.rank, *item.takes] for item in profile.priorities]
    whole: list[Any] = [content, ranks]
    if any(rule.set.impact or rule.set.urgency for rule in rules):
        whole.append([[cell.impact, cell.urgency, cell.priority] for cell in profile.matrix])
        whole.append([level.key for level in (*profile.impacts, *profile.urgencies)])
    if any(rule.given.hours for rule in rules):
        whole.append([repr(calendar) for calendar in profile.calendars])
    canonical = json.dumps(whole, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode("utf-8", "replace")).hexdigest()


def _list_deciding(value: Any) -> Any:
    """A value's fields as plain data. A field that came later counts only where it is used, so
    that a new version of maildesk gives old rules their old hash."""
    if isinstance(value, tuple):
        return [_list_deciding(item) for item in value]
    if isinstance(value, time):
        return value.isoformat()
    plan = _plan_deciding(value.__class__)
    if plan is None:
        return value
    told = {}
    for name, first, default in plan:
        content = getattr(value, name)
        if first or content != default:
            told[name] = _list_deciding(content)
    return told


@cache
def _plan_deciding(kind: type) -> tuple[tuple[str, bool, Any], ...] | None:
    """(field, whether it always counts, its default) of what a dataclass decides; None: it is
    plain data."""
    if not is_dataclass(kind):
        return None
    return tuple(
        (item.name, item.default is MISSING or (kind.__name__, item.name) in _FIRST, item.default)
        for item in fields(kind)
        if item.name not in _NO_DECISION
    )


_NO_DECISION = ("expect", "file", "line", "name")
_FIRST = frozenset(
    (kind, name)
    for kind, names in (
        ("Rule", "id any none fields set weight stop"),
        ("Setting", "category priority type group assignee tags"),
        ("Condition", "word regex"),
    )
    for name in names.split()
)
