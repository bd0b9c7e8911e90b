"""Which rules and profiles a `rules` command is about: options, and what they come to.

A configuration's own, a folder's, or the shipped ones; faults end the command with exit code 2.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from maildesk.cli.setting import DEFAULT_FILE

if TYPE_CHECKING:
    from maildesk.config.faults import Fault
    from maildesk.config.values import Config
    from maildesk.desk.profile import Profile
    from maildesk.desk.rules.matching import RuleSet
    from maildesk.desk.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Loaded:
    """Rules as one profile reads them; `config` (without secrets) None: the files alone."""

    profile: Profile
    rules: tuple[Rule, ...]
    config: Config | None = None

    def compile(self) -> RuleSet:
        from maildesk.desk.rules.matching import compile_rules

        return compile_rules(self.rules, self.profile)


config_option: Callable[[Any], Any] = click.option(
    "--config",
    "config_file",
    metavar="FILE",
    envvar="MAILDESK_CONFIG",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"Whose rules and profiles; default {DEFAULT_FILE} when it is there, else the shipped.",
)
rules_option: Callable[[Any], Any] = click.option(
    "--rules",
    "folder",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of rule files instead of the configured or shipped one.",
)
profile_option: Callable[[Any], Any] = click.option(
    "--profile",
    "profile_name",
    metavar="NAME",
    help="Only with this profile, DIR/profiles/NAME.yaml or a shipped one.",
)


def take_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--config`, `--rules`, `--profile`: what every command about one set of rules takes."""
    taking: Callable[..., Any] = config_option(rules_option(profile_option(command)))
    return taking


def find_config(config_file: Path | None, folder: Path | None = None) -> Path | None:
    """The configuration asked for, or the one here when nothing else was asked for."""
    if config_file is None and folder is None and Path(DEFAULT_FILE).exists():
        return Path(DEFAULT_FILE)
    return config_file


def load_sets(
    config_file: Path | None, folder: Path | None, profile_name: str | None = None
) -> list[Loaded]:
    """Each profile in use with its rules; ends the command when a file is wrong."""
    from maildesk.config import shipped
    from maildesk.config.rules import load_rules

    config_file = find_config(config_file, folder)
    config = None
    profiles: list[Profile] = []
    if config_file is not None:
        config = read_keyless(config_file)
        profiles = list({desk.profile.id: desk.profile for desk in config.desks}.values())
    if profile_name is not None or not profiles:
        profiles = [load_profile_of(folder, profile_name or "default")]
    if config is not None and folder is None and profile_name is None:
        return [Loaded(profile, config.rules, config) for profile in profiles]
    where = folder or (config.rule_files.folder if config else shipped.folder("rules"))
    loaded = []
    for profile in profiles:
        read, faults = load_rules(where, profile)
        if faults:
            raise refuse(faults)
        loaded.append(Loaded(profile, read, config))
    return loaded


def read_keyless(file: Path) -> Config:
    """A configuration without its secrets: who writes rules need not be able to read them."""
    from maildesk.config.reading import survey

    found = survey(file, os.environ, keyless=True)
    if found.config is None:
        raise refuse(found.faults)
    return found.config


def load_one(config_file: Path | None, folder: Path | None, profile_name: str | None) -> Loaded:
    """For commands that need one profile: with several desks it must be named."""
    loaded = load_sets(config_file, folder, profile_name)
    if len(loaded) > 1:
        names = ", ".join(item.profile.id for item in loaded)
        raise click.UsageError(f"there are several profiles: choose one by --profile ({names})")
    return loaded[0]


def load_profile_of(folder: Path | None, name: str) -> Profile:
    """A folder's own profile, else the shipped one of that name."""
    from maildesk.config import shipped
    from maildesk.config.faults import suggest
    from maildesk.config.profile import load_profile

    places = [place / "profiles" for place in (folder, shipped.folder("rules")) if place]
    file = next((path for place in places if (path := place / f"{name}.yaml").is_file()), None)
    if file is None:
        known = sorted({path.stem for place in places for path in place.glob("*.yaml")})
        raise click.UsageError(f"there is no profile {name!r}. {suggest(name, known)}")
    profile, faults = load_profile(file)
    if profile is None:
        raise refuse(faults)
    return profile


def refuse(faults: Iterable[Fault]) -> SystemExit:
    for fault in faults:
        click.echo(str(fault), err=True)
    return SystemExit(2)


def say_which(config_file: Path | None, folder: Path | None) -> str:
    """What the rules are called that a command is about."""
    return str(folder or find_config(config_file, folder) or "the shipped rules")
