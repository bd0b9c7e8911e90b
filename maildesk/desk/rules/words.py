"""Where do the words of all rules stand in a text?  One automaton, and expressions where likely.

Answers with places in folded text. What a find means for a rule is `matching`'s question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import Any, NamedTuple

import ahocorasick_rs
import re2

from maildesk.desk.rules.fold import fold
from maildesk.desk.rules.likely import Hint, Likely
from maildesk.desk.rules.rule import Condition

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
        "_automaton", "_gaps", "_hinting", "_likely", "_marking", "_parts", "_patterns",
        "_pieces_from", "_regexes",
    )  # fmt: skip

    def __init__(self, conditions: Sequence[Condition], marks: Sequence[str] = ()) -> None:
        """`marks` are words whose places `search` tells beside the conditions'.

        Raises `re2.error` for an invalid expression; a word without anything to find is never
        found."""
        self._regexes: dict[int, Any] = {}
        self._parts: dict[int, tuple[Piece, ...]] = {}
        whole: list[tuple[Piece, int]] = []
        gapped: dict[int, tuple[Piece, ...]] = {}
        for number, condition in enumerate(conditions):
            if condition.regex is not None:
                self._regexes[number] = compile_regex(condition.regex)
            parts = self._parts[number] = split_word(condition.word or "")
            if len(parts) == 1:
                whole.append((parts[0], number))
            elif parts:
                gapped[number] = parts
        marking = [Piece(mark) for mark in marks]
        # Of these more than the first place is needed.
        several = dict.fromkeys((*chain.from_iterable(gapped.values()), *marking))
        places = {piece: place for place, piece in enumerate(several)}
        self._marking = frozenset(places[mark] for mark in marking)
        # first piece → second piece → the conditions that begin so, with all their pieces
        self._gaps: dict[int, dict[int, list[tuple[int, tuple[int, ...]]]]] = {}
        for number, parts in gapped.items():
            run = tuple(places[part] for part in parts)
            self._gaps.setdefault(run[0], {}).setdefault(run[1], []).append((number, run))
        patterns = {number: regex.pattern.decode() for number, regex in self._regexes.items()}
        self._likely = Likely(patterns)
        # What stands there, and at which of its ends a Latin word must end: conditions first, then
        # pieces. After them the automaton has the words that hint at expressions.
        texts: list[str] = []
        self._patterns: list[tuple[int, bool, bool]] = []
        for group in (whole, places.items()):
            self._pieces_from = len(texts)
            for piece, number in group:
                for spelling in _spell(piece):
                    texts.append(spelling)
                    self._patterns.append((number, is_latin(spelling[0]), _ends_latin(piece)))
        self._hinting = list(self._likely.words.values())
        self._automaton = ahocorasick_rs.AhoCorasick([*texts, *self._likely.words])

    def find(self, text: str) -> dict[int, Span]:
        """For each condition that stands in folded `text`: its number and its first place."""
        here = self.search(text)
        return {**here.spans, **self.search_regexes(text, here.hints)}

    def search(self, text: str) -> Places:
        """What `find` tells of words, and what else is seen on the way."""
        found: dict[int, Span] = {}
        places: dict[int, list[Span]] = {}
        hints: list[Hint] = []
        length, patterns, hinting = len(text), self._patterns, self._hinting
        pieces_from, hints_from = self._pieces_from, len(patterns)
        # `is_latin` is written out: this loop is most of what a judgement costs.
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if index >= hints_from:
                hints.append((hinting[index - hints_from], start, end))
                continue
            number, starts_latin, ends_latin = patterns[index]
            if starts_latin and start:
                before = text[start - 1]
                if before < "\u2e80" and before.isalnum():
                    continue
            if ends_latin and end < length:
                after = text[end]
                if after < "\u2e80" and after.isalnum():
                    continue
            if index < pieces_from:
                if number not in found:
                    found[number] = (start, end)
            elif number not in places:
                places[number] = [(start, end)]
            elif len(places[number]) < PLACES_KEPT:
                places[number].append((start, end))
        runs = self._find_gaps(text, places)
        for number, run in runs.items():
            found[number] = (run[0][0], run[-1][1])
        marks = [at for mark in self._marking & places.keys() for at, _ in places[mark]]
        return Places(found, runs, sorted(marks), hints)

    def _find_gaps(
        self, text: str, places: Mapping[int, list[Span]]
    ) -> dict[int, tuple[Span, ...]]:
        """The pieces of each condition with a gap that stands there."""
        runs: dict[int, tuple[Span, ...]] = {}
        for first in self._gaps.keys() & places.keys():
            following = self._gaps[first]
            for second in following.keys() & places.keys():
                for number, pieces in following[second]:
                    if all(other in places for other in pieces):
                        run = next(_find_runs(text, [places[other] for other in pieces]), None)
                        if run is not None:
                            runs[number] = run
        return runs

    def search_regexes(
        self, text: str, hints: Sequence[Hint], is_wanted: Callable[[int], bool] | None = None
    ) -> dict[int, Span]:
        """What `find` tells of expressions; only of wanted ones, when asked so.

        Each that runs costs more than all the words together.
        """
        found: dict[int, Span] = {}
        data = b""
        for number in self._likely.select(text, hints, is_wanted):
            data = data or text.encode()
            match = self._regexes[number].search(data)
            if match is not None:
                found[number] = _place_match(data, match)
        return found

    def list_places(self, number: int, text: str) -> Iterator[tuple[Span, ...]]:
        """Every place where a condition stands, as the places of its pieces; the first ones only,
        where there are very many."""
        parts = self._parts[number]
        if parts:
            yield from _find_runs(text, [_list_spans(text, part) for part in parts])
            return
        data = text.encode()
        for match in islice(self._regexes[number].finditer(data), PLACES_KEPT):
            yield (_place_match(data, match),)


def _spell(piece: Piece) -> tuple[str, ...]:
    """The piece as it is written, and as phones and haste write it: without the apostrophe."""
    if "n't" in piece.text:
        return piece.text, piece.text.replace("n't", "nt")
    return (piece.text,)


def _ends_latin(piece: Piece) -> bool:
    return is_latin(piece.text[-1]) and not piece.open_end


def _place_match(data: bytes, match: Any) -> Span:
    begin, end = match.span()
    start = len(data[:begin].decode())
    return start, start + len(data[begin:end].decode())


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
