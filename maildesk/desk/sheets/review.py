"""Which important tickets has nobody reviewed yet (W9)?  A section of the lead's digest.

The review itself is an order, `#复核`; who is important the profile says (`records.review_ranks`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from maildesk.desk.letters.moments import say
from maildesk.desk.letters.phrases import phrase
from maildesk.desk.letters.staff_values import DigestItem, DigestSection
from maildesk.desk.profile import Profile

_MOST = 20


@dataclass(frozen=True, slots=True)
class Unreviewed:
    """A ticket that is over and waits for its review; `handler` "": nobody had it."""

    number: str
    title: str
    requester: str
    handler: str
    solved: datetime


def list_reviewed_priorities(profile: Profile) -> tuple[str, ...]:
    """The priorities whose tickets are to be reviewed, by key; often none."""
    ranks = profile.records.review_ranks
    return tuple(item.key for item in profile.priorities if item.rank < ranks)


def plan_reviews(
    waiting: Sequence[Unreviewed], now: datetime, zone: ZoneInfo, language: str
) -> tuple[DigestSection, ...]:
    """One section, the oldest first; or none."""
    if not waiting:
        return ()
    items = tuple(
        DigestItem(
            item.number,
            item.title,
            phrase(
                "agenda_solved_by" if item.handler else "agenda_solved",
                language,
                requester=item.requester,
                handler=item.handler,
                time=say(item.solved, now, zone, language),
            ),
        )
        for item in waiting[:_MOST]
    )
    return (DigestSection(phrase("agenda_review", language), items, len(waiting) - len(items)),)
