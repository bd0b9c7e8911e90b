"""To whom does a new ticket go?  (R5, M3.)

A named person first, else the members of the group who are there, narrowed by skill, duty, load
and whose turn it is; every step leaves a finding. It changes nothing: making it true is
`store.apply`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from maildesk.desk.arrival.directory import Directory, is_called
from maildesk.desk.calendar.absence import Away, find_away
from maildesk.desk.decision import Finding
from maildesk.desk.person import Person, Role
from maildesk.desk.profile import Category, Group, Profile
from maildesk.desk.rules.fold import fold

STEP = "assignee"

Pool = tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class AssignmentFacts:
    """What the choice rests on. `category`, `group` and `priority` are keys of the profile.

    `named` is whom a rule names; `by_group`: somebody chose the group itself, so whom the category
    prefers does not count. By address key, `assigned_at` tells when somebody last got a ticket,
    `loads` what he has (weighed, see `store.attendance`), `away` until when his notice says he is
    away. `exclude` are address keys of those who must not get it: the requester himself, or whose
    ticket it was before.
    """

    profile: Profile
    category: str
    group: str
    priority: str
    directory: Directory
    now: datetime
    zone: ZoneInfo
    named: str | None = None
    by_group: bool = False
    assigned_at: Mapping[str, datetime | None] = field(default_factory=dict)
    loads: Mapping[str, int] = field(default_factory=dict)
    away: Mapping[str, datetime] = field(default_factory=dict)
    exclude: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who gets it; None is told to the lead. The last finding says why."""

    person: Person | None
    findings: tuple[Finding, ...]


def assign(facts: AssignmentFacts) -> Assigned:
    """The first named person who can take it, else the group's next in turn."""
    category = facts.profile.category(facts.category)
    group = facts.profile.group(facts.group)
    findings: list[Finding] = []
    for name, who in (
        (facts.named, "a rule"),
        (None if facts.by_group else category.engineer, f"category {category.key}"),
    ):
        if name is not None:
            person, found = _take_named(name, who, facts)
            findings.append(found)
            if person is not None:
                return Assigned(person, tuple(findings))
    pool, found = _gather(group, category, facts)
    findings.append(found)
    for kept, why in _narrow(pool, group, category, facts):
        findings.append(Finding(STEP, _list_names(kept), why))
        pool = kept
    if len(pool) > 1:
        pool, weighed = _pick_least_loaded(pool, facts)
        findings += weighed
    if len(pool) > 1:
        pool = (_pick_next(pool, facts),)
        why = "longest since a ticket was given to him"
        if _last_given(pool[0], facts) is None:
            why = "no ticket was given to him yet"
        findings.append(Finding(STEP, pool[0].name, why))
    return Assigned(pool[0] if pool else None, tuple(findings))


def list_able(group: Group, category: Category, directory: Directory) -> Pool:
    """Whom such a ticket could go to when nobody is away: of a group nobody is in, those who have
    a skill for it."""
    return _list_members(group, directory) or tuple(
        person
        for person in directory.staff
        if _knows_category(person, category) or _knows_group(person, group)
    )


def _take_named(name: str, who: str, facts: AssignmentFacts) -> tuple[Person | None, Finding]:
    match = facts.directory.find_exactly(name, staff=True)
    if match.person is None:
        return None, Finding(STEP, "nobody", f"{who} names {name}, but {match.why}")
    if _is_excluded(match.person, facts):
        why = f"{who} names {match.person.name}, who must not have this ticket"
        return None, Finding(STEP, "nobody", why)
    away = _find_away(match.person, facts)
    if away is not None:
        why = f"{who} names {match.person.name}, who is {away.describe(facts.zone)}"
        return None, Finding(STEP, "nobody", why)
    return match.person, Finding(STEP, match.person.name, f"named by {who}")


def _gather(group: Group, category: Category, facts: AssignmentFacts) -> tuple[Pool, Finding]:
    """The members of the group; of a group nobody is in, those who have a skill for it."""
    members = list_able(group, category, facts.directory)
    why = f"members of group {group.key}"
    if not _list_members(group, facts.directory):
        skills = " or ".join(dict.fromkeys((category.key, group.key)))
        why = f"nobody is in group {group.key}; staff with the skill {skills}"
        if not members:
            why = f"nobody is in group {group.key}, and nobody has the skill {skills}"
            return (), Finding(STEP, "nobody", why)
    may = tuple(person for person in members if not _is_excluded(person, facts))
    if not may:
        return (), Finding(STEP, "nobody", f"{why}: all of them must not have this ticket")
    pool = tuple(person for person in may if _find_away(person, facts) is None)
    left_out = [
        f"{person.name} ({away.describe(facts.zone)})"
        if (away := _find_away(person, facts)) is not None and person in may
        else person.name
        for person in members
        if person not in pool
    ]
    if left_out:
        why += f", without {', '.join(left_out)}"
    return pool, Finding(STEP, _list_names(pool) or "nobody", why)


def _list_members(group: Group, directory: Directory) -> Pool:
    """In the profile's order, then the people list's.

    A lead may name a group because he leads it; he gets its tickets when the profile names him, or
    when it has no engineer.
    """
    on_duty = (*group.duty.turns, *(name for day in group.duty.week for name in day))
    named = (
        directory.find_exactly(name, staff=True).person for name in (*group.engineers, *on_duty)
    )
    members = dict.fromkeys(person for person in named if person is not None)
    joined = [p for p in directory.staff if any(is_called(group, g) for g in p.groups)]
    engineers = [person for person in joined if person.role is Role.ENGINEER]
    members.update(dict.fromkeys(engineers if members or engineers else joined))
    return tuple(members)


def _narrow(
    pool: Pool, group: Group, category: Category, facts: AssignmentFacts
) -> list[tuple[Pool, str]]:
    """What each step that leaves fewer leaves, and why.

    The most urgent go to somebody who is certainly there before somebody who knows more of it.
    """
    on_duty, on_duty_why = _find_on_duty(pool, group, facts)
    by_skill = [
        ([p for p in pool if _knows_category(p, category)], f"has the skill {category.key}"),
        ([p for p in pool if _knows_group(p, group)], f"has the skill {group.key}"),
    ]
    # Knowing the group says nothing more once somebody knows the very category.
    skilled = next((step for step in by_skill if step[0]), by_skill[-1])
    duty = (on_duty, on_duty_why)
    urgent = facts.profile.priority(facts.priority).rank == 0
    steps = []
    for people, why in (duty, skilled) if urgent else (skilled, duty):
        kept = tuple(person for person in pool if person in people)
        if kept and len(kept) < len(pool):
            steps.append((kept, why))
            pool = kept
    return steps


def _find_on_duty(pool: Pool, group: Group, facts: AssignmentFacts) -> tuple[list[Person], str]:
    """Who of the pool is on duty today; of people who take turns, the next after one who is away
    or must not have it."""
    today = facts.now.astimezone(facts.zone).date()
    for place, names in enumerate(group.duty.list_from(today)):
        people = [facts.directory.find_exactly(name, staff=True).person for name in names]
        there = [person for person in pool if person in people]
        if there:
            return there, "next on duty" if place else "on duty today"
    return [], ""


def _pick_least_loaded(pool: Pool, facts: AssignmentFacts) -> tuple[Pool, tuple[Finding, ...]]:
    """Those who have the least to do."""
    loads = {person: _load_of(person, facts) for person in pool}
    least = min(loads.values())
    kept = tuple(person for person in pool if loads[person] == least)
    if len(kept) == len(pool):
        return pool, ()
    others = ", ".join(f"{p.name} {load}" for p, load in loads.items() if p not in kept)
    why = f"the least to do: {least}, against {others} (urgent 4, open 2, waiting 1)"
    return kept, (Finding(STEP, _list_names(kept), why),)


def _load_of(person: Person, facts: AssignmentFacts) -> int:
    return max(facts.loads.get(address, 0) for address in person.addresses)


def _find_away(person: Person, facts: AssignmentFacts) -> Away | None:
    return find_away(person, facts.away, facts.now, facts.zone)


def _pick_next(pool: Pool, facts: AssignmentFacts) -> Person:
    """Whoever waits longest since his last ticket; the first of the list among equals."""
    fresh = [person for person in pool if _last_given(person, facts) is None]
    return fresh[0] if fresh else min(pool, key=lambda p: _last_given(p, facts) or facts.now)


def _last_given(person: Person, facts: AssignmentFacts) -> datetime | None:
    times = [facts.assigned_at.get(address) for address in person.addresses]
    return max((time for time in times if time is not None), default=None)


def _is_excluded(person: Person, facts: AssignmentFacts) -> bool:
    return not facts.exclude.isdisjoint(person.addresses)


def _knows_category(person: Person, category: Category) -> bool:
    names = {fold(name) for name in (category.key, category.label.zh, category.label.en)}
    return any(fold(skill) in names for skill in person.skills)


def _knows_group(person: Person, group: Group) -> bool:
    return any(is_called(group, skill) for skill in person.skills)


def _list_names(people: Iterable[Person]) -> str:
    return ", ".join(person.name for person in people)
