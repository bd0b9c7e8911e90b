"""Which of many expressions may match a text?  Only those are worth running.

Running one costs more than all the words of a text together, since its automaton has long been
pushed out of the processor's caches by other work; and all of them as one `re2.Set` grow without
bound on Chinese text with gaps like `[^。]{0,24}`. The rarest link of every expression's chains
(`expression`) is found together with all other words; the other links are looked for around it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from maildesk.desk.rules.expression import Chain, guess_frequency, read_needs

# Where nothing else stood around so many of its rarest link, the expression may as well be run.
_TRIED = 12


class _Step:
    """A link as it is looked for from its neighbour; `longest` and `shortest` of its words.

    `search` looks for any of them between two places. Their pattern is compiled when it is first
    asked: most never are.
    """

    __slots__ = ("_words", "least", "longest", "most", "search", "shortest")

    def __init__(self, words: Sequence[str], least: int, most: int) -> None:
        lengths = [len(word) for word in words]
        self._words = "|".join(map(re.escape, words))
        self.least, self.most = least, most
        self.shortest, self.longest = min(lengths), max(lengths)
        self.search: Callable[[str, int, int], re.Match[str] | None] = self._search_first

    def _search_first(self, text: str, start: int, end: int) -> re.Match[str] | None:
        self.search = _compile(self._words).search
        return self.search(text, start, end)


@dataclass(frozen=True, slots=True)
class _Trail:
    """What must stand before the rarest link of a chain, nearest first, and what after it; in one
    line with it or anywhere."""

    before: tuple[_Step, ...]
    after: tuple[_Step, ...]
    one_line: bool


Hint = tuple[Sequence[tuple[int, _Trail]], int, int]
"""What a word of `Likely.words` hints at, and where that word begins and ends."""


class Likely:
    """Which of the expressions a text may match, by their numbers."""

    __slots__ = ("_always", "words")

    def __init__(self, patterns: Mapping[int, str]) -> None:
        """`patterns`: by number, folded as `words.fold_regex` writes them."""
        self._always: list[int] = []
        # the words of rarest links → the expressions they hint at
        self.words: dict[str, list[tuple[int, _Trail]]] = {}
        for number, pattern in patterns.items():
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

    def select(
        self, text: str, hints: Iterable[Hint], is_wanted: Callable[[int], bool] | None = None
    ) -> list[int]:
        """The expressions that the text may match; only wanted ones, when asked so.

        `hints` must have every place of every word.
        """
        found = [number for number in self._always if is_wanted is None or is_wanted(number)]
        settled: set[int] = set()
        left: dict[int, int] = {}  # how often each may still be tried
        for trails, start, end in hints:
            for number, trail in trails:
                if number in settled:
                    continue
                tries = left.get(number, _TRIED)
                if tries == _TRIED and is_wanted is not None and not is_wanted(number):
                    settled.add(number)
                elif tries == 0 or _stands(text, trail, start, end):
                    settled.add(number)
                    found.append(number)
                else:
                    left[number] = tries - 1
        return found


def _lay(chain: Chain, rarest: int, one_line: bool) -> _Trail:
    before = [
        _Step(sorted(chain[at].words), chain[at + 1].least, chain[at + 1].most)
        for at in range(rarest - 1, -1, -1)
    ]
    after = [_Step(sorted(link.words), link.least, link.most) for link in chain[rarest + 1 :]]
    return _Trail(tuple(before), tuple(after), one_line)


@lru_cache(maxsize=4096)
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _stands(text: str, trail: _Trail, start: int, end: int) -> bool:
    """Whether what belongs to a rarest link stands around it."""
    if trail.after:
        first = last = end
        for step in trail.after:
            last += step.most + step.longest
            found = step.search(text, first + step.least, last)
            if found is None:
                return False
            first = found.start() + step.shortest
        if trail.one_line and text.find("\n", end, first) >= 0:
            return False
    if trail.before:
        first = last = start
        limit = text.rfind("\n", 0, start) + 1 if trail.one_line else 0
        for step in trail.before:
            last -= step.least
            first = max(limit, first - step.most - step.longest)
            found = step.search(text, first, max(last, 0))
            if found is None:
                return False
            first, last = found.start(), last - step.shortest
    return True
