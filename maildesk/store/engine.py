"""How we reach the database: engines whose every writing transaction is safe and durable.

SQLite: the driver's own transactions lose updates without an error, so BEGIN IMMEDIATE is ours,
with WAL and synchronous=FULL (NORMAL loses commits on power loss). PostgreSQL: READ COMMITTED,
with the unique constraints of `schema` and row locks as the concurrency design.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection as Connection
from sqlalchemy import Engine, Table, create_engine, event, text
from sqlalchemy.dialects.postgresql import Insert as PgInsert
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import IntegrityError as IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from maildesk.errors import ConfigFault, Transient

# Seconds: hosts drift apart slowly, and asking costs a round trip.
_ASK_CLOCK_EVERY = 60.0
# Trouble of the moment: unreachable, locked, disk full, connection closed under us, none free.
_AWAY = (OperationalError, InterfaceError, PoolTimeout)
_CLOSED = ("readonly database", "unable to open database file")
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000")


class Store:
    """One database. Short transactions only; no socket is ever used inside one."""

    def __init__(self, url: str, clock: Callable[[], datetime] | None = None) -> None:
        self.engine = connect(url)
        self.sqlite = self.engine.dialect.name == "sqlite"
        self._clock = clock
        self._turn: AbstractContextManager[object] = (
            threading.Lock() if self.sqlite else nullcontext()
        )
        self._offset = timedelta()
        self._ask_again = 0.0

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A writing transaction: committed durably at its end, rolled back on any exception.

        Raises Transient when the database cannot be reached, is locked, or the disk is full.
        """
        try:
            # SQLite has one writer; here it is awaited in turn, not asked for again and again.
            with self._turn, self.engine.begin() as db:
                yield db
        except _AWAY as fault:
            raise Transient(f"database: {_plain(fault)}{_advise(fault)}") from fault

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A reading transaction; on SQLite it blocks nobody."""
        try:
            with self.engine.connect().execution_options(read_only=True) as db:
                yield db
        except _AWAY as fault:
            raise Transient(f"database: {_plain(fault)}{_advise(fault)}") from fault

    def now(self) -> datetime:
        """The one clock all daemons share: the database's on PostgreSQL, the host's on SQLite."""
        if self._clock is not None:
            return self._clock()
        host = datetime.now(UTC)
        if self.sqlite:
            return host
        if time.monotonic() > self._ask_again:
            with self.read() as db:
                there: Any = db.execute(text("SELECT clock_timestamp()")).scalar_one()
            self._offset = there.astimezone(UTC) - host
            self._ask_again = time.monotonic() + _ASK_CLOCK_EVERY
        return host + self._offset

    def close(self) -> None:
        self.engine.dispose()


def connect(url: str) -> Engine:
    """An engine for `sqlite:///file` or `postgresql+psycopg://…`.

    Raises ConfigFault when the driver of such a database is not installed.
    """
    if url.startswith("sqlite"):
        engine = create_engine(url, poolclass=QueuePool, pool_size=8, max_overflow=16)
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        return create_engine(url, pool_size=8, max_overflow=16, pool_pre_ping=True)
    except ImportError as fault:
        raise ConfigFault(
            f"the database driver {fault.name} is not installed: pip install 'maildesk[postgres]'"
        ) from fault


def upsert(dialect: str, table: Table) -> SqliteInsert | PgInsert:
    """An INSERT that can say ON CONFLICT; `dialect` is `db.dialect.name`."""
    return sqlite_insert(table) if dialect == "sqlite" else pg_insert(table)


def _open_sqlite(db: sqlite3.Connection, _record: object) -> None:
    db.isolation_level = None
    for pragma in PRAGMAS:
        db.execute(f"PRAGMA {pragma}")


def _begin_sqlite(db: Connection) -> None:
    reading = db.get_execution_options().get("read_only")
    db.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _advise(fault: DBAPIError | PoolTimeout) -> str:
    """What SQLite leaves out when the owner or the rights of a file are wrong: what to do."""
    said = str(fault)
    if not any(words in said for words in _CLOSED):
        return ""
    return ". The database file and its folder must belong to the user maildesk runs as"


def _plain(fault: DBAPIError | PoolTimeout) -> str:
    return " ".join(str(fault.orig if isinstance(fault, DBAPIError) else fault).split())
