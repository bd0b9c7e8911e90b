"""Which tags and words does HTML source hold, in its order?

One pass forward over any bytes a mail may hold, in time linear in them: nothing is looked for twice
that was not found once. What may stay of it, and that it is balanced, is `sanitise`'s question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

_NAME = re.compile(r"[A-Za-z][^\s/>]*+")
_GAP = re.compile(r"[\s/]*+")
_ATTRIBUTE = re.compile(r"([^\s/>][^\s/>=]*+)\s*+(=?)\s*+")
_BARE = re.compile(r"[^\s>]*+")
_MOST = 100  # attributes of one tag that are looked at

# Their content is no words of anybody; up to their end tag, or, for the first two, to the end.
_UNREAD = ("script", "style", "title", "iframe", "noembed", "noframes")
_TO_THE_END = ("script", "style")
_ENDS = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _UNREAD}


class Start(NamedTuple):
    """A start tag, its names in lower case; values are decoded, "" for an attribute without."""

    name: str
    attributes: list[tuple[str, str]]


class End(NamedTuple):
    """An end tag."""

    name: str


Token = Start | End | str
"""A tag, or words with their character references still in them."""


def read_tokens(source: str) -> Iterator[Token]:
    """Every tag and all words between them. Comments, scripts and styles are left out."""
    return _Reader(source).read()


class _Reader:
    """Where reading is, and which ends were looked for in vain."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.gone: set[str] = set()

    def read(self) -> Iterator[Token]:
        source, begin, place = self.source, 0, 0
        while (at := source.find("<", place)) >= 0:
            sign = source[at + 1 : at + 2]
            if not (sign in ("/", "!", "?") or (sign.isascii() and sign.isalpha())) or not sign:
                place = at + 1
                continue
            if at > begin:
                yield source[begin:at]
            if sign.isalpha():
                tag, place = self._read_start(at + 1)
                yield tag
                if tag.name in _ENDS:
                    place = self._skip(tag.name, place)
            elif sign == "/" and (name := _NAME.match(source, at + 2)) is not None:
                yield End(name[0].lower())
                place = self._find(">", name.end(), 1)
            elif source.startswith("<!--", at):
                place = self._skip_comment(at)
            else:
                place = self._find(">", at + 2, 1)
            begin = place
        if begin < len(source):
            yield source[begin:]

    def _read_start(self, place: int) -> tuple[Start, int]:
        """A start tag whose name begins at `place`, and where it ends (WHATWG HTML §13.2.5.8)."""
        source, end = self.source, len(self.source)
        name = _NAME.match(source, place)
        assert name is not None
        place = name.end()
        found: list[tuple[str, str]] = []
        while True:
            gap = _GAP.match(source, place)
            assert gap is not None
            place = gap.end()
            if place >= end or source[place] == ">":
                return Start(name[0].lower(), found), min(place + 1, end)
            attribute = _ATTRIBUTE.match(source, place)
            assert attribute is not None
            place, value = attribute.end(), ""
            if attribute[2]:
                value, place = self._read_value(place)
            if len(found) < _MOST:
                found.append((attribute[1].lower(), unescape(value)))

    def _read_value(self, place: int) -> tuple[str, int]:
        quote = self.source[place : place + 1]
        if quote in ('"', "'") and quote and quote not in self.gone:
            close = self.source.find(quote, place + 1)
            if close >= 0:
                return self.source[place + 1 : close], close + 1
            self.gone.add(quote)
        bare = _BARE.match(self.source, place)
        assert bare is not None
        return bare[0], bare.end()

    def _skip(self, name: str, place: int) -> int:
        """Behind the content of an element nobody reads; its end tag is still to come."""
        if name in self.gone:
            return place
        found = _ENDS[name].search(self.source, place)
        if found is not None:
            return found.start()
        self.gone.add(name)
        return len(self.source) if name in _TO_THE_END else place

    def _skip_comment(self, at: int) -> int:
        if "-->" not in self.gone:
            close = self.source.find("-->", at + 2)
            if close >= 0:
                return close + 3
            self.gone.add("-->")
        return self._find(">", at + 2, 1)  # its words are kept: it never ends

    def _find(self, sign: str, place: int, length: int) -> int:
        found = self.source.find(sign, place)
        return len(self.source) if found < 0 else found + length
