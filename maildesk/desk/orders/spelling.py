"""Which order was probably meant by a word that is none?  Suggestions only, never a decision."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from maildesk.desk.orders.table import WORDS
from maildesk.desk.rules.fold import fold_characters

_MOST = 3
_LONGEST = 24
_LETTERS = {known: frozenset(known) for known in WORDS}


def suggest(word: str) -> tuple[str, ...]:
    """Up to three known words like this one, the likeliest first; () when none comes near."""
    return _suggest(fold_characters(word[:_LONGEST]).strip())


@lru_cache(maxsize=256)
def _suggest(word: str) -> tuple[str, ...]:
    near = sorted(
        (distance, place, known)
        for place, known in enumerate(WORDS)
        if (distance := _compare(word, known)) is not None
    )
    return tuple(known for _, _, known in near[:_MOST])


def _compare(word: str, known: str) -> int | None:
    """How many slips apart, None when too many. Chinese words may have something behind them."""
    allowed = 2 if len(known) >= 5 else 1
    least = None
    for part in _cut_to(word, known):
        if abs(len(part) - len(known)) > allowed or len(_LETTERS[known] - {*part}) > allowed:
            continue  # each letter that is missing is a slip
        slips = _count_slips(part, known)
        # Two words of which nothing agrees are no slip of the pen.
        if slips <= allowed and slips < len(known) and (least is None or slips < least):
            least = slips
    return least


def _cut_to(word: str, known: str) -> Iterator[str]:
    yield word
    if not known.isascii() and len(word) > len(known):
        yield word[: len(known)]


def _count_slips(word: str, known: str) -> int:
    """Letters added, left out, mistaken or exchanged with their neighbour."""
    before: list[int] = []
    row = list(range(len(known) + 1))
    for i, letter in enumerate(word, 1):
        following = [i]
        for j, other in enumerate(known, 1):
            cost = min(row[j] + 1, following[j - 1] + 1, row[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == known[j - 2] and word[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            following.append(cost)
        before, row = row, following
    return row[-1]
