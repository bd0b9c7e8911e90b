"""Where among a body's lines does the history of the thread lie?

Every line that may head history is looked at once, from the top: what HTML marks, separators,
header blocks, attributions, then quotes alone. Which of the other lines are signature is `ending`'s
question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from maildesk.mail.cut.attribution import (
    Attribution,
    Strength,
    find_attribution,
    may_attribute,
)
from maildesk.mail.cut.ending import has_words, is_footer
from maildesk.mail.cut.heading import is_header_block, is_header_line, is_titled_block, label_of
from maildesk.mail.cut.marks import has_quotes
from maildesk.mail.cut.separator import (
    is_bare_original,
    is_cited,
    is_forward,
    is_framed,
    is_original,
    is_quoted,
    is_reply_line,
    is_rule,
    is_title,
    may_head_history,
)

_STRAY = 25  # a line this short below a long quoted one was wrapped by somebody's server
_LONG = 60
_TRIES = 4_000  # weighing a line costs up to 0.2 ms


Heads = Mapping[int, int | None]
"""Where the HTML says that history begins, and before which line it ends."""


class Search:
    """One body's lines and the search for history in them; `lines` may gain one, where an
    attribution stands behind words. `title`: the mail's subject without prefixes, folded;
    `author`: the address of who wrote it, in lower case."""

    def __init__(
        self,
        lines: list[str],
        answer: bool,
        title: str = "",
        author: str = "",
    ) -> None:
        self.lines = lines
        self.title = title
        self.author = author
        self.answer = answer
        self.quoted = is_quoted
        self.tries = 0  # lines that were weighed as attributions
        # What may head history, where nothing better does: a separator without a mail's head below
        # it, a day and a name above unmarked lines.
        self.maybe: int | None = None
        self.dated: int | None = None
        self.looked = 0  # up to here no words were written

    def find(self, heads: Heads) -> tuple[int, int] | None:
        """The lines [start, end) that are history; empty: surely none; None: no sign of any."""
        for place, line in enumerate(self.lines):
            if place in heads and not is_quoted(line):
                cut = self._cut_marked(place, heads[place])
                if cut is not None:
                    return cut
            if may_head_history(line):
                cut = self._cut_at(place, line)
                if cut is not None:
                    return cut
        maybe = self.maybe if self.maybe is not None else self.dated
        if maybe is not None and maybe < len(self.lines) and self.answer:
            return self._below(maybe)
        # Quotes without an attribution: in a first mail their author cites something.
        return self._cut_leading() or self._cut_trailing(0) if self.answer else None

    def find_marked(self, heads: Heads) -> tuple[int, int] | None:
        """The same by what the HTML says alone."""
        place = min(heads, default=None)
        if place is None or is_quoted(self.lines[place]):
            return None
        return self._cut_marked(place, heads[place])

    def _cut_at(self, place: int, line: str) -> tuple[int, int] | None:
        """History that this line heads; None: it heads none."""
        nothing = (len(self.lines), len(self.lines))
        if not is_quoted(line):
            if is_forward(line):
                return nothing
            if is_original(line):
                if self._heads_mail(place):
                    return self._cut_headed(place, place + 1)
                if not is_title(line):
                    self._note(place)
                return None
            if is_reply_line(line) and self.answer and self._has_words_above(place):
                return self._below(place)
            if is_header_block(self.lines, place) or (
                self.answer and is_titled_block(self.lines, place, self.title)
            ):
                return self._cut_block(place) if self.answer else nothing
        elif is_forward(line.lstrip("> ")) and not _is_within_quotes(self.lines, place):
            return nothing  # Apple quotes what it forwards, its own line included
        elif not line.startswith(">>>"):
            return None
        if not may_attribute(line) or self.tries == _TRIES:
            return None
        self.tries += 1
        found = find_attribution(self.lines, place)
        return self._cut_attributed(found, place) if found is not None else None

    def _heads_mail(self, place: int) -> bool:
        """Whether a separator has a mail's head or marked quotes below it; else somebody may have
        written it, and what is better evidence further down decides."""
        after = _skip_blank(self.lines, place + 1)
        if after == len(self.lines):
            return False
        line = self.lines[after]
        if self.quoted(line) or is_header_block(self.lines, after):
            return True
        if is_title(self.lines[place]):
            return False
        if is_header_line(line):
            return True
        ends = range(after, min(after + 3, len(self.lines)))
        self.tries = min(self.tries + len(ends), _TRIES)
        if self.tries == _TRIES:
            return False
        found = (find_attribution(self.lines, end) for end in ends)
        return any(one is not None and one.start == after for one in found)

    def _cut_block(self, place: int) -> tuple[int, int] | None:
        """History below a header block. Its sender may be the author of this mail: his own mail,
        answered or pasted; then what stands further down decides."""
        head = self.lines[place : place + 6]
        own = any(label_of(line) == "from" and self.author in line.lower() for line in head)
        if not self.author or not own:
            return self._cut_headed(place, place)
        self._note(place)
        return None

    def _note(self, place: int) -> None:
        """Remember the first line that heads history if nothing else does."""
        self.maybe = place if self.maybe is None else self.maybe

    def _has_words_above(self, place: int) -> bool:
        """Whether somebody wrote something above; every line is looked at once."""
        while self.looked < place and not has_words(self.lines[self.looked : self.looked + 1]):
            self.looked += 1
        return self.looked < place

    def _cut_headed(self, place: int, after: int) -> tuple[int, int]:
        """History below a separator or header block; below marked quotes an answer may stand."""
        lines = self.lines
        start = self._absorb_attribution(_above_rule(lines, place))
        while after < len(lines) and (
            not lines[after].strip() or is_rule(lines[after]) or label_of(lines[after])
        ):
            after += 1
        if after < len(lines) and is_quoted(lines[after]) and not has_words(lines[:start]):
            return self._cut_quotes(start, after)
        return self._below(start)

    def _below(self, start: int) -> tuple[int, int]:
        """Everything from `start`, unless nothing stands above it: then it is all there is."""
        lines = self.lines
        return (start if has_words(lines[:start]) else len(lines), len(lines))

    def _shows_head(self, place: int) -> bool:
        """Whether below a mark stands what clients set there: labels, an attribution, quotes."""
        written = [line for line in self.lines[place : place + 12] if line.strip()][:7]
        if any(self.quoted(line) or "@" in line for line in written):
            return True
        colons = sum(":" in line[:40] or "：" in line[:40] for line in written)
        return colons > 1 or any(map(is_header_line, written[:3]))

    def _cut_marked(self, place: int, end: int | None) -> tuple[int, int] | None:
        """What the HTML marks as history; words behind its end are an answer below."""
        lines = self.lines
        if any(map(is_forward, lines[place : place + 4])):
            return len(lines), len(lines)
        if end is None and not self._shows_head(place):
            return None
        start = self._absorb_attribution(_above_rule(lines, place))
        if end is not None and has_words(lines[end:]):
            return start, end
        if end is None and has_quotes(lines, place):
            # The mark is an attribution's; its quotes say what is history.
            first = next(i for i in range(place, len(lines)) if is_quoted(lines[i]))
            return self._cut_quotes(start, first)
        return self._below(start)

    def _absorb_attribution(self, start: int) -> int:
        """An attribution directly above what the HTML marks belongs to it."""
        above = start - 1
        while above >= 0 and not self.lines[above].strip():
            above -= 1
        found = find_attribution(self.lines, above) if above >= 0 else None
        return found.start if found is not None and not found.column else start

    def _cut_attributed(self, found: Attribution, place: int) -> tuple[int, int] | None:
        """History below an attribution line, with answers below or between quotes respected."""
        first = _skip_blank(self.lines, place + 1)
        if first < len(self.lines) and is_cited(self.lines[first]):
            # The Bat!, Gnus: the author's initials before every quoted line.
            self.quoted = _is_quoted_or_cited
        quotes = first < len(self.lines) and self.quoted(self.lines[first])
        if found.strength is Strength.WEAK and not (quotes and self.answer):
            return None
        if not quotes and not self.answer:
            return None  # in a first mail somebody is cited
        if found.strength is Strength.DATED and not quotes:
            # A second one is a transcript's.
            self.dated = found.start if self.dated is None else len(self.lines)
            return None
        if found.column:  # behind somebody's words: it gets a line of its own
            line = self.lines[found.start]
            head, tail = line[: found.column].rstrip(), line[found.column :].lstrip()
            self.lines[found.start : found.start + 1] = [head, tail]
            first += 1
        start = found.start + bool(found.column)
        return self._cut_quotes(start, first) if quotes else self._below(start)

    def _cut_quotes(self, start: int, first: int) -> tuple[int, int]:
        lines = self.lines
        above = has_words(lines[:start]) and not is_footer(lines[:start])
        end = self._end_of_quotes(first, strays=above)
        rest = lines[end:]
        if not has_words(rest):
            return self._below(start)
        if not any(map(self.quoted, rest)) and (not above or is_footer(rest)):
            return start, end
        # Answers between quotes: they stay, only what follows the last of them may go.
        return self._cut_trailing(end) or (len(lines), len(lines))

    def _end_of_quotes(self, first: int, *, strays: bool) -> int:
        """Where the quoted block ends. `strays`: words a server wrapped off a quoted line belong to
        it; only believed where the answer stands above."""
        lines, end = self.lines, first
        while end < len(lines):
            wrapped = (
                strays
                and 0 < len(lines[end]) <= _STRAY
                and lines[end][0].islower()
                and not lines[end].rstrip().endswith((".", "!", "?"))
                and len(lines[end - 1]) >= _LONG
                and end + 1 < len(lines)
                and self.quoted(lines[end + 1])
            )
            if lines[end].strip() and not wrapped and not self.quoted(lines[end]):
                break
            end += 1
        return end

    def _cut_leading(self) -> tuple[int, int] | None:
        """A quote without an attribution at the top of an answer, and the answer below it."""
        lines = self.lines
        first = _skip_blank(lines, 0)
        if first == len(lines) or not is_quoted(lines[first]):
            return None
        end = self._end_of_quotes(first, strays=False)
        rest = lines[end:]
        if not has_words(rest) or any(map(is_quoted, rest)):
            return None
        return first, end

    def _cut_trailing(self, least: int) -> tuple[int, int] | None:
        """A block of quoted lines at the very end, not before line `least`."""
        lines = self.lines
        start = len(lines)
        marked = 0
        while start > least and (self.quoted(lines[start - 1]) or not lines[start - 1].strip()):
            start -= 1
            marked += bool(lines[start].strip())
        above = start - 1
        while above >= least and not lines[above].strip():
            above -= 1
        announced = above >= least and lines[above].rstrip().endswith((":", "："))
        if not marked or (announced and find_attribution(lines, above) is None):
            return None
        return self._below(self._absorb_attribution(start))


def _is_quoted_or_cited(line: str) -> bool:
    return is_quoted(line) or is_cited(line)


def _skip_blank(lines: Sequence[str], place: int) -> int:
    while place < len(lines) and not lines[place].strip():
        place += 1
    return place


def _is_within_quotes(lines: Sequence[str], place: int) -> bool:
    """Whether the written line above is quoted, too."""
    above = place - 1
    while above >= 0 and not lines[above].strip("> "):
        above -= 1
    return above >= 0 and is_quoted(lines[above])


def _above_rule(lines: Sequence[str], place: int) -> int:
    """The rule or lone `原始邮件` that clients write above a header block is part of history."""
    before = place - 1
    while before >= 0:
        line = lines[before]
        if line.strip():
            framed = before == place - 1 and is_framed(line)
            if not (is_rule(line) or is_bare_original(line) or framed):
                break
            place = before
        before -= 1
    return place
