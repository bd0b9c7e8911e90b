"""Tickets that are there before a measurement begins, written in bulk as the journeys leave them.

Whether the cost of a mail grows with them is the question.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert

from bench.corpus import DOMAIN, PEOPLE
from maildesk.config import load
from maildesk.house import build
from maildesk.memory import enter_people
from maildesk.store import schema

_BLOCK = 2000
_SPAN = timedelta(days=700)


@dataclass(frozen=True, slots=True)
class Before:
    """What the database holds when the measurement begins."""

    filed: int
    accepted: int


def fill(config: Path, count: int) -> Before:
    """Make the database of that configuration, with `count` answered tickets of two years."""
    loaded = load(config, os.environ)
    house = build(loaded)
    enter_people(house.store, loaded)
    try:
        now = house.store.now()
        with house.store.write() as db:
            for number in range(PEOPLE):
                address = f"past{number:04d}@{DOMAIN}"
                person = {
                    "key": address,
                    "name": address,
                    "listed": False,
                    "role": "requester",
                    "skills": [],
                }
                [key] = db.execute(insert(schema.people), person).inserted_primary_key or (0,)
                db.execute(insert(schema.addresses), {"address": address, "person_id": key})
        first = _first_person(house.store.engine.url.database or "")
        for start in range(0, count, _BLOCK):
            numbers = range(start + 1, min(start + _BLOCK, count) + 1)
            with house.store.write() as db:
                for table, rows in _rows(numbers, count, now, first):
                    db.execute(insert(table), rows)
        return Before(count, count)
    finally:
        house.store.close()


def _first_person(database: str) -> int:
    with sqlite3.connect(database) as db:
        row = db.execute("SELECT min(id) FROM people WHERE key LIKE 'past%'").fetchone()
    db.close()
    return int(row[0])


def _rows(
    numbers: range, count: int, now: datetime, first: int
) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    times = {number: now - _SPAN * (count - number + 1) / (count + 1) for number in numbers}
    who = {number: first + number % PEOPLE for number in numbers}
    address = {number: f"past{number % PEOPLE:04d}@{DOMAIN}" for number in numbers}
    trace = {"findings": [{"step": "guard", "result": "passed", "why": "no loop"}] * 4}
    yield (
        schema.tickets,
        [
            {
                "id": n,
                "desk_id": "it",
                "number": f"OLD-{n:07d}",
                "title": "打印机卡纸",
                "state": "closed",
                "waiting": "none",
                "category": "hardware",
                "priority": "medium",
                "type": "incident",
                "requester_id": who[n],
                "reporter_id": who[n],
                "language": "zh-CN",
                "opened_at": times[n],
                "responded_at": times[n],
                "updated_at": times[n],
            }
            for n in numbers
        ],
    )
    yield (
        schema.letters,
        [
            {
                "id": n,
                "desk_id": "it",
                "fingerprint": f"{n:064x}",
                "message_id": f"old.{n}@mail.{DOMAIN}",
                "raw_sha": f"{n:064x}",
                "kind": "ordinary",
                "sender": address[n],
                "subject": "打印机卡纸",
                "received_at": times[n],
                "outcome": "opened",
                "reason": "nothing ties it to a ticket",
                "ticket_id": n,
                "rules_hash": f"{1:064x}",
                "trace": trace,
            }
            for n in numbers
        ],
    )
    yield (
        schema.sightings,
        [
            {
                "mailbox": "main",
                "uidvalidity": 1,
                "uid": n,
                "raw_sha": f"{n:064x}",
                "size": 9000,
                "internaldate": times[n],
                "identity": f"{n:064x}",
                "state": "filed",
                "attempts": 1,
                "admitted": False,
                "outcome": "opened",
                "letter_id": n,
                "ticket_id": n,
                "seen_at": times[n],
                "decided_at": times[n],
            }
            for n in numbers
        ],
    )
    yield (
        schema.message_ids,
        [
            {"desk_id": "it", "message_id": f"{kind}.{n}@mail.{DOMAIN}", "ticket_id": n}
            for n in numbers
            for kind in ("old", "md")
        ],
    )
    yield (
        schema.participants,
        [{"ticket_id": n, "person_id": who[n], "role": "requester"} for n in numbers],
    )
    yield (
        schema.events,
        [
            {
                "ticket_id": n,
                "letter_id": n,
                "at": times[n],
                "kind": kind,
                "actor_id": who[n],
                "data": {"from": address[n]},
            }
            for n in numbers
            for kind in ("opened", "letter_queued")
        ],
    )
    yield (
        schema.texts,
        [
            {
                "letter_id": n,
                "ticket_id": n,
                "reply": "打印机又卡纸了。" * 20,
                "body": "卡纸。" * 60,
            }
            for n in numbers
        ],
    )
    yield (
        schema.deadlines,
        [
            {
                "kind": kind,
                "subject": f"ticket:{n}",
                "round": "1",
                "desk_id": "it",
                "ticket_id": n,
                "due_at": times[n],
                "state": "fired",
                "fired_at": times[n],
            }
            for n in numbers
            for kind in ("response_near", "response_missed")
        ],
    )
    yield (
        schema.outbox,
        [
            {
                "desk_id": "it",
                "ticket_id": n,
                "cause": f"letter:{n}",
                "letter": "ack",
                "address": address[n],
                "mailbox": address[n],
                "automatic": True,
                "message_id": f"md.{n}@mail.{DOMAIN}",
                "subject": "【已受理】打印机卡纸",
                "data": b"x" * 4000,
                "state": "accepted",
                "created_at": times[n],
                "next_at": times[n],
                "attempts": 1,
                "in_doubt": 0,
                "code": 250,
                "settled_at": times[n],
            }
            for n in numbers
        ],
    )
