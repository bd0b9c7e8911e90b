"""Fixtures every room may use: the real servers, started once per run, only where asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from servers import UnavailableError, require
from servers.dovecot import Dovecot
from servers.postfix import Postfix
from servers.postgres import Postgres


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """One Dovecot for the whole run; take `fresh_user()` for a mailbox nobody else sees."""
    try:
        server = Dovecot()
        server.start()
    except UnavailableError as reason:
        require(str(reason))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postfix(dovecot: Dovecot) -> Iterator[Postfix]:
    """One Postfix for the whole run, delivering into `dovecot`."""
    try:
        server = Postfix(dovecot.lmtp_port)
        server.start()
    except UnavailableError as reason:
        require(str(reason))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL for the whole run; take `fresh_database()` per test."""
    try:
        server = Postgres()
        server.start()
    except UnavailableError as reason:
        require(str(reason))
    yield server
    server.stop()
