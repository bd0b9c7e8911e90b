"""A desk's double: the same configuration over a copy of its database, its files read through.

Whatever the double does stays in the folder it is given; the original's database is read once, its
files when they are needed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from maildesk.config.values import Config
from maildesk.house import House, build
from maildesk.memory import enter_people
from maildesk.store.snapshot import copy_database

_DATABASE = "maildesk.db"
_DRAFT = ".copying"


def double_config(config: Config, folder: Path) -> Config:
    """The configuration of a double that keeps everything in `folder`."""
    return replace(config, data=folder, database=f"sqlite:///{folder / _DATABASE}")


def copy_memory(config: Config, folder: Path) -> bool:
    """The desk's memory as it is now, into `folder`; False: there is one there, or none to copy.

    Whole or not at all. Raises ConfigFault, Transient.
    """
    draft = folder / _DRAFT
    if (folder / _DATABASE).exists():
        return False
    for side in ("", "-wal", "-shm"):
        (folder / f"{_DRAFT}{side}").unlink(missing_ok=True)
    if not copy_database(config.database, draft):
        return False
    draft.replace(folder / _DATABASE)
    return True


def open_double(config: Config, folder: Path, now: Callable[[], datetime] | None = None) -> House:
    """A double in the new, empty `folder`, with the desk's memory as it is at this moment.

    A desk that never ran has an empty memory. Raises ConfigFault, Transient.
    """
    copy_memory(config, folder)
    house = build(double_config(config, folder), now=now, below=config.data)
    enter_people(house.store, config)
    return house
