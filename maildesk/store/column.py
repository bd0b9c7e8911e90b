"""How a moment and a key are kept, alike in both databases, and how constraints are named.

Times are UTC instants kept as integer microseconds, so that both databases compare and index them
alike. Which columns there are is `schema`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Dialect,
    Integer,
    MetaData,
    literal_column,
)
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, stored as microseconds since 1970 UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + timedelta(microseconds=value)


# SQLite gives rowids only to INTEGER keys, PostgreSQL should not run out of them.
Id = BigInteger().with_variant(Integer, "sqlite")


def among(column: ColumnElement[Any], words: Iterable[str]) -> ColumnElement[bool]:
    """Whether a column holds one of a few words of our own, written out in the statement.

    A list given as a parameter is unfolded anew each time a statement runs, which costs as much as
    a small statement does.
    """
    return column.in_([literal_column(f"'{word}'") for word in words])


def make_id() -> Column[int]:
    """A table's own key, counted up by the database."""
    return Column("id", Id, primary_key=True, autoincrement=True)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
