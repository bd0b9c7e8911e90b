"""Does an answer hold nothing but what it answers?

Whoever presses "send" too early, and some automatic repliers, send the quoted letter alone. `body`
keeps it whole, since nothing a person wrote may be lost; but nobody has said it. In doubt it is no
echo. A forward is none: it is what its sender wants to be read.
"""

from __future__ import annotations

from collections.abc import Sequence

from maildesk.mail.cut.attribution import Strength, find_attribution
from maildesk.mail.cut.ending import has_words
from maildesk.mail.cut.heading import is_header_block, is_header_line
from maildesk.mail.cut.separator import is_forward, is_original, is_quoted, is_rule


def is_echo(text: str) -> bool:
    """Whether the new words of an answer, as `body` cut them, are its history and nothing else."""
    lines = [line for line in text.split("\n") if line.strip()]
    while lines and (is_rule(lines[0]) or not has_words(lines[:1])) and not is_quoted(lines[0]):
        if is_original(lines[0]) or is_header_line(lines[0]):
            break
        lines = lines[1:]
    if not lines or is_forward(lines[0].lstrip("> ")):
        return False
    return all(map(is_quoted, lines)) or _begins_with_head(lines)


def _begins_with_head(lines: Sequence[str]) -> bool:
    """Whether a client's head of history stands on top, so that no words can stand above it."""
    if is_original(lines[0]):
        return is_header_line("".join(lines[1:2])) or all(map(is_quoted, lines[1:]))
    if is_header_block(lines, 0):
        return True
    for place in range(min(3, len(lines))):  # some are broken over lines
        found = find_attribution(lines, place)
        if found is not None:
            rest = lines[place + 1 :]
            quoted = bool(rest) and all(map(is_quoted, rest))
            alone = found.start == 0 and not found.column
            return alone and (quoted or found.strength is Strength.STRONG)
    return False
