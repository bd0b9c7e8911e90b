"""`#撤销`: one step back, by compensation, and an honest word on what had already left.

Pure. Only the author's own last change on the ticket can be undone, and only once; letters that
still wait in the outbox are kept back, letters that left stay sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from maildesk.desk.answers.closing import NO_MORE, wait_for_score
from maildesk.desk.approvals.escalation import DUE
from maildesk.desk.decision import Change, DeadlinePlan, EventPlan, LetterPlan
from maildesk.desk.evidence import LastChange
from maildesk.desk.letters.phrases import phrase
from maildesk.desk.letters.staff_notices import tell_done
from maildesk.desk.staff.effect import Effect, Scene
from maildesk.desk.ticket import ClosedBy, Part, Pause, State, Waiting

# Later, others have built on it: a step back would surprise them more than it helps.
_LONGEST = timedelta(days=1)


def undo(scene: Scene) -> Effect:
    """The compensating change, with what can and cannot be taken back in words."""
    last = scene.facts.last_change
    if last is None or scene.facts.now - last.at > _LONGEST:
        return Effect(problem=scene.say("nothing_to_undo"))
    if last.final:
        return Effect(problem=scene.say(last.final))
    before = dict(last.before)
    mine = scene.actor.addresses | {scene.actor.address}
    done = [scene.say("undone", orders=last.orders or _say_what(scene, last))]
    for key, letters in (("kept_back", last.waiting), ("left_already", last.left)):
        done += [
            scene.say(key, letter=scene.say(f"letter_{letter}"), to=_name(scene, to))
            for letter, to in letters
            if to not in mine
        ]
    joins, leaves = _restore_parts(scene, before)
    leaves += _take_leave(last, before) + tuple((who, Part.HELPER) for who in last.invited)
    return Effect(
        change=_restore(before),
        events=(EventPlan("undone", (("cause", last.cause), ("orders", last.orders))),),
        letters=_tell_new_one(scene, last, before) + _tell_helpers(scene, last),
        joins=joins,
        leaves=leaves,
        deadlines=_wait_again(scene, before),
        done=tuple(done),
        answer=True,
        keeps_back=last.cause,
    )


def _wait_again(scene: Scene, before: Mapping[str, str | None]) -> tuple[DeadlinePlan, ...]:
    """What a confirmation had let fall due does so no more; what a reopening ended, does again."""
    if "confirmed" not in before:
        return ()
    since = _read(before["confirmed"])
    if since is None:
        return NO_MORE
    # The reopening had raised the priority, and with it the time to escalate.
    return (*wait_for_score(scene.facts, since, ask=True), DeadlinePlan(DUE, None))


def _take_leave(last: LastChange, before: Mapping[str, str | None]) -> tuple[tuple[str, Part], ...]:
    """A vendor who has not been written to has no part in it."""
    if before.get("waiting") in (None, Waiting.THIRD_PARTY.value):
        return ()
    return tuple((to, Part.THIRD_PARTY) for letter, to in last.waiting if letter == "vendor")


def _tell_new_one(
    scene: Scene, last: LastChange, before: Mapping[str, str | None]
) -> tuple[LetterPlan, ...]:
    """Who has read already that the ticket is his, learns that it is not."""
    present = scene.ticket.find(Part.ASSIGNEE)
    if "assignee" not in before or present is None or ("dispatch", present.key) not in last.left:
        return ()
    said = phrase("taken_back", present.language or scene.facts.desk.language, by=scene.actor.name)
    return (tell_done(scene.facts, scene.ticket, present, said, _restore(before)),)


def _tell_helpers(scene: Scene, last: LastChange) -> tuple[LetterPlan, ...]:
    """Who has read already that he was asked to join, learns that he is not needed."""
    letters: tuple[LetterPlan, ...] = ()
    for who in last.invited:
        helpers = scene.ticket.find_all(Part.HELPER)
        helper = next((item for item in helpers if who in item.addresses), None)
        if helper is None or ("dispatch", helper.key) not in last.left:
            continue
        language = helper.language or scene.facts.desk.language
        said = phrase("uninvited", language, by=scene.actor.name)
        letters += (tell_done(scene.facts, scene.ticket, helper, said),)
    return letters


def _say_what(scene: Scene, last: LastChange) -> str:
    """What is undone where no order of a change says it."""
    if not last.invited:
        return scene.say("words_alone")
    return scene.say("invitation", name="、".join(_name(scene, who) for who in last.invited))


def _name(scene: Scene, key: str) -> str:
    return next((item.name for item in scene.ticket.people if key in item.addresses), key)


def _restore(before: Mapping[str, str | None]) -> Change:
    state, waiting = before.get("state"), before.get("waiting")
    return Change(
        state=State(state) if state else None,
        waiting=Waiting(waiting) if waiting else None,
        category=before.get("category"),
        priority=before.get("priority"),
        group=before.get("group"),
        assignee=before.get("assignee"),
        requester=before.get("requester"),
        department=before.get("department"),
        eta=_read(before.get("eta")),
        response_due=_read(before.get("response_due")),
        responded=_read(before.get("responded")),
        solved=_read(before.get("solved")),
        confirmed=_read(before.get("confirmed")),
        confirmed_by=before.get("confirmed_by"),
        closed=_read(before.get("closed")),
        closed_by=cast("ClosedBy | None", before.get("closed_by")),
        reopens=int(before["reopens"] or 0) if "reopens" in before else None,
        type=before.get("type"),
        impact=before.get("impact"),
        urgency=before.get("urgency"),
        assigned=_read(before.get("assigned")),
        contact_due=_read(before.get("contact_due")),
        solution_due=_read(before.get("solution_due")),
        pauses=_read_pauses(before.get("pauses")),
        result=before.get("result"),
        parent=int(before["parent"] or 0) if before.get("parent") else None,
        fields=json.loads(before.get("fields") or "null"),
        clear=frozenset(name for name, value in before.items() if value is None),
    )


def _read_pauses(kept: str | None) -> tuple[Pause, ...] | None:
    if kept is None:
        return None
    return tuple(
        Pause(datetime.fromisoformat(start), _read(end)) for start, end in json.loads(kept)
    )


def _read(moment: str | None) -> datetime | None:
    return datetime.fromisoformat(moment) if moment else None


def _restore_parts(
    scene: Scene, before: Mapping[str, str | None]
) -> tuple[tuple[tuple[str, str, Part], ...], tuple[tuple[str, Part], ...]]:
    """Who had it, and for whom it was, stand there again."""
    joins: tuple[tuple[str, str, Part], ...] = ()
    leaves: tuple[tuple[str, Part], ...] = ()
    for part in (Part.ASSIGNEE, Part.REQUESTER):
        if part.value not in before:
            continue
        present, former = scene.ticket.find(part), before[part.value]
        if present is not None and present.key != former:
            leaves += ((present.key, part),)
        if former:
            joins += ((former, "", part),)
        reporter = scene.ticket.find(Part.REPORTER)
        if part is Part.REQUESTER and reporter is not None and reporter.key == former:
            leaves += ((reporter.key, Part.REPORTER),)
    return joins, leaves
