"""`#主单`: tickets of one outage hang under its main one, and come off it again.

Pure; listed in `effects`. A ticket that hangs has no limits of its own any more: its requester
hears what is written on the main ticket, and that is measured there. When it comes off, what of
its limits lies ahead counts again. Which tickets are alike is `outage`'s question, and how words
reach everybody `broadcast`'s.
"""

from __future__ import annotations

from datetime import datetime

from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import Change, DeadlinePlan, EventPlan, Facts, LetterPlan, Other
from maildesk.desk.letters.phrases import phrase
from maildesk.desk.letters.staff_notices import tell_done
from maildesk.desk.limits.due import LimitKind, find_due, list_limits, plan_limit
from maildesk.desk.orders.script import Line
from maildesk.desk.outages.alike import TAG, is_main, list_alike
from maildesk.desk.rules.fold import fold
from maildesk.desk.staff.arguments import find_ticket
from maildesk.desk.staff.effect import Effect, Scene, fail, refuse_state
from maildesk.desk.staff.effects_related import drop_deadlines
from maildesk.desk.ticket import DESK_SHOWS, ENDED, KnownTicket, Part, State

_NONE = frozenset(("无", "取消", "没有", "不是", "解除", "none", "no", "off", "cancel"))
_OVER = ENDED | {State.TO_CONFIRM}


def relate(scene: Scene, line: Line) -> Effect:
    """With a number under that ticket; alone the main one itself; with 无 off it, or no longer."""
    said = fold(line.argument).strip(" 。.!,")
    if said in _NONE:
        return _end_outage(scene, line) if is_main(scene.ticket) else _take_off(scene, line)
    if scene.ticket.state in _OVER:
        return refuse_state(scene, line)
    return _hang_under(scene, line) if said else _make_main(scene, line)


def _hang_under(scene: Scene, line: Line) -> Effect:
    ticket = scene.ticket
    target = find_ticket(scene, line)
    if isinstance(target, Effect):
        return target
    if is_main(ticket):
        return fail(scene, line, "main_itself")
    if target.state in _OVER:
        state = DESK_SHOWS[target.state].in_language(scene.language)
        return fail(scene, line, "ended_target", number=target.number, state=state)
    if target.parent is not None:
        return fail(scene, line, "under_another", number=target.number)
    others = (Other(ticket=target),)
    if not is_main(target):
        begun = (EventPlan("outage", (("by", scene.actor.address),)),)
        others = (Other(target, change=Change(tags=(*target.tags, TAG)), events=begun),)
    return Effect(
        change=Change(parent=target.id, eta=target.eta),
        events=(EventPlan("hung", (("to", target.number),)),),
        letters=_tell_engineer(scene, ticket, "hung_by", target.number),
        deadlines=drop_deadlines(),
        done=(scene.say("hung", number=target.number),),
        others=others,
        final="undo_parent",
    )


def _make_main(scene: Scene, line: Line) -> Effect:
    """The ticket stands for the outage, and open ones like it hang under it at once."""
    ticket, facts = scene.ticket, scene.facts
    if is_main(ticket):
        return fail(scene, line, "main_already")
    if ticket.parent is not None:
        return fail(scene, line, "under_another", number=ticket.number)
    first = next((item for item in facts.recent if item.id == ticket.id), None)
    alike = list_alike(first, facts.recent, facts.desk.profile) if first else []
    wanted = {item.id for item in alike}
    found = [
        item
        for item in facts.tickets
        if item.id in wanted and item.parent is None and not is_main(item)
        if item.state not in _OVER
    ]
    done = scene.say("main_alone")
    if found:
        done = scene.say("main_made", numbers="、".join(item.number for item in found))
    return Effect(
        change=Change(tags=(*ticket.tags, TAG)),
        events=(EventPlan("outage", (("by", scene.actor.address),)),),
        done=(done,),
        others=tuple(
            Other(
                ticket=item,
                change=Change(parent=ticket.id, eta=ticket.eta),
                events=(EventPlan("hung", (("to", ticket.number),)),),
                letters=_tell_engineer(scene, item, "hung_by", ticket.number),
                deadlines=drop_deadlines(),
            )
            for item in found
        ),
        answer=True,
        final="undo_parent",
    )


def _take_off(scene: Scene, line: Line) -> Effect:
    """The ticket is another matter after all."""
    ticket = scene.ticket
    if ticket.parent is None:
        return fail(scene, line, "not_hung")
    return Effect(
        change=Change(clear=frozenset(("parent",))),
        events=(EventPlan("detached", (("by", scene.actor.address),)),),
        deadlines=renew_deadlines(scene.facts, ticket),
        done=(scene.say("detached"),),
        final="undo_parent",
    )


def _end_outage(scene: Scene, line: Line) -> Effect:
    """It was no outage: every ticket under it is worked on by itself again."""
    ticket = scene.ticket
    hanging = [item for item in scene.facts.tickets if item.parent == ticket.id]
    return Effect(
        change=Change(tags=tuple(tag for tag in ticket.tags if tag != TAG)),
        events=(EventPlan("outage_over", (("by", scene.actor.address),)),),
        done=(scene.say("outage_over", count=str(len(hanging))),),
        others=tuple(
            Other(
                ticket=item,
                change=Change(clear=frozenset(("parent",))),
                events=(EventPlan("detached", (("by", scene.actor.address),)),),
                letters=_tell_engineer(scene, item, "detached_by", ticket.number),
                deadlines=renew_deadlines(scene.facts, item),
            )
            for item in hanging
        ),
        answer=True,
        final="undo_parent",
    )


def renew_deadlines(facts: Facts, ticket: KnownTicket) -> tuple[DeadlinePlan, ...]:
    """What of a ticket's limits lies ahead counts again; nobody has it: the lead is told."""
    if ticket.state in _OVER:
        return ()
    plans = list(_plan_ahead(ticket, facts.desk, facts.now))
    if ticket.find(Part.ASSIGNEE) is None:
        plans.append(DeadlinePlan("unassigned_notice", facts.now))
    return tuple(plans)


def _plan_ahead(ticket: KnownTicket, desk: DeskConfig, now: datetime) -> list[DeadlinePlan]:
    plans: list[DeadlinePlan] = []
    priority = desk.profile.priority(ticket.priority)
    for limit in list_limits(priority, desk.profile):
        due = find_due(ticket, limit.kind)
        met = ticket.solved if limit.kind is LimitKind.SOLUTION else ticket.responded
        if due is not None and due > now and met is None:
            plans += plan_limit(now, due, limit, desk.zone_info)
    return plans


def _tell_engineer(
    scene: Scene, ticket: KnownTicket, key: str, number: str
) -> tuple[LetterPlan, ...]:
    """Whose ticket it is learns what became of it, unless he did it himself or has the main one."""
    engineer = ticket.find(Part.ASSIGNEE)
    if engineer is None or scene.actor.address in engineer.addresses:
        return ()
    has_main = scene.ticket.find(Part.ASSIGNEE)
    if has_main is not None and has_main.key == engineer.key and scene.ticket.id != ticket.id:
        return ()
    language = engineer.language or scene.facts.desk.language
    said = phrase(key, language, by=scene.actor.name, number=number)
    return (tell_done(scene.facts, ticket, engineer, said),)
