"""What most commands begin with: the configuration, read, or its faults and exit code 2.

Also how they write a moment: in the desk's zone, whatever the machine's is.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from maildesk.config.values import Config
    from maildesk.desk.charter import DeskConfig
    from maildesk.house import House
    from maildesk.memory import Memory
    from maildesk.store.engine import Store

DEFAULT_FILE = "maildesk.toml"

config_option: Callable[[Any], Any] = click.option(
    "--config",
    "config_file",
    metavar="FILE",
    default=DEFAULT_FILE,
    envvar="MAILDESK_CONFIG",
    show_default=True,
    show_envvar=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The configuration.",
)


def read_config(file: Path, *, patient: bool = False) -> Config:
    """The whole configuration; its faults are printed and end the command with exit code 2.

    `patient`: without the rules, and a profile that somebody is editing keeps nobody from looking.
    """
    from maildesk.config import load
    from maildesk.errors import ConfigFault

    if not file.exists():
        raise _end(f"{file}: there is no such file. Run `maildesk init DIR`, or give --config FILE")
    try:
        return load(file, os.environ, patient=patient)
    except ConfigFault as fault:
        raise _end(str(fault)) from fault


def open_house(file: Path, *, decides: bool = False) -> House:
    """Configuration and database with all rooms; faults end the command with exit code 2.

    `decides`: mails are decided in it, so the people of the file are entered first.
    """
    from maildesk.errors import ConfigFault, Transient
    from maildesk.house import build
    from maildesk.memory import enter_people

    config = read_config(file)
    try:
        house = build(config)
        if decides:
            enter_people(house.store, config)
    except (ConfigFault, Transient) as fault:
        raise _end(str(fault)) from fault
    _close_at_end(house.store)
    return house


def open_memory(file: Path) -> Memory:
    """The same for a command that only looks: without rules, and in a third of the time."""
    return remember(read_config(file, patient=True))


def remember(config: Config) -> Memory:
    """What is kept for a configuration; faults end the command with exit code 2."""
    from maildesk import memory
    from maildesk.errors import ConfigFault, Transient

    try:
        opened = memory.open_memory(config)
    except (ConfigFault, Transient) as fault:
        raise _end(str(fault)) from fault
    _close_at_end(opened.store)
    return opened


def choose_desk(memory: Memory, desk_id: str | None) -> DeskConfig:
    """The desk of that id, else the first; an id nobody knows is wrong usage."""
    desks = memory.desks
    if desk_id is None:
        return next(iter(desks.values()))
    if desk_id not in desks:
        raise click.BadParameter(f"there is no desk {desk_id}; desks are {', '.join(desks)}")
    return desks[desk_id]


def zone_of(config: Config, desk_id: str | None = None) -> str:
    """A desk's zone; the first desk's for what belongs to none, or to one no longer configured."""
    return next((desk for desk in config.desks if desk.id == desk_id), config.desks[0]).zone


def hider_of(config: Config, desk_id: str | None = None) -> Callable[[str], str]:
    """What masks a line for a terminal: words kept before there were masks may hold secrets."""
    from maildesk.desk.privacy.mask import mask

    desk = next((desk for desk in config.desks if desk.id == desk_id), config.desks[0])
    return lambda line: mask(line, desk.privacy.hide)


def say_moment(moment: datetime | None, zone: str) -> str:
    """A moment for a terminal, in the desk's zone."""
    if moment is None:
        return "-"
    from zoneinfo import ZoneInfo

    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def read_day(_ctx: click.Context, _param: click.Parameter, value: str | None) -> datetime | None:
    """A click callback: `2026-11-01` or `2026-11-01T09:00`, the machine's zone, to UTC."""
    if value is None:
        return None
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError) as fault:
        raise click.BadParameter("write it as 2026-11-01 or 2026-11-01T09:00") from fault


def read_since(_ctx: click.Context, _param: click.Parameter, value: str | None) -> datetime | None:
    """A click callback: so long ago (`12h`, `30d`, `12w`), or a day as `read_day` takes it."""
    if value is None:
        return None
    ago = re.fullmatch(r"(\d{1,4}) ?([hdw])", value.strip().lower())
    if ago:
        unit = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}[ago[2]]
        return datetime.now(UTC) - int(ago[1]) * unit
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError) as fault:
        raise click.BadParameter("write it as 30d, 12w, or 2026-11-01") from fault


def _close_at_end(store: Store) -> None:
    """Take leave of the database when the command is done, whatever its outcome."""
    command = click.get_current_context(silent=True)
    if command is not None:
        command.call_on_close(store.close)


def _end(text: str) -> SystemExit:
    click.echo(text, err=True)
    return SystemExit(2)
