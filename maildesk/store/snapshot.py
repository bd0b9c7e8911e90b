"""A desk's whole database as it is at one moment, in an SQLite file of our own.

For whoever wants to try what would happen. The original is only read, in one transaction, and
nobody who works with it waits.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Insert, insert, make_url, select
from sqlalchemy.exc import DBAPIError

from maildesk.errors import ConfigFault, Transient
from maildesk.store import passages
from maildesk.store.engine import Store
from maildesk.store.migration import create, find_version, refuse_other
from maildesk.store.schema import metadata

_ROWS = 500


def copy_database(url: str, file: Path) -> bool:
    """Write the copy into the new file; False: there is no database yet, nothing was written.

    Raises Transient when the database does not answer, ConfigFault when it is none of ours or has
    an older schema.
    """
    if url.startswith("sqlite"):
        return _back_up(Path(make_url(url).database or ""), file)
    source = Store(url)
    try:
        found = find_version(source)
        if found is None:
            return False
        refuse_other(found)
        _copy_rows(source, file)
    except DBAPIError as fault:
        raise Transient(f"database: {' '.join(str(fault.orig).split())}") from fault
    finally:
        source.close()
    return True


def _back_up(original: Path, file: Path) -> bool:
    if not original.exists():
        return False
    # Opened for reading alone, SQLite would leave its two side files behind, perhaps as root's.
    name = f"file:{quote(str(original.absolute()))}?mode=rw"
    try:
        with (
            closing(sqlite3.connect(name, uri=True, timeout=15)) as source,
            closing(sqlite3.connect(file)) as target,
        ):
            source.backup(target)
    except sqlite3.OperationalError as fault:
        raise Transient(f"database: {fault}") from fault
    except sqlite3.DatabaseError as fault:
        raise ConfigFault(f"the database {original} cannot be read ({fault})") from fault
    return True


def _copy_rows(source: Store, file: Path) -> None:
    """Table by table through the schema, so that each engine keeps values its own way."""
    target = Store(f"sqlite:///{file}")
    try:
        create(target)
        reading = source.engine.connect().execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True, yield_per=_ROWS
        )
        with reading as there, target.write() as here:
            # Tickets name tickets that may come later: looked at only when all are there.
            here.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            for table in metadata.sorted_tables:
                for rows in there.execute(select(table)).mappings().partitions():
                    _write(here, insert(table), [dict(row) for row in rows])
            passages.rebuild(here)
    finally:
        target.close()


def _write(here: Connection, statement: Insert, rows: list[dict[str, object]]) -> None:
    if rows:
        here.execute(statement, rows)
