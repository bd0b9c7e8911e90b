"""What does a staff member's answer order, and which of its words are for somebody to read?

A grammar, nothing more: it knows no ticket, no person and no right. When anything is doubtful it
says so (`Suspect`), and then the whole mail must be held: a wrong guess would pass on what was
meant to stay inside, or change a ticket that nobody wanted changed.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from maildesk.desk.orders.line import Doubt as Doubt
from maildesk.desk.orders.line import Line as Line
from maildesk.desk.orders.line import Suspect as Suspect
from maildesk.desk.orders.line import doubt_words, is_blank, is_hash_line, read_bare, read_line
from maildesk.desk.orders.pleasantry import is_closing, is_greeting, says_nothing
from maildesk.desk.orders.table import SPECS, WORDS, Argument, Order
from maildesk.desk.rules.fold import fold_characters

MOST_ORDERS = 50
_MOST_SUSPECTS = 20
_WRAPPING_COLUMNS = 60
"""No mail program breaks a line earlier than this."""


@dataclass(frozen=True, slots=True)
class Script:
    """An answer, read. `words` is what is left for people: no line of it starts with `#`."""

    orders: tuple[Line, ...]
    words: str
    suspects: tuple[Suspect, ...]

    @property
    def held(self) -> bool:
        """Nothing may leave or change before its author was asked."""
        return bool(self.suspects)

    @property
    def internal(self) -> bool:
        """The whole mail is a note (`#内部`)."""
        return any(line.order is Order.NOTE for line in self.orders)


def read_script(text: str) -> Script:
    """The orders and the words of an answer's new words. Never raises; linear in the text.

    Orders stand at the top, where greetings and blank lines may precede them, or at the end, where
    a good-bye may follow. A first line that is exactly an order word needs no `#`. An order that is
    a `block` has its text below it when its own line holds none.
    """
    lines = text.splitlines()
    blocks = _gather_blocks(lines)
    orders: list[Line] = []
    suspects: list[Suspect] = []
    words: list[str] = []
    start = _skip_blank(lines)
    top, end = _find_top(lines, start), _find_end(lines)
    alone = sum(1 for line in lines if not is_blank(line)) == 1
    for place, line in enumerate(lines):
        if place in blocks:
            read = blocks[place]
        elif is_hash_line(line):
            if len(suspects) >= _MOST_SUSPECTS:
                continue  # held already; the rest would only cost time
            read = _read_hash_line(lines, place, inside=top <= place < end)
        elif place == start and (bare := read_bare(line, alone=alone)) is not None:
            read = bare
        else:
            doubt = doubt_words(line, first=place <= top)
            if doubt is None:
                words.append(line)
                continue
            read = doubt
        if isinstance(read, Suspect):
            if len(suspects) < _MOST_SUSPECTS:
                suspects.append(read)
        elif len(orders) < MOST_ORDERS:
            orders.append(read)
        else:
            suspects.append(Suspect(read.raw, _name(read), (), Doubt.TOO_MANY))
    if orders and all(is_blank(line) or says_nothing(line) for line in words):
        words = []  # who only greets around an order has written to the desk, not to anybody
    return Script(tuple(orders), _join(words), tuple(suspects))


def _gather_blocks(lines: list[str]) -> dict[int, Line | Suspect]:
    """Orders whose text is the lines below them, by place; those lines are blank from then on.

    They stay inside whatever they are: a text for the record must never be taken for an answer.
    """
    found: dict[int, Line | Suspect] = {}
    hashes = [place for place, line in enumerate(lines) if is_hash_line(line)]
    if len(hashes) > MOST_ORDERS + _MOST_SUSPECTS:
        return found  # held anyway
    for place, end in zip(hashes, [*hashes[1:], len(lines)], strict=False):
        read = read_line(lines[place])
        if not isinstance(read, Suspect) or read.why is not Doubt.NO_ARGUMENT:
            continue
        spec = WORDS.get(fold_characters(read.word))
        below = lines[place + 1 : end]
        text = _join(below)
        if spec is None or not spec.block or not text:
            continue
        doubts = (doubt_words(line, first=False) for line in below)
        doubt = next((item for item in doubts if item is not None), None)
        found[place] = doubt or Line(spec.order, text, read.raw)
        lines[place + 1 : end] = [""] * len(below)
    return found


def _read_hash_line(lines: list[str], place: int, *, inside: bool) -> Line | Suspect:
    read = read_line(lines[place])
    if isinstance(read, Suspect):
        return read
    if inside:
        return Suspect(read.raw, _name(read), (), Doubt.MISPLACED)
    if _is_wrapped(read, lines[place + 1] if place + 1 < len(lines) else ""):
        return Suspect(read.raw, _name(read), (), Doubt.WRAPPED)
    return read


def _name(line: Line) -> str:
    return SPECS[line.order].words[0]


def _skip_blank(lines: list[str]) -> int:
    return next((place for place, line in enumerate(lines) if not is_blank(line)), len(lines))


def _find_top(lines: list[str], start: int) -> int:
    """Where the block at the top ends: the first line of words after it."""
    met = start < len(lines) and read_bare(lines[start], alone=False) is not None
    for place in range(start + met, len(lines)):
        line = lines[place]
        if is_hash_line(line):
            met = True
        elif not is_blank(line) and (met or not is_greeting(line)):
            return place
    return len(lines)


def _find_end(lines: list[str]) -> int:
    """Where the block at the end begins: behind the last line of words before it."""
    met = False
    for place in range(len(lines) - 1, -1, -1):
        line = lines[place]
        if is_hash_line(line):
            met = True
        elif not is_blank(line) and (met or not is_closing(line)):
            return place + 1
    return 0


def _is_wrapped(line: Line, following: str) -> bool:
    """Whether the mail program may have broken the order's text: the rest would be relayed."""
    if SPECS[line.order].argument is not Argument.TEXT or line.order is Order.NOTE:
        return False
    if is_blank(following) or is_hash_line(following):
        return False
    columns = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line.raw)
    return columns >= _WRAPPING_COLUMNS


def _join(words: list[str]) -> str:
    first = _skip_blank(words)
    last = len(words)
    while last > first and is_blank(words[last - 1]):
        last -= 1
    return "\n".join(words[first:last])
