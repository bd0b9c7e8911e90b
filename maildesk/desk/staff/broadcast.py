"""An engineer's words on the main ticket of an outage reach everybody who reported it.

One letter each, on their own ticket. Progress is a first response there as it is anywhere: a person
wrote it; the line they got instead of an acknowledgement was not. That it works again asks each of
them to confirm for himself. Questions and refusals stay on the main ticket. Pure.
"""

from __future__ import annotations

from dataclasses import replace

from maildesk.desk.arrival.machine import asks_nobody
from maildesk.desk.decision import Change, EventPlan, Other
from maildesk.desk.outages.alike import is_main
from maildesk.desk.staff.effect import Effect, Scene, name_result
from maildesk.desk.staff.relay import Relayed, Speech, pass_on
from maildesk.desk.ticket import ENDED, KnownTicket, Part, State, Waiting

_SPOKEN = ("progress", "solved")


def broadcast(scene: Scene, speech: Speech, relayed: Relayed, effect: Effect) -> Effect:
    """The other tickets' side of these words; `relayed` is what the main ticket's people got."""
    ticket = scene.ticket
    if not is_main(ticket) or speech.letter not in _SPOKEN:
        return Effect()
    told = {plan.address for plan in relayed.letters}
    others = []
    for child in scene.facts.tickets:
        if child.parent == ticket.id and child.state not in ENDED | {State.TO_CONFIRM}:
            other = _tell(scene, child, speech, told, effect)
            if other is not None:
                others.append(other)
    if not others:
        return Effect()
    done = scene.say("broadcast", count=str(len(others)))
    return Effect(others=tuple(others), done=(done,), final="undo_broadcast")


def _tell(
    scene: Scene, child: KnownTicket, speech: Speech, told: set[str], effect: Effect
) -> Other | None:
    if speech.letter == "solved" and asks_nobody(child):
        return _solve(scene, child)  # nobody is there to confirm
    relayed = pass_on(scene.facts, child, scene.actor, speech)
    letters = relayed.letters
    if speech.letter == "progress":  # once a person, however many tickets he has of it
        letters = tuple(plan for plan in letters if plan.address not in told)
        told |= {plan.address for plan in letters}
    if not relayed.reached:
        return None
    event = (
        ("letter", speech.letter),
        ("to", "、".join(relayed.reached)),
        ("words", speech.words),
    )
    events = [EventPlan("relayed", event)]
    if speech.letter == "solved":
        events.append(EventPlan("solved", ()))
    joins, change = _give(scene, child, effect)
    return Other(
        ticket=child,
        change=_change(scene, child, speech).then(change),
        events=tuple(events),
        letters=letters,
        joins=joins,
    )


def _solve(scene: Scene, child: KnownTicket) -> Other:
    now, result = scene.facts.now, name_result(scene, "solved")
    change = Change(state=State.SOLVED, waiting=Waiting.NONE, solved=now, result=result)
    return Other(child, change=change, events=(EventPlan("solved", (("confirm", "nobody"),)),))


def _change(scene: Scene, child: KnownTicket, speech: Speech) -> Change:
    now = scene.facts.now
    change = Change(responded=now if child.responded is None else None, eta=speech.eta)
    if speech.letter == "solved":
        result = name_result(scene, "solved")
        return replace(
            change, state=State.TO_CONFIRM, waiting=Waiting.NONE, solved=now, result=result
        )
    if child.state in (State.NEW, State.UNASSIGNED):
        return replace(change, state=State.IN_PROGRESS)
    return change


def _give(
    scene: Scene, child: KnownTicket, effect: Effect
) -> tuple[tuple[tuple[str, str, Part], ...], Change]:
    """Who has the main ticket, has those under it that nobody had."""
    engineer = scene.ticket.find(Part.ASSIGNEE)
    key = effect.change.assignee or (engineer.key if engineer else scene.actor.address)
    if child.find(Part.ASSIGNEE) is not None or "assignee" in effect.change.clear:
        return (), Change()
    return ((key, "", Part.ASSIGNEE),), Change(assignee=key)
