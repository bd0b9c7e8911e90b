"""Concurrent writers lose nothing, and a database that cannot be reached is `Transient`."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from maildesk.errors import Transient
from maildesk.store.engine import Store

THREADS, TIMES = 4, 50


def test_read_modify_write_from_four_threads_loses_no_update(database: str) -> None:
    store = Store(database)
    with store.write() as db:
        db.execute(text("CREATE TABLE counter (n INTEGER)"))
        db.execute(text("INSERT INTO counter VALUES (0)"))
    lock = "" if store.sqlite else " FOR UPDATE"

    def count() -> None:
        for _ in range(TIMES):
            with store.write() as db:
                found = db.execute(text(f"SELECT n FROM counter{lock}")).scalar_one()
                db.execute(text("UPDATE counter SET n = :n"), {"n": found + 1})

    threads = [threading.Thread(target=count) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as db:
        assert db.execute(text("SELECT n FROM counter")).scalar_one() == THREADS * TIMES
    store.close()


def test_a_failed_transaction_leaves_nothing(database: str) -> None:
    store = Store(database)
    with store.write() as db:
        db.execute(text("CREATE TABLE kept (n INTEGER)"))
    with pytest.raises(RuntimeError), store.write() as db:
        db.execute(text("INSERT INTO kept VALUES (1)"))
        raise RuntimeError
    with store.read() as db:
        assert db.execute(text("SELECT count(*) FROM kept")).scalar_one() == 0
    store.close()


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////no/such/folder/x.db",
        "postgresql+psycopg://nobody:x@127.0.0.1:1/none?connect_timeout=2",
    ],
)
def test_a_database_that_cannot_be_reached_is_transient(url: str) -> None:
    store = Store(url)
    with pytest.raises(Transient, match="database: "), store.write():
        pass
    store.close()


def test_the_clock_is_utc_and_close_to_the_hosts(database: str) -> None:
    store = Store(database)
    now = store.now()
    assert now.tzinfo is not None
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=30)
    store.close()
