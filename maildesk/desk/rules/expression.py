"""What can a text not do without, if an expression is to match it?  Chains of literals.

`无法.{0,6}(登录|打开)` needs 无法, and at most six characters after it one of the two. A chain asks
too little rather than too much: whatever it lets through the expression itself is asked about. What
this small reader of RE2's syntax does not know needs nothing. `likely` tries chains on texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FAR = 1_000_000
"""As good as no limit: longer than any text that is searched."""

_MOST = 64
"""Literals one link of a chain may choose from."""

_COMMON = 0.3
"""Beside this, how often something stands in texts, looking for it is not worth the time."""

_MOST_PRODUCT, _MOST_OPTIONAL = 40, 12


@dataclass(frozen=True, slots=True)
class Link:
    """One of `words` must stand here: `least` to `most` characters after the link before it."""

    words: frozenset[str]
    least: int = 0
    most: int = FAR


Chain = tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Needs:
    """One of the chains must stand in the text, and within one line where `one_line` says so.

    An empty chain stands everywhere.
    """

    chains: tuple[Chain, ...] = ((),)
    one_line: bool = False


def read_needs(pattern: str) -> Needs:
    """What a text must have for a folded expression to match it."""
    try:
        reader = _Reader(pattern)
        parts = reader.read_choices()
        if reader.place < len(pattern):
            raise _Unknown
    except (_Unknown, RecursionError):
        return Needs()
    return Needs(tuple(_drop_common(_as_run(part).links) for part in parts), reader.one_line)


def _drop_common(chain: Chain) -> Chain:
    """The chain without what stands nearly everywhere, such as a blank."""
    kept: list[Link] = []
    least = most = 0
    for link in chain:
        least, most = _add(least, link.least), _add(most, link.most)
        if guess_frequency(link.words) < _COMMON:
            kept.append(Link(link.words, least, most))
            least = most = 0
        else:
            least, most = _measure(_Run((Link(link.words, least, most),)))
    return tuple(kept)


class _Unknown(Exception):
    """A piece of syntax that this reader does not know."""


@dataclass(frozen=True, slots=True)
class _Run:
    """A part of an expression: the links in it, and how many characters may follow the last."""

    links: Chain = ()
    least: int = 0
    most: int = 0


_Part = frozenset[str] | _Run
"""All texts a part matches, where they are few; else what is known of it."""

_NOTHING: frozenset[str] = frozenset(("",))
_ONE = _Run((), 1, 1)


_BOUNDS = {"*": (0, FAR), "+": (1, FAR), "?": (0, 1)}


class _Reader:
    """Reads from left to right, by descent."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self.place = 0
        self.one_line = True

    def read_choices(self) -> list[_Part]:
        """Alternatives up to a closing bracket or the end."""
        choices = [self._read_sequence()]
        while self._take("|"):
            choices.append(self._read_sequence())
        return choices

    def _read_sequence(self) -> _Part:
        parts: list[_Part] = []
        while self.place < len(self._pattern) and self._pattern[self.place] not in "|)":
            parts.append(self._read_repeat(self._read_atom()))
        return _join(parts)

    def _read_atom(self) -> _Part:
        sign = self._next()
        if sign == "(":
            return self._read_group()
        if sign == "[":
            return self._read_class()
        if sign == "\\":
            return self._read_escape()
        if sign in "^$":
            return _NOTHING
        if sign == ".":
            return _ONE
        if sign in "*+?{}":
            raise _Unknown
        return _spell(sign)

    def _read_group(self) -> _Part:
        if self._take("?"):
            if self._take("P<") or self._take("<"):
                while self._next() != ">":
                    pass
            elif not self._take(":"):
                raise _Unknown  # flags change what everything after them means
        choices = self.read_choices()
        if not self._take(")"):
            raise _Unknown
        return _choose(choices)

    def _read_escape(self) -> _Part:
        sign = self._next()
        if sign in "bBAz":
            return _NOTHING
        if sign == "d":
            return frozenset("0123456789")
        if sign in "DsSwW":
            self.one_line = self.one_line and sign in "Sw"
            return _ONE
        if sign in "nrt":
            self.one_line = self.one_line and sign != "n"
            return frozenset({"n": "\n", "r": "\r", "t": "\t"}[sign])
        if sign.isalnum():
            raise _Unknown
        return _spell(sign)

    def _read_class(self) -> _Part:
        one_line = self.one_line
        without = self._take("^")
        signs: set[str] = set()
        wide = False
        begun = self.place
        while self.place == begun or not self._pattern.startswith("]", self.place):
            sign = self._next()
            if sign == "[" and self._pattern.startswith(":", self.place):
                raise _Unknown
            member: _Part = frozenset(sign) if sign != "\\" else self._read_escape()
            if self._is_range():
                self.place += 1
                if sign < " " or self._next() == "\\":
                    raise _Unknown
                wide = True
            elif not isinstance(member, frozenset):
                wide = True
            else:
                signs |= member
        self.place += 1
        if without:
            self.one_line = one_line and "\n" in signs
        if without or wide or len(signs) > _MOST:
            return _ONE
        return _choose([_spell(sign) for sign in sorted(signs)])

    def _is_range(self) -> bool:
        return self._pattern[self.place : self.place + 1] == "-" and (
            self._pattern[self.place + 1 : self.place + 2] not in ("]", "")
        )

    def _read_repeat(self, part: _Part) -> _Part:
        bounds = self._read_bounds()
        while bounds is not None:
            self._take("?")  # how greedy it is changes nothing
            part = _repeat(part, *bounds)
            bounds = self._read_bounds()
        return part

    def _read_bounds(self) -> tuple[int, int] | None:
        sign = self._pattern[self.place : self.place + 1]
        if sign in _BOUNDS:
            self.place += 1
            return _BOUNDS[sign]
        end = self._pattern.find("}", self.place) if sign == "{" else -1
        if end < 0:
            return None
        least, comma, most = self._pattern[self.place + 1 : end].partition(",")
        if not least.isdecimal() or not (most.isdecimal() or not most):
            raise _Unknown
        self.place = end + 1
        return int(least), int(most) if most else FAR if comma else int(least)

    def _next(self) -> str:
        if self.place >= len(self._pattern):
            raise _Unknown
        self.place += 1
        return self._pattern[self.place - 1]

    def _take(self, text: str) -> bool:
        found = self._pattern.startswith(text, self.place)
        if found:
            self.place += len(text)
        return found


def _spell(sign: str) -> _Part:
    """A character in the case folded text has; one that would become two is any."""
    folded = sign.casefold()
    return frozenset((folded,)) if len(folded) == 1 else _ONE


def _join(parts: Iterable[_Part]) -> _Part:
    """Parts that follow each other."""
    links: list[Link] = []
    least = most = 0
    words = _NOTHING  # literals that are still growing
    for part in parts:
        if isinstance(part, frozenset):
            most_grown = _MOST_OPTIONAL if "" in part and len(part) > 1 else _MOST_PRODUCT
            if len(words) * len(part) <= max(most_grown, len(words)):
                words = frozenset(one + other for one in words for other in part)
                continue
            least, most = _close(words, links, least, most)
            words = part
            continue
        least, most = _close(words, links, least, most)
        words = _NOTHING
        for link in part.links:
            links.append(Link(link.words, _add(link.least, least), _add(link.most, most)))
            least = most = 0
        least, most = _add(least, part.least), _add(most, part.most)
    if not links and not most:
        return words
    least, most = _close(words, links, least, most)
    return _Run(tuple(links), least, most)


def _close(words: frozenset[str], links: list[Link], least: int, most: int) -> tuple[int, int]:
    """Make a link of literals that grow no further; how far it is from the last link then."""
    if words == _NOTHING:
        return least, most
    lengths = [len(word) for word in words]
    if "" in words or len(words) > _MOST:
        return _add(least, min(lengths)), _add(most, max(lengths))
    # 提示 need not be looked for in three ways of going on.
    short = frozenset(
        word for word in words if not any(word[:end] in words for end in range(1, len(word)))
    )
    links.append(Link(short, least, most))
    return 0, max(lengths) - min(len(word) for word in short)


def _choose(parts: Sequence[_Part]) -> _Part:
    """Alternatives: one link for all of them, made of the best of each."""
    exact = [part for part in parts if isinstance(part, frozenset)]
    if len(exact) == len(parts):
        words = frozenset[str]().union(*exact)
        if len(words) <= _MOST:
            return words
    runs = [_as_run(part) for part in parts]
    if len(runs) == 1:
        return runs[0]
    chosen = [_pick(run) for run in runs]
    found = [item for item in chosen if item is not None]
    words = frozenset[str]().union(*(item.words for item in found))
    if len(found) < len(chosen) or len(words) > 2 * _MOST:
        widths = [_measure(run) for run in runs]
        return _Run((), min(low for low, _ in widths), max(high for _, high in widths))
    link = Link(words, min(item.before[0] for item in found), max(item.before[1] for item in found))
    return _Run((link,), min(item.after[0] for item in found), max(item.after[1] for item in found))


@dataclass(frozen=True, slots=True)
class _Picked:
    """A link of a run, and how many characters of the run stand before and after it."""

    words: frozenset[str]
    before: tuple[int, int]
    after: tuple[int, int]


def _pick(run: _Run) -> _Picked | None:
    if not run.links:
        return None
    link = min(run.links, key=lambda item: guess_frequency(item.words))
    place = run.links.index(link)
    head = _Run(run.links[:place], link.least, link.most)
    tail = _Run(run.links[place + 1 :], run.least, run.most)
    return _Picked(link.words, _measure(head), _measure(tail))


def _repeat(part: _Part, least: int, most: int) -> _Part:
    if isinstance(part, frozenset):
        if (least, most) == (0, 1):
            return part | _NOTHING
        if (least, most) == (1, 1):
            return part
    run = _as_run(part)
    low, high = _measure(run)
    if least == 0:
        return _Run((), 0, min(high * most, FAR))
    # The last of them is the one what follows is near to.
    before = (low * (least - 1), min(high * (most - 1), FAR))
    if not run.links:
        return _Run((), low * least, min(high * most, FAR))
    first = run.links[0]
    moved = Link(first.words, _add(first.least, before[0]), _add(first.most, before[1]))
    return _Run((moved, *run.links[1:]), run.least, run.most)


def _as_run(part: _Part) -> _Run:
    if isinstance(part, _Run):
        return part
    links: list[Link] = []
    least, most = _close(part, links, 0, 0)
    return _Run(tuple(links), least, most)


def _measure(run: _Run) -> tuple[int, int]:
    """How many characters a run has at least and at most."""
    least, most = run.least, run.most
    for link in run.links:
        lengths = [len(word) for word in link.words]
        least = _add(least, link.least + min(lengths))
        most = _add(most, link.most + max(lengths))
    return least, most


def _add(one: int, other: int) -> int:
    return min(one + other, FAR)


def guess_frequency(words: Iterable[str]) -> float:
    """How often one of the words begins at a place of a text, roughly."""
    return sum(_guess(word) for word in words)


def _guess(word: str) -> float:
    if word.strip() in _EVERYDAY:
        return 0.01
    found = 1.0
    for sign in word:
        if sign >= "\u2e80":
            found *= 0.006
        elif sign.isdigit() or sign == " ":
            found *= 0.15
        elif sign.isalpha():
            found *= 0.2
        elif sign in ",.:-/":  # pasted logs are full of them
            found *= 0.08
        else:
            found *= 0.01
    return found


_EVERYDAY = frozenset(
    ("the", "a", "an", "is", "are", "was", "were", "be", "has", "have", "had", "do", "does", "did",
     "not", "no", "all", "and", "or", "of", "in", "on", "at", "to", "for", "from", "by", "with",
     "it", "its", "this", "that", "we", "our", "you", "your", "my", "me", "us", "can", "could",
     "should", "would", "may", "when", "what", "which", "who", "how", "there")
)  # fmt: skip
