"""Does the database answer, and does it keep what it is given? For `maildesk check`.

Only asks; creates and changes nothing. What to make of the answers is `checkup`'s question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from maildesk.errors import Transient
from maildesk.store.engine import connect
from maildesk.store.migration import HEAD, current_version

_SQLITE = ("journal_mode", "synchronous", "foreign_keys")
_POSTGRESQL = ("server_version", "server_encoding", "fsync", "synchronous_commit")


@dataclass(frozen=True, slots=True)
class Soundness:
    """What the database says of itself: its settings by the names it uses, values as text.

    `schema` is the version of our tables, None when there are none yet; `wanted` is ours.
    """

    settings: Mapping[str, str]
    schema: str | None = None
    wanted: str = HEAD


def probe(url: str) -> Soundness:
    """Connect and read the settings durability hangs on.

    Raises Transient when there is no usable database at `url`, ConfigFault when its driver is not
    installed or its tables are not maildesk's. A SQLite file that is missing would be created:
    look before.
    """
    engine = connect(url)
    sqlite = engine.dialect.name == "sqlite"
    statement, names = ("PRAGMA", _SQLITE) if sqlite else ("SHOW", _POSTGRESQL)
    try:
        with engine.connect().execution_options(read_only=True) as db:
            answers = {
                name: str(db.exec_driver_sql(f"{statement} {name}").scalar()) for name in names
            }
            schema = current_version(db)
    except SQLAlchemyError as error:
        plain = " ".join(str(getattr(error, "orig", None) or error).split())
        raise Transient(plain[:300]) from error
    finally:
        engine.dispose()
    return Soundness(answers, schema)


def hide_password(url: str) -> str:
    """The URL as it may be shown and logged."""
    return make_url(url).render_as_string(hide_password=True)
