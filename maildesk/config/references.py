"""Do the names in a profile and in the rules mean somebody of the people list?

A profile is read before the people are known, and alone by commands that need no people; so what
it names is checked here. Group names in the people list are `people`'s own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from maildesk.config.document import Document, line_of
from maildesk.config.faults import Fault
from maildesk.config.rule_files import RuleFiles
from maildesk.config.shipped import folder as shipped_folder
from maildesk.desk.arrival.directory import STAFF, Directory
from maildesk.desk.profile import Profile
from maildesk.desk.rules.circumstances import split_levels
from maildesk.desk.rules.fold import fold
from maildesk.desk.rules.rule import Rule

_DEPARTMENTS = "Write it as the people list does, or give people their department there."
_AS_STAFF = "Give him the role engineer or lead in the people list."


def check_names(
    rule_files: RuleFiles,
    profiles: Mapping[str, Profile],
    files: Mapping[str, Path],
    directory: Directory,
    rules: tuple[Rule, ...],
) -> tuple[tuple[Fault, ...], tuple[Fault, ...]]:
    """Names that mean nobody: faults in the user's files, warnings in those we ship."""
    faults: list[Fault] = []
    warnings: list[Fault] = []
    shipped = shipped_folder("rules")
    for name, profile in profiles.items():
        ours = files[name].is_relative_to(shipped)
        (warnings if ours else faults).extend(check_profile(profile, files[name], directory))
    (faults if rule_files.own else warnings).extend(check_rules(rules, directory))
    return tuple(faults), tuple(warnings)


def check_profile(profile: Profile, file: Path, directory: Directory) -> Iterator[Fault]:
    """A fault for each name in the profile that does not mean one engineer or lead."""
    document: Document | None = None
    for path, name in _list_names(profile):
        found = _judge(name, directory)
        if found is not None:
            # Read again for its lines only when there is something to show.
            document = document or Document(file, f"{file.parent.name}/{file.name}")
            yield Fault(document.name, _find_line(document.root, path), ".".join(path), *found)


def check_rules(rules: Iterable[Rule], directory: Directory) -> Iterator[Fault]:
    """The same for the people and departments that rules name."""
    named = [person.department for person in directory.people if person.department]
    departments = sorted({level for one in named for level in split_levels(one)})
    known = {fold(level) for level in departments}
    for rule in rules:
        found = _judge(rule.set.assignee, directory) if rule.set.assignee else None
        if found is not None:
            yield Fault(rule.file, rule.line, "set.assignee", *found)
        for key, names in (("set.watchers", rule.set.watchers), ("when.from", rule.given.senders)):
            for name in names:
                if "@" not in name and (found := _miss(name, directory)) is not None:
                    yield Fault(rule.file, rule.line, key, *found)
        for name in rule.given.departments:
            if fold(name) not in known:
                problem = f"{name!r} is no department of the people list"
                near = get_close_matches(name, departments, n=1, cutoff=0.5)
                remedy = f"Did you mean {near[0]!r}?" if near else _DEPARTMENTS
                yield Fault(rule.file, rule.line, "when.department", problem, remedy)


def _miss(name: str, directory: Directory) -> tuple[str, str] | None:
    """What is wrong with a name that may be anybody's of the people list."""
    match = directory.find_exactly(name)
    if match.person is not None:
        return None
    if match.candidates:
        problem = f"{name!r} is {len(match.candidates)} people of the people list"
        return problem, "Write the staff number or address."
    near = get_close_matches(name, [person.name for person in directory.people], n=1, cutoff=0.5)
    remedy = f"Did you mean {near[0]!r}?" if near else "Write an address, or add the person there."
    return f"{name!r} is nobody of the people list", remedy


def _judge(name: str, directory: Directory) -> tuple[str, str] | None:
    """What is wrong with it, and the remedy; None when it is one engineer or lead."""
    match = directory.find_exactly(name)
    if match.person is None and match.candidates:
        problem = f"{name!r} is {len(match.candidates)} people of the people list"
        return problem, "Write the staff number or address."
    if match.person is None:
        return f"{name!r} is nobody of the people list", _suggest(name, directory)
    if match.person.role not in STAFF:
        return f"{match.person.name} is neither engineer nor lead", _AS_STAFF
    return None


def _suggest(name: str, directory: Directory) -> str:
    """The nearest name; not all of them, a list may be long. One character of two may be wrong."""
    handles = [h for p in directory.staff for h in (p.name, p.staff_number, *p.addresses) if h]
    near = get_close_matches(name, handles, n=1, cutoff=0.5)
    if near:
        return f"Did you mean {near[0]!r}?"
    return (
        "Write the name, staff number or address of an engineer or lead, or add the person there."
    )


def _list_names(profile: Profile) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every name with the keys it stands under, in the order of the file's sections."""
    for group in profile.groups:
        place = ("groups", group.key)
        for name in group.engineers:
            yield (*place, "engineers"), name
        if group.lead is not None:
            yield (*place, "lead"), group.lead
        on_duty = (*group.duty.turns, *(name for day in group.duty.week for name in day))
        for name in dict.fromkeys(on_duty):
            yield (*place, "duty"), name
    for category in profile.categories:
        if category.engineer is not None:
            yield ("categories", category.key, "engineer"), category.engineer


def _find_line(node: Any, path: tuple[str, ...]) -> int | None:
    """The line of the key that the path ends with."""
    for key in path[:-1]:
        node = node[key]
    return line_of(node, path[-1])
