"""What an order does while a ticket is worked on: begun, waiting, on hold, promised for a time.

Pure; one function an order, listed in `effects`.
"""

from __future__ import annotations

from maildesk.desk.decision import Change, EventPlan
from maildesk.desk.orders.moment import read_moment
from maildesk.desk.orders.script import Line
from maildesk.desk.staff.arguments import choose_calendar, say_time
from maildesk.desk.staff.effect import Effect, Scene, fail, name_result, refuse_state
from maildesk.desk.staff.handover import take, take_if_free
from maildesk.desk.ticket import ENDED, State, Waiting


def start(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state in ENDED:
        return refuse_state(scene, line)
    effect = Effect(
        change=Change(state=State.IN_PROGRESS, waiting=Waiting.NONE),
        responds=True,
        done=(scene.say("started", name=scene.actor.name),),
    )
    return take(scene).then(effect)


def note(scene: Scene, line: Line) -> Effect:
    event = EventPlan("note", (("words", line.argument),)) if line.argument else None
    return Effect(events=(event,) if event else (), done=(scene.say("noted"),))


def record_contact(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state in ENDED:
        return refuse_state(scene, line)
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
    return take_if_free(scene).then(
        Effect(
            change=Change(state=state, responded=first),
            events=(EventPlan("contacted", (("at", at.isoformat()), ("said", line.argument))),),
            done=(scene.say("contacted", time=say_time(scene, at)),),
        )
    )


def wait(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state in ENDED:
        return refuse_state(scene, line)
    return take_if_free(scene).then(
        Effect(
            change=Change(state=State.WAITING_REQUESTER, waiting=Waiting.REQUESTER),
            done=(scene.say("waits_requester"),),
            letter="question",
        )
    )


def hold(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state in ENDED:
        return refuse_state(scene, line)
    key = "held" if line.argument else "held_plain"
    return take_if_free(scene).then(
        Effect(
            change=Change(state=State.ON_HOLD, waiting=Waiting.THIRD_PARTY),
            events=(EventPlan("on_hold", (("why", line.argument),)),),
            done=(scene.say(key, reason=line.argument),),
            letter="progress",
        )
    )


def resume(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state in ENDED:
        return refuse_state(scene, line)
    done = frozenset(("result",)) if scene.ticket.result else frozenset()
    change = Change(state=State.IN_PROGRESS, waiting=Waiting.NONE, clear=done)
    resumed = Effect(change=change, done=(scene.say("resumed"),), letter="progress")
    return take_if_free(scene).then(resumed)


def follow_up(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state in ENDED:
        return refuse_state(scene, line)
    return take_if_free(scene).then(
        Effect(
            change=Change(
                state=State.ON_HOLD,
                waiting=Waiting.NONE,
                result=name_result(scene, "follow_up"),
            ),
            events=(EventPlan("followup", (("why", line.argument),)),),
            done=(scene.say("followup"),),
            letter="progress",
        )
    )


def expect(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state in ENDED:
        return refuse_state(scene, line)
    zone = scene.facts.desk.zone_info
    at = read_moment(line.argument, scene.facts.now, zone, choose_calendar(scene))
    if at is None:
        return fail(scene, line, "no_time", text=line.argument)
    state = State.IN_PROGRESS if scene.ticket.state in (State.NEW, State.UNASSIGNED) else None
    return take_if_free(scene).then(
        Effect(
            change=Change(state=state, eta=at),
            events=(EventPlan("eta", (("at", at.isoformat()),)),),
            done=(scene.say("eta", time=say_time(scene, at)),),
            letter="progress",
            responds=True,
        )
    )


def explain_late(scene: Scene, line: Line) -> Effect:
    """The reason stands for every miss nobody has explained yet: nobody writes it twice."""
    limits = dict.fromkeys(miss.limit for miss in scene.facts.misses if not miss.explained)
    told = (("why", line.argument), *((("limits", " ".join(limits)),) if limits else ()))
    done = scene.say("late")
    if limits:
        comma = "、" if scene.language.startswith("zh") else ", "
        names = comma.join(scene.say(f"limit_{limit}") for limit in limits)
        done = scene.say("late_for", limits=names)
    return Effect(events=(EventPlan("late_reason", told),), done=(done,))
