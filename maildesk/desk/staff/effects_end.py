"""What an order does at the end of a ticket: solved, confirmed, not accepted, opened again.

Pure; one function an order, listed in `effects`.
"""

from __future__ import annotations

import re
from datetime import datetime

from maildesk.desk.aftercare.rating import Rating
from maildesk.desk.aftercare.score import read_score
from maildesk.desk.answers import closing
from maildesk.desk.arrival.machine import asks_nobody
from maildesk.desk.decision import Change, EventPlan
from maildesk.desk.orders.moment import read_moment
from maildesk.desk.orders.script import Line
from maildesk.desk.staff.arguments import choose_calendar
from maildesk.desk.staff.effect import Effect, Scene, fail, name_result, refuse_state
from maildesk.desk.staff.handover import take_if_free
from maildesk.desk.ticket import ENDED, Part, State, Waiting


def solve(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state in ENDED:
        return refuse_state(scene, line)
    alone = asks_nobody(scene.ticket)
    if not scene.words.strip() and not alone:
        return fail(scene, line, "no_text")
    if _lacks_backup(scene):
        return fail(scene, line, "no_backup")
    now = scene.facts.now
    return take_if_free(scene).then(
        Effect(
            change=Change(
                state=State.SOLVED if alone else State.TO_CONFIRM,
                waiting=Waiting.NONE,
                solved=now,
                result=name_result(scene, "solved"),
                fields={"backup": scene.backup} if scene.backup else None,
            ),
            events=(EventPlan("solved", (("confirm", "nobody"),) if alone else ()),),
            done=(scene.say("solved_alone" if alone else "solved"),),
            letter=None if alone else "solved",
            responds=alone,  # there is nobody else to be contacted
        )
    )


def confirm(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state in (State.CLOSED, State.REJECTED):
        return refuse_state(scene, line)
    if _lacks_backup(scene):
        return fail(scene, line, "no_backup")
    requester = scene.ticket.find(Part.REQUESTER)
    who = requester.key if requester is not None else scene.actor.address
    score = _find_score(scene, line)
    rating = None if score is None else Rating(score, source="phone")
    asks = not asks_nobody(scene.ticket)
    change, deadlines = closing.confirm(
        scene.facts, scene.ticket, who, rating, ask=asks, stays=False
    )
    recorded = Change(
        confirmed=_find_call(scene, line),
        result=name_result(scene, "solved"),
        fields={"backup": scene.backup} if scene.backup else None,
    )
    events = [EventPlan("confirmed", (("by", scene.actor.address), ("how", line.argument)))]
    if rating is not None:
        events.append(EventPlan("rated", (("by", scene.actor.address), ("score", str(score)))))
        events.append(EventPlan("closed", (("by", "requester"), ("why", "confirmed and rated"))))
    return Effect(
        change=change.then(recorded),
        events=tuple(events),
        deadlines=deadlines,
        rating=rating,
        done=(scene.say("confirmed" if rating is None else "confirmed_rated"),),
        final="" if rating is None else "undo_rated",
        responds=True,  # who confirmed has been spoken to
    )


def reject(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state in ENDED:
        return refuse_state(scene, line)
    if not scene.words.strip():
        return fail(scene, line, "no_text")
    return take_if_free(scene).then(
        Effect(
            change=Change(state=State.REJECTED, waiting=Waiting.NONE, closed=scene.facts.now),
            events=(EventPlan("rejected", (("why", line.argument),)),),
            done=(scene.say("rejected"),),
            letter="rejected",
        )
    )


def mark_spam(scene: Scene, line: Line) -> Effect:
    return Effect(
        change=Change(state=State.REJECTED, waiting=Waiting.NONE, closed=scene.facts.now),
        events=(EventPlan("spam", ()),),
        done=(scene.say("spam"),),
    )


def reopen(scene: Scene, line: Line) -> Effect:
    if scene.ticket.state not in ENDED | {State.TO_CONFIRM}:
        return refuse_state(scene, line)
    reopened = Effect(
        change=closing.reopen(scene.facts, scene.ticket),
        deadlines=closing.NO_MORE,
        events=(EventPlan("reopened", (("by", scene.actor.address),)),),
        done=(scene.say("reopened"),),
        letter="progress",
    )
    return take_if_free(scene).then(reopened)


def _find_score(scene: Scene, line: Line) -> int | None:
    """The score at the end of `电话 15:20 5分`; None: he did not say one."""
    survey = scene.facts.desk.profile.survey
    for word in reversed(line.argument.split()):
        found = read_score(word, survey)
        if found is not None and not found.rest:
            return found.value
    return None


def _find_call(scene: Scene, line: Line) -> datetime | None:
    """When he was heard (M6): `电话 15:20`, `电话 昨天 15:20`. None: it is not said, or was before
    the solution, and so is a slip."""
    facts, solved = scene.facts, scene.ticket.solved
    words = line.argument.split()
    place = next((at for at, word in enumerate(words) if _CLOCK.search(word)), None)
    if place is None or solved is None:
        return None
    zone, calendar = facts.desk.zone_info, choose_calendar(scene)
    said = (" ".join(words[max(0, place - 1) : place + 1]), words[place])
    found = (read_moment(text, facts.now, zone, calendar, past=True) for text in said)
    at = next(filter(None, found), None)
    return at if at is not None and at >= solved else None


_CLOCK = re.compile(r"\d\s*[:：点]")


def _lacks_backup(scene: Scene) -> bool:
    """Whether the ticket touches data and nobody has said yet what became of the backup (N9)."""
    category = scene.facts.desk.profile.category(scene.ticket.category)
    return category.backup and not (scene.backup or scene.ticket.fields.get("backup"))
