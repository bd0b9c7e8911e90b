"""Fixtures every room may use: the real servers, started once per run, only where asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from company import Company
from hypothesis import HealthCheck, settings
from servers import UnavailableError, require
from servers.dovecot import Dovecot
from servers.postfix import Postfix
from servers.postgres import Postgres
from worlds import World

from maildesk.store.engine import Store
from maildesk.store.migration import prepare

# A busy machine is no fault of what is tested: how long something takes is measured elsewhere.
settings.register_profile("home", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# The same examples at every CI run; new ones are looked for at home, where somebody can mend them.
settings.register_profile("ci", settings.get_profile("home"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "home")


# Hundreds of daemons and commands start as processes: each would compile all our modules anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture(autouse=True)
def keep_umask() -> Iterator[None]:
    """`maildesk run`, called inside this process, narrows it; later servers need theirs."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


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
        server = Postfix(dovecot.lmtp_port, dovecot.auth_port)
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


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    """A PostgreSQL database with our schema, to be copied for each test."""
    store = Store(postgres.fresh_database())
    prepare(store)
    store.close()
    return store.engine.url.render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh database; every test that takes it runs on both engines."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'maildesk.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.fresh_database(request.getfixturevalue("postgres_template"))
    yield url
    server.drop(url)


@pytest.fixture
def make_world(database: str, tmp_path: Path) -> Iterator[Callable[..., World]]:
    """Builds desks on the database at hand and closes them."""
    made: list[World] = []

    def make(**given: Any) -> World:
        folder = given.pop("folder", tmp_path / "data")
        world = World(given.pop("url", database), folder, **given)
        made.append(world)
        return world

    yield make
    for world in made:
        world.close()


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """One desk, started, with an empty mailbox."""
    made = make_world()
    made.start()
    return made


@pytest.fixture
def company(tmp_path: Path, dovecot: Dovecot, postfix: Postfix) -> Iterator[Callable[..., Company]]:
    """Opens a company that works by the profile named, its daemon running."""
    opened: list[Company] = []

    def build(profile: str, more_rules: str = "", **given: Any) -> Company:
        found = Company(tmp_path / "home", dovecot, postfix, profile, more_rules, **given)
        opened.append(found)
        found.home.start()
        return found

    yield build
    for item in opened:
        item.home.stop()
