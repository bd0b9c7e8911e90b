"""The schema of `metadata` and the one migrations make are the same, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from servers.postgres import Postgres
from sqlalchemy import inspect, text

from maildesk.errors import ConfigFault
from maildesk.store import migration
from maildesk.store.engine import Store
from maildesk.store.schema import metadata


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "sqlite":
        store = Store(f"sqlite:///{tmp_path / 'x.db'}")
    else:
        server: Postgres = request.getfixturevalue("postgres")
        store = Store(server.fresh_database())
    yield store
    store.close()


def test_migrations_end_where_metadata_stands(empty: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    migration.upgrade(empty)
    with empty.read() as db:
        assert migration.current_version(db) == migration.HEAD
        context = MigrationContext.configure(db, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)
        named = {
            (table, index["name"])
            for table in metadata.tables
            for index in inspect(db).get_indexes(table)
        }
    assert differences == []
    wanted = {(t.name, i.name) for t in metadata.sorted_tables for i in t.indexes}
    assert wanted <= named


def test_an_empty_database_is_made_ready_and_used_again(empty: Store) -> None:
    migration.prepare(empty)
    migration.prepare(empty)
    with empty.read() as db:
        assert set(metadata.tables) <= set(inspect(db).get_table_names())


def test_a_schema_of_another_version_is_refused_with_the_remedy(empty: Store) -> None:
    migration.prepare(empty)
    with empty.write() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(ConfigFault, match="maildesk upgrade"):
        migration.prepare(empty)
    with empty.write() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigFault, match="newer maildesk"):
        migration.prepare(empty)


def test_a_stranger_with_our_table_names_is_refused(empty: Store) -> None:
    with empty.write() as db:
        db.execute(text("CREATE TABLE tickets (x INTEGER)"))
    with pytest.raises(ConfigFault, match="no schema version"):
        migration.prepare(empty)
