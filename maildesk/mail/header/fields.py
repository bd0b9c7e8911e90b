"""Into which words, comments and clauses does a structured header fall (RFC 5322 §3.2)?

For the headers servers write: Received and Authentication-Results. Tolerant, linear, never raises.
What the words mean is the question of `hops` and `results`; addresses are the parser of record's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

_LONGEST = 32_768  # characters; no server writes a trace header a tenth as long
_PIECE = re.compile(r'[()\\";]|\s+|[^()\\";\s]+')


class Shape(Enum):
    WORD = "word"
    COMMENT = "comment"
    END = "end of a clause"


@dataclass(frozen=True, slots=True)
class Item:
    """One piece: a word without its quotes, a comment without its outer brackets, or `;`."""

    shape: Shape
    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """`sound` is False where two readers could read it differently: something does not close, a
    quote or backslash stands inside a comment, a bracket has no partner, or it was too long."""

    items: tuple[Item, ...]
    sound: bool


def split(value: str) -> Field:
    """The pieces of an unfolded header value, in order."""
    reader = _Reader()
    for piece in _PIECE.findall(value[:_LONGEST]):
        reader.take(piece)
    reader.finish()
    return Field(tuple(reader.items), reader.sound and len(value) <= _LONGEST)


class _Reader:
    def __init__(self) -> None:
        self.items: list[Item] = []
        self.sound = True
        self._text: list[str] = []
        self._begun = False  # a quoted string may be an empty word
        self._depth = 0
        self._quoted = False
        self._escaped = False

    def take(self, piece: str) -> None:
        if self._escaped:
            self._escaped = False
            self._text.append(piece)
        elif piece == "\\":
            self._escaped = True
            self.sound = self.sound and self._quoted
        elif self._quoted:
            self._take_quoted(piece)
        elif self._depth:
            self._take_comment(piece)
        else:
            self._take_plain(piece)

    def finish(self) -> None:
        if self._depth or self._quoted or self._escaped:
            self.sound = False
        self._close(Shape.COMMENT if self._depth else Shape.WORD)

    def _take_quoted(self, piece: str) -> None:
        if piece == '"':
            self._quoted = False
        else:
            self._text.append(piece)

    def _take_comment(self, piece: str) -> None:
        if piece == '"':
            self.sound = False
        self._depth += {"(": 1, ")": -1}.get(piece, 0)
        if self._depth:
            self._text.append(piece)
        else:
            self._begun = True
            self._close(Shape.COMMENT)

    def _take_plain(self, piece: str) -> None:
        if piece == "(":
            self._close(Shape.WORD)
            self._depth = 1
        elif piece == '"':
            self._quoted = self._begun = True
        elif piece == ";":
            self._close(Shape.WORD)
            self.items.append(Item(Shape.END, ";"))
        elif piece.isspace():
            self._close(Shape.WORD)
        else:
            self.sound = self.sound and piece != ")"
            self._text.append(piece)

    def _close(self, shape: Shape) -> None:
        if self._text or self._begun:
            self.items.append(Item(shape, "".join(self._text)))
        self._text = []
        self._begun = False
