"""Many limits fall due in one tick: read, judged and written together, and each as if alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from builders import profile
from sqlalchemy import Connection, event
from thread import LIU, kinds, open_desk, open_ticket
from worlds import World

from maildesk.desk.charter import Budgets
from maildesk.desk.profile import Profile
from maildesk.store import statement
from maildesk.store.statement import send

MakeWorld = Callable[..., World]
WIDE = Budgets(per_address_hour=500, per_staff_hour=500)


def strict(contact_minutes: int) -> Profile:
    """A response within two hours of work, and a call before."""
    plain = profile()
    values: dict[str, Any] = {
        "response_minutes": 120,
        "contact_minutes": contact_minutes,
        "calendar": "work",
    }
    ranks = tuple(
        replace(rank, **values) if rank.key == "medium" else rank for rank in plain.priorities
    )
    return replace(plain, priorities=ranks, unassigned_after_minutes=100_000)


def open_several(world: World, count: int) -> None:
    """So many requests of as many people, all given to 刘洋, at one moment."""
    for at in range(count):
        name = f"u{count}-{at}@corp.test"
        open_ticket(world, sender=f"同事 <{name}>", message_id=f"m-{name}")


@contextmanager
def counted(world: World) -> Iterator[list[str]]:
    """Every statement the database is asked meanwhile."""
    found: list[str] = []

    def note(*given: object) -> None:
        found.append(str(given[2]))

    def run(db: Connection, sql: str, *given: Any, **named: Any) -> Any:
        found.append(sql)
        return send(db, sql, *given, **named)

    event.listen(world.store.engine, "before_cursor_execute", note)
    with patch.object(statement, "send", run):
        yield found
    event.remove(world.store.engine, "before_cursor_execute", note)


def test_a_letter_of_a_tick_counts_for_the_brake_on_those_after_it(make_world: MakeWorld) -> None:
    budgets = Budgets(per_address_hour=500, per_staff_hour=3)
    world = open_desk(make_world, profile=strict(30), budgets=budgets)
    open_several(world, 5)
    world.later(hours=1, minutes=5)  # the hour of their dispatch letters is over
    asked = world.rows("SELECT state FROM outbox WHERE letter = 'missed' ORDER BY id")
    assert [row[0] for row in asked] == ["accepted"] * 3 + ["withheld"] * 2
    assert "3 are allowed" in world.value("SELECT max(reason) FROM outbox")
    fired = world.rows("SELECT note FROM deadlines WHERE kind = 'contact_missed' ORDER BY id")
    assert [row[0].partition(" (")[0] for row in fired] == [f"letter to {LIU.key}"] * 3 + [
        "withheld"
    ] * 2


def test_two_limits_of_a_ticket_in_one_tick_ask_once(make_world: MakeWorld) -> None:
    world = open_desk(make_world, profile=strict(30), budgets=WIDE)
    open_several(world, 3)
    world.later(hours=6)
    assert kinds(world, LIU.key).count("missed") == 3
    missed = "SELECT kind FROM events WHERE kind LIKE '%_missed' ORDER BY kind"
    kept = ["contact_missed"] * 3 + ["response_missed"] * 3
    assert [row[0] for row in world.rows(missed)] == kept
    spared = "SELECT note FROM deadlines WHERE kind = 'response_missed'"
    why = "missed; the letter about the contact has just asked"
    assert [row[0] for row in world.rows(spared)] == [why] * 3


def test_twenty_limits_at_once_ask_the_database_as_often_as_two(make_world: MakeWorld) -> None:
    world = open_desk(make_world, profile=strict(30), budgets=WIDE)
    asked = []
    for count in (2, 20):
        open_several(world, count)
        world.now += timedelta(minutes=40)
        with counted(world) as statements:
            assert world.clock.tick() == count
        asked.append(len(statements))
    assert kinds(world, LIU.key).count("missed") == 22
    assert asked[1] == asked[0]
