"""Which schema a database has, and how it comes to ours: made whole when empty, migrated else.

`run` refuses a schema it does not know; `upgrade` migrates. Alembic is loaded only to migrate.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DatabaseError

from maildesk.errors import ConfigFault
from maildesk.store.blobs import Blobs
from maildesk.store.engine import Store
from maildesk.store.schema import metadata

HEAD = "0005"
# Two daemons may meet an empty PostgreSQL at once; any number serves as the lock's name.
_LOCK = 4_207_117


def prepare(store: Store, blobs: Blobs | None = None) -> None:
    """Make an empty database ours. Raises ConfigFault when its schema is another than HEAD.

    `blobs` is what is kept beside it: mails there say that the database is not new but gone.
    """
    found = find_version(store)
    if found is None:
        refuse_loss(store, blobs)
        create(store)
    else:
        refuse_other(found)


def refuse_loss(store: Store, blobs: Blobs | None) -> None:
    """ConfigFault when raw mails are kept, but the database that knew them is not there.

    To begin anew beside them would forget every ticket and give its number again.
    """
    if blobs is not None and next(blobs.list_raws(), None) is not None:
        raise ConfigFault(
            f"the database {store.engine.url.render_as_string()} is empty, but mails are kept in "
            f"{blobs.raw.folder}: is it another database? Put `database` in maildesk.toml right, "
            "or restore it from a backup, or move the data folder away to begin anew."
        )


def refuse_other(found: str) -> None:
    """ConfigFault when an older schema is there."""
    if found != HEAD:
        raise ConfigFault(
            f"the database has schema {found}, this maildesk needs {HEAD}. "
            "Run `maildesk upgrade` first."
        )


def find_version(store: Store) -> str | None:
    """The schema's version, HEAD or an older one; None for an empty database.

    Raises ConfigFault for what no migration mends: a newer schema, a foreign or broken database.
    """
    try:
        with store.read() as db:
            found = current_version(db)
    except DatabaseError as fault:
        raise ConfigFault(
            f"the database {store.engine.url.render_as_string()} cannot be read ({fault.orig}). "
            "Restore it from a backup, or move the data folder away to begin anew."
        ) from fault
    if found is not None and found > HEAD:
        raise ConfigFault(
            f"the database has schema {found}, this maildesk needs {HEAD}. "
            "It was written by a newer maildesk; install that version."
        )
    return found


def current_version(db: Connection) -> str | None:
    """The schema's version, None for an empty database. ConfigFault: it is not maildesk's."""
    tables = set(inspect(db).get_table_names())
    if "alembic_version" in tables:
        return str(db.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
    if tables & set(metadata.tables):
        raise ConfigFault("the database holds tables of our names but no schema version")
    return None


def upgrade(store: Store, revision: str = "head") -> None:
    """Run every migration that is missing (alembic)."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with store.engine.connect() as db:
        if store.sqlite:
            # Batch changes rebuild tables; references are checked again afterwards.
            db.exec_driver_sql("PRAGMA foreign_keys=OFF")
            db.rollback()
        config.attributes["connection"] = db
        command.upgrade(config, revision)
        db.commit()
        if store.sqlite:
            db.exec_driver_sql("PRAGMA foreign_keys=ON")


def create(store: Store) -> None:
    """All tables in an empty database; nothing when somebody else was quicker."""
    with store.write() as db:
        if not store.sqlite:
            db.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        if current_version(db) is not None:
            return
        metadata.create_all(db)
        db.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        db.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})
