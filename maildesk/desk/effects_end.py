"""What an order does at the end of a ticket: solved, confirmed, not accepted, opened again.

Pure; one function an order, listed in `effects`.
"""

from __future__ import annotations

from maildesk.desk.decision import Change, EventPlan
from maildesk.desk.effect import Effect, Scene, fail, name_result, refuse_state
from maildesk.desk.handover import take_if_free
from maildesk.desk.machine import asks_nobody
from maildesk.desk.orders.script import Line
from maildesk.desk.ticket import ENDED, State, Waiting


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
    now = scene.facts.now
    told = (("by", scene.actor.address), ("how", line.argument))
    return Effect(
        change=Change(
            state=State.SOLVED,
            waiting=Waiting.NONE,
            solved=scene.ticket.solved or now,
            confirmed=now,
            result=name_result(scene, "solved"),
            fields={"backup": scene.backup} if scene.backup else None,
        ),
        events=(EventPlan("confirmed", told),),
        done=(scene.say("confirmed"),),
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
        change=Change(
            state=State.IN_PROGRESS,
            waiting=Waiting.NONE,
            clear=frozenset(("solved", "confirmed", "closed", "closed_by", "result")),
        ),
        events=(EventPlan("reopened", (("by", scene.actor.address),)),),
        done=(scene.say("reopened"),),
        letter="progress",
    )
    return take_if_free(scene).then(reopened)


def _lacks_backup(scene: Scene) -> bool:
    """Whether the ticket touches data and nobody has said yet what became of the backup (N9)."""
    category = scene.facts.desk.profile.category(scene.ticket.category)
    return category.backup and not (scene.backup or scene.ticket.fields.get("backup"))
