"""What an order does to who takes part: another engineer, a helper, a vendor, the true requester.

Pure; one function an order, listed in `effects`. How a ticket changes hands is `handover`'s.
"""

from __future__ import annotations

from maildesk.desk.arguments import answer_nobody, find_staff, read_remark
from maildesk.desk.decision import Change, EventPlan
from maildesk.desk.directory import find_group
from maildesk.desk.effect import Effect, Scene, fail, name_result, refuse_state
from maildesk.desk.guard import is_desk_address
from maildesk.desk.handover import (
    hand_over,
    hand_to_group,
    invite,
    name_requester,
    take,
    take_if_free,
)
from maildesk.desk.orders.script import Line
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
    return given.then(Effect(done=(done,)))


def join(scene: Scene, line: Line) -> Effect:
    found = find_staff(scene, line)
    if isinstance(found, Effect):
        return found
    done = scene.say("joined", name=found.name)
    return invite(scene, found, read_remark(line, found)).then(Effect(done=(done,)))


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
