"""Statements of every mail's way: compiled once, then handed to the driver as they are.

SQLAlchemy's own work around a statement is several times what the database does for it. These are
written with it all the same, and its types and faults hold; only their way is shorter. A list as a
parameter is not for them: it makes another statement of each length.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Select, Table, TextClause, UpdateBase
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from maildesk.store.engine import upsert

Values = Mapping[str, Any]
Built = Select[Any] | UpdateBase | TextClause


class Statement:
    """A statement of SQLAlchemy's, ready for both databases. Its rows are plain tuples."""

    __slots__ = ("_built", "_ready")

    def __init__(self, built: Built) -> None:
        self._built = built
        self._ready: dict[tuple[str, ...], _Ready] = {}

    def ask(self, db: Connection, values: Values) -> list[Any]:
        """All rows it answers."""
        ready = self._prepare(db, values)
        rows = send(db, ready.sql, ready.write(values), answers=True)
        return [ready.read(row) for row in rows] if ready.readers else rows

    def run(self, db: Connection, values: Values) -> int:
        """How many rows it changed."""
        ready = self._prepare(db, values)
        return int(send(db, ready.sql, ready.write(values)))

    def run_all(self, db: Connection, rows: Sequence[Values]) -> None:
        """Once for each of `rows`, which hold the same names."""
        ready = self._prepare(db, rows[0])
        send(db, ready.sql, [ready.write(row) for row in rows], many=True)

    def _prepare(self, db: Connection, values: Values) -> _Ready:
        shape = (db.dialect.name, *values)
        ready = self._ready.get(shape)
        if ready is None:
            ready = self._ready[shape] = _compile(db, self._built, list(values))
        return ready


@dataclass(frozen=True, slots=True)
class _Ready:
    """What the driver gets. `order` puts values in their places; None: it takes them by name."""

    sql: str
    order: Callable[[Values], Sequence[Any]] | None
    constants: dict[str, Any]
    writers: tuple[tuple[str, Callable[[Any], Any]], ...]
    readers: tuple[tuple[int, Callable[[Any], Any]], ...]

    def write(self, values: Values) -> Sequence[Any] | Values:
        given = {**self.constants, **values}
        for name, convert in self.writers:
            given[name] = convert(given[name])
        return self.order(given) if self.order else given

    def read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        values = list(row)
        for at, convert in self.readers:
            values[at] = convert(values[at])
        return tuple(values)


def _compile(db: Connection, built: Built, names: Sequence[str]) -> _Ready:
    dialect = db.dialect
    compiled: Any = built.compile(dialect=dialect, column_keys=list(names))
    assert isinstance(compiled, SQLCompiler)
    # What SQLAlchemy would fill in at each run: defaults, the length of a list.
    assert not compiled.prefetch and not compiled.post_compile_params, str(compiled)
    wanted = compiled.params

    def find(type_: TypeEngine[Any]) -> Any:
        return type_.dialect_impl(dialect)

    writers = (
        (name, find(bind.type).bind_processor(dialect)) for name, bind in compiled.binds.items()
    )
    columns = getattr(built, "exported_columns", ())
    readers = (
        (at, find(column.type).result_processor(dialect, None)) for at, column in enumerate(columns)
    )
    return _Ready(
        str(compiled),
        _pick(compiled.positiontup or ()) if compiled.positional else None,
        {name: value for name, value in wanted.items() if name not in names},
        tuple(item for item in writers if item[1] is not None),
        tuple(item for item in readers if item[1] is not None),
    )


def _pick(names: Sequence[str]) -> Callable[[Values], Sequence[Any]]:
    if len(names) > 1:
        return itemgetter(*names)
    return lambda given: [given[name] for name in names]


def send(
    db: Connection, sql: str, values: Any, *, answers: bool = False, many: bool = False
) -> Any:
    """Run it through the driver: its rows, or how many it changed. Raises what SQLAlchemy would."""
    if not db.in_transaction():
        db.begin()
    link = db.connection
    cursor = link.cursor()
    try:
        if many:
            cursor.executemany(sql, values)
        else:
            cursor.execute(sql, values)
        return cursor.fetchall() if answers else cursor.rowcount
    except db.dialect.loaded_dbapi.Error as fault:
        if db.dialect.is_disconnect(fault, link, cursor):
            db.invalidate(fault)
        raise DBAPIError.instance(
            sql, values, fault, db.dialect.loaded_dbapi.Error, dialect=db.dialect, ismulti=many
        ) from fault
    finally:
        cursor.close()


def insert_or_ignore(db: Connection, table: Table, rows: Sequence[Values]) -> None:
    """INSERT … ON CONFLICT DO NOTHING, for each of `rows`."""
    _write_ignoring(db.dialect.name, table).run_all(db, rows)


def insert_or_ask(db: Connection, table: Table, row: Values) -> int | None:
    """The same for one row, answering its id, or None on a conflict."""
    made = _write_asking(db.dialect.name, table).ask(db, row)
    return int(made[0][0]) if made else None


@cache
def _write_ignoring(dialect: str, table: Table) -> Statement:
    return Statement(upsert(dialect, table).on_conflict_do_nothing())


@cache
def _write_asking(dialect: str, table: Table) -> Statement:
    return Statement(upsert(dialect, table).on_conflict_do_nothing().returning(table.c.id))
