"""What an order does to who takes part: another engineer, a helper, a vendor, the true requester.

Pure; one function an order, listed in `effects`. How a ticket changes hands is `handover`'s.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from maildesk.desk.arrival.directory import find_group
from maildesk.desk.arrival.guard import is_desk_address
from maildesk.desk.calendar.absence import find_away
from maildesk.desk.decision import Change, EventPlan
from maildesk.desk.letters.moments import say_day
from maildesk.desk.orders.script import Line
from maildesk.desk.person import Person
from maildesk.desk.profile import Group
from maildesk.desk.staff.arguments import answer_nobody, find_staff, read_remark
from maildesk.desk.staff.consultation import read_asked
from maildesk.desk.staff.effect import Effect, Scene, fail, name_result, refuse_state
from maildesk.desk.staff.handover import (
    find_next,
    hand_over,
    hand_to_group,
    invite,
    name_requester,
    take,
    take_if_free,
)
from maildesk.desk.ticket import ENDED, Part, State, Waiting
from maildesk.mail.message import address_key, is_usable


def assign(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state in ENDED:
        return refuse_state(scene, line)
    group = find_group(line.argument, scene.facts.desk.profile)
    if group is not None:
        name = group.label.in_language(scene.language)
        done = scene.say("assigned_group", name=name)
        return hand_to_group(scene, group).then(Effect(done=(done,)))
    found = find_staff(scene, line)
    if isinstance(found, Effect):
        return found
    if scene.actor.address in found.addresses:
        return take(scene).then(Effect(done=(scene.say("started", name=found.name),)))
    done = scene.say("assigned", name=found.name)
    given = hand_over(scene, found.key, found.name, remark=read_remark(line, found))
    return given.then(Effect(done=(done,))).then(_warn_away(scene, found))


def join(scene: Scene, line: Line) -> Effect:
    """Each of those named gets the case; a group sends whose turn it is (F5: 会诊)."""
    facts = scene.facts
    asked = read_asked(line.argument, facts.directory, facts.desk.profile)
    if asked.problem is not None or not asked.who:
        name, match = asked.problem or ("", None)
        found = find_staff(scene, replace(line, argument=name))
        if isinstance(found, Effect):
            return found
        return answer_nobody(scene, line, match.candidates if match else ())
    working = [who for part in _WORKING for who in scene.ticket.find_all(part)]
    busy = {key for who in working for key in who.addresses}
    effect, new = Effect(), list[Person]()
    for who in asked.who:
        person = who if isinstance(who, Person) else find_next(scene, who, frozenset(busy))
        if person is None:
            assert isinstance(who, Group)
            group = who.label.in_language(scene.language)
            return fail(scene, line, "nobody_in_group", group=group)
        if not busy.isdisjoint(person.addresses):
            mine = Part.ASSIGNEE in scene.ticket.parts_of(person.addresses)
            key = "has_it_already" if mine else "helps_already"
            effect = effect.then(Effect(done=(scene.say(key, name=person.name),), answer=True))
            continue
        busy |= set(person.addresses)
        new.append(person)
        done = scene.say("joined", name=person.name)
        if isinstance(who, Group):
            group = who.label.in_language(scene.language)
            done = scene.say("joined_group", group=group, name=person.name)
        effect = effect.then(Effect(done=(done,))).then(_warn_away(scene, person))
    names = tuple(person.name for person in new)
    for person in new:
        effect = effect.then(invite(scene, person, asked.remark, names))
    return effect


_WORKING = (Part.ASSIGNEE, Part.HELPER)


def _warn_away(scene: Scene, person: Person) -> Effect:
    """Whoever names somebody who is away should know it; he may have talked to him."""
    facts, zone = scene.facts, scene.facts.desk.zone_info
    away = find_away(person, facts.away, facts.now, zone)
    if away is None:
        return Effect()
    day = say_day(away.until - timedelta(seconds=1), zone, scene.language)
    return Effect(done=(scene.say("is_away", name=person.name, day=day),), answer=True)


def hand_to_vendor(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state in ENDED:
        return refuse_state(scene, line)
    words = line.argument.replace("<", " ").replace(">", " ").split()
    address = next((word for word in words if "@" in word and is_usable(word)), None)
    name = " ".join(word for word in words if word != address)
    result = name_result(scene, "external")
    change = Change(state=State.ON_HOLD, waiting=Waiting.THIRD_PARTY, result=result)
    event = EventPlan("to_vendor", (("who", line.argument),))
    effect = take_if_free(scene).then(
        Effect(change=change, events=(event,), done=(scene.say("vendor"),), letter="progress")
    )
    if address is None:
        return effect
    if not scene.words.strip():
        return fail(scene, line, "no_text")
    key = address_key(address)
    if is_desk_address(scene.facts.desk, key):
        return fail(scene, line, "which_vendor")  # it would come back to us and be ignored
    return effect.then(
        Effect(joins=((key, name, Part.THIRD_PARTY),), letter="vendor", vendor=(key, name))
    )


def put_on_behalf(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state in ENDED:
        return refuse_state(scene, line)
    found = scene.facts.directory.find(line.argument)
    if found.person is None:
        return answer_nobody(scene, line, found.candidates)
    done = scene.say("onbehalf", name=found.person.name)
    return name_requester(scene, found.person).then(Effect(done=(done,)))
