"""What one tick costs: 100 rows of mixed kinds fall due beside a million stored tickets.

    python tests/bench/tick.py [--stored N] [--due N] [--rounds N] [--postgres] [--profile]

The clock runs here, over a database filled in bulk; nothing is sent. The yardstick is as many bare
transactions on the same database in the same round: one row of its own written and committed each.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import logging
import os
import pstats
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from servers.postgres import Postgres
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    Table,
    cast,
    event,
    func,
    insert,
    literal,
    null,
    select,
    text,
    type_coerce,
    update,
)

from maildesk.config import load
from maildesk.house import House, build
from maildesk.memory import enter_people
from maildesk.store import deadlines, schema, statement
from maildesk.store.column import EPOCH
from maildesk.store.statement import send

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
"""A Tuesday, half past ten in China: nobody's quiet hours."""

_PEOPLE = 1000
_SPAN = timedelta(days=700)
_STAFF = 10
_TOML = """\
data = "data"
people = "people.csv"
secret = "a secret only the benchmark knows"

[smtp]
host = "127.0.0.1"
port = 9
security = "none"

[desk.it]
addresses = ["desk@corp.test"]
accept_from = ["corp.test"]

[desk.it.budgets]
per_address_hour = 1000000
per_staff_hour = 1000000
per_ticket_day = 1000000
per_desk_hour = 1000000

[mailbox.main]
host = "127.0.0.1"
port = 9
security = "none"
user = "desk"
password = "unused"
"""


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds of one tick, its CPU, and of as many bare transactions; statements of the tick."""

    wall: float
    cpu: float
    bare: float
    statements: int


@contextmanager
def standing_house(folder: Path, stored: int, postgres: bool) -> Iterator[House]:
    """A desk whose database holds so many tickets already."""
    (folder / "maildesk.toml").write_text(_TOML, encoding="utf-8")
    (folder / "maildesk.toml").chmod(0o600)
    staff = (f"工程师{n},engineer{n}@corp.test,engineer" for n in range(_STAFF))
    lines = ("name,addresses,role", "负责人,lead@corp.test,lead", *staff)
    (folder / "people.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    config = load(folder / "maildesk.toml", os.environ)
    if not postgres:
        house = build(config, now=lambda: NOW)
        enter_people(house.store, config)
        _fill(house, stored)
        yield house
        house.store.close()
        return
    with Postgres() as server:
        house = build(replace(config, database=server.fresh_database()), now=lambda: NOW)
        enter_people(house.store, config)
        _fill(house, stored)
        yield house
        house.store.close()


def _fill(house: House, stored: int) -> None:
    """Closed tickets of two years, written by the database itself: each with its requester, two
    events, two limits that were kept, and the letter it was answered with."""
    series = select(literal(1, BigInteger).label("n")).cte("series", recursive=True)
    series = series.union_all(select(series.c.n + 1).where(series.c.n < max(stored, _PEOPLE)))
    n: ColumnElement[int] = series.c.n
    begun = (NOW - _SPAN - EPOCH) // timedelta(microseconds=1)
    step = _SPAN // timedelta(microseconds=1) // max(stored, 1)
    at = type_coerce(
        literal(begun, BigInteger) + n * literal(step, BigInteger), schema.tickets.c.opened_at.type
    )
    people, addresses = schema.people.c, schema.addresses.c
    who = 1_000_000 + n % _PEOPLE
    address = literal("past") + cast(n % _PEOPLE, String) + "@corp.test"
    ticket = schema.tickets.c
    shared = {"desk_id": literal("it"), "ticket_id": n}
    rows: list[tuple[Table, dict[Any, Any]]] = [
        (
            schema.tickets,
            {
                ticket.id: n,
                ticket.desk_id: literal("it"),
                ticket.number: literal("OLD-") + cast(n, String),
                ticket.title: literal("打印机卡纸"),
                ticket.state: literal("closed"),
                ticket.waiting: literal("none"),
                ticket.category: literal("hardware"),
                ticket.priority: literal("medium"),
                ticket.type: literal("incident"),
                ticket.requester_id: who,
                ticket.reporter_id: who,
                ticket.language: literal("zh-CN"),
                ticket.opened_at: at,
                ticket.responded_at: at,
                ticket.solved_at: at,
                ticket.closed_at: at,
                ticket.archived_at: at,
                ticket.updated_at: at,
            },
        ),
        (
            schema.participants,
            {"ticket_id": n, "person_id": who, "role": literal("requester")},
        ),
        *(
            (
                schema.events,
                {
                    "ticket_id": n,
                    "at": at,
                    "kind": literal(kind),
                    "actor_id": who,
                    "data": literal({}, schema.events.c.data.type),
                },
            )
            for kind in ("opened", "letter_queued")
        ),
        *(
            (
                schema.deadlines,
                {
                    **shared,
                    "kind": literal(kind),
                    "subject": literal("ticket:") + cast(n, String),
                    "round": literal("1"),
                    "due_at": at,
                    "state": literal("fired"),
                    "fired_at": at,
                },
            )
            for kind in ("response_near", "response_missed")
        ),
        (
            schema.outbox,
            {
                **shared,
                "cause": literal("letter:") + cast(n, String),
                "letter": literal("ack"),
                "address": address,
                "mailbox": address,
                "automatic": literal(True),
                "message_id": literal("md.") + cast(n, String) + "@corp.test",
                "subject": literal("【已受理】打印机卡纸"),
                "data": literal(b"x" * 40),
                "state": literal("accepted"),
                "created_at": at,
                "next_at": at,
                "attempts": literal(1),
                "in_doubt": literal(0),
                "settled_at": at,
            },
        ),
    ]
    with house.store.write() as db:
        if db.dialect.name == "postgresql":  # what is written here keeps its references
            db.execute(text("SET LOCAL session_replication_role = replica"))
        person: dict[Any, Any] = {
            people.id: 999_999 + n,
            people.key: literal("past") + cast(n - 1, String) + "@corp.test",
            people.name: literal("同事"),
            people.listed: literal(False),
            people.role: literal("requester"),
            people.skills: literal([], people.skills.type),
        }
        first: Select[Any] = select(*person.values()).where(n <= _PEOPLE)
        db.execute(insert(schema.people).from_select(list(person), first, False))
        of_person = [addresses.address, addresses.person_id]
        known = select(people.key, people.id).where(people.id >= 1_000_000 - 1)
        db.execute(insert(schema.addresses).from_select(of_person, known, False))
        for table, columns in rows if stored else ():
            query: Select[Any] = select(*columns.values()).where(n <= stored)
            db.execute(insert(table).from_select(list(columns), query, False))
        if db.dialect.name == "postgresql":
            for name in ("tickets", "people"):
                top = "SELECT setval(pg_get_serial_sequence(:t, 'id'), max(id)) FROM "
                db.execute(text(top + name), {"t": name})
    with house.store.write() as db:
        db.execute(text("ANALYZE"))


def make_due(house: House, count: int, turn: int) -> None:
    """New tickets in work, and a row of each that is due: limits near and missed, nobody's
    tickets, answers that are waited for."""
    kinds = (
        *("response_near", "response_missed", "solution_missed", "solution_near") * 2,
        "unassigned_notice",
        "confirm_reminder",
    )
    hour = timedelta(hours=1)
    with house.store.write() as db:
        engineers = list(
            db.execute(
                select(schema.people.c.id).where(schema.people.c.role == "engineer")
            ).scalars()
        )
        for place in range(count):
            kind = kinds[place % len(kinds)]
            limit = NOW if kind.endswith("missed") else NOW + hour / 6
            solved = kind == "confirm_reminder"
            person = 1_000_000 + place % _PEOPLE
            engineer = engineers[place % len(engineers)]
            row = {
                "desk_id": "it",
                "number": f"NEW-{turn}-{place}",
                "title": "打不开报销系统",
                "state": "to_confirm" if solved else "in_progress",
                "waiting": "none",
                "category": "software",
                "priority": ("medium", "high")[place % 2],
                "type": "incident",
                "assignee_id": engineer,
                "requester_id": person,
                "reporter_id": person,
                "language": "zh-CN",
                "opened_at": NOW - (200 * hour if solved else 3 * hour),
                "assigned_at": NOW - 3 * hour,
                "response_due": limit if kind.startswith("response") else None,
                "solution_due": limit if kind.startswith("solution") else NOW + 9 * hour,
                "responded_at": None if kind.startswith("response") else NOW - 2 * hour,
                "solved_at": NOW - 100 * hour if solved else None,
                "updated_at": NOW - 3 * hour,
            }
            if kind == "unassigned_notice":
                row |= {"state": "new", "assignee_id": None, "assigned_at": None}
            [ticket] = db.execute(insert(schema.tickets), row).inserted_primary_key or (0,)
            parts = [("requester", person), ("assignee", engineer)]
            if kind == "unassigned_notice":
                parts.pop()
            db.execute(
                insert(schema.participants),
                [{"ticket_id": ticket, "person_id": p, "role": role} for role, p in parts],
            )
            opened: dict[str, Any] = {
                "ticket_id": ticket,
                "at": NOW - 3 * hour,
                "kind": "opened",
                "data": {},
            }
            db.execute(insert(schema.events), {"ticket_id": ticket, **opened})
            if solved:
                told = {"state": "to_confirm"}
                said = {"at": NOW - 100 * hour, "kind": "solved", "data": told}
                db.execute(insert(schema.events), {"ticket_id": ticket, **said})
            db.execute(
                insert(schema.deadlines),
                {
                    "kind": kind,
                    "subject": f"ticket:{ticket}",
                    "round": "1",
                    "desk_id": "it",
                    "ticket_id": ticket,
                    "due_at": NOW,
                    "state": "open",
                },
            )


def measure(house: House, count: int, turn: int) -> Round:
    """One tick, and the yardstick before it."""
    make_due(house, count, turn)
    statements = 0

    def count_one(*_: object) -> None:
        nonlocal statements
        statements += 1

    def run(*given: Any, **named: Any) -> Any:
        count_one()
        return send(*given, **named)

    begun = time.perf_counter()
    for _ in range(count):
        with house.store.write() as db:
            db.execute(update(schema.people).where(schema.people.c.id == 1).values(listed=True))
    bare = time.perf_counter() - begun
    event.listen(house.store.engine, "before_cursor_execute", count_one)
    begun, cpu = time.perf_counter(), time.process_time()
    with patch.object(statement, "send", run):
        house.clock.tick()
    wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
    event.remove(house.store.engine, "before_cursor_execute", count_one)
    with house.store.read() as db:
        assert not deadlines.due_ids(db, NOW), "every row was handled"
    return Round(wall, cpu, bare, statements)


def list_outcomes(house: House) -> Counter[str]:
    """What became of the rows, without the addresses in it."""
    query = select(schema.deadlines.c.kind, func.substr(schema.deadlines.c.note, 1, 10)).where(
        schema.deadlines.c.fired_at == NOW, schema.deadlines.c.note != null()
    )
    with house.store.read() as db:
        return Counter(f"{kind}: {note}" for kind, note in db.execute(query))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    arguments.add_argument("--stored", type=int, default=1_000_000)
    arguments.add_argument("--due", type=int, default=100)
    arguments.add_argument("--rounds", type=int, default=7)
    arguments.add_argument("--postgres", action="store_true")
    arguments.add_argument("--profile", action="store_true", help="print where the time goes")
    arguments.add_argument("--json", action="store_true")
    given = arguments.parse_args()
    logging.disable()
    with (
        tempfile.TemporaryDirectory(prefix="mdtick") as folder,
        standing_house(Path(folder), given.stored, given.postgres) as house,
    ):
        measure(house, given.due, 0)  # statements are compiled once
        if given.profile:
            profiler = cProfile.Profile()
            make_due(house, given.due, 1)
            profiler.runcall(house.clock.tick)
            stats = pstats.Stats(profiler)
            stats.sort_stats("tottime").print_stats(25)
            stats.sort_stats("cumulative").print_stats(60)
            return
        rounds = [measure(house, given.due, turn + 1) for turn in range(given.rounds)]
        outcomes = list_outcomes(house)
    middle = sorted(rounds, key=lambda item: item.wall)[len(rounds) // 2]
    figures = {
        "tick, ms": middle.wall * 1000,
        "tick, CPU ms": middle.cpu * 1000,
        "bare transactions, ms": middle.bare * 1000,
        "ratio": statistics.median(item.wall / item.bare for item in rounds),
        "statements a row": middle.statements / given.due,
    }
    if given.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:<24}{value:9.2f}")
    for name, number in outcomes.most_common():
        print(f"  {number:>5}  {name}")


if __name__ == "__main__":
    main()
