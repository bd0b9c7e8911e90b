"""Where does an answer part from the letter it answers? (DESIGN §6)

Finds our reply marker whatever a client made of it, and above it the lines that the client put
there: attribution, header block, rules. What of the rest may leave is `excerpt`'s decision.
Linear time.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from maildesk.mail.cut.attribution import Strength, find_attribution
from maildesk.mail.cut.body import split
from maildesk.mail.cut.heading import is_header_line
from maildesk.mail.cut.separator import is_bare_original, is_rule
from maildesk.mail.cut.spelling import fold_key


@dataclass(frozen=True, slots=True)
class Marker:
    """The lines our marker fills; `lone`: nothing stands before it in the first of them."""

    first: int
    last: int
    lone: bool


def find_marker(lines: Sequence[str], signs: Sequence[str]) -> Marker | None:
    """Where our marker stands first; None when it is gone.

    Compared are letters and digits only, over line ends: so quote marks, table bars, wrapping,
    width, case and converted characters hide nothing.
    """
    keys = [key for key in map(fold_key, signs) if key]
    starts: list[int] = []
    pieces: list[str] = []
    size = 0
    for line in lines:
        key = fold_key(line)
        starts.append(size)
        pieces.append(key)
        size += len(key)
    whole = "".join(pieces)
    found = [at for at in (whole.find(key) for key in keys) if at >= 0]
    if not found:
        return None
    at = min(found)
    first = bisect_right(starts, at) - 1
    end = at + max(len(key) for key in keys if whole.startswith(key, at))
    while more := next((key for key in keys if whole.startswith(key, end)), ""):
        end += len(more)
    return Marker(first, bisect_right(starts, end - 1) - 1, at == starts[first])


def cut_history(lines: Sequence[str], known: bool) -> tuple[list[str], str]:
    """The lines above history, and that history. `known`: our marker follows them.

    `split` keeps a history that nothing stands above, because it is all there is; where more
    follows, a line of ours stands above it. Signatures it took off are judged elsewhere.
    """
    parts = split("\n".join((_ABOVE, "", *lines) if known else lines), answer=True)
    above = parts.reply.split("\n")
    if parts.signature:
        above += ["", *parts.signature.split("\n")]
    if known:
        above = _cut_heading(above[1:])
    return above, parts.quoted.strip()


def _cut_heading(above: list[str]) -> list[str]:
    """Without what the client put directly above our marker, in forms `split` does not know.

    Header lines in an unknown layout go only if one names a sender, and another line agrees.
    """
    end = _skip_blank(above, len(above))
    start = end
    senders = others = 0
    while start and end - start < _HEADING_LINES:
        line = above[start - 1]
        bare = line.lstrip(_FRAME).rstrip("*| \t\u3000\u00a0")
        if _SENDER.match(bare):
            senders += 1
        elif is_header_line(line) or _MOMENT.match(bare) or _attributes(bare):
            others += 1
        elif not _is_blank(line):
            break
        start -= 1
    if senders and others:
        end = start
    named = find_attribution(above, end - 1) if end else None
    if named is not None and named.strength > Strength.WEAK and not named.column:
        end = named.start
    elif end and _attributes(above[end - 1]):
        end -= 1
    return above[: _skip_blank(above, end)]


def _skip_blank(lines: Sequence[str], end: int) -> int:
    while end and _is_blank(lines[end - 1]):
        end -= 1
    return end


def _is_blank(line: str) -> bool:
    """Nothing but a frame around our marker: rules, a lone `原始邮件`, the marker's own signs."""
    bare = line.strip(_FRAME)
    return not bare or is_rule(line) or bool(_NO_LETTERS.match(bare)) or is_bare_original(line)


def _attributes(line: str) -> bool:
    """`… 10:00，IT服务台 写道：` without an address: good enough directly above our marker."""
    bare = line.rstrip(_FRAME + ":：-")
    return len(bare) <= 300 and bare.endswith(_WROTE) and any(map(str.isdigit, bare))


_ABOVE = "·"
_FRAME = "> *|\t\u3000\u00a0"
_HEADING_LINES = 20
_WROTE = ("写道", "寫道", "wrote")
_NO_LETTERS = re.compile(r"[≡=?·•…\-—–_*~>|\s]{3,}$")
_SENDER = re.compile(r"[^<>@]{0,80}<[^<>@\s]{1,64}@[^<>\s]{1,200}>\s*[:：]?$")
_MOMENT = re.compile(
    r"\d{4}[年/.-]\d{1,2}[月/.-]\d{1,2}日?[\s,]{0,3}(?:[上下]午\s?)?(?:\d{1,2}:\d{2}(?::\d{2})?)?$"
)
