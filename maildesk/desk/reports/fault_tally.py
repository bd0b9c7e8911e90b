"""Which faults were reported most in a period?  Counted by what titles say, in bounded memory.

A part of `tally`. What is proposed to leads because it keeps coming back is `repeats`' question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from maildesk.desk.profile import Profile
from maildesk.desk.reports.figures import Fault, Traced
from maildesk.desk.reports.measured import Stored
from maildesk.desk.request.similar import group_alike, sign_titles

_MOST = 10
_KEPT = 2000
"""So many kinds of titles are counted at a time; the rarest make room for new ones."""

_NAMED = 10
"""So many tickets of a kind are named: there are many kinds."""

_READ_AT_ONCE = 200


@dataclass(slots=True)
class _Kind:
    """Tickets of one category whose titles say the same."""

    title: str
    count: int = 0
    first: list[tuple[int, str]] = field(default_factory=list)


class FaultTally:
    """The titles of the tickets so far."""

    def __init__(self) -> None:
        self._unread: list[Stored] = []
        self._kinds: dict[tuple[str, str], _Kind] = {}

    def add(self, ticket: Stored) -> None:
        # Many titles are read in the time of a few when they are read together.
        self._unread.append(ticket)
        if len(self._unread) >= _READ_AT_ONCE:
            self._read_titles()

    def _read_titles(self) -> None:
        said = sign_titles(ticket.title for ticket in self._unread)
        for ticket, signed in zip(self._unread, said, strict=True):
            if not signed:
                continue
            kind = self._kinds.get((ticket.category, signed))
            if kind is None:
                if len(self._kinds) >= _KEPT:
                    self._make_room()
                kind = self._kinds[ticket.category, signed] = _Kind(ticket.title)
            kind.count += 1
            if len(kind.first) < _NAMED:
                kind.first.append((ticket.id, ticket.number))
        self._unread.clear()

    def _make_room(self) -> None:
        """The rarest go, by halves: what is frequent among so many stays."""
        ranked = sorted(self._kinds.items(), key=lambda item: -item[1].count)
        self._kinds = dict(ranked[: _KEPT // 2])

    def finish(self, profile: Profile, hide: Callable[[str], str]) -> tuple[Fault, ...]:
        """The most frequent first. Titles that say nearly the same are one fault, called as most
        call it; `hide` masks what nobody may read."""
        if self._unread:
            self._read_titles()
        by_category: dict[str, list[_Kind]] = defaultdict(list)
        for (category, _), kind in self._kinds.items():
            by_category[category].append(kind)
        found = []
        for category, kinds in by_category.items():
            kinds.sort(key=lambda kind: (-kind.count, kind.first))
            groups = group_alike([kind.title for kind in kinds])
            alone = set(range(len(kinds))).difference(*groups)
            for places in (*groups, *((place,) for place in alone)):
                same = [kinds[place] for place in places]
                count = sum(kind.count for kind in same)
                if count > 1:
                    first = sorted(item for kind in same for item in kind.first)[:_NAMED]
                    found.append((-count, first, category, same[0].title))
        return tuple(
            Fault(
                profile.category(category).label,
                hide(title),
                Traced(-less, tuple(number for _, number in first)),
            )
            for less, first, category, title in sorted(found)[:_MOST]
        )
