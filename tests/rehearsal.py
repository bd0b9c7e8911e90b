"""A desk as its configuration says it, for tests that play it: with people, a border and pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from builders import NOW, SECRET, desk, profile, wording
from thread import PEOPLE
from worlds import ACCOUNT

from maildesk.config import shipped
from maildesk.config.mailscript import Scripted
from maildesk.config.rules import load_rules
from maildesk.config.templates import load_templates
from maildesk.config.values import Config, MailboxConfig, WebConfig
from maildesk.desk.rules.rule import Rule
from maildesk.house import House
from maildesk.mail.proof.trust import Border
from maildesk.simulation.double import open_double
from maildesk.simulation.play import Stage, Timepiece, believe
from maildesk.simulation.story import Line, read_story

BASE = "https://desk.corp.test"

__all__ = ["BASE", "NOW", "after", "configure", "rehearse", "say", "tell", "wording"]


def configure(folder: Path, border: Border | None = None, **given: Any) -> Config:
    """One desk `it` over the mailbox `main`, kept in `folder`."""
    own = given.pop("desk_values", {})
    values: dict[str, Any] = {
        "file": folder / "maildesk.toml",
        "data": folder / "data",
        "database": f"sqlite:///{folder / 'data' / 'maildesk.db'}",
        "secret": SECRET,
        "desks": (desk(**own),),
        "mailboxes": (MailboxConfig("main", ("it",), ACCOUNT, trust=border),),
        "web": WebConfig("127.0.0.1", 8025, BASE),
        "people": PEOPLE,
        "rules": _read_rules(),
        "templates": load_templates(None)[0],
    }
    return Config(**{**values, **given})


@cache
def _read_rules() -> tuple[Rule, ...]:
    rules, faults = load_rules(shipped.folder("rules"), profile())
    assert not faults
    return tuple(rules)


def after(**span: float) -> datetime:
    """A moment after the tests' own."""
    return NOW + timedelta(**span)


def rehearse(
    config: Config,
    folder: Path,
    script: tuple[Scripted, ...],
    until: datetime,
    begin: datetime = NOW,
) -> list[Line]:
    """The whole story of a script, played from the tests' own moment on."""
    folder.mkdir()
    watch = Timepiece(begin)
    house = believe(open_double(config, folder, watch))
    try:
        with Stage(house, watch) as stage:
            stage.begin()
            stage.play(script, until)
            return tell(house, stage, until)
    finally:
        house.store.close()


def tell(house: House, stage: Stage, until: datetime) -> list[Line]:
    with house.store.read() as db:
        return read_story(db, stage.since, until, say, stage.troubles)


def say(moment: datetime, _desk: str | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
