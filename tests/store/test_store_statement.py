"""A statement on the short way to the driver answers and fails as SQLAlchemy's own way does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from servers.postgres import Postgres
from sqlalchemy import Connection, bindparam, insert, select, text, update
from sqlalchemy.exc import OperationalError

from maildesk.errors import Transient
from maildesk.store.engine import IntegrityError, Store
from maildesk.store.migration import prepare
from maildesk.store.schema import outbox, people, sightings, tickets
from maildesk.store.statement import Statement, insert_or_ask, insert_or_ignore

NOON = datetime(2026, 11, 30, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    made = Store(database)
    prepare(made)
    yield made
    made.close()


def person(key: str) -> dict[str, Any]:
    skills = ["网络", "VPN"]
    return {"key": key, "name": "王芳", "listed": True, "role": "engineer", "skills": skills}


def test_moments_lists_and_truth_come_back_as_they_were_given(store: Store) -> None:
    made = Statement(insert(people).returning(people.c.id, people.c.skills, people.c.listed))
    turn = Statement(update(people).where(people.c.id == bindparam("row")))
    ask = Statement(
        select(people.c.assigned_at, people.c.skills, people.c.listed, people.c.language).where(
            people.c.key == bindparam("whose"), people.c.role == "engineer"
        )
    )
    with store.write() as db:
        [[row, skills, listed]] = made.ask(db, person("a@corp.test"))
        assert (skills, listed) == (["网络", "VPN"], True)
        assert turn.run(db, {"row": row, "assigned_at": NOON}) == 1
        assert turn.run(db, {"row": row + 1, "assigned_at": NOON}) == 0
    with store.read() as db:
        assert ask.ask(db, {"whose": "a@corp.test"}) == [(NOON, ["网络", "VPN"], True, None)]
        assert ask.ask(db, {"whose": "b@corp.test"}) == []


def test_an_empty_list_is_kept_as_sqlalchemy_keeps_it(store: Store) -> None:
    with store.write() as db:
        Statement(insert(people)).run(db, person("a@corp.test") | {"skills": None})
        db.execute(insert(people), person("b@corp.test") | {"skills": None})
        kept = db.execute(text("SELECT CAST(skills AS TEXT) FROM people")).scalars().all()
    assert kept[0] == kept[1]


def test_the_same_statement_takes_other_values(store: Store) -> None:
    change = Statement(update(people).where(people.c.key == bindparam("whose")))
    with store.write() as db:
        insert_or_ignore(db, people, [person("a@corp.test")])
        change.run(db, {"whose": "a@corp.test", "name": "王芳芳"})
        change.run(db, {"whose": "a@corp.test", "department": "财务部", "language": "zh"})
        found = db.execute(select(people.c.name, people.c.department, people.c.language)).one()
    assert tuple(found) == ("王芳芳", "财务部", "zh")


def test_what_is_there_already_stays(store: Store) -> None:
    with store.write() as db:
        first = insert_or_ask(db, people, person("a@corp.test"))
        assert first is not None
        assert insert_or_ask(db, people, person("a@corp.test")) is None
        insert_or_ignore(db, people, [person("a@corp.test"), person("b@corp.test")])
        assert db.execute(select(people.c.key).order_by(people.c.id)).scalars().all() == [
            "a@corp.test",
            "b@corp.test",
        ]


def test_a_conflict_is_what_others_catch(store: Store) -> None:
    new = Statement(insert(people))
    with store.write() as db:
        new.run(db, person("a@corp.test"))
    with pytest.raises(IntegrityError), store.write() as db:
        new.run(db, person("b@corp.test"))
        new.run(db, person("a@corp.test"))
    with store.read() as db:
        assert db.execute(select(people.c.key)).scalars().all() == ["a@corp.test"]


def test_a_lost_connection_is_transient_and_the_next_one_works(
    postgres: Postgres, postgres_template: str
) -> None:
    store = Store(postgres.fresh_database(postgres_template))
    ask = Statement(select(people.c.key))

    def cut(db: Connection) -> None:
        mine = db.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with store.read() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})

    with pytest.raises(Transient), store.write() as db:
        cut(db)
        ask.ask(db, {})
    with store.read() as db:
        assert ask.ask(db, {}) == []
    store.close()


def test_a_fault_of_the_database_is_told_as_sqlalchemy_tells_it(store: Store) -> None:
    gone = Statement(text("SELECT x FROM nowhere"))
    with pytest.raises(Exception, match="nowhere") as told, store.engine.begin() as db:
        gone.ask(db, {})
    assert type(told.value).__module__ == OperationalError.__module__


def test_it_reads_in_a_transaction(store: Store) -> None:
    ask = Statement(select(people.c.key))
    with store.read() as db:
        assert ask.ask(db, {}) == []
        assert db.in_transaction()


@pytest.mark.parametrize(
    ("built", "values"),
    [
        (insert(outbox), {"cause": "letter:1"}),
        (insert(sightings), {"mailbox": "main"}),
        (select(tickets.c.id).where(tickets.c.number.in_(bindparam("some"))), {"some": ["A1"]}),
    ],
)
def test_a_default_or_a_list_is_refused(store: Store, built: Any, values: Any) -> None:
    with pytest.raises(AssertionError), store.write() as db:
        Statement(built).run(db, values)
