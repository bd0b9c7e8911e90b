"""What an order does that relates tickets: one goes into another, a mail becomes one of its own.

Pure; listed in `effects`. The other ticket's side is a `decision.Other`, made true in the same
transaction. Outages and their main tickets are `effects_parent`'s.
"""

from __future__ import annotations

from maildesk.desk.decision import Change, DeadlinePlan, EventPlan, LetterPlan, Other
from maildesk.desk.letters.head import greet, head, name_handler
from maildesk.desk.letters.linked_values import MergedValues
from maildesk.desk.letters.phrases import phrase
from maildesk.desk.letters.staff_notices import tell_done
from maildesk.desk.limits.due import LimitKind
from maildesk.desk.orders.script import Line
from maildesk.desk.outages.alike import is_main
from maildesk.desk.request.splitting import split_off
from maildesk.desk.staff.arguments import find_ticket
from maildesk.desk.staff.effect import Effect, Scene, fail, refuse_state
from maildesk.desk.ticket import DESK_SHOWS, ENDED, KnownTicket, Part, State, Waiting

_FIRST_WORDS = 120


def merge(scene: Scene, line: Line) -> Effect:
    """The ticket is over, and everything of it goes on in the other."""
    ticket, actor = scene.ticket, scene.actor
    if ticket.state in ENDED:
        return refuse_state(scene, line)
    target = find_ticket(scene, line)
    if isinstance(target, Effect):
        return target
    if is_main(ticket):
        return fail(scene, line, "merge_main")
    if target.state in ENDED:
        state = DESK_SHOWS[target.state].in_language(scene.language)
        return fail(scene, line, "ended_target", number=target.number, state=state)
    earlier = (item for item in scene.facts.tickets if item.merged_into == ticket.id)
    return Effect(
        change=Change(
            state=State.CLOSED,
            waiting=Waiting.NONE,
            closed=scene.facts.now,
            result="merged",
            merged_into=target.id,
            clear=frozenset(("parent",)) if ticket.parent is not None else frozenset(),
        ),
        events=(EventPlan("merged", (("to", target.number),)),),
        letters=_tell_former(scene, target),
        deadlines=drop_deadlines(),
        done=(scene.say("merged", number=target.number),),
        others=(
            Other(
                ticket=target,
                events=(EventPlan("merged_in", (("from", ticket.number), ("by", actor.address))),),
                letters=_tell_requester(scene, target) + _tell_engineer(scene, target),
                joins=_list_joins(ticket, target),
            ),
            *(Other(ticket=item, change=Change(merged_into=target.id)) for item in earlier),
        ),
        final="undo_merged",
    )


def split(scene: Scene, line: Line) -> Effect:
    """The requester's mail that is answered becomes a ticket of its own."""
    found = split_off(scene, line.argument.strip())
    if isinstance(found, str):
        return fail(scene, line, found)
    return Effect(others=(found,), final="undo_split")


def drop_deadlines() -> tuple[DeadlinePlan, ...]:
    """Nothing of the ticket falls due by itself any more."""
    kinds = [name for kind in LimitKind for name in (kind.near, kind.missed)]
    return tuple(DeadlinePlan(kind, None) for kind in (*kinds, *_OWN_CLOCKS))


_OWN_CLOCKS = ("unassigned_notice", "escalation_due", "major_update")


def _list_joins(ticket: KnownTicket, target: KnownTicket) -> tuple[tuple[str, str, Part], ...]:
    """Whoever reads human answers here, reads them there from now on."""
    asks = (*ticket.find_all(Part.REQUESTER), *ticket.find_all(Part.CC))
    new = {item.key: item.name for item in asks if not item.addresses & target.insiders}
    return tuple((key, name, Part.CC) for key, name in new.items())


def _tell_requester(scene: Scene, target: KnownTicket) -> tuple[LetterPlan, ...]:
    """One line with the number that counts now; not to whom both tickets are."""
    asks, theirs = scene.ticket.find(Part.REQUESTER), target.find(Part.REQUESTER)
    if asks is None or (theirs is not None and asks.addresses & theirs.addresses):
        return ()
    desk = scene.facts.desk
    language = asks.language or scene.ticket.language
    values = MergedValues(
        name=greet(asks),
        former=scene.ticket.number,
        **name_handler(desk, scene.facts.directory, target, language),
        **head(scene.facts, target.number, scene.ticket.title, language),
    )
    plan = LetterPlan("merged", asks.key, asks.name, language, values, "auto-generated")
    return (plan,)


def _tell_engineer(scene: Scene, target: KnownTicket) -> tuple[LetterPlan, ...]:
    """Who has the other ticket learns what has come to it, in the requester's own words."""
    engineer = target.find(Part.ASSIGNEE)
    if engineer is None or scene.actor.address in engineer.addresses:
        return ()
    asks = scene.ticket.find(Part.REQUESTER)
    first = next((item.words for item in scene.facts.said if not item.internal), "")
    said = phrase(
        "merged_in",
        engineer.language or scene.facts.desk.language,
        by=scene.actor.name,
        number=scene.ticket.number,
        name=asks.name if asks else "",
        words=" ".join((first or scene.ticket.title).split())[:_FIRST_WORDS],
    )
    return (tell_done(scene.facts, target, engineer, said),)


def _tell_former(scene: Scene, target: KnownTicket) -> tuple[LetterPlan, ...]:
    """Whose ticket it was, learns that it is over."""
    engineer = scene.ticket.find(Part.ASSIGNEE)
    if engineer is None or scene.actor.address in engineer.addresses:
        return ()
    language = engineer.language or scene.facts.desk.language
    said = phrase("merged_by", language, by=scene.actor.name, number=target.number)
    change = Change(state=State.CLOSED)
    return (tell_done(scene.facts, scene.ticket, engineer, said, change),)
