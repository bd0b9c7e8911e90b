"""Time passes: rows that fell due are claimed and handled, several in one transaction.

APScheduler only knocks; any number of daemons may tick. A handler reads facts, writes letters and
says in one sentence what it did; the row keeps that sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from maildesk import journal
from maildesk.clock_closing import ask_rating, close_confirmed
from maildesk.clock_decisions import propose, remind_approver, remind_lead, tell_overdue
from maildesk.clock_follow_up import (
    list_follow_ups,
    note_missed_follow_up,
    remind_of_follow_up,
)
from maildesk.clock_limits import KINDS as LIMITS
from maildesk.clock_limits import tell_limit, tell_limits
from maildesk.clock_outage import offer_outage
from maildesk.clock_records import (
    ARCHIVE,
    archive_closed,
    list_drafts,
    list_own_drafts,
    list_reviews,
    take_repeats,
)
from maildesk.clock_reminders import close as close_unanswered
from maildesk.clock_reminders import remind
from maildesk.clock_reports import REPORTS, Made, make_reports, send_report
from maildesk.clock_routing import ask_for_news, list_absent, tell_of_absence
from maildesk.desk.aftercare.follow_up import MISSED, NEAR
from maildesk.desk.aftercare.reminders import CLOSE as CLOSINGS
from maildesk.desk.aftercare.reminders import REMIND as REMINDERS
from maildesk.desk.answers.closing import CLOSE, SURVEY
from maildesk.desk.approvals.access import OVERDUE, REMIND
from maildesk.desk.approvals.escalation import DECIDE, DUE
from maildesk.desk.calendar.quiet import choose_calendar, next_round
from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import Lead
from maildesk.desk.knowledge.repeats import plan_repeats
from maildesk.desk.letters import notices
from maildesk.desk.letters.letter_values import DoorstepItem
from maildesk.desk.outages.opening import OFFER
from maildesk.desk.person import Role
from maildesk.desk.staff.agenda import plan_absent, plan_day
from maildesk.errors import Transient
from maildesk.post import Post
from maildesk.store import (
    agendas,
    deadlines,
    health,
    ledger,
    outages,
    outbox,
)
from maildesk.store.deadlines import Due, NewDeadline
from maildesk.store.engine import Connection
from maildesk.store.sent import states_of

# So many due rows share a transaction: few enough that no mail waits long for one of their locks.
_TOGETHER = 25


@dataclass(frozen=True, slots=True)
class Clock(Post):
    """Everything a due row's handler may use. `woken` is called when a letter was queued.

    `peek` reads (sender, subject) of a raw mail, as far as that goes, for the quarantine's notice.
    """

    woken: Callable[[], None] = lambda: None
    peek: Callable[[str], tuple[str, str]] = lambda raw: ("", "")

    def tick(self) -> int:
        """Handle everything that is due; returns how many rows fired."""
        now = self.store.now()
        with self.store.read() as db:
            due = deadlines.due_ids(db, now)
        fired = 0
        made = self._prepare(now) if due else {}
        for start in range(0, len(due), _TOGETHER):
            some = due[start : start + _TOGETHER]
            try:
                fired += self._fire_some(some, made)
            except Transient as fault:
                journal.failed(f"deadline {some[0]}", str(fault))
                break
        return fired

    def beat(self) -> None:
        """Show that something of ours runs; a gap since the last time was an outage."""
        now = self.store.now()
        with self.store.write() as db:
            gap = outages.beat(db, self.desks, now)
        if gap is not None:
            journal.was_down(gap.start, now)

    def alarm(self, desk_id: str, sent: int) -> None:
        """The desk's brake closed (`sent` letters within the hour) or opened again (0)."""
        now = self.store.now()
        with self.store.write() as db:
            part = f"brake:{desk_id}"
            if sent == 0:
                health.report(db, part, "ok", "automatic letters leave again", now)
                return
            allowed = self.desks[desk_id].budgets.per_desk_hour
            why = f"{sent} automatic letters within the hour, {allowed} are allowed; they pause"
            health.report(db, part, "degraded", why, now)
            held = outbox.count_waiting(db, desk_id)
            cause = f"brake:{desk_id}:{now:%Y%m%d%H}"
            for lead in self.leads:
                plan = notices.tell_brake(self.desks[desk_id], lead, held, allowed, now)
                self.queue(db, desk_id, plan, cause, None, now, urgent=True)

    def _prepare(self, now: datetime) -> dict[int, Made]:
        """What takes too long to be made while others wait for the database."""
        try:
            return make_reports(self, now)
        except Exception as fault:  # its row tries again in its turn, and stops no other
            journal.failed("making a report", f"{type(fault).__name__}: {fault}")
            return {}

    def _fire_some(self, some: Sequence[int], made: Mapping[int, Made]) -> int:
        """Several rows share a commit, which costs more than handling one. When one of them cannot
        be handled, each is handled alone, so that it never stops the others; it stays open."""
        if len(some) > 1:
            try:
                return self._fire(some, made)
            except Transient:
                raise
            except Exception as fault:
                journal.failed("several deadlines at once", f"{type(fault).__name__}: {fault}")
        fired = 0
        for deadline in some:
            try:
                fired += self._fire((deadline,), made)
            except Transient:
                raise
            except Exception as fault:
                journal.failed(f"deadline {deadline}", f"{type(fault).__name__}: {fault}")
        return fired

    def _fire(self, some: Sequence[int], made: Mapping[int, Made]) -> int:
        """Handle these in one transaction, and tell once it is durable."""
        now = self.store.now()
        told: list[tuple[Due, str]] = []
        with self.store.write() as db:
            told += self._fire_limits(db, some, now)
            done = {due.id for due, _ in told}
            for deadline in some:
                # Not claimed before its turn: a handler may settle others' rows with its own.
                due = deadlines.claim(db, deadline) if deadline not in done else None
                if due is None:
                    continue
                handler = HANDLERS.get(due.kind)
                if handler is None or due.desk_id not in self.desks:
                    deadlines.close(db, due.id, "dropped", now, "nobody here handles it")
                    continue
                if deadline in made:
                    note = send_report(self, db, due, now, made[deadline])
                else:
                    note = handler(self, db, due, now)
                deadlines.close(db, due.id, "fired", now, note)
                told.append((due, note))
        for due, note in told:
            journal.fired(due.kind, due.subject, note)
        if told:
            self.woken()
        return len(told)

    def _fire_limits(
        self, db: Connection, some: Sequence[int], now: datetime
    ) -> list[tuple[Due, str]]:
        """Those that are limits, which most rows are: handled together."""
        claimed = deadlines.claim_alike(db, some, LIMITS)
        limits = [due for due in claimed if due.desk_id in self.desks]
        notes = tell_limits(self, db, limits, now)
        deadlines.close_fired(db, list(notes.items()), now)
        return [(due, notes[due.id]) for due in limits]


def _tell_unassigned(clock: Clock, db: Connection, due: Due, now: datetime) -> str:
    """Tickets nobody has: told together, so that a bad morning is one letter."""
    desk = clock.desks[due.desk_id]
    ahead = timedelta(minutes=desk.profile.unassigned_after_minutes)
    waiting = agendas.take_unassigned(db, due.desk_id, now, ahead)
    if not waiting or not clock.leads:
        return "somebody has it" if not waiting else "no lead is listed; nobody was told"
    single = due.ticket if len(waiting) == 1 else None
    return "; ".join(
        clock.queue(
            db,
            due.desk_id,
            notices.tell_unassigned(desk, lead, waiting, now),
            f"deadline:{due.id}",
            single,
            now,
            condition="unassigned" if single is not None else None,
        )
        for lead in clock.leads
    )


def _tell_digest(clock: Clock, db: Connection, due: Due, now: datetime) -> str:
    """Each engineer's day, on working days; the next round is entered first."""
    desk = clock.desks[due.desk_id]
    at = next_digest(desk, now)
    following = NewDeadline(due.kind, due.subject, due.desk_id, at, None, f"{at:%Y-%m-%d}")
    deadlines.set_deadlines(db, [following])
    told = []
    # Over a weekend a day is longer than a day: what was confirmed on Friday is told on Monday.
    since = deadlines.last_fired(db, due.kind, due.subject) or now - timedelta(days=3)
    tasks = agendas.list_tasks(db, due.desk_id, since)
    away = list_absent(clock, db, desk, tasks, now)
    drafts = list_drafts(db, desk, now)
    repeats = take_repeats(db, desk, now) if clock.leads else ()
    for person in clock.directory.staff:
        mine = tasks.get(person.staff_number or person.addresses[0], ())
        language = person.language or desk.language
        sections = plan_day(mine, now, desk.zone_info, language)
        sections += list_own_drafts(drafts, desk, person, now, language)
        if person.role is Role.LEAD:
            sections = list_follow_ups(db, desk, now, language) + sections
            sections += plan_absent(away, now, desk.zone_info, language)
            sections += list_reviews(db, desk, now, language)
            sections += plan_repeats(repeats, desk.profile, now, desk.zone_info, language)
        if not sections:
            continue
        engineer = Lead(person.addresses[0], person.name, person.language)
        plan = notices.tell_digest(desk, engineer, sections, now)
        told.append(clock.queue(db, due.desk_id, plan, f"deadline:{due.id}", None, now))
    return "; ".join(told) or "nothing waits for anybody"


def next_digest(desk: DeskConfig, now: datetime) -> datetime:
    """When the desk's engineers get their next digest: at the profile's hour, on working days."""
    profile = desk.profile
    return next_round(now, profile.digest_at, desk.zone_info, choose_calendar(profile))


def _tell_quarantine(clock: Clock, db: Connection, due: Due, now: datetime) -> str:
    row = ledger.get_sighting(db, int(due.subject.partition(":")[2]))
    if row is None or row.outcome != "quarantined":
        return "it has left the quarantine"
    if not clock.leads:
        return "no lead is listed; nobody was told"
    desk = clock.desks[due.desk_id]
    head = clock.peek(row.raw_sha) if row.raw_sha else ("", "")
    received = row.internaldate or row.seen_at
    told = any(state != "withheld" for _, _, state in states_of(db, f"sighting:{row.id}"))
    said = [
        clock.queue(
            db,
            due.desk_id,
            notices.tell_quarantine(
                desk, lead, row.id, head, received, row.reason or "", now, told=told
            ),
            f"deadline:{due.id}",
            None,
            now,
        )
        for lead in clock.leads
    ]
    return "; ".join(said)


def _tell_doorstep(clock: Clock, db: Connection, due: Due, now: datetime) -> str:
    """Once a day: who waits at the doorstep. The next day's row is entered first."""
    # Rounds missed while nobody ran are one round: the list reaches back to the last one held.
    desk = clock.desks[due.desk_id]
    deadlines.set_deadlines(db, [plan_doorstep(desk, now)])
    # The same hour of the day before: a day of a clock change has 23 hours or 25.
    since = (due.due_at.astimezone(desk.zone_info) - timedelta(days=1)).astimezone(UTC)
    waiting = [row for row in ledger.at_doorstep(db, since) if row.desk_id == due.desk_id]
    if not waiting or not clock.leads:
        return "nobody waits" if not waiting else "no lead is listed; nobody was told"
    items = tuple(
        DoorstepItem(row.id, row.sender or "", row.subject, row.received_at) for row in waiting
    )
    said = [
        clock.queue(
            db,
            due.desk_id,
            notices.tell_doorstep(desk, lead, items, now),
            f"deadline:{due.id}",
            None,
            now,
        )
        for lead in clock.leads
    ]
    return "; ".join(said)


def plan_doorstep(desk: DeskConfig, now: datetime) -> NewDeadline:
    """The next list of who waits: at the same hour of every day, whatever the clocks do."""
    at = next_round(now, _DOORSTEP_AT, desk.zone_info, None)
    return NewDeadline("doorstep_daily", f"desk:{desk.id}", desk.id, at, None, f"{at:%Y-%m-%d}")


_DOORSTEP_AT = time(9)

Handler = Callable[[Clock, Connection, Due, datetime], str]

HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(LIMITS, tell_limit),
    "unassigned_notice": _tell_unassigned,
    "digest_daily": _tell_digest,
    "quarantine_notice": _tell_quarantine,
    "doorstep_daily": _tell_doorstep,
    "absence_notice": tell_of_absence,
    "major_update": ask_for_news,
    NEAR: remind_of_follow_up,
    MISSED: note_missed_follow_up,
    **dict.fromkeys(REMINDERS.values(), remind),
    **dict.fromkeys(CLOSINGS.values(), close_unanswered),
    SURVEY: ask_rating,
    CLOSE: close_confirmed,
    DUE: propose,
    DECIDE: remind_lead,
    REMIND: remind_approver,
    OVERDUE: tell_overdue,
    OFFER: offer_outage,
    ARCHIVE: archive_closed,
    **dict.fromkeys(REPORTS, send_report),
}
