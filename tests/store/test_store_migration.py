"""The schema of `metadata` and the one migrations make are the same, on both engines."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOW
from servers.postgres import Postgres
from sqlalchemy import insert, inspect, select, text

from maildesk.errors import ConfigFault
from maildesk.store import migration, outbox
from maildesk.store import schema as tables
from maildesk.store.engine import IntegrityError, Store
from maildesk.store.schema import SEARCH_INDEX, metadata
from maildesk.store.sent import find_sent


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "sqlite":
        store = Store(f"sqlite:///{tmp_path / 'x.db'}")
    else:
        server: Postgres = request.getfixturevalue("postgres")
        store = Store(server.fresh_database())
    yield store
    store.close()


def is_ours(_object: object, name: str | None, *_more: object) -> bool:
    """The search index is each database's own: `INDEX_OF` is all that both ways make it from."""
    return SEARCH_INDEX not in (name or "")


def test_migrations_end_where_metadata_stands(empty: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    migration.upgrade(empty)
    with empty.read() as db:
        assert migration.current_version(db) == migration.HEAD
        ours = {"compare_type": True, "include_object": is_ours}
        context = MigrationContext.configure(db, opts=ours)
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


_ROWS = (
    "INSERT INTO people (key, name, listed, role, skills)"
    " VALUES ('zhang@corp.test', '张敏', true, 'requester', '[]')",
    "INSERT INTO addresses (address, person_id, bounced_at) VALUES ('zhang@corp.test', 1, 1000)",
    "INSERT INTO tickets (desk_id, number, title, state, waiting, category, priority, type,"
    " requester_id, reporter_id, language, opened_at, updated_at) VALUES ('it',"
    " 'IT-20261120-0001', '打印机卡纸', 'unassigned', 'none', 'hardware', 'medium', 'incident',"
    " 1, 1, 'zh-CN', 1, 1)",
    "INSERT INTO outbox (desk_id, ticket_id, cause, letter, address, mailbox, automatic,"
    " message_id, subject, data, state, created_at, next_at, attempts, in_doubt) VALUES ('it', 1,"
    " 'letter:1', 'ack', 'zhang@corp.test', 'zhang@corp.test', true, 'a@corp.test', '已受理', '',"
    " 'queued', 1, 1, 0, 0)",
)


def test_a_database_of_the_first_schema_keeps_its_rows(empty: Store) -> None:
    migration.upgrade(empty, "0001")
    with empty.write() as db:
        for row in _ROWS:
            db.execute(text(row))
    with pytest.raises(ConfigFault, match=r"has schema 0001.*maildesk upgrade"):
        migration.prepare(empty)
    migration.upgrade(empty)
    migration.prepare(empty)
    with empty.write() as db:
        ticket = db.execute(select(tables.tickets)).one()
        assert (ticket.number, ticket.chases) == ("IT-20261120-0001", 0)
        assert (ticket.eta_at, ticket.solved_at, ticket.chased_at) == (None, None, None)
        assert db.execute(select(tables.people.c.assigned_at)).all() == [(None,)]
        # A bounce used to mark for ever: now it ends a week after it came.
        bounced = db.execute(select(tables.addresses)).one()
        assert bounced.bounced_until - bounced.bounced_at == timedelta(days=7)
        [letter] = outbox.claim(db, "me", NOW, timedelta(minutes=3), 10)
        assert (letter.letter, letter.files) == ("ack", ())
        known = find_sent(db, "it", ["a@corp.test"])
        assert known["a@corp.test"].relay == "internal"


def test_the_upgrade_command_brings_an_old_database_here(empty: Store, tmp_path: Path) -> None:
    migration.upgrade(empty, "0001")
    url = empty.engine.url.render_as_string(hide_password=False)
    config = tmp_path / "maildesk.toml"
    config.write_text(
        f'database = "{url}"\n'
        '[desk.it]\naddresses = ["desk@corp.test"]\n'
        '[mailbox.helpdesk]\nhost = "127.0.0.1"\nuser = "desk"\npassword = "secret"\n'
    )
    assert f"schema 0001 → {migration.HEAD}" in call("upgrade", "--config", str(config))
    migration.prepare(empty)
    if empty.sqlite:
        [copy] = tmp_path.glob("*.0001.bak")
        before = Store(f"sqlite:///{copy}")
        assert migration.find_version(before) == "0001"
        before.close()
    assert "already" in call("upgrade", "--config", str(config))


def call(*words: str) -> str:
    """A command of ours in a process of its own, as an administrator runs it."""
    command = [sys.executable, "-m", "maildesk", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_references_hold_after_an_upgrade(empty: Store) -> None:
    migration.upgrade(empty)
    draft = {
        "desk_id": "it",
        "letter_id": 7,
        "person_id": 8,
        "kind": "unsure",
        "words": "请重启一次",
        "relay": "requester",
        "created_at": NOW,
    }
    with pytest.raises(IntegrityError), empty.write() as db:
        db.execute(insert(tables.drafts), draft)
