"""Words as a full-text index of either database can hold them: pairs of Han characters.

SQLite's and PostgreSQL's own tokenizers take a run of Chinese for one word. Written as overlapping
pairs, with blanks between, any part of a run of at least two characters is a phrase both find.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from maildesk.desk.rules.fold import HAN, fold_characters

LONGEST = 4_000
"""Characters of a text that are indexed."""

_MOST_RUNS = 12
_RUN = re.compile(rf"[{HAN}]+|[a-z0-9]+")


def spell(text: str) -> str:
    """The text's terms, blanks between; 无法退款 VPN is `无法 法退 退款 vpn`."""
    return " ".join(term for run in _list_runs(text[:LONGEST]) for term in _pair(run))


def spell_query(words: str) -> tuple[tuple[str, ...], ...]:
    """The phrases that must all be found, each as its terms in order. () : nothing to look for."""
    runs = dict.fromkeys(_list_runs(words[:200]))
    return tuple(tuple(_pair(run)) for run in list(runs)[:_MOST_RUNS])


def _list_runs(text: str) -> Iterator[str]:
    return (found[0] for found in _RUN.finditer(fold_characters(text)))


def _pair(run: str) -> list[str]:
    if run < "\x80" or len(run) == 1:
        return [run]
    return [run[at : at + 2] for at in range(len(run) - 1)]
