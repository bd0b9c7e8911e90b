"""What each order does (WORDS.md): one small function an order, and the table `EFFECTS`.

Pure. Orders that need a text the requester can read take it from the words below them, since a
line that starts with `#` is never passed on. `undo` and `send` are not here: each stands alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from maildesk.desk.arguments import (
    answer_nobody,
    choose_calendar,
    find_staff,
    match_named,
    read_remark,
    say_time,
)
from maildesk.desk.decision import Change, EventPlan
from maildesk.desk.directory import find_group
from maildesk.desk.effect import Effect, Scene, fail, move_limits
from maildesk.desk.guard import is_desk_address
from maildesk.desk.handover import (
    hand_over,
    hand_to_group,
    invite,
    name_requester,
    take,
)
from maildesk.desk.orders.moment import read_moment
from maildesk.desk.orders.script import Line
from maildesk.desk.orders.table import Order
from maildesk.desk.staff_notices import tell_orders
from maildesk.desk.ticket import DESK_SHOWS, ENDED, Part, State, Waiting
from maildesk.mail.message import address_key, is_usable


def _start(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state in ENDED:
        return _wrong_state(scene, line)
    effect = Effect(
        change=Change(state=State.IN_PROGRESS, waiting=Waiting.NONE),
        responds=True,
        done=(scene.say("started", name=scene.actor.name),),
    )
    return take(scene).then(effect)


def _note(scene: Scene, line: Line) -> Effect:
    event = EventPlan("note", (("words", line.argument),)) if line.argument else None
    return Effect(events=(event,) if event else (), done=(scene.say("noted"),))


def _contacted(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state in ENDED:
        return _wrong_state(scene, line)
    at = scene.facts.now
    if line.argument:
        found = read_moment(
            line.argument,
            scene.facts.now,
            scene.facts.desk.zone_info,
            choose_calendar(scene),
            past=True,
        )
        if found is None:
            return fail(scene, line, "no_time", text=line.argument)
        at = found
    opened = scene.ticket.opened
    if opened is not None and at < opened:
        zone = scene.facts.desk.zone_info
        if at.astimezone(zone).date() < opened.astimezone(zone).date():
            # A slip (16:05 typed at 10:00) would make the ticket's best response of it.
            return fail(scene, line, "too_early", text=line.argument)
        at = opened  # a call that came before the mail
    known = scene.ticket.responded
    first = at if known is None or at < known else None
    state = State.IN_PROGRESS if scene.ticket.state in (State.NEW, State.UNASSIGNED) else None
    return _take(scene).then(
        Effect(
            change=Change(state=state, responded=first),
            events=(EventPlan("contacted", (("at", at.isoformat()), ("said", line.argument))),),
            done=(scene.say("contacted", time=say_time(scene, at)),),
        )
    )


def _wait(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state in ENDED:
        return _wrong_state(scene, line)
    return _take(scene).then(
        Effect(
            change=Change(state=State.WAITING_REQUESTER, waiting=Waiting.REQUESTER),
            done=(scene.say("waits_requester"),),
            letter="question",
        )
    )


def _hold(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state in ENDED:
        return _wrong_state(scene, line)
    key = "held" if line.argument else "held_plain"
    return _take(scene).then(
        Effect(
            change=Change(state=State.ON_HOLD, waiting=Waiting.THIRD_PARTY),
            events=(EventPlan("on_hold", (("why", line.argument),)),),
            done=(scene.say(key, reason=line.argument),),
            letter="progress",
        )
    )


def _resume(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state in ENDED:
        return _wrong_state(scene, line)
    change = Change(state=State.IN_PROGRESS, waiting=Waiting.NONE)
    resumed = Effect(change=change, done=(scene.say("resumed"),), letter="progress")
    return _take(scene).then(resumed)


def _solve(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state in ENDED:
        return _wrong_state(scene, line)
    if not scene.words.strip():
        return fail(scene, line, "no_text")
    now = scene.facts.now
    return _take(scene).then(
        Effect(
            change=Change(state=State.TO_CONFIRM, waiting=Waiting.NONE, solved=now),
            events=(EventPlan("solved", ()),),
            done=(scene.say("solved"),),
            letter="solved",
        )
    )


def _confirm(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state in (State.CLOSED, State.REJECTED):
        return _wrong_state(scene, line)
    now = scene.facts.now
    told = (("by", scene.actor.address), ("how", line.argument))
    return Effect(
        change=Change(
            state=State.SOLVED,
            waiting=Waiting.NONE,
            solved=scene.ticket.solved or now,
            confirmed=now,
        ),
        events=(EventPlan("confirmed", told),),
        done=(scene.say("confirmed"),),
        responds=True,  # who confirmed has been spoken to
    )


def _assign(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state in ENDED:
        return _wrong_state(scene, line)
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


def _join(scene: Scene, line: Line) -> Effect:
    found = find_staff(scene, line)
    if isinstance(found, Effect):
        return found
    done = scene.say("joined", name=found.name)
    return invite(scene, found, read_remark(line, found)).then(Effect(done=(done,)))


def _hand_to_vendor(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state in ENDED:
        return _wrong_state(scene, line)
    words = line.argument.replace("<", " ").replace(">", " ").split()
    address = next((word for word in words if "@" in word and is_usable(word)), None)
    name = " ".join(word for word in words if word != address)
    change = Change(state=State.ON_HOLD, waiting=Waiting.THIRD_PARTY)
    event = EventPlan("to_vendor", (("who", line.argument),))
    effect = _take(scene).then(
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


def _follow_up(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state in ENDED:
        return _wrong_state(scene, line)
    return _take(scene).then(
        Effect(
            change=Change(state=State.ON_HOLD, waiting=Waiting.NONE),
            events=(EventPlan("followup", (("why", line.argument),)),),
            done=(scene.say("followup"),),
            letter="progress",
        )
    )


def _expect(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state in ENDED:
        return _wrong_state(scene, line)
    zone = scene.facts.desk.zone_info
    at = read_moment(line.argument, scene.facts.now, zone, choose_calendar(scene))
    if at is None:
        return fail(scene, line, "no_time", text=line.argument)
    state = State.IN_PROGRESS if scene.ticket.state in (State.NEW, State.UNASSIGNED) else None
    return _take(scene).then(
        Effect(
            change=Change(state=state, eta=at),
            events=(EventPlan("eta", (("at", at.isoformat()),)),),
            done=(scene.say("eta", time=say_time(scene, at)),),
            letter="progress",
            responds=True,
        )
    )


def _set_priority(scene: Scene, line: Line) -> Effect:
    profile = scene.facts.desk.profile
    found = match_named(line.argument, profile.priorities)
    if found is None:
        names = "、".join(item.label.in_language(scene.language) for item in profile.priorities)
        return fail(scene, line, "no_priority", text=line.argument, names=names)
    effect = Effect(
        change=Change(priority=found.key),
        events=(EventPlan("priority", (("from", scene.ticket.priority), ("to", found.key))),),
        done=(scene.say("priority", name=found.label.in_language(scene.language)),),
    )
    opened = scene.ticket.opened
    if scene.ticket.responded is not None or opened is None:
        return effect
    due, moved = move_limits(opened, found.key, scene.facts.desk)
    return effect.then(Effect(change=Change(response_due=due), deadlines=moved))


def _set_category(scene: Scene, line: Line) -> Effect:
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


def _on_behalf(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state in ENDED:
        return _wrong_state(scene, line)
    found = scene.facts.directory.find(line.argument)
    if found.person is None:
        return answer_nobody(scene, line, found.candidates)
    done = scene.say("onbehalf", name=found.person.name)
    return name_requester(scene, found.person).then(Effect(done=(done,)))


def _reject(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state in ENDED:
        return _wrong_state(scene, line)
    if not scene.words.strip():
        return fail(scene, line, "no_text")
    return _take(scene).then(
        Effect(
            change=Change(state=State.REJECTED, waiting=Waiting.NONE, closed=scene.facts.now),
            events=(EventPlan("rejected", (("why", line.argument),)),),
            done=(scene.say("rejected"),),
            letter="rejected",
        )
    )


def _mark_spam(scene: Scene, line: Line) -> Effect:
    return Effect(
        change=Change(state=State.REJECTED, waiting=Waiting.NONE, closed=scene.facts.now),
        events=(EventPlan("spam", ()),),
        done=(scene.say("spam"),),
    )


def _reopen(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state not in ENDED | {State.TO_CONFIRM}:
        return _wrong_state(scene, line)
    reopened = Effect(
        change=Change(
            state=State.IN_PROGRESS,
            waiting=Waiting.NONE,
            clear=frozenset(("solved", "confirmed", "closed")),
        ),
        events=(EventPlan("reopened", (("by", scene.actor.address),)),),
        done=(scene.say("reopened"),),
        letter="progress",
    )
    return _take(scene).then(reopened)


def _explain_late(scene: Scene, line: Line) -> Effect:
    event = EventPlan("late_reason", (("why", line.argument),))
    return Effect(events=(event,), done=(scene.say("late"),))


def _ask_status(scene: Scene, line: Line) -> Effect:
    return Effect(answer=True)


def _ask_help(scene: Scene, line: Line) -> Effect:
    told = tell_orders(scene.facts, scene.ticket, scene.actor, scene.language)
    return Effect(letters=(told,))


EFFECTS: Mapping[Order, Callable[[Scene, Line], Effect]] = {
    Order.START: _start,
    Order.NOTE: _note,
    Order.CONTACTED: _contacted,
    Order.WAITING: _wait,
    Order.HOLD: _hold,
    Order.RESUME: _resume,
    Order.SOLVED: _solve,
    Order.CONFIRMED: _confirm,
    Order.ASSIGN: _assign,
    Order.JOIN: _join,
    Order.VENDOR: _hand_to_vendor,
    Order.FOLLOWUP: _follow_up,
    Order.ETA: _expect,
    Order.PRIORITY: _set_priority,
    Order.CATEGORY: _set_category,
    Order.ONBEHALF: _on_behalf,
    Order.REJECT: _reject,
    Order.SPAM: _mark_spam,
    Order.REOPEN: _reopen,
    Order.LATE: _explain_late,
    Order.STATUS: _ask_status,
    Order.HELP: _ask_help,
}


def _take(scene: Scene) -> Effect:
    """Who works on a ticket nobody has, has it from then on (M3)."""
    if scene.ticket.find(Part.ASSIGNEE) is not None:
        return Effect()
    return hand_over(scene, scene.actor.address, scene.actor.name, to_actor=True)


def _wrong_state(scene: Scene, line: Line) -> Effect:
    state = DESK_SHOWS[scene.ticket.state].in_language(scene.language)
    return fail(scene, line, "wrong_state", state=state)
