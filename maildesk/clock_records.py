"""Closed tickets are archived some working days later, every morning; important ones are reviewed,
and what keeps coming back is shown to the leads, drafts of articles to their authors.

A handler of the clock's rows, and sections of the digests (M9, W9, F10). What an archive
holds when somebody takes it out is `archive`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from maildesk.desk.charter import DeskConfig
from maildesk.desk.knowledge.drafts import Draft, plan_drafts, plan_late_drafts
from maildesk.desk.knowledge.repeats import Repeat, find_repeats
from maildesk.desk.letters.staff_values import DigestSection
from maildesk.desk.person import Person, Role
from maildesk.desk.sheets.retention import find_cutoff, next_morning
from maildesk.desk.sheets.review import list_reviewed_priorities, plan_reviews
from maildesk.post import Post
from maildesk.store import archived, articles, deadlines
from maildesk.store.deadlines import Due, NewDeadline
from maildesk.store.engine import Connection
from maildesk.store.repeats import list_solved, note_proposed
from maildesk.store.reviews import list_unreviewed

ARCHIVE = "archive_daily"
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
# Far enough back for a ticket that somebody worked on each morning, or a profile that was changed.
_LOOK_BACK = timedelta(days=60)
_SOON = timedelta(minutes=1)


def plan_archiving(desk: DeskConfig, at: datetime) -> NewDeadline:
    """The desk's next round, at that moment."""
    return NewDeadline(ARCHIVE, f"desk:{desk.id}", desk.id, at, None, f"{at:%Y-%m-%dT%H%M}")


def next_archiving(desk: DeskConfig, now: datetime) -> datetime:
    """When the desk's closed tickets are looked at next."""
    return next_morning(now, desk.profile, desk.zone_info)


def list_reviews(
    db: Connection, desk: DeskConfig, now: datetime, language: str
) -> tuple[DigestSection, ...]:
    """What a lead has to review, as a section of his digest; older tickets are let rest."""
    priorities = list_reviewed_priorities(desk.profile)
    waiting = list_unreviewed(db, desk.id, priorities, now - _LOOK_BACK)
    return plan_reviews(waiting, now, desk.zone_info, language)


def list_own_drafts(
    drafts: Sequence[Draft], desk: DeskConfig, person: Person, now: datetime, language: str
) -> tuple[DigestSection, ...]:
    """What somebody has to publish; a lead also sees what others let lie."""
    key = person.staff_number or person.addresses[0]
    zone, profile = desk.zone_info, desk.profile
    sections = plan_drafts(
        [item for item in drafts if item.author == key], profile, now, zone, language
    )
    if person.role is Role.LEAD:
        others = [item for item in drafts if item.author != key]
        sections += plan_late_drafts(others, profile, now, zone, language)
    return sections


def list_drafts(db: Connection, desk: DeskConfig, now: datetime) -> Sequence[Draft]:
    """Articles that wait to be published; what nobody published for long is let rest."""
    return articles.list_drafts(db, desk.id, now - _LOOK_BACK)


def take_repeats(db: Connection, desk: DeskConfig, now: datetime) -> tuple[Repeat, ...]:
    """Problems that came back and that no lead was told of yet; from now on they are told."""
    records = desk.profile.records
    if not records.repeats:
        return ()
    since = now - timedelta(days=records.repeat_days)
    found = find_repeats(list_solved(db, desk.id, since, fresh=True), records.repeats)
    note_proposed(db, found, now)
    return found


def archive_closed(post: Post, db: Connection, due: Due, now: datetime) -> str:
    """Archive what is due; the next round is entered, soon when there is more than one can hold."""
    desk = post.desks[due.desk_id]
    last = deadlines.last_fired(db, due.kind, due.subject)
    after = last - _LOOK_BACK if last is not None else _BEGINNING
    before = find_cutoff(now, desk.profile, desk.zone_info)
    done = archived.archive(db, desk.id, after, before, now, f"deadline:{due.id}")
    more = done == archived.MOST
    at = now + _SOON if more else next_archiving(desk, now)
    deadlines.set_deadlines(db, [plan_archiving(desk, at)])
    return f"{done} tickets archived" if done else "nothing to archive"
