"""`maildesk upgrade`: the database comes to this version's schema, after a backup."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import click

from maildesk.cli.setting import config_option, read_config

if TYPE_CHECKING:
    from maildesk.store.blobs import Blobs
    from maildesk.store.engine import Store


@click.command()
@config_option
@click.option("--no-backup", is_flag=True, help="Do not copy an SQLite database first.")
def upgrade(config_file: Path, no_backup: bool) -> None:
    """Bring the database to this version's schema. Stop the daemon first.

    An SQLite database is copied beside itself before. Back up PostgreSQL with pg_dump. Exit
    codes: 0 it has this version's schema; 2 it cannot be brought there.

    \b
    Examples:
      maildesk upgrade
      maildesk upgrade --config /srv/desk/maildesk.toml
    """
    from maildesk.errors import ConfigFault, Transient
    from maildesk.store.blobs import Blobs
    from maildesk.store.engine import Store

    config = read_config(config_file, patient=True)
    try:
        with contextlib.closing(Store(config.database)) as store:
            _bring_up(store, Blobs(config.data), backup=not no_backup)
    except (ConfigFault, Transient) as fault:
        click.echo(str(fault), err=True)
        raise SystemExit(2) from fault


def _bring_up(store: Store, blobs: Blobs, *, backup: bool) -> None:
    from maildesk.store.migration import HEAD, find_version, prepare
    from maildesk.store.migration import upgrade as migrate

    found = find_version(store)
    if found == HEAD:
        click.echo(f"the database has schema {HEAD} already")
        return
    if found is None:
        prepare(store, blobs)
        click.echo(f"an empty database was made ready: schema {HEAD}")
        return
    file = store.engine.url.database
    if store.sqlite and file and backup:
        copy = Path(f"{file}.{found}.bak")
        copy.touch(mode=0o600)
        with (
            contextlib.closing(sqlite3.connect(file)) as old,
            contextlib.closing(sqlite3.connect(copy)) as new,
        ):
            old.backup(new)
        click.echo(f"copied to {copy}")
    migrate(store)
    click.echo(f"schema {found} → {HEAD}")
