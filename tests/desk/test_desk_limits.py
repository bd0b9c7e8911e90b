"""Limits in a Chinese working calendar: to the minute, stopped by waits, moved by priorities."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from builders import desk, facts, holidays, profile
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.decision import Change, Decision, EventPlan, Other, Outcome
from maildesk.desk.limits.changes import Followed, follow, keep_time
from maildesk.desk.limits.due import (
    Limit,
    LimitKind,
    add_running,
    find_due,
    find_same_day,
    list_limits,
    measure_handling,
    promise,
    warn_at,
)
from maildesk.desk.limits.state import add_wait, blame_outage, find_relief, miss_same_day
from maildesk.desk.profile import Calendar, Profile
from maildesk.desk.ticket import Insider, KnownTicket, Part, Pause, State, Waiting

DAY = ((time(9), time(12)), (time(13, 30), time(18)))
OFFICE = Calendar("work", week=(DAY,) * 5 + ((), ()), holidays=holidays())
ALWAYS = Calendar("always", always=True)


def make_profile() -> Profile:
    """Limits of a day and less, so that each table line can be counted on one hand."""
    plain = profile()
    urgent, high, medium, low = plain.priorities
    return replace(
        plain,
        calendars=(OFFICE, ALWAYS),
        priorities=(
            replace(
                urgent,
                response_minutes=30,
                contact_minutes=15,
                solution_minutes=240,
                calendar="always",
                solution_calendar=None,
            ),
            replace(high, response_minutes=120, contact_minutes=30, solution_minutes=480),
            replace(medium, response_minutes=240, contact_minutes=30, solution_minutes=480),
            replace(low, response_minutes=480, contact_minutes=None, solution_minutes=None),
        ),
        same_day_before=time(17),
    )


PROFILE = make_profile()
DESK = desk(profile=PROFILE)
SHANGHAI = DESK.zone_info
LIU = Insider(Part.ASSIGNEE, "liu@corp.test", "刘洋", frozenset(("liu@corp.test",)))


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def ticket(**given: object) -> KnownTicket:
    """One that came and was given to 刘洋 on Friday, 20 November at 10:00, of medium priority."""
    opened = given.pop("opened", at(11, 20, 10))
    assert isinstance(opened, datetime)
    priority = str(given.pop("priority", "medium"))
    promised = promise(opened, opened, PROFILE.priority(priority), PROFILE, SHANGHAI)
    values: dict[str, object] = {
        "id": 1,
        "number": "IT-1",
        "state": State.NEW,
        "title": "打印机卡纸",
        "insiders": frozenset(("liu@corp.test",)),
        "people": (LIU,),
        "priority": priority,
        "opened": opened,
        "assigned": opened,
        "response_due": promised.response,
        "contact_due": promised.contact,
        "solution_due": promised.solution,
        **given,
    }
    return KnownTicket(**values)  # type: ignore[arg-type]


def change(old: KnownTicket, now: datetime, **fields: object) -> tuple[KnownTicket, Followed]:
    """The ticket after a change, and what followed from it."""
    found = follow(old, Change(**fields), DESK, now)  # type: ignore[arg-type]
    values = {
        name: getattr(found.change, name)
        for name in Change.__slots__
        if name not in ("clear", "assignee") and getattr(found.change, name) is not None
    }
    emptied = dict.fromkeys(found.change.clear - {"assignee"})
    return replace(old, **values, **emptied), found  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("received", "priority", "response", "contact", "solution"),
    [
        # over lunch
        (at(11, 20, 11), "high", at(11, 20, 14, 30), at(11, 20, 11, 30), at(11, 23, 11, 30)),
        # Friday evening waits for Monday
        (at(11, 20, 19), "high", at(11, 23, 11), at(11, 23, 9, 30), at(11, 24, 9, 30)),
        # around the clock, on a Sunday night
        (at(11, 22, 23, 50), "urgent", at(11, 23, 0, 20), at(11, 23, 0, 5), at(11, 23, 3, 50)),
        # the whole of National Day
        (at(9, 30, 17), "medium", at(10, 8, 12), at(9, 30, 17, 30), at(10, 8, 17, 30)),
        # the make-up Sunday before it, and the Saturday after it
        (at(9, 18, 17), "high", at(9, 20, 10), at(9, 18, 17, 30), at(9, 20, 17, 30)),
        (at(10, 9, 17), "high", at(10, 10, 10), at(10, 9, 17, 30), at(10, 10, 17, 30)),
        # Spring Festival, with the Saturdays of 14 and 28 February worked
        (at(2, 13, 17), "medium", at(2, 14, 12), at(2, 13, 17, 30), at(2, 14, 17, 30)),
        (at(2, 14, 17), "medium", at(2, 24, 12), at(2, 14, 17, 30), at(2, 24, 17, 30)),
        (at(2, 27, 17), "high", at(2, 28, 10), at(2, 27, 17, 30), at(2, 28, 17, 30)),
        # New Year, and the Sunday that makes up for it
        (at(1, 2, 9), "medium", at(1, 4, 14, 30), at(1, 4, 9, 30), at(1, 5, 9, 30)),
        # an urgent one in the middle of the holidays
        (at(10, 3, 3), "urgent", at(10, 3, 3, 30), at(10, 3, 3, 15), at(10, 3, 7)),
    ],
)
def test_limits_are_right_to_the_minute(
    received: datetime, priority: str, response: datetime, contact: datetime, solution: datetime
) -> None:
    found = promise(received, received, PROFILE.priority(priority), PROFILE, SHANGHAI)
    assert (found.response, found.contact, found.solution) == (response, contact, solution)


def test_without_an_engineer_no_contact_is_due_and_low_priority_has_no_solution_limit() -> None:
    found = promise(at(11, 20, 10), None, PROFILE.priority("low"), PROFILE, SHANGHAI)
    assert found.contact is found.solution is None
    assert {plan.kind for plan in found.plans} == {"response_missed", "response_near", "same_day"}


@pytest.mark.parametrize(
    ("received", "closing"),
    [
        (at(11, 20, 16, 59), at(11, 20, 18)),
        (at(11, 20, 17), None),
        (at(11, 20, 7), at(11, 20, 18)),
        (at(11, 21, 10), None),  # a Saturday
        (at(10, 10, 10), at(10, 10, 18)),  # one that is worked
        (at(10, 1, 10), None),  # a holiday
    ],
)
def test_what_comes_before_five_on_a_working_day_should_be_solved_that_day(
    received: datetime, closing: datetime | None
) -> None:
    assert find_same_day(received, PROFILE, SHANGHAI) == closing


def test_on_a_half_day_the_day_ends_at_noon_and_later_mails_are_not_of_it() -> None:
    half = replace(OFFICE, hours=frozenset({(at(11, 20, 0).date(), DAY[:1])}))
    short = replace(PROFILE, calendars=(half, ALWAYS))
    assert find_same_day(at(11, 20, 10), short, SHANGHAI) == at(11, 20, 12)
    assert find_same_day(at(11, 20, 14), short, SHANGHAI) is None


def test_a_wait_stops_every_clock_and_the_answer_lets_them_go_on() -> None:
    held, told = change(ticket(), at(11, 20, 11), state=State.ON_HOLD, waiting=Waiting.THIRD_PARTY)
    assert held.pauses == (Pause(at(11, 20, 11)),)
    assert told.deadlines == ()
    # An hour of lunch and thirty minutes of work later: only work is given back.
    back, told = change(held, at(11, 20, 14), state=State.IN_PROGRESS, waiting=Waiting.NONE)
    assert back.pauses == (Pause(at(11, 20, 11), at(11, 20, 14)),)
    assert back.response_due == at(11, 20, 17)  # 15:30, and ninety minutes
    assert back.solution_due == at(11, 23, 12)
    assert {(plan.kind, plan.at) for plan in told.deadlines} >= {
        ("response_missed", at(11, 20, 17)),
        ("response_near", at(11, 20, 16, 30)),
        ("solution_missed", at(11, 23, 12)),
    }


def test_a_wait_over_night_gives_nothing_back() -> None:
    held, _ = change(
        ticket(), at(11, 20, 18), state=State.WAITING_REQUESTER, waiting=Waiting.REQUESTER
    )
    back, _ = change(held, at(11, 23, 9), state=State.IN_PROGRESS, waiting=Waiting.NONE)
    assert back.solution_due == ticket().solution_due


def test_what_was_missed_before_the_wait_stays_missed() -> None:
    late = ticket(responded=None)
    held, _ = change(late, at(11, 20, 16), state=State.ON_HOLD, waiting=Waiting.THIRD_PARTY)
    back, told = change(held, at(11, 20, 17), state=State.IN_PROGRESS, waiting=Waiting.NONE)
    assert back.response_due == late.response_due
    assert "response_missed" not in {plan.kind for plan in told.deadlines}
    raised, told = change(back, at(11, 20, 17, 30), priority="urgent")
    assert raised.response_due == late.response_due
    assert "response_missed" not in {plan.kind for plan in told.deadlines}


def test_solved_stops_the_clock_and_reopened_lets_it_go_on() -> None:
    done, _ = change(
        ticket(),
        at(11, 20, 17),
        state=State.TO_CONFIRM,
        solved=at(11, 20, 17),
        waiting=Waiting.NONE,
    )
    again, _ = change(
        done, at(11, 23, 11), state=State.IN_PROGRESS, clear=frozenset(("solved", "confirmed"))
    )
    # What was left: an hour of Friday, and ninety minutes of Monday.
    assert again.solution_due == at(11, 23, 15)


def test_another_engineer_has_a_contact_limit_of_his_own() -> None:
    given, told = change(ticket(), at(11, 20, 10, 20), assignee="chen@corp.test")
    assert given.assigned == at(11, 20, 10, 20)
    assert given.contact_due == at(11, 20, 10, 50)
    assert ("contact_missed", at(11, 20, 10, 50)) in {(p.kind, p.at) for p in told.deadlines}
    gone, told = change(given, at(11, 20, 10, 30), clear=frozenset(("assignee",)))
    assert gone.assigned is gone.contact_due is None
    assert {(plan.kind, plan.at) for plan in told.deadlines} == {
        ("contact_missed", None),
        ("contact_near", None),
    }


def test_who_has_responded_has_no_contact_limit_any_more() -> None:
    answered = ticket(responded=at(11, 20, 10, 5))
    given, told = change(answered, at(11, 20, 10, 20), assignee="chen@corp.test")
    assert given.contact_due == answered.contact_due
    assert told.deadlines == ()


def test_a_higher_priority_counts_from_the_beginning() -> None:
    raised, told = change(ticket(), at(11, 20, 10, 30), priority="high")
    assert raised.response_due == at(11, 20, 12)
    assert ("response_near", at(11, 20, 11, 30)) in {(p.kind, p.at) for p in told.deadlines}


def test_a_higher_priority_misses_nothing_that_nobody_could_have_kept() -> None:
    raised, _ = change(ticket(), at(11, 20, 11, 30), priority="urgent")
    assert raised.response_due == at(11, 20, 12)  # not 10:30, an hour ago
    almost, _ = change(ticket(), at(11, 20, 15, 20), priority="urgent")
    assert almost.response_due == at(11, 20, 15, 30)  # but never later than it was


def test_a_priority_without_a_limit_takes_it_away() -> None:
    lowered, told = change(ticket(), at(11, 20, 10, 10), priority="low")
    assert lowered.contact_due is lowered.solution_due is None
    assert ("solution_missed", None) in {(plan.kind, plan.at) for plan in told.deadlines}


def test_a_priority_that_changes_while_it_waits_counts_when_it_goes_on() -> None:
    held, _ = change(ticket(), at(11, 20, 11), state=State.ON_HOLD, waiting=Waiting.THIRD_PARTY)
    raised, told = change(held, at(11, 20, 14), priority="high")
    assert told.deadlines == ()
    back, _ = change(raised, at(11, 20, 14), state=State.IN_PROGRESS, waiting=Waiting.NONE)
    assert back.response_due == at(11, 20, 15)  # an hour was left


def test_a_change_of_something_else_touches_no_limit() -> None:
    before = ticket()
    after, told = change(before, at(11, 20, 11), category="network")
    assert (told.deadlines, told.findings) == ((), ())
    assert after == replace(before, category="network")


def test_what_a_mail_does_to_other_tickets_moves_their_clocks_too() -> None:
    solved = Change(state=State.TO_CONFIRM, solved=at(11, 20, 11))
    one = Other(ticket=ticket(id=2), change=solved)
    new = Other(events=(EventPlan("split_off", ()),))
    decision = Decision(Outcome.APPENDED, "", (), ticket(), others=(one, new))
    kept = keep_time(facts(now=at(11, 20, 11), desk=DESK), decision).others
    assert kept[0].change == replace(solved, pauses=(Pause(at(11, 20, 11)),))
    assert kept[1] == new


def test_a_note_changes_no_clock_and_a_followed_change_is_not_followed_again() -> None:
    waits = Change(state=State.ON_HOLD, waiting=Waiting.THIRD_PARTY)
    given = facts(now=at(11, 20, 11), desk=DESK)
    noted = Decision(Outcome.NOTED, "", (), ticket(), change=waits)
    assert keep_time(given, noted) == noted
    once = keep_time(given, replace(noted, outcome=Outcome.APPENDED))
    assert once.change == replace(waits, pauses=(Pause(at(11, 20, 11)),))
    assert keep_time(given, once) == once


def test_a_warning_is_neither_early_nor_pointless() -> None:
    limits = {
        rank.key: {item.kind: item for item in list_limits(rank, PROFILE)}
        for rank in PROFILE.priorities
    }
    medium, urgent = limits["medium"][LimitKind.RESPONSE], limits["urgent"][LimitKind.RESPONSE]
    start = at(11, 20, 10)
    assert warn_at(start, at(11, 20, 15, 30), medium, SHANGHAI) == at(11, 20, 15)
    assert warn_at(start, at(11, 20, 10, 30), urgent, SHANGHAI) == at(11, 20, 10, 15)
    # Not on Friday evening, with the whole weekend left.
    assert warn_at(start, at(11, 23, 9, 30), medium, SHANGHAI) == at(11, 23, 9)
    assert warn_at(at(11, 20, 15, 10), at(11, 20, 15, 30), medium, SHANGHAI) is None
    assert limits["medium"][LimitKind.CONTACT].near_minutes is None  # the dispatch has just come


def test_handling_time_is_work_since_the_engineer_got_it_without_waits() -> None:
    worked = ticket(
        assigned=at(11, 20, 10, 30),
        state=State.IN_PROGRESS,
        pauses=(Pause(at(11, 20, 11), at(11, 20, 14)),),
    )
    handled = measure_handling(worked, at(11, 20, 15), PROFILE, SHANGHAI)
    assert handled == timedelta(minutes=90)
    waits = replace(worked, waiting=Waiting.REQUESTER, pauses=(Pause(at(11, 20, 11)),))
    assert measure_handling(waits, at(11, 20, 15), PROFILE, SHANGHAI) == timedelta(minutes=30)
    nobody = replace(worked, assigned=None)
    assert measure_handling(nobody, at(11, 20, 15), PROFILE, SHANGHAI) == timedelta()


ELSEWHERE = "its limits are those of the ticket it hangs under or was merged into"


@pytest.mark.parametrize(
    ("changed", "relief"),
    [
        ({}, None),
        ({"responded": at(11, 20, 15)}, "somebody has responded"),
        ({"responded": at(11, 20, 16)}, None),  # but too late
        ({"waiting": Waiting.APPROVAL}, "its clock stands still: it waits for an approval"),
        ({"state": State.REJECTED}, "its clock stands still: it is over"),
        ({"response_due": None}, "there is no such limit any more"),
        ({"parent": 7}, ELSEWHERE),
        ({"merged_into": 7}, ELSEWHERE),
    ],
)
def test_a_limit_that_was_kept_or_stands_still_is_no_miss(
    changed: dict[str, object], relief: str | None
) -> None:
    assert find_relief(ticket(**changed), LimitKind.RESPONSE, at(11, 20, 15, 30)) == relief


def test_the_day_is_missed_when_it_ends_unsolved_and_nobody_outside_was_waited_for() -> None:
    due = at(11, 20, 18)
    assert miss_same_day(ticket(), due) is None
    assert miss_same_day(ticket(solved=at(11, 20, 17)), due) == "it was solved that day"
    assert miss_same_day(ticket(solved=at(11, 20, 19)), due) is None
    waited = ticket(waiting=Waiting.REQUESTER, pauses=(Pause(at(11, 20, 17)),))
    assert miss_same_day(waited, due) is not None
    assert miss_same_day(ticket(merged_into=7), due) == ELSEWHERE


HALF_DAY = Limit(LimitKind.RESPONSE, 240, OFFICE, 30)


@pytest.mark.parametrize(
    ("since", "until", "ours"),
    [
        (at(11, 20, 15), at(11, 20, 16), True),  # it ran out meanwhile
        (at(11, 20, 15), at(11, 20, 15, 25), True),  # nobody had read yet what came
        (at(11, 20, 10), at(11, 20, 10, 30), False),  # there was time enough afterwards
        (at(11, 20, 10, 5), at(11, 20, 14), True),  # half of it was gone
        (at(11, 20, 12), at(11, 20, 13, 30), False),  # lunch
        (at(11, 20, 15, 31), at(11, 20, 17), False),  # it had run out before
    ],
)
def test_a_miss_is_ours_when_our_outage_took_the_time(
    since: datetime, until: datetime, ours: bool
) -> None:
    start, due = at(11, 20, 10), at(11, 20, 15, 30)
    assert blame_outage(start, due, (Pause(since, until),), HALF_DAY, SHANGHAI) is ours


def test_a_mail_that_lay_unread_counts_as_an_outage_and_a_minute_does_not() -> None:
    start = at(11, 20, 10)
    assert add_wait((), start, at(11, 20, 10, 1)) == ()
    assert add_wait((), start, at(11, 20, 14)) == (Pause(start, at(11, 20, 14)),)


# ── whatever happens ─────────────────────────────────────────────────────────────────────────

moments = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001
    datetime(2026, 12, 20),  # noqa: DTZ001
    timezones=st.just(UTC),
)
spans = st.integers(0, 5 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
limits = st.builds(
    Limit,
    st.sampled_from(LimitKind),
    st.integers(1, 2000),
    st.sampled_from([OFFICE, ALWAYS]),
    st.none(),
)


@st.composite
def list_pauses(draw: st.DrawFn) -> tuple[datetime, tuple[Pause, ...]]:
    """A start, and pauses after it one behind the other, as a ticket has them."""
    start = moment = draw(moments)
    pauses = []
    for _ in range(draw(st.integers(0, 4))):
        begin = moment + draw(spans)
        moment = begin + draw(spans)
        pauses.append(Pause(begin, moment))
    return start, tuple(pauses)


@given(list_pauses(), limits)
def test_a_pause_never_makes_a_limit_due_earlier(
    case: tuple[datetime, tuple[Pause, ...]], limit: Limit
) -> None:
    start, pauses = case
    dues = [add_running(start, limit, pauses[:count], SHANGHAI) for count in range(len(pauses) + 1)]
    assert dues == sorted(dues)


@given(list_pauses(), limits)
def test_a_longer_limit_is_never_due_earlier(
    case: tuple[datetime, tuple[Pause, ...]], limit: Limit
) -> None:
    start, pauses = case
    longer = replace(limit, minutes=limit.minutes + 1)
    assert add_running(start, limit, pauses, SHANGHAI) < add_running(
        start, longer, pauses, SHANGHAI
    )


@given(moments, st.lists(st.tuples(spans, spans), max_size=3), st.sampled_from(["high", "medium"]))
def test_waits_one_by_one_come_to_what_their_sum_comes_to(
    opened: datetime, waits: list[tuple[timedelta, timedelta]], priority: str
) -> None:
    found, now = ticket(opened=opened, priority=priority), opened
    for runs, stands in waits:
        now += runs
        found, _ = change(found, now, state=State.ON_HOLD, waiting=Waiting.THIRD_PARTY)
        now += stands
        found, _ = change(found, now, state=State.IN_PROGRESS, waiting=Waiting.NONE)
    for limit in list_limits(PROFILE.priority(priority), PROFILE):
        assert find_due(found, limit.kind) == add_running(opened, limit, found.pauses, SHANGHAI)


@given(moments, st.integers(1, 25), st.integers(1, 4), st.integers(0, 120))
def test_a_priority_changed_back_and_forth_gives_the_same_due_times(
    opened: datetime, minutes: int, times: int, wait: int
) -> None:
    before, now = ticket(opened=opened), opened
    now += timedelta(minutes=1)
    before, _ = change(before, now, state=State.ON_HOLD, waiting=Waiting.THIRD_PARTY)
    now += timedelta(minutes=wait)
    before, _ = change(before, now, state=State.IN_PROGRESS, waiting=Waiting.NONE)
    found = before
    for _ in range(times):
        now += timedelta(minutes=minutes / (2 * times))
        found, _ = change(found, now, priority="high")
        now += timedelta(minutes=minutes / (2 * times))
        found, _ = change(found, now, priority="medium")
    assert found == before
