"""What stands behind an order's word: a person, a priority, a category, a remark.

Pure; what cannot be understood becomes the sentence its author is told. What an order does with
its argument is `effects`' question, and times are `orders.moment`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from maildesk.desk.arrival.number import find_numbers
from maildesk.desk.letters.moments import say
from maildesk.desk.orders.script import Line
from maildesk.desk.person import Person
from maildesk.desk.profile import Calendar, Category, Priority
from maildesk.desk.rules.fold import fold
from maildesk.desk.staff.effect import Effect, Scene, fail
from maildesk.desk.ticket import KnownTicket

Named = TypeVar("Named", Priority, Category)


def find_ticket(scene: Scene, line: Line) -> KnownTicket | Effect:
    """The other ticket the order names by its number, or why none."""
    numbers = find_numbers(line.argument, (scene.facts.desk.profile.number_format,))
    found = [item for item in scene.facts.tickets if item.number in numbers]
    if len(found) != 1:
        return fail(scene, line, "no_such_ticket", text=line.argument)
    if found[0].id == scene.ticket.id:
        return fail(scene, line, "same_ticket", number=found[0].number)
    return found[0]


def find_staff(scene: Scene, line: Line) -> Person | Effect:
    """Whom the order names among engineers and leads, or why nobody."""
    found = scene.facts.directory.find(line.argument, staff=True)
    if found.person is not None:
        return found.person
    anybody = scene.facts.directory.find(line.argument)
    others = (anybody.person, *anybody.candidates) if anybody.person else anybody.candidates
    if others and not found.candidates:
        return fail(scene, line, "not_staff", name=others[0].name)
    return answer_nobody(scene, line, found.candidates)


def read_remark(line: Line, person: Person) -> str:
    """What stands behind the name: 陈静 网络问题，请看."""
    name, _, rest = line.argument.strip().partition(" ")
    remark = rest.strip(" ,，。;；:：")
    return "" if fold(f"{name} {remark}") in fold(person.name) else remark


def answer_nobody(scene: Scene, line: Line, candidates: Sequence[Person]) -> Effect:
    """Nobody is meant for certain; who of the same name could be."""
    if candidates:
        names = "、".join(
            f"{person.name}（{person.staff_number or person.key}）" for person in candidates
        )
        return fail(scene, line, "many_people", text=line.argument, names=names)
    return fail(scene, line, "no_person", text=line.argument)


def match_named(text: str, among: Sequence[Named]) -> Named | None:
    """The priority or category of that key or label, in either language."""
    wanted = fold(text).strip()
    for item in among:
        if wanted in (fold(item.key), fold(item.label.zh), fold(item.label.en)):
            return item
    return None


def choose_calendar(scene: Scene) -> Calendar:
    """The working time that the ticket's priority runs in."""
    profile = scene.facts.desk.profile
    return profile.calendar(profile.priority(scene.ticket.priority).calendar)


def say_time(scene: Scene, at: datetime) -> str:
    """The moment as the order's author would say it."""
    return say(at, scene.facts.now, scene.facts.desk.zone_info, scene.language)
