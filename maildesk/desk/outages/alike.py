"""Many alike tickets at once are one outage: which are alike, and which main ticket one belongs to.

Pure. A lead or engineer decides (`#主单`); later ones go under the main ticket by themselves only
where category and words agree beyond doubt. What hanging does to a ticket is `effects_parent`'s.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from maildesk.desk.profile import Profile
from maildesk.desk.request.similar import Candidate, find_alike
from maildesk.desk.ticket import ENDED, KnownTicket, State

TAG = "outage"
"""What a main ticket is marked with while its outage lasts."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """So many alike that the lead is asked: the first of them, and all, the oldest first."""

    first: Candidate
    all: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Under which main ticket a new one belongs, None: under none; and why, "" without any."""

    main: KnownTicket | None
    why: str


def is_main(ticket: KnownTicket) -> bool:
    """Whether an outage's tickets hang under it."""
    return TAG in ticket.tags


def takes_more(ticket: KnownTicket) -> bool:
    """Whether its outage still lasts."""
    return is_main(ticket) and ticket.state not in ENDED | {State.TO_CONFIRM}


def suspect(
    title: str,
    words: str,
    category: str,
    requester: Collection[str],
    recent: Sequence[Candidate],
    profile: Profile,
    now: datetime,
) -> Suspicion | None:
    """Whether the new ticket makes it an outage: alike ones of different people, lately.

    `requester` are the new one's address keys or its person's key in `recent`.
    """
    since = now - timedelta(minutes=profile.alike.minutes)
    lately = [item for item in recent if item.opened is None or item.opened >= since]
    free = [item for item in lately if item.parent is None and TAG not in item.tags]
    alike = find_alike(title, words, free, category)
    people = {item.requester for item in alike} - set(requester)
    if len(people) + 1 < profile.alike.tickets:
        return None
    oldest = sorted(alike, key=lambda item: item.id)
    return Suspicion(oldest[0], tuple(oldest))


def list_alike(first: Candidate, recent: Sequence[Candidate], profile: Profile) -> list[Candidate]:
    """The open tickets like that one from its time on; not those under a main ticket already."""
    start = first.opened - timedelta(minutes=profile.alike.minutes) if first.opened else None
    free = [
        item
        for item in recent
        if item.id != first.id
        and item.parent is None
        and TAG not in item.tags
        and (start is None or item.opened is None or item.opened >= start)
    ]
    return sorted(find_alike(first.title, "", free, first.category), key=lambda item: item.id)


def find_main(
    title: str,
    words: str,
    category: str,
    priority: str,
    mains: Sequence[KnownTicket],
    recent: Sequence[Candidate],
    profile: Profile,
) -> Verdict:
    """The main ticket a new one belongs under. In doubt it stays alone: joining is one line for an
    engineer, and whoever was joined wrongly waits for something that does not help him."""
    why = ""
    for main in mains:
        if not takes_more(main):
            why = f"the outage {main.number} is over"
            continue
        if category != main.category:
            why = f"about {category}, and the outage {main.number} is about {main.category}"
            continue
        if profile.priority(priority).rank < profile.priority(main.priority).rank:
            why = f"judged more urgent than the outage {main.number}"
            continue
        known = [item for item in recent if item.parent == main.id]
        own = Candidate(main.id, main.number, main.title, main.category, main.state)
        alike = find_alike(title, words, (own, *known), category)
        if alike:
            return Verdict(main, f"like {alike[0].number}, in the outage {main.number}")
        why = f"its words are not like those of the outage {main.number}"
    return Verdict(None, why)
