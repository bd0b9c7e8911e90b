"""Which rules can never do what their author meant?  Looks at the rules alone, at no mail.

Says what is certainly so: a word counts as standing in another only where the finder itself would
find it there. What regular expressions have in common nobody can say, so they are compared as
they are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from maildesk.desk.rules.fold import fold
from maildesk.desk.rules.rule import ANYTHING, Condition, Rule
from maildesk.desk.rules.words import Finder, split_word

Kind = Literal[
    "unreachable",
    "contradictory",
    "always blocked",
    "shadowed",
    "duplicate",
    "blocked word",
    "typing",
]

PROBLEMS: frozenset[Kind] = frozenset(("unreachable", "contradictory", "always blocked", "typing"))
"""What keeps a rule from working; the rest is only more than is needed."""

_QUOTES = tuple("“”‘’「」『』")

_COMMA_BETWEEN = re.compile(r"\w[，、]\s*\S")

_SINGLE = ("category", "priority", "type", "group", "assignee", "impact", "urgency", "letter")


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing about one rule."""

    rule: Rule
    kind: Kind
    why: str

    def __str__(self) -> str:
        place = f"{self.rule.file}:{self.rule.line}: " if self.rule.file else ""
        return f"{place}{self.rule.id}: {self.kind}: {self.why}"


def lint(rules: Sequence[Rule]) -> tuple[Remark, ...]:
    """Everything there is to remark, rule by rule in their order."""
    implied = _find_implied(rules)
    places = _place_words(rules)
    remarks: list[Remark] = []
    for place, rule in enumerate(rules):
        remarks += _find_blocked(rule, implied)
        remarks += _find_doubled(rule)
        remarks += _find_typed(rule)
        for other_place in _list_others(rule, place, implied, places):
            other = rules[other_place]
            remark = _compare(rule, place, other, other_place, implied)
            if remark is not None:
                remarks.append(remark)
                break
    return tuple(remarks)


Implied = Mapping[Condition, frozenset[Condition]]
"""Condition → those that stand wherever it does, itself among them; all without their fields."""


def _find_implied(rules: Sequence[Rule]) -> Implied:
    """By the finder that judges mails: what does it find in the word itself?"""
    conditions = list(
        dict.fromkeys(
            _bare(condition) for rule in rules for condition in (*rule.any, *rule.all, *rule.none)
        )
    )
    finder = Finder(conditions)
    implied = {}
    for condition in conditions:
        found = {condition}
        for piece in split_word(condition.word) if condition.word is not None else ():
            # Where the ending is open anything may follow.
            text = piece.text + "x" if piece.open_end else piece.text
            found.update(
                conditions[number]
                for number in finder.find(text)
                if conditions[number].regex is None
            )
        implied[condition] = frozenset(found)
    return implied


def _place_words(rules: Sequence[Rule]) -> Mapping[Condition, tuple[int, ...]]:
    """Which rules ask for a word, so that only rules with something in common are compared."""
    places: dict[Condition, list[int]] = {}
    for place, rule in enumerate(rules):
        for condition in {_bare(item) for item in (*rule.any, *rule.all)}:
            places.setdefault(condition, []).append(place)
    return {condition: tuple(found) for condition, found in places.items()}


def _list_others(
    rule: Rule, place: int, implied: Implied, places: Mapping[Condition, tuple[int, ...]]
) -> list[int]:
    """Rules that ask for something this rule's first word implies; no other can cover it."""
    first = next(iter(rule.any or rule.all), None)
    words = [item for one in (rule.all or ()) for item in implied[_bare(one)]]
    words += implied[_bare(first)] if first is not None else ()
    others = {other for word in words for other in places.get(word, ())}
    return sorted(others - {place})


def _compare(
    rule: Rule, place: int, other: Rule, other_place: int, implied: Implied
) -> Remark | None:
    """What `other` makes of `rule`, if it makes anything of it."""
    covered = _covers(other, rule, implied)
    if covered and other.stop and not other.shadow and other_place < place:
        why = f"whatever it matches, {other.id} before it matches and stops"
        return Remark(rule, "unreachable", why)
    same = covered and rule.shadow == other.shadow and _covers(rule, other, implied)
    if same and other_place < place:
        equal = rule.weight == other.weight
        differing = _differ(rule, other, (*_HEAVIEST, *_GRAVEST) if equal else _GRAVEST)
        if differing:
            return Remark(rule, "contradictory", f"the same words as {other.id}, but {differing}")
        if equal and rule.set == other.set:
            return Remark(rule, "duplicate", f"the same words and the same effect as {other.id}")
    if covered and not same and rule.weight <= other.weight and _does_all(other, rule):
        why = f"{other.id} matches whatever it matches, and sets the same: it only adds weight"
        return Remark(rule, "shadowed", why)
    return None


def _covers(other: Rule, rule: Rule, implied: Implied) -> bool:
    """Whether `other` certainly matches every mail that `rule` matches."""
    if other.at_least > 1 or (other.negation and not rule.negation):
        return False
    if other.given not in (ANYTHING, rule.given):
        return False
    if not {_place(other, item) for item in other.none} <= {
        _place(rule, item) for item in rule.none
    }:
        return False
    for item in other.all:
        if not any(_gives(rule, mine, other, item, implied) for mine in rule.all):
            return False
    if not other.any:
        return bool(other.all)
    if any(_gives(rule, mine, other, item, implied) for mine in rule.all for item in other.any):
        return True
    return bool(rule.any) and all(
        any(_gives(rule, mine, other, item, implied) for item in other.any) for mine in rule.any
    )


def _gives(rule: Rule, mine: Condition, other: Rule, item: Condition, implied: Implied) -> bool:
    """Whether `item` is found for `other` wherever `mine` is found for `rule`."""
    where = set(mine.fields or rule.fields)
    return _bare(item) in implied[_bare(mine)] and where <= set(item.fields or other.fields)


def _does_all(other: Rule, rule: Rule) -> bool:
    """Whether `other` sets everything that `rule` sets."""
    if other.shadow and not rule.shadow:
        return False
    for key in _SINGLE:
        value = getattr(rule.set, key)
        if value is not None and getattr(other.set, key) != value:
            return False
    gathered = all(
        set(getattr(rule.set, key)) <= set(getattr(other.set, key))
        for key in ("tags", "watchers", "ask")
    )
    return gathered and not rule.stop and rule.set.note in (None, other.set.note)


_HEAVIEST = ("category", "type", "group", "assignee")
_GRAVEST = ("priority", "impact", "urgency")  # of these the weight decides nothing


def _differ(rule: Rule, other: Rule, keys: Sequence[str]) -> str:
    told = [
        f"{key}: {mine}, not {theirs}"
        for key in keys
        if (mine := getattr(rule.set, key)) and (theirs := getattr(other.set, key))
        and mine != theirs
    ]  # fmt: skip
    return ", ".join(told)


def _find_blocked(rule: Rule, implied: Implied) -> Iterator[Remark]:
    """Words that bring with them what forbids them."""
    for item in rule.all:
        by = _find_blocker(rule, item, implied)
        if by is not None:
            yield Remark(rule, "always blocked", f"{_show(item)} of `all` holds {by} of `none`")
            return
    dead = [(item, by) for item in rule.any if (by := _find_blocker(rule, item, implied))]
    if not dead:
        return
    if len(rule.any) - len(dead) < rule.at_least:
        item, by = dead[0]
        why = f"{_show(item)} holds {by} of `none`, and so do its other words"
        if len(rule.any) == 1:
            why = f"its one word {_show(item)} holds {by} of `none`"
        yield Remark(rule, "always blocked", why)
        return
    for item, by in dead:
        why = f"{_show(item)} can never count: it holds {by} of `none`"
        yield Remark(rule, "blocked word", why)


def _find_blocker(rule: Rule, item: Condition, implied: Implied) -> str | None:
    for bad in rule.none:
        if _gives(rule, item, rule, bad, implied):
            return _show(bad)
    return None


def _find_doubled(rule: Rule) -> Iterator[Remark]:
    """The same word twice in one list, however it is spelt."""
    for key in ("any", "all", "none"):
        seen: dict[tuple[str, str, tuple[str, ...]], Condition] = {}
        for item in getattr(rule, key):
            spelt = (fold(item.word or ""), item.regex or "", item.fields)
            if spelt in seen:
                yield Remark(rule, "duplicate", f"{_show(item)} stands twice in `{key}`")
            seen.setdefault(spelt, item)


def _find_typed(rule: Rule) -> Iterator[Remark]:
    """Marks of a Chinese keyboard that look as if they parted or quoted words, and do not."""
    for item in (*rule.any, *rule.all, *rule.none):
        word = item.word or ""
        if _COMMA_BETWEEN.search(word):
            why = "is one word, since YAML parts words by the ASCII comma only"
            yield Remark(rule, "typing", f"{_show(item)} {why}")
        elif word[:1] in _QUOTES and word[-1:] in _QUOTES:
            why = "holds its quotes as letters: use ASCII quotes, or none"
            yield Remark(rule, "typing", f"{_show(item)} {why}")


def _bare(condition: Condition) -> Condition:
    return replace(condition, fields=()) if condition.fields else condition


def _place(rule: Rule, condition: Condition) -> tuple[Condition, frozenset[str]]:
    return _bare(condition), frozenset(condition.fields or rule.fields)


def _show(condition: Condition) -> str:
    return f'"{condition.regex or condition.word}"'
