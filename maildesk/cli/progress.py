"""How far a long command is: one line on standard error, for people only, gone when it is done."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")

_SECONDS = 0.2
"""Between two looks: a terminal is slower than what it reports on."""


def show_progress(items: Iterable[Item], total: int, label: str) -> Iterator[Item]:
    """The same items; where nobody watches (a file, a pipe) nothing is shown."""
    watched = sys.stderr.isatty()
    shown = time.monotonic()
    for done, item in enumerate(items, 1):
        yield item
        if watched and time.monotonic() - shown >= _SECONDS:
            shown = time.monotonic()
            sys.stderr.write(f"\r{label} {done} of {total}")
            sys.stderr.flush()
    if watched:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
