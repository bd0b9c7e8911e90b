"""How often do rules record a mail as somebody who knows would?  Labelled mails, counted.

Judges by words alone, as a case of a rule file is judged. Reading the labels is `config`'s work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from maildesk.desk.rules.expectations import explain, read_case
from maildesk.desk.rules.matching import RuleSet, judge

KEYS = ("category", "priority", "type")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A mail and what it should get; several where people who know would differ, none where
    nobody said."""

    mail: str
    category: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Miss:
    """A mail that gets something else than it should; `why` names the rules."""

    labelled: Labelled
    key: str
    got: str
    why: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of the mails that have a label of that key got it."""

    key: str
    right: int
    total: int

    @property
    def percent(self) -> float:
        return 100 * self.right / self.total if self.total else 100.0


@dataclass(frozen=True, slots=True)
class Score:
    """`urgent_as_low`: mails of the highest priority that got the lowest."""

    tallies: tuple[Tally, ...]
    urgent_as_low: int
    misses: tuple[Miss, ...]

    def tally(self, key: str) -> Tally:
        return next(item for item in self.tallies if item.key == key)


def score(rules: RuleSet, mails: Sequence[Labelled]) -> Score:
    """Every mail judged by all rules and the profile's defaults."""
    priorities = sorted(rules.profile.priorities, key=lambda item: item.rank)
    highest, lowest = priorities[0].key, priorities[-1].key
    right, total = dict.fromkeys(KEYS, 0), dict.fromkeys(KEYS, 0)
    misses = []
    urgent_as_low = 0
    for item in mails:
        judgement = judge(rules, read_case(item.mail), near=True)
        for key in KEYS:
            wanted: tuple[str, ...] = getattr(item, key)
            if not wanted:
                continue
            got = rules.settle(judgement, key) or ""
            total[key] += 1
            right[key] += got in wanted
            if got not in wanted:
                misses.append(Miss(item, key, got, explain(judgement)))
            if key == "priority" and wanted == (highest,) and got == lowest:
                urgent_as_low += 1
    tallies = tuple(Tally(key, right[key], total[key]) for key in KEYS)
    return Score(tallies, urgent_as_low, tuple(misses))
