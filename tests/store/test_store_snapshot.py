"""A copy of a database holds every row, on whichever engine the original is, and changes none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from thread import engineer_answers, open_desk, open_ticket
from worlds import World

from maildesk.errors import ConfigFault, Transient
from maildesk.store.engine import Store
from maildesk.store.migration import HEAD, find_version, prepare
from maildesk.store.schema import metadata
from maildesk.store.snapshot import copy_database


def _read_all(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    with store.read() as db:
        return {
            table.name: sorted((tuple(row) for row in db.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }


def test_every_row_is_in_the_copy_and_the_original_stays(
    make_world: Callable[..., World], tmp_path: Path
) -> None:
    world = open_desk(make_world)
    open_ticket(world, attachment=("jam.png", b"a picture"))
    engineer_answers(world, "dispatch", "#主单\n先记着。\n")
    engineer_answers(world, "dispatch", "#等用户\n请问是哪一台？\n")
    url = world.store.engine.url.render_as_string(hide_password=False)
    before = _read_all(world.store)
    assert copy_database(url, tmp_path / "copy.db")
    copy = Store(f"sqlite:///{tmp_path / 'copy.db'}")
    assert find_version(copy) == HEAD
    assert _read_all(copy) == before == _read_all(world.store)
    filled = {name for name, rows in before.items() if rows}
    assert {"tickets", "letters", "outbox", "events", "deadlines", "attachments"} <= filled
    with copy.write() as db:
        db.execute(text("DELETE FROM events"))
    copy.close()
    assert _read_all(world.store) == before


def test_tickets_that_name_later_ones_are_copied(
    make_world: Callable[..., World], tmp_path: Path
) -> None:
    world = open_desk(make_world)
    open_ticket(world)
    open_ticket(world, message_id="two@corp.test", subject="VPN 连不上", text="连不上 VPN。\n")
    with world.store.write() as db:
        db.execute(text("UPDATE tickets SET parent_id = 2 WHERE id = 1"))
    url = world.store.engine.url.render_as_string(hide_password=False)
    assert copy_database(url, tmp_path / "copy.db")
    copy = Store(f"sqlite:///{tmp_path / 'copy.db'}")
    with copy.read() as db:
        assert db.execute(text("SELECT parent_id FROM tickets WHERE id = 1")).scalar_one() == 2
    copy.close()


def test_a_copy_is_taken_while_somebody_writes(world: World, tmp_path: Path) -> None:
    url = world.store.engine.url.render_as_string(hide_password=False)
    with world.store.write() as db:
        db.execute(text("INSERT INTO numbers VALUES ('it', 'half', 1)"))
        assert copy_database(url, tmp_path / "copy.db")
    copy = Store(f"sqlite:///{tmp_path / 'copy.db'}")
    with copy.read() as db:
        assert db.execute(text("SELECT period FROM numbers")).all() == []
    copy.close()


def test_a_desk_that_never_ran_has_nothing_to_copy(tmp_path: Path) -> None:
    assert not copy_database(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.servers
def test_an_empty_database_has_nothing_to_copy(postgres: Any, tmp_path: Path) -> None:
    url = postgres.fresh_database()
    assert not copy_database(url, tmp_path / "copy.db")
    postgres.drop(url)


def test_an_older_schema_is_refused_with_what_to_do(world: World, tmp_path: Path) -> None:
    with world.store.write() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '0003'"))
    url = world.store.engine.url.render_as_string(hide_password=False)
    copy = Store(f"sqlite:///{tmp_path / 'copy.db'}")
    with pytest.raises(ConfigFault, match="maildesk upgrade"):
        copy_database(url, tmp_path / "copy.db")
        prepare(copy)
    copy.close()


def test_what_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(ConfigFault, match="cannot be read"):
        copy_database(f"sqlite:///{tmp_path / 'broken.db'}", tmp_path / "copy.db")


def test_nothing_is_left_beside_the_original(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'maildesk.db'}")
    prepare(store)
    store.close()
    assert copy_database(str(store.engine.url), tmp_path / "copy.db")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["copy.db", "maildesk.db"]


def test_what_cannot_be_opened_is_tried_again_later(tmp_path: Path) -> None:
    (tmp_path / "folder.db").mkdir()
    with pytest.raises(Transient):
        copy_database(f"sqlite:///{tmp_path / 'folder.db'}", tmp_path / "copy.db")
