"""Which draft articles wait to be published, and until when?  (M9)  Sections of the digests.

The days are the profile's (`records.knowledge_days`), from the day on which there was both a draft
and a solution. A lesson is a record of its ticket, and nobody is reminded of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from maildesk.desk.calendar.almanac import works_on
from maildesk.desk.calendar.quiet import choose_calendar
from maildesk.desk.letters.moments import say_day
from maildesk.desk.letters.phrases import phrase
from maildesk.desk.letters.staff_values import DigestItem, DigestSection
from maildesk.desk.profile import Profile

_MOST = 20
_DAY = timedelta(days=1)
_FURTHEST = 400


@dataclass(frozen=True, slots=True)
class Draft:
    """An article nobody can read yet. `author` is a key of the people list; `ticket` the number it
    was made of; `ready` since when it could have been published; `lacks`: it says no solution."""

    number: str
    title: str
    ticket: str
    author: str
    author_name: str
    ready: datetime
    lacks: bool = False


def find_last_day(draft: Draft, profile: Profile, zone: ZoneInfo) -> date:
    """The working day by whose end it is to be published."""
    calendar, left = choose_calendar(profile), profile.records.knowledge_days
    day = draft.ready.astimezone(zone).date()
    for _ in range(_FURTHEST):
        if left <= 0:
            break
        day += _DAY
        left -= calendar is None or works_on(day, calendar)
    return day


def plan_drafts(
    drafts: Sequence[Draft], profile: Profile, now: datetime, zone: ZoneInfo, language: str
) -> tuple[DigestSection, ...]:
    """An author's own, the one due first at the front: one section, or none."""
    return _plan("agenda_knowledge", "agenda_draft", drafts, profile, now, zone, language)


def plan_late_drafts(
    drafts: Sequence[Draft], profile: Profile, now: datetime, zone: ZoneInfo, language: str
) -> tuple[DigestSection, ...]:
    """For a lead: other people's whose day has passed."""
    today = now.astimezone(zone).date()
    late = [item for item in drafts if find_last_day(item, profile, zone) < today]
    return _plan("agenda_knowledge_late", "agenda_draft_of", late, profile, now, zone, language)


def _plan(
    section: str,
    text: str,
    drafts: Sequence[Draft],
    profile: Profile,
    now: datetime,
    zone: ZoneInfo,
    language: str,
) -> tuple[DigestSection, ...]:
    today = now.astimezone(zone).date()
    ordered = sorted(drafts, key=lambda item: (item.ready, item.number))
    items = []
    for draft in ordered[:_MOST]:
        last = find_last_day(draft, profile, zone)
        noon = datetime(last.year, last.month, last.day, 12, tzinfo=zone)
        late = last < today
        told = phrase(
            f"{text}_late" if late and text == "agenda_draft" else text,
            language,
            number=draft.number,
            name=draft.author_name,
            day=say_day(noon, zone, language),
        )
        if draft.lacks:
            told = phrase("agenda_draft_lacks", language, told=told)
        items.append(DigestItem(draft.ticket or draft.number, draft.title, told))
    if not items:
        return ()
    return (DigestSection(phrase(section, language), tuple(items), len(drafts) - len(items)),)
