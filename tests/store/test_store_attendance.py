"""Who could get a ticket now: what each has, whose turn it is, and who is away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from builders import NOW
from sqlalchemy import insert, text
from worlds import LEAD, World

from maildesk.desk.decision import AbsencePlan
from maildesk.desk.person import Person, Role
from maildesk.store import attendance
from maildesk.store.schema import tickets

LIU = Person("刘洋", ("liu@corp.test", "yang@corp.test"), "HW005", role=Role.ENGINEER)
CHEN = Person("陈晨", ("chen@corp.test",), "NT002", role=Role.ENGINEER)
ZHANG = Person("张敏", ("zhang@corp.test",))


def _give(world: World, person: int, **given: Any) -> None:
    count = world.value("SELECT count(*) FROM tickets")
    row: dict[str, Any] = {
        "desk_id": "it",
        "number": f"N{count}",
        "title": "x",
        "state": "in_progress",
        "waiting": "none",
        "category": "hardware",
        "priority": "medium",
        "type": "incident",
        "assignee_id": person,
        "requester_id": person,
        "reporter_id": person,
        "language": "zh-CN",
        "opened_at": NOW,
        "updated_at": NOW,
        "chases": 0,
    }
    with world.store.write() as db:
        db.execute(insert(tickets), {**row, **given})


def _id_of(world: World, person: Person) -> int:
    return int(world.value(f"SELECT id FROM people WHERE name = '{person.name}'"))


def test_urgent_weighs_most_and_what_waits_or_is_over_least(
    make_world: Callable[..., World],
) -> None:
    world = make_world(listed=(LEAD, LIU, CHEN, ZHANG))
    liu, chen = _id_of(world, LIU), _id_of(world, CHEN)
    for given in (
        {},
        {"priority": "urgent"},
        {"state": "on_hold", "priority": "urgent"},
        {"state": "waiting_requester"},
        {"state": "to_confirm"},
        {"state": "solved"},
        {"state": "closed"},
    ):
        _give(world, liu, **given)
    _give(world, chen, state="new")
    with world.store.read() as db:
        found = attendance.read_attendance(db, world.desk, NOW)
    assert found.loads == {
        "wang@corp.test": 0,
        "liu@corp.test": 2 + 4 + 1 + 1,
        "yang@corp.test": 2 + 4 + 1 + 1,
        "chen@corp.test": 2,
    }
    assert found.assigned_at == dict.fromkeys(found.loads)
    assert found.away == {}


def test_an_absence_is_kept_made_longer_and_ended(make_world: Callable[..., World]) -> None:
    world = make_world(listed=(LEAD, LIU, CHEN))
    liu = _id_of(world, LIU)
    end = NOW + timedelta(days=3)

    def note(until: Any, since: timedelta | None = None) -> None:
        with world.store.write() as db:
            plan = AbsencePlan(until, None if since is None else NOW + since)
            attendance.note_absence(db, "it", liu, plan, None)

    def away(at: timedelta = timedelta()) -> dict[str, Any]:
        with world.store.read() as db:
            both = attendance.read_away(db, NOW + at)
            assert attendance.read_attendance(db, world.desk, NOW + at).away == both
            return both

    note(end, timedelta())
    assert away() == {"liu@corp.test": end, "yang@corp.test": end}
    assert away(timedelta(days=3)) == {}
    note(end + timedelta(days=1))
    assert away(timedelta(days=3)) == dict.fromkeys(LIU.addresses, end + timedelta(days=1))
    note(None)
    assert away() == {}
    note(end, timedelta(hours=1))
    note(end + timedelta(days=9), timedelta(days=5))
    assert away() == away(timedelta(days=4)) == {}  # it begins on the fifth
    assert set(away(timedelta(days=5))) == set(LIU.addresses)
    told = world.rows("SELECT subject, state FROM deadlines WHERE kind = 'absence_notice'")
    assert [tuple(row) for row in told] == [(f"person:{liu}", "open")] * 3
    with world.store.read() as db:
        since = db.execute(text("SELECT since FROM absences")).scalar_one()
    assert since is not None
