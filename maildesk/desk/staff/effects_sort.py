"""What an order does to how a ticket is sorted: its priority and its category.

Pure; one function an order, listed in `effects`.
"""

from __future__ import annotations

from maildesk.desk.decision import Change, EventPlan
from maildesk.desk.orders.script import Line
from maildesk.desk.staff.arguments import match_named
from maildesk.desk.staff.effect import Effect, Scene, fail


def set_priority(scene: Scene, line: Line) -> Effect:
    profile = scene.facts.desk.profile
    found = match_named(line.argument, profile.priorities)
    if found is None:
        names = "、".join(item.label.in_language(scene.language) for item in profile.priorities)
        return fail(scene, line, "no_priority", text=line.argument, names=names)
    return Effect(
        change=Change(priority=found.key),
        events=(EventPlan("priority", (("from", scene.ticket.priority), ("to", found.key))),),
        done=(scene.say("priority", name=found.label.in_language(scene.language)),),
    )


def set_category(scene: Scene, line: Line) -> Effect:
    profile = scene.facts.desk.profile
    found = match_named(line.argument, profile.categories)
    if found is None:
        names = "、".join(item.label.in_language(scene.language) for item in profile.categories)
        return fail(scene, line, "no_category", text=line.argument, names=names)
    return Effect(
        change=Change(category=found.key, group=found.group),
        events=(EventPlan("category", (("from", scene.ticket.category), ("to", found.key))),),
        done=(scene.say("category", name=found.label.in_language(scene.language)),),
    )
