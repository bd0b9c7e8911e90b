"""The rules and profiles of a running desk, read again: whole and valid, or what is wrong.

Everything else of the configuration (people, mailboxes, letters) stays as it was at the start.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from maildesk.config.faults import Fault, suggest
from maildesk.config.profile import load_profile
from maildesk.config.references import check_names
from maildesk.config.rules import load_rules
from maildesk.config.values import Config
from maildesk.desk.arrival.directory import Directory
from maildesk.desk.charter import DeskConfig
from maildesk.desk.profile import Profile
from maildesk.desk.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Reread:
    """With faults, rules and desks are not to be used."""

    rules: tuple[Rule, ...] = ()
    desks: tuple[DeskConfig, ...] = ()
    faults: tuple[Fault, ...] = ()


def reread(config: Config) -> Reread:
    """By the same checks as at the start."""
    files = config.rule_files
    faults: list[Fault] = []
    profiles: dict[str, Profile] = {}
    places = {}
    for name in dict.fromkeys(files.profiles.values()):
        place = files.find_profile(name)
        if place is None:
            remedy = suggest(name, files.list_profiles())
            faults.append(Fault(f"profiles/{name}.yaml", None, "", "does not exist", remedy))
            continue
        profile, wrong = load_profile(place)
        faults += wrong
        if profile is not None:
            profiles[name], places[name] = profile, place
    rules: tuple[Rule, ...] = ()
    for profile in profiles.values():
        rules, wrong = load_rules(files.folder, profile)
        faults += wrong
    if not faults:
        directory = Directory(config.people)
        wrong, _ = check_names(files, profiles, places, directory, rules)
        faults += wrong
    if faults:
        return Reread(faults=tuple(dict.fromkeys(faults)))
    desks = tuple(replace(desk, profile=profiles[files.profiles[desk.id]]) for desk in config.desks)
    return Reread(rules, desks)
