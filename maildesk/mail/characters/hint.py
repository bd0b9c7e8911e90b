"""Which charsets does a mail name itself? What its bytes without a label are likely in.

Looks at the beginning of the raw mail only, where headers and the first parts stand: it must cost
next to nothing. Whether the hint fits the bytes is `judge`'s question.
"""

from __future__ import annotations

import re

from maildesk.mail.characters.label import resolve
from maildesk.mail.parts.head import Source

_WINDOW = 16 * 1024
_MOST = 4
# Each begins with letters that stand as they are: such patterns are searched for quickly.
_NAMED = tuple(
    re.compile(pattern)
    for pattern in (
        rb"=\?([\w.:+-]{3,40})(?:\*[\w-]{0,20})?\?[bBqQ]\?",
        rb"harset[ \t]?=[ \t]?(?:3D)?[\"']?([\w.:+-]{3,40})",
        rb"HARSET[ \t]?=[ \t]?(?:3D)?[\"']?([\w.:+-]{3,40})",
    )
)


def add_hints(source: Source, start: int, prior: str) -> str:
    """The charsets a mail names, other than Unicode, before the mailbox's own; for `decode`."""
    head = source[start : start + _WINDOW]
    labels = dict.fromkeys(label for pattern in _NAMED for label in pattern.findall(head))
    hints: dict[str, str] = {}
    for label in list(labels)[:20]:
        name = label.decode("ascii", "replace")
        codec = resolve(name).codec
        if codec is not None and not codec.startswith("utf"):
            hints.setdefault(codec, codec)
    named = list(hints.values())[:_MOST]
    return prior if named in ([], [resolve(prior).codec]) else " ".join((*named, prior))
