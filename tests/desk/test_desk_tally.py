"""The figures of a month that was worked out by hand, and sums that add up whatever happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import desk, profile
from hypothesis import given, settings
from hypothesis import strategies as st
from months import MONTH, NOVEMBER, ZONE, at, made_up, stored, sum_up, told

from maildesk.desk.label import Label
from maildesk.desk.reports.figures import (
    LIMITS,
    Attainment,
    Figures,
    FollowUps,
    Miss,
    Share,
    Traced,
)
from maildesk.desk.reports.measured import Called, Ruler, Stored
from maildesk.desk.reports.period import Period
from maildesk.desk.reports.tally import Tally
from maildesk.desk.ticket import Pause, State


def _name(*numbers: int) -> Traced:
    return Traced(len(numbers), tuple(f"T{number:02}" for number in numbers))


def test_the_month_counts_what_was_counted_by_hand() -> None:
    counts = sum_up(MONTH).counts
    assert counts.opened == _name(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 16, 17, 18, 19, 20)
    assert counts.solved == _name(1, 2, 3, 4, 5, 6, 7, 10, 11, 17, 18, 19, 20)
    assert counts.closed == _name(1, 2, 3, 4, 5, 7, 10, 11, 18, 20)
    assert counts.by_policy == _name(7)
    assert counts.rejected == _name(8)
    assert (counts.reopened.count, counts.reopened.numbers) == (3, ("T10", "T20"))
    assert (counts.chases.count, counts.chases.numbers) == (2, ("T20",))
    assert counts.backlog == _name(12, 13, 14, 16)
    assert counts.unassigned == _name(12)
    assert counts.unconfirmed == _name(6)
    ages = {bucket.days: bucket.tickets for bucket in counts.ages}
    assert ages == {1: _name(14, 16), 3: _name(), 7: _name(13), 14: _name(), None: _name(12)}


def test_the_month_attains_what_was_worked_out_by_hand() -> None:
    figures = sum_up(MONTH)
    response, contact, solution = (figures.find_limit(limit) for limit in LIMITS)
    assert response.total == Attainment(met=12, missed=2, ours=1, running=1)
    assert contact.total == Attainment(met=1)
    assert solution.total == Attainment(met=11, missed=2, running=3)
    assert figures.same_day == Attainment(met=6, missed=5)
    assert figures.same_day_missed == _name(5, 10, 13, 14, 20)
    by_priority = {item.key: item.attainment for item in response.priorities}
    assert [*by_priority] == ["urgent", "high", "medium", "low"]
    assert by_priority["urgent"] == Attainment(missed=1, ours=1)
    assert by_priority["high"] == Attainment(met=2)
    by_engineer = {item.label.zh: item.attainment for item in response.engineers}
    assert by_engineer["刘洋"] == Attainment(met=3, missed=1)
    assert solution.engineers[-1].label == Label("无人接单", "Nobody")
    by_group = {item.key: item.attainment for item in response.groups}
    assert by_group["network"] == Attainment(missed=2, ours=1)


def test_each_miss_tells_how_late_it_was_and_why() -> None:
    figures = sum_up(MONTH)
    medium, urgent = Label("中", "Medium"), Label("紧急", "Urgent")
    assert figures.find_limit("response").misses == (
        Miss("T03", "VPN连不上", medium, "刘洋", 30, True, False, ("外出",)),
        Miss("T04", "VPN 连不上", urgent, "陈静", 30, True, True, ()),
    )
    late, forgotten = figures.find_limit("solution").misses
    assert (late.number, late.over, late.done, late.reasons) == ("T10", 60, True, ())
    # From noon of the 5th to the end of the month.
    assert (forgotten.number, forgotten.over) == ("T12", (25 * 24 + 12) * 60)
    assert (forgotten.done, forgotten.engineer) == (False, "")


def test_the_month_is_solved_at_first_contact_reopened_and_rated_as_counted_by_hand() -> None:
    figures = sum_up(MONTH, hardware=4, gone=2)
    assert figures.first_line == Share(1, 12, ("T02",))
    assert figures.reopened == Share(2, 13, ("T10", "T20"))
    satisfaction = figures.satisfaction
    assert satisfaction.rated == Share(4, 12, ("T01", "T02", "T03", "T10"))
    overall, speed, *others = satisfaction.questions
    assert (overall.scores, overall.average) == ((0, 1, 1, 0, 2), 3.75)
    assert (speed.key, speed.scores) == ("speed", (0, 0, 0, 0, 1))
    assert [item.answers for item in others] == [0, 0, 0]
    assert satisfaction.low_count == 2
    first, second = satisfaction.low
    assert (first.number, first.words, first.follow_up) == ("T03", "太慢", "in_time")
    assert first.record == "已电话沟通"
    assert (second.number, second.follow_up, second.due) == ("T10", "none", None)
    assert figures.follow_ups == FollowUps(in_time=_name(3))


def test_the_month_has_its_categories_and_its_most_frequent_faults() -> None:
    figures = sum_up(MONTH, hardware=4, gone=2)
    counted = [(item.key, item.tickets.count, item.change) for item in figures.categories]
    assert counted == [
        ("hardware", 5, 1),
        ("software", 4, 4),
        ("network", 3, 3),
        ("service", 3, 3),
        ("account", 1, 1),
        ("how_to", 1, 1),
        ("gone", 0, -2),
    ]
    assert [(item.title, item.tickets) for item in figures.faults] == [
        ("VPN连不上", _name(3, 4, 19)),
        ("打印机卡纸", _name(1, 20)),
    ]


def test_titles_that_say_nearly_the_same_are_one_fault_called_as_most_call_it() -> None:
    said = ("三楼打印机卡纸", "打印机卡纸了", "打印机又卡纸", "VPN连不上", "请帮忙重置密码")
    tickets = [
        stored(number, "11-03 09:00", category="hardware", title=title)
        for number, title in enumerate(said)
    ]
    [fault] = sum_up(tickets).faults
    assert (fault.title, fault.tickets) == ("打印机卡纸了", _name(0, 1, 2))


def test_what_is_frequent_is_found_among_more_kinds_than_are_kept() -> None:
    often = {7 * number: "VPN连不上" for number in range(1, 800)}
    tickets = (
        stored(
            number,
            "11-03 09:00",
            title=often.get(number, f"{chr(0x4E00 + number)}{chr(0x7000 - number)}"),
        )
        for number in range(1, 5600)
    )
    [fault, *_] = sum_up(list(tickets)).faults
    assert (fault.title, fault.tickets.count) == ("VPN连不上", 799)
    assert len(fault.tickets.numbers) == 10


def test_an_empty_period_has_no_rates_and_is_quiet() -> None:
    figures = sum_up(())
    assert figures.quiet
    assert figures.find_limit("response").total.rate is None
    assert figures.first_line.rate is None
    assert not sum_up(MONTH).quiet


def test_a_reason_stands_for_the_limits_it_names() -> None:
    ticket = stored(
        1, "11-03 09:00", response_due="11-03 10:00", responded="11-03 12:00",
        solution_due="11-03 11:00", solved="11-03 12:00",
        told=[
            told("late_reason", "11-03 10:05", why="外出", limits="response"),
            told("late_reason", "11-03 11:05", why="等备件"),
        ],
    )  # fmt: skip
    figures = sum_up([ticket])
    reasons = {limit: miss.reasons for limit, miss in figures.list_misses()}
    assert reasons == {"response": ("外出", "等备件"), "solution": ("等备件",)}


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        # Rejected, or solved by itself, before anybody had to answer.
        ({"closed": "11-03 10:00", "state": State.REJECTED}, Attainment()),
        ({"solved": "11-03 10:00", "state": State.TO_CONFIRM}, Attainment()),
        ({"closed": "11-04 10:00", "state": State.REJECTED}, Attainment(missed=1)),
        # In time to the minute, and a minute late.
        ({"responded": "11-03 13:00"}, Attainment(met=1)),
        ({"responded": "11-03 13:01"}, Attainment(missed=1)),
        # It stands still until the requester has answered.
        ({"pauses": (Pause(at("11-03 12:00")),)}, Attainment(running=1)),
        ({"pauses": (Pause(at("11-03 14:00")),)}, Attainment(missed=1)),
        ({"merged_into": 2}, Attainment()),
        ({"parent": 2}, Attainment()),
    ],
)
def test_a_response_is_judged_by_when_it_ran_out(
    given_: dict[str, object], expected: Attainment
) -> None:
    values: dict[str, object] = {"state": State.IN_PROGRESS, "response_due": "11-03 13:00"}
    ticket = stored(1, "11-03 09:00", **{**values, **given_})
    assert sum_up([ticket]).find_limit("response").total == expected


def test_a_follow_up_is_judged_at_the_end_of_the_period() -> None:
    opened = at("11-30 09:00")
    calls = [
        Called(opened, opened + timedelta(hours=due), opened + done if done else None, "打过电话")
        for due, done in (
            (24, None),
            (3, None),
            (3, timedelta(hours=2)),
            (3, timedelta(hours=4)),
            (3, timedelta(days=2)),
        )
    ]
    found = [stored(number, "11-29 09:00", calls=[call]) for number, call in enumerate(calls)]
    assert sum_up(found).follow_ups == FollowUps(
        open=_name(0), overdue=_name(1, 4), in_time=_name(2), late=_name(3)
    )


def _split(period: Period, share: int) -> tuple[Period, Period]:
    """The same time in two."""
    middle = period.since + (period.until - period.since) * share / 100
    return replace(period, until=middle), replace(period, since=middle)


def _flows(figures: Figures) -> dict[str, int]:
    """What happened in a period, which must add up over its parts."""
    counts = figures.counts
    flows = {
        key: getattr(counts, key).count
        for key in ("opened", "solved", "closed", "by_policy", "rejected", "reopened", "chases")
    }
    for item in figures.limits:
        flows |= {f"{item.limit} met": item.total.met, f"{item.limit} missed": item.total.missed}
    flows |= {"day met": figures.same_day.met, "day missed": figures.same_day.missed}
    flows |= {"answers": sum(item.answers for item in figures.satisfaction.questions)}
    return flows | {f"in {item.key}": item.tickets.count for item in figures.categories}


@settings(max_examples=60)
@given(st.lists(made_up(), max_size=8), st.integers(1, 99))
def test_what_happened_in_two_halves_happened_in_the_whole(
    tickets: list[Stored], share: int
) -> None:
    whole = _flows(sum_up(tickets))
    halves = [_flows(sum_up(tickets, half)) for half in _split(NOVEMBER, share)]
    for key, count in whole.items():
        assert count == sum(half.get(key, 0) for half in halves), key


@settings(max_examples=60)
@given(st.lists(made_up(), max_size=8))
def test_the_parts_of_a_limit_add_up_to_it(tickets: list[Stored]) -> None:
    figures = sum_up(tickets)
    for item in figures.limits:
        for parts in (item.priorities, item.groups, item.engineers):
            for key in ("met", "missed", "ours", "running"):
                total = sum(getattr(part.attainment, key) for part in parts)
                assert total == getattr(item.total, key)
        assert len(item.misses) == item.total.missed
        assert item.total.ours <= item.total.missed
    counts = figures.counts
    assert sum(bucket.tickets.count for bucket in counts.ages) == counts.backlog.count
    assert sum(item.tickets.count for item in figures.categories) == counts.opened.count
    assert figures.first_line.part <= figures.first_line.whole <= counts.solved.count
    assert figures.reopened.part <= figures.reopened.whole


@settings(max_examples=60)
@given(st.lists(made_up(), max_size=8))
def test_the_open_ones_are_those_that_came_and_did_not_go(tickets: list[Stored]) -> None:
    """Without reopening: open at the end is open at the beginning, plus what came, less what was
    solved or closed first."""
    first, second = _split(NOVEMBER, 50)
    before, after = sum_up(tickets, first), sum_up(tickets, second)
    went = sum(
        1
        for item in tickets
        if second.since
        <= min(filter(None, (item.solved, item.closed)), default=second.until)
        < second.until
    )
    came = after.counts.opened.count
    assert after.counts.backlog.count == before.counts.backlog.count + came - went


def test_what_a_former_key_counted_counts_with_what_takes_it_now() -> None:
    usual = profile()
    renamed = replace(
        usual,
        categories=tuple(
            replace(item, takes=("net",)) if item.key == "network" else item
            for item in usual.categories
        ),
        priorities=tuple(
            replace(item, takes=("normal",)) if item.key == "medium" else item
            for item in usual.priorities
        ),
    )
    ruler = Ruler(NOVEMBER, renamed, ZONE)
    tally = Tally(replace(desk(), profile=renamed), NOVEMBER)
    for number, (category, priority) in enumerate((("net", "normal"), ("network", "medium")), 1):
        due = {"response_due": "11-02 14:00", "responded": "11-02 11:00"}
        given = {"category": category, "priority": priority, **due}
        tally.add(ruler.measure(stored(number, "11-02 10:00", **given)))
    figures = tally.finish({"net": 3, "network": 1, "service": 0})
    counted = [(item.key, item.tickets.count, item.before) for item in figures.categories]
    assert counted == [("network", 2, 4)]
    [response] = figures.find_limit("response").priorities
    assert (response.key, response.attainment) == ("medium", Attainment(met=2))
