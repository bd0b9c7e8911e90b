"""Anybody may read how well limits were kept; nobody can make the desk reckon all day by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from builders import desk
from keeping import keep, keep_month, keep_people
from months import at, stored
from sqlalchemy import event

from maildesk.published import Published
from maildesk.store.engine import Store
from maildesk.store.migration import prepare

_NOON = at("11-30 12:00")


class _Clock:
    now: datetime = _NOON


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def store(database: str, clock: _Clock) -> Iterator[Store]:
    made = Store(database, lambda: clock.now)
    prepare(made)
    keep_people(made)
    yield made
    made.close()


def _count_statements(store: Store) -> list[str]:
    found: list[str] = []

    def note(*given: object) -> None:
        found.append(str(given[2]))

    event.listen(store.engine, "before_cursor_execute", note)
    return found


def test_the_last_month_and_this_one_until_now_are_published(store: Store, clock: _Clock) -> None:
    keep_month(store)
    october, november = Published(store).read(desk())
    assert october.find_limit("response").total.rate == 0.5
    assert november.period.until == _NOON
    assert november.counts.opened.count == 15
    assert november.find_limit("response").total.met == 11


def test_figures_are_worked_out_once_an_hour(store: Store, clock: _Clock) -> None:
    published = Published(store)
    first = published.read(desk())
    with store.write() as db:
        keep(db, stored(1, "11-30 09:00"))
    asked = _count_statements(store)
    clock.now += timedelta(minutes=59)
    assert published.read(desk()) is first
    assert not asked
    clock.now += timedelta(minutes=1)
    assert published.read(desk())[1].counts.opened.count == 1
    assert 0 < len(asked) <= 12


def test_nobody_waits_while_somebody_else_reckons(store: Store, clock: _Clock) -> None:
    published = Published(store)
    with published._turn:
        assert published.read(desk()) == ()
    known = published.read(desk())
    clock.now += timedelta(hours=2)
    with published._turn:
        assert published.read(desk()) is known
