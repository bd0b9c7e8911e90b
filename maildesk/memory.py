"""What a configuration remembers: its database, files and people; no rule, letter or journey.

A command that only looks needs no more, and starts in half the time. `house` is built on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from maildesk.config.values import Config
from maildesk.desk.arrival.directory import Directory
from maildesk.desk.charter import DeskConfig
from maildesk.store import people, vacancies
from maildesk.store.blobs import Blobs
from maildesk.store.engine import IntegrityError, Store
from maildesk.store.migration import prepare

_LOOKS = 4


@dataclass(frozen=True, slots=True)
class Memory:
    """One configuration with what is kept for it. `desks` by id."""

    config: Config
    store: Store
    blobs: Blobs
    desks: Mapping[str, DeskConfig]
    directory: Directory


def open_memory(
    config: Config, *, now: Callable[[], datetime] | None = None, below: Path | None = None
) -> Memory:
    """Open the database (made when empty); nothing in it changes. Raises ConfigFault, Transient.

    `below` is another data folder: files that ours lacks are read from there.
    """
    config.data.mkdir(parents=True, exist_ok=True)
    store = Store(config.database, now)
    blobs = Blobs(config.data, below)
    try:
        prepare(store, blobs)
    except Exception:
        store.close()
        raise
    desks = {desk.id: desk for desk in config.desks}
    return Memory(config, store, blobs, desks, Directory(config.people))


def enter_people(store: Store, config: Config) -> None:
    """Make the listed people what the file says, and take tickets and letters from who left.

    Before mails are decided, and then only: looking at a desk changes nothing about it. Two daemons
    may start at once: the second finds the first one's rows at another look.
    """
    for look in range(_LOOKS):
        try:
            with store.write() as db:
                former = people.sync_people(db, config.people)
                vacancies.take_back_letters(db, former, store.now())
            with store.write() as db:
                vacancies.vacate(db, store.now())
            return
        except IntegrityError:
            if look == _LOOKS - 1:
                raise
