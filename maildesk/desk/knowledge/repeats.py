"""Which problems keep coming back, so that somebody should look for their cause?  (F10)

Solved tickets of one category whose titles are alike, when there are enough of them. Which tickets
are looked at is the store's question; what came at once is an outage, which is `outage`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from maildesk.desk.letters.moments import say
from maildesk.desk.letters.phrases import phrase
from maildesk.desk.letters.staff_values import DigestItem, DigestSection
from maildesk.desk.profile import Profile
from maildesk.desk.request.similar import group_alike

_MOST = 10
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Solved:
    """A solved ticket; `cause` is what was recorded as its root cause, "" when nobody did."""

    id: int
    number: str
    title: str
    category: str
    solved: datetime
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Repeat:
    """One problem that came back: its tickets, the one solved first at the front."""

    category: str
    tickets: tuple[Solved, ...]

    @property
    def title(self) -> str:
        """What it is called: by the ticket the others are like."""
        return self.tickets[0].title

    @property
    def causes(self) -> tuple[str, ...]:
        """The root causes recorded so far, each once."""
        return tuple(dict.fromkeys(item.cause for item in self.tickets if item.cause))


def find_repeats(solved: Sequence[Solved], least: int) -> tuple[Repeat, ...]:
    """Problems with at least so many tickets, the most frequent first; `least` 0: none.

    About linear in the tickets: ten thousand take well under a second.
    """
    if not least:
        return ()
    found = []
    ordered = sorted(solved, key=lambda item: (item.category, item.solved, item.id))
    for category, same in groupby(ordered, key=lambda item: item.category):
        items = list(same)
        for group in group_alike([item.title for item in items]):
            if len(group) >= least:
                found.append(Repeat(category, tuple(items[place] for place in group)))
    return tuple(sorted(found, key=lambda item: (-len(item.tickets), item.tickets[0].id)))


def plan_repeats(
    repeats: Sequence[Repeat], profile: Profile, now: datetime, zone: ZoneInfo, language: str
) -> tuple[DigestSection, ...]:
    """What a lead is told of them: one section, or none. Named by the newest ticket, which is the
    one to answer."""
    if not repeats:
        return ()
    items = tuple(_write(item, profile, now, zone, language) for item in repeats[:_MOST])
    rest = len(repeats) - len(items)
    return (DigestSection(phrase("agenda_repeats", language), items, rest),)


def _write(
    repeat: Repeat, profile: Profile, now: datetime, zone: ZoneInfo, language: str
) -> DigestItem:
    *before, newest = repeat.tickets
    named = ("、" if language.startswith("zh") else ", ").join(
        item.number for item in before[: -_NAMED - 1 : -1]
    )
    told = phrase(
        "agenda_repeat" if len(before) <= _NAMED else "agenda_repeat_more",
        language,
        category=profile.category(repeat.category).label.in_language(language),
        count=str(len(repeat.tickets)),
        time=say(newest.solved, now, zone, language),
        numbers=named,
    )
    return DigestItem(newest.number, repeat.title, told)
