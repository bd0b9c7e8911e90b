"""Which of many expressions may match a text?  Only those are worth running.

Running one costs more than all the words of a text together, since its automaton has long been
pushed out of the processor's caches by other work; and all of them as one `re2.Set` grow without
bound on Chinese text with gaps like `[^。]{0,24}`. The rarest link of every expression's chains
(`expression`) is found together with all other words; the other links are looked for around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from maildesk.desk.expression import Chain, Link, guess_frequency, read_needs

# Where a text holds more than so many of its rarest link, the expression may as well be run.
_TRIED = 12


@dataclass(frozen=True, slots=True)
class _Step:
    """A link as it is looked for from its neighbour; `longest` and `shortest` of its words.

    `words` is a pattern of literals only, compiled when it is first asked.
    """

    words: str
    least: int
    most: int
    shortest: int
    longest: int


@dataclass(frozen=True, slots=True)
class _Trail:
    """What must stand before the rarest link of a chain, nearest first, and what after it; in one
    line with it or anywhere."""

    before: tuple[_Step, ...]
    after: tuple[_Step, ...]
    one_line: bool


Place = tuple[_Trail, int, int]
Hint = tuple[Sequence[tuple[int, _Trail]], int, int]
"""What a word of `Likely.words` hints at, and where that word begins and ends."""


class Likely:
    """Which of the expressions a text may match, by their numbers."""

    __slots__ = ("_always", "words")

    def __init__(self, patterns: Sequence[str]) -> None:
        """`patterns`: folded, as `words.fold_regex` writes them."""
        self._always: list[int] = []
        # the words of rarest links → the expressions they hint at
        self.words: dict[str, list[tuple[int, _Trail]]] = {}
        for number, pattern in enumerate(patterns):
            needs = read_needs(pattern)
            if not all(needs.chains):
                self._always.append(number)
                continue
            for chain in needs.chains:
                guesses = [guess_frequency(link.words) for link in chain]
                rarest = guesses.index(min(guesses))
                trail = _lay(chain, rarest, needs.one_line)
                for word in chain[rarest].words:
                    self.words.setdefault(word, []).append((number, trail))

    def sort(self, hints: Iterable[Hint]) -> dict[int, list[Place]]:
        """The expressions that are hinted at, and where: for `holds`. `hints` must have every
        place of every word."""
        found: dict[int, list[Place]] = {number: [] for number in self._always}
        for trails, start, end in hints:
            for number, trail in trails:
                if number in found:
                    found[number].append((trail, start, end))
                else:
                    found[number] = [(trail, start, end)]
        return found

    def holds(self, text: str, places: Sequence[Place]) -> bool:
        """Whether what belongs to a rarest link stands around one of its places."""
        if not places or len(places) > _TRIED:
            return True
        return any(_follows(text, trail, start, end) for trail, start, end in places)


def _lay(chain: Chain, rarest: int, one_line: bool) -> _Trail:
    before = [
        _step(chain[at], chain[at + 1].least, chain[at + 1].most)
        for at in range(rarest - 1, -1, -1)
    ]
    after = [_step(link, link.least, link.most) for link in chain[rarest + 1 :]]
    return _Trail(tuple(before), tuple(after), one_line)


def _step(link: Link, least: int, most: int) -> _Step:
    words = sorted(link.words)
    lengths = [len(word) for word in words]
    pattern = "|".join(map(re.escape, words))
    return _Step(pattern, least, most, min(lengths), max(lengths))


@lru_cache(maxsize=4096)
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _follows(text: str, trail: _Trail, start: int, end: int) -> bool:
    first = last = end
    limit = len(text)
    if trail.after and trail.one_line and (at := text.find("\n", end)) >= 0:
        limit = at
    for step in trail.after:
        last = min(last + step.most + step.longest, limit)
        found = _compile(step.words).search(text, first + step.least, last)
        if found is None:
            return False
        first = found.start() + step.shortest
    first = last = start
    limit = text.rfind("\n", 0, start) + 1 if trail.before and trail.one_line else 0
    for step in trail.before:
        last -= step.least
        first = max(limit, first - step.most - step.longest)
        found = _compile(step.words).search(text, first, max(last, 0))
        if found is None:
            return False
        first, last = found.start(), last - step.shortest
    return True
