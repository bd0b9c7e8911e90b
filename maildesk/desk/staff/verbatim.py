"""A person's own words inside our letters: line for line, and unable to do any harm there.

What is invisible or turns the direction of text goes; so does, on the way out, every line that
gives an order, and on the way to staff whatever would look like a sign of ours. What may leave at
all was decided before; this is the last door.
"""

from __future__ import annotations

import re
from html import escape

from maildesk.desk.orders.line import is_hash_line
from maildesk.desk.staff.marker import SIGNS

LONGEST = 60_000
"""Characters of words a letter holds."""

_CUT = "…"
# Controls, line separators beside the line feed, and all that overrides the direction of text.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+"
)
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# People's programs wrap and mark lines, so anything but letters may stand between two letters.
_SIGNS = re.compile(
    "|".join(r"[\W_]{0,4}".join(map(re.escape, filter(str.isalnum, sign))) for sign in SIGNS),
    re.IGNORECASE,
)
_INDENT = re.compile("^ +", re.MULTILINE)


def keep_lines(words: str, room: int = LONGEST) -> str:
    """The words in lines ended by `\\n`, one blank line at most between them, none at the ends.

    What does not fit into `room` characters is cut off, and an ellipsis says so.
    """
    text = _CONTROLS.sub("", _LINE_END.sub("\n", words[: room + 1])).expandtabs(4)
    kept: list[str] = []
    for line in map(str.rstrip, text.split("\n")):
        if line or (kept and kept[-1]):
            kept.append(line)
    text = "\n".join(kept).strip("\n")
    whole = len(words) <= room and len(text) <= room
    return text if whole else f"{text[: max(room - 1, 0)].rstrip()}{_CUT}"


def drop_orders(words: str) -> str:
    """The words without any line that begins with `#`: such a line never leaves (DESIGN §6)."""
    if not any(map(is_hash_line, words.split("\n"))):
        return words
    return keep_lines("\n".join(line for line in words.split("\n") if not is_hash_line(line)))


def disarm(words: str) -> str:
    """The words without what our own letters to staff begin, end and are ordered with.

    Quoted in an answer, they would cut it at the wrong place or give an order.
    """
    lines = hide_signs(words).split("\n")
    return "\n".join(f"· {line}" if is_hash_line(line) else line for line in lines)


def hide_signs(text: str) -> str:
    """The text without what makes a line our marker, or the token at a letter's end."""
    return _SIGNS.sub("[…]", text).replace("〔", "（").replace("〕", "）")


def lay_out(words: str) -> str:
    """The words as HTML: escaped, with their line breaks, blank lines and indents."""
    safe = _INDENT.sub(lambda found: "\u00a0" * len(found[0]), escape(words))
    return safe.replace("\n", "<br>\n")
