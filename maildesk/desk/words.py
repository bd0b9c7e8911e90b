"""Where do the words of all rules stand in a text?  One automaton, and expressions where likely.

Answers with places in folded text. What a find means for a rule is `desk.matching`'s question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

import ahocorasick_rs
import re2

from maildesk.desk.fold import fold
from maildesk.desk.likely import Hint, Likely
from maildesk.desk.rules import Condition

# "打印机…卡" means both in one sentence, in this order, at most so many characters apart. People
# put anything between a thing and what ails it, and listing every phrase is what makes rule
# files unreadable.
GAP = "…"
GAP_CHARACTERS = 24

# More places of one word say nothing new; the cap keeps a page of one repeated word cheap.
PLACES_KEPT = 32

Span = tuple[int, int]

_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|[!?](?=[^\x00-\x7f])|[。;\n]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of folded characters to find. Latin ends stand at word boundaries unless `open_end`."""

    text: str
    open_end: bool = False


@lru_cache(maxsize=16_384)  # who reads a rule asks, and who puts it to use asks again
def split_word(word: str) -> tuple[Piece, ...]:
    """The folded pieces of a word as a rule file writes it; empty when nothing is left to find.

    `…` (or three full stops) separates pieces; `*` at a Latin piece's end leaves its ending open.
    """
    pieces = []
    for part in word.replace("...", GAP).split(GAP):
        text = fold(part)
        open_end = len(text) > 1 and text.endswith("*") and is_latin(text[-2])
        text = text.rstrip("*") if open_end else text
        if text:
            pieces.append(Piece(text, open_end))
    return tuple(pieces)


@lru_cache(maxsize=2048)
def compile_regex(pattern: str) -> Any:
    """An RE2 pattern over UTF-8 bytes of folded text, any case. Raises `re2.error` when invalid.

    Kept, since who reads a rule tries its expressions before they are put to use; RE2's own store
    is smaller than the shipped rules.
    """
    return re2.compile(fold_regex(pattern).encode(), _regex_options())


def fold_regex(pattern: str) -> str:
    """The expression as it must read against folded text: width and script folded, case left.

    A full-width mark stands for itself, so `（` becomes an escaped bracket, not a group.
    """
    return "".join(sign if sign.isascii() else _fold_sign(sign) for sign in pattern)


@lru_cache(maxsize=4096)
def _fold_sign(sign: str) -> str:
    plain = fold(sign) or sign
    meant = len(plain) == 1 and plain.isascii() and not plain.isalnum()
    return f"\\{plain}" if meant and not plain.isspace() else plain


def is_latin(character: str) -> bool:
    """Whether the character belongs to a word written with blanks around it; digits do."""
    return character < "\u2e80" and character.isalnum()


class Places(NamedTuple):
    """Where conditions stand first. `runs` has the pieces of those with a gap; `marks` are places
    at which one of the marks begins, in order; `hints` are for `search_regexes`."""

    spans: dict[int, Span]
    runs: dict[int, tuple[Span, ...]]
    marks: list[int]
    hints: list[Hint]


class Finder:
    """Finds every condition of a rule set in one pass over a text."""

    __slots__ = (
        "_automaton", "_first_only", "_likely", "_parts", "_patterns", "_pieces", "_regex_ids",
        "_regexes", "_uses",
    )  # fmt: skip

    def __init__(self, conditions: Sequence[Condition], marks: Sequence[str] = ()) -> None:
        """`marks` are words whose places `search` tells beside the conditions'.

        Raises `re2.error` for an invalid expression; a word without anything to find is never
        found."""
        pieces: dict[Piece, int] = {}
        everywhere: set[int] = set()  # pieces of which more than the first place is needed
        words: dict[int, list[int]] = {}
        # first piece → conditions with a gap that start with it, the second piece and all beside
        gaps: dict[int, list[tuple[int, int, tuple[int, ...]]]] = {}
        self._regexes: list[Any] = []
        self._regex_ids: list[int] = []
        self._parts: dict[int, tuple[int, ...]] = {}
        for number, condition in enumerate(conditions):
            if condition.regex is not None:
                self._regexes.append(compile_regex(condition.regex))
                self._regex_ids.append(number)
            parts = split_word(condition.word) if condition.word is not None else ()
            places = tuple(pieces.setdefault(part, len(pieces)) for part in parts)
            self._parts[number] = places
            if len(places) == 1:
                words.setdefault(places[0], []).append(number)
            elif places:
                gaps.setdefault(places[0], []).append((number, places[1], places))
                everywhere.update(places)
        marking = {pieces.setdefault(Piece(mark), len(pieces)) for mark in marks}
        everywhere.update(marking)
        self._pieces = tuple(pieces)
        # for each piece: the words that it is, the gaps it begins, whether it is a mark
        self._uses = [
            (tuple(words.get(place, ())), tuple(gaps.get(place, ())), place in marking)
            for place in pieces.values()
        ]
        self._first_only = frozenset(pieces.values()) - everywhere
        texts: dict[str, list[tuple[int, bool]]] = {}
        for piece, place in pieces.items():
            for spelling in _spell(piece):
                texts.setdefault(spelling, []).append((place, _ends_latin(piece)))
        self._likely = Likely([regex.pattern.decode() for regex in self._regexes])
        hinting = self._likely.words
        for word in hinting:
            texts.setdefault(word, [])
        # the pieces of a spelling, whether its first place is all that is asked of it, and the
        # expressions it hints at
        self._patterns = [
            (
                is_latin(text[0]),
                found,
                len(found) == 1 and found[0][0] in self._first_only and text not in hinting,
                hinting.get(text),
            )
            for text, found in texts.items()
        ]
        self._automaton = ahocorasick_rs.AhoCorasick(list(texts))

    def find(self, text: str) -> dict[int, Span]:
        """For each condition that stands in folded `text`: its number and its first place."""
        here = self.search(text)
        return {**here.spans, **self.search_regexes(text, here.hints)}

    def search(self, text: str) -> Places:
        """What `find` tells of words, and what else is seen on the way."""
        found: dict[int, Span] = {}
        runs: dict[int, tuple[Span, ...]] = {}
        marks: list[int] = []
        places, hints = self._find_pieces(text)
        uses = self._uses
        for piece, spans in places.items():
            numbers, gaps, marking = uses[piece]
            for number in numbers:
                found[number] = spans[0]
            for number, second, pieces in gaps:
                if second in places and all(other in places for other in pieces):
                    run = next(_find_runs(text, [places[other] for other in pieces]), None)
                    if run is not None:
                        found[number] = (run[0][0], run[-1][1])
                        runs[number] = run
            if marking:
                marks += [at for at, _ in spans]
        return Places(found, runs, sorted(marks), hints)

    def search_regexes(
        self, text: str, hints: Sequence[Hint], is_wanted: Callable[[int], bool] | None = None
    ) -> dict[int, Span]:
        """What `find` tells of expressions; only of wanted ones, when asked so.

        Each that runs costs more than all the words together.
        """
        found: dict[int, Span] = {}
        if not self._regexes:
            return found
        data = b""
        for index in self._likely.select(text, hints):
            number = self._regex_ids[index]
            if is_wanted is None or is_wanted(number):
                data = data or text.encode()
                match = self._regexes[index].search(data)
                if match is not None:
                    found[number] = _place_match(data, match)
        return found

    def list_places(self, number: int, text: str) -> Iterator[tuple[Span, ...]]:
        """Every place where a condition stands, as the places of its pieces; the first ones only,
        where there are very many."""
        parts = self._parts[number]
        if parts:
            yield from _find_runs(text, [_list_spans(text, self._pieces[part]) for part in parts])
            return
        data = text.encode()
        for match in islice(
            self._regexes[self._regex_ids.index(number)].finditer(data), PLACES_KEPT
        ):
            yield (_place_match(data, match),)

    def _find_pieces(self, text: str) -> tuple[dict[int, list[Span]], list[Hint]]:
        places: dict[int, list[Span]] = {}
        hints: list[Hint] = []
        length, patterns, first_only = len(text), self._patterns, self._first_only
        settled: set[int] = set()
        # `is_latin` is written out: this loop is most of what a judgement costs.
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if index in settled:
                continue
            starts_latin, pieces, once, hinted = patterns[index]
            if hinted is not None:
                hints.append((hinted, start, end))
            if starts_latin and start:
                before = text[start - 1]
                if before < "\u2e80" and before.isalnum():
                    continue
            for piece, ends_latin in pieces:
                spans = places.get(piece)
                if spans is not None and (piece in first_only or len(spans) >= PLACES_KEPT):
                    continue
                if ends_latin and end < length:
                    after = text[end]
                    if after < "\u2e80" and after.isalnum():
                        continue
                if spans is None:
                    places[piece] = [(start, end)]
                    if once:
                        settled.add(index)
                else:
                    spans.append((start, end))
        return places, hints


def _spell(piece: Piece) -> tuple[str, ...]:
    """The piece as it is written, and as phones and haste write it: without the apostrophe."""
    if "n't" in piece.text:
        return piece.text, piece.text.replace("n't", "nt")
    return (piece.text,)


def _ends_latin(piece: Piece) -> bool:
    return is_latin(piece.text[-1]) and not piece.open_end


def _place_match(data: bytes, match: Any) -> Span:
    start = len(data[: match.start()].decode())
    return start, start + len(match.group().decode())


def _list_spans(text: str, piece: Piece) -> list[Span]:
    """The places of one piece, by the same boundaries as in the automaton's loop."""
    spans: list[Span] = []
    for spelling in _spell(piece):
        start = text.find(spelling)
        while start >= 0 and len(spans) < PLACES_KEPT:
            end = start + len(spelling)
            open_start = not (is_latin(spelling[0]) and start and is_latin(text[start - 1]))
            open_end = not (_ends_latin(piece) and end < len(text) and is_latin(text[end]))
            if open_start and open_end:
                spans.append((start, end))
            start = text.find(spelling, start + 1)
    return sorted(spans)


def _find_runs(text: str, places: list[list[Span]]) -> Iterator[tuple[Span, ...]]:
    """Where the pieces follow each other within the gap and one sentence."""
    if len(places) == 1:
        yield from ((span,) for span in places[0])
        return
    for first in places[0]:
        run: tuple[Span, ...] = (first,)
        for spans in places[1:]:
            following = _follow(text, run[-1][1], spans)
            if following is None:
                break
            run = (*run, following)
        else:
            yield run


def _follow(text: str, reached: int, spans: list[Span]) -> Span | None:
    for start, end in spans:
        if reached <= start <= reached + GAP_CHARACTERS:
            return None if _SENTENCE_END.search(text, reached, start) else (start, end)
    return None


def _regex_options() -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.never_capture = True
    return options
