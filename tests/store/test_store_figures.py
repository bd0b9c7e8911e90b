"""A period's tickets are read from the database as they are, in order, and whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta

import pytest
from builders import desk, profile
from keeping import keep, keep_month, keep_people
from months import MONTH, NOVEMBER, ZONE, at, stored, sum_up, told
from sqlalchemy import insert, update

from maildesk.desk.reports.figures_json import write_figures
from maildesk.desk.reports.measured import Called, Rated, Stored
from maildesk.desk.reports.period import find_period
from maildesk.store import figures, schema
from maildesk.store.engine import Store
from maildesk.store.migration import prepare


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    made = Store(database)
    prepare(made)
    keep_people(made)
    yield made
    made.close()


def test_the_month_in_the_database_has_the_figures_of_the_month_worked_out_by_hand(
    store: Store,
) -> None:
    keep_month(store)
    with figures.read_steadily(store) as db:
        found = figures.sum_up(db, desk(), NOVEMBER)
    by_hand = sum_up(MONTH)
    assert found.counts == by_hand.counts
    assert found.limits == by_hand.limits
    # Two tickets of November's categories came in October.
    assert found == sum_up(MONTH, hardware=1, service=1)


def test_the_same_period_read_twice_gives_the_same_bytes(store: Store) -> None:
    keep_month(store)
    printed = set()
    for _ in range(2):
        with figures.read_steadily(store) as db:
            found = figures.sum_up(db, desk(), NOVEMBER)
            printed.add(json.dumps(write_figures(found)))
    assert len(printed) == 1


def test_each_ticket_is_read_as_it_is_kept(store: Store) -> None:
    ticket = stored(
        1, "11-03 09:00", solved="11-03 10:00", responded="11-03 10:00", engineer="刘洋",
        tags=["vip"], closed_by="requester", closed="11-03 11:00",
        told=[
            told("assigned", "11-03 09:00", to="liu", by=""),
            told("chased", "11-03 09:30", why="催"),
        ],
        rating=Rated(at("11-03 11:00"), 2, {"speed": 1}, "太慢"),
        calls=[Called(at("11-03 11:01"), at("11-04 11:01"), None, "")],
    )  # fmt: skip
    with store.write() as db:
        keep(db, ticket)
        ignored = {"ticket_id": 1, "at": at("11-03 09:00"), "kind": "opened", "data": {}}
        db.execute(insert(schema.events), ignored)
    with figures.read_steadily(store) as db:
        [found] = figures.read_tickets(db, "it", NOVEMBER)
    for item in fields(Stored):
        if item.name != "handler":
            assert getattr(found, item.name) == getattr(ticket, item.name), item.name
    assert found.handler == "刘洋@corp.test"


def test_only_what_may_count_is_read(store: Store) -> None:
    with store.write() as db:
        keep(db, stored(1, "10-02 09:00", solved="10-03 09:00", closed="10-03 09:00"))
        keep(db, stored(2, "10-02 09:00", solved="10-03 09:00", closed="11-03 09:00"))
        keep(db, stored(3, "11-02 09:00"), desk_id="hr")
        keep(db, stored(4, "12-02 09:00"))
        # Over since October, and rated in November.
        rated = Rated(at("11-02 09:00"), 5, {}, "")
        keep(db, stored(5, "10-02 09:00", solved="10-03 09:00", closed="10-03 09:00", rating=rated))
    with figures.read_steadily(store) as db:
        numbers = [item.number for item in figures.read_tickets(db, "it", NOVEMBER)]
        assert numbers == ["T02", "T05"]
        assert figures.count_tickets(db, "it", NOVEMBER) == 0
        assert figures.sum_up(db, desk(), NOVEMBER).satisfaction.questions[0].answers == 1


def test_only_the_rating_that_counts_is_read(store: Store) -> None:
    with store.write() as db:
        keep(db, stored(1, "11-02 09:00", rating=Rated(at("11-02 10:00"), 1, {}, "")))
        db.execute(update(schema.ratings).values(current=False))
        row = {"at": at("11-02 11:00"), "score": 5, "answers": {}, "words": "", "source": "mail"}
        about = {"id": 2, "desk_id": "it", "ticket_id": 1, "person_id": 1}
        db.execute(insert(schema.ratings), {**about, **row, "current": True})
    with figures.read_steadily(store) as db:
        [found] = figures.read_tickets(db, "it", NOVEMBER)
    assert found.rating == Rated(at("11-02 11:00"), 5, {}, "")


def test_events_of_one_ticket_are_never_another_s(store: Store) -> None:
    """More tickets and events than are fetched at once, some tickets without any."""
    count = 2300
    with store.write() as db:
        for number in range(1, count):
            keep(db, stored(number, "11-02 09:00"))
        rows = [
            {
                "ticket_id": number,
                "at": at("11-02 09:00") + timedelta(seconds=turn),
                "kind": "chased",
                "data": {},
            }
            for turn in range(2)
            for number in range(1, count)
            if number % 3 == 0
        ]
        db.execute(insert(schema.events), rows)
    with figures.read_steadily(store) as db:
        for ticket in figures.read_tickets(db, "it", NOVEMBER):
            assert len(ticket.told) == (2 if ticket.id % 3 == 0 else 0)
        previous = find_period("monthly", profile(), ZONE, at("12-20 09:00").date())
        assert figures.sum_up(db, desk(), previous).categories[0].before == count - 1
