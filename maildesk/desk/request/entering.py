"""What staff order about a ticket while they enter it for somebody (R1, M1): `#代提` and beside it.

Category, priority and engineer are set before the ticket is opened, so that its limits and its
dispatch are right from the first minute. Every other order needs a ticket first: it is named, so
that its author is told. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from maildesk.desk.arrival.directory import Directory, find_group
from maildesk.desk.decision import Finding
from maildesk.desk.orders.script import Line, Script
from maildesk.desk.orders.table import Order
from maildesk.desk.profile import Profile
from maildesk.desk.request.triage import Triage
from maildesk.desk.staff.arguments import match_named

_STEPS = ("category", "priority", "group")
_NEEDS_NOTHING = frozenset({Order.ONBEHALF, Order.NOTE})


@dataclass(frozen=True, slots=True)
class Entry:
    """The classification as it was ordered, and the orders that could not be followed."""

    triage: Triage
    left: tuple[Line, ...] = ()


def enter(triage: Triage, script: Script | None, profile: Profile, directory: Directory) -> Entry:
    """Let the author's orders overrule the rules; the last of a kind counts."""
    left: list[Line] = []
    for line in script.orders if script is not None else ():
        changed = _follow(triage, line, profile, directory)
        if changed is None:
            left.append(line)
        else:
            triage = changed
    return Entry(triage, tuple(left))


def _follow(triage: Triage, line: Line, profile: Profile, directory: Directory) -> Triage | None:
    if line.order in _NEEDS_NOTHING:
        return triage
    if line.order is Order.PRIORITY:
        priority = match_named(line.argument, profile.priorities)
        return _overrule(triage, priority=priority.key) if priority else None
    if line.order is Order.CATEGORY:
        category = match_named(line.argument, profile.categories)
        return _overrule(triage, category=category.key, group=category.group) if category else None
    if line.order is Order.ASSIGN:
        group = find_group(line.argument, profile)
        if group is not None:
            return _overrule(triage, group=group.key)
        person = directory.find(line.argument, staff=True).person
        return replace(triage, assignee=person.key) if person else None
    return None


def _overrule(triage: Triage, **keys: str) -> Triage:
    """The same with these keys, and with the order as their reason."""
    kept = tuple(found for found in triage.findings if found.step not in keys)
    ordered = tuple(Finding(step, key, "its author ordered it") for step, key in keys.items())
    changed: dict[str, Any] = {step: keys[step] for step in _STEPS if step in keys}
    return replace(triage, **changed, findings=(*kept, *ordered))
