"""A ticket changes hands: to another engineer, to a helper, to the requester it is really for.

Pure; each function is one order's effect. Whose turn it is in a group is `assignment`'s question.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from maildesk.desk.arrival.machine import drop_mark
from maildesk.desk.decision import Change, DeadlinePlan, EventPlan, LetterPlan
from maildesk.desk.letters.dispatch import Case, Reader, dispatch
from maildesk.desk.letters.phrases import phrase
from maildesk.desk.letters.requester_notices import acknowledge_again
from maildesk.desk.letters.staff_notices import tell_done
from maildesk.desk.limits.due import LimitKind, add_running, list_limits
from maildesk.desk.orders.table import Order
from maildesk.desk.person import Person, Role
from maildesk.desk.profile import Group
from maildesk.desk.request.assignment import AssignmentFacts, assign
from maildesk.desk.staff.effect import Effect, Scene
from maildesk.desk.staff.records import gather_records, list_records
from maildesk.desk.ticket import Insider, Part, State
from maildesk.mail.message import Attachment

_ICON = 4096  # bytes


def hand_over(
    scene: Scene, key: str, name: str, *, to_actor: bool = False, remark: str = "", said: str = ""
) -> Effect:
    """The ticket goes to the person with that address key, or with "" to nobody for now.

    The new one gets the dispatch letter, with the `remark`, unless he took it himself; the former
    one learns of it, in the words of `said` if there are any.
    """
    ticket = scene.ticket
    former = ticket.find(Part.ASSIGNEE)
    if former is not None and key in former.addresses:
        return Effect()
    events = (EventPlan("assigned", (("to", key), ("by", scene.actor.address))),)
    leaves = ((former.key, Part.ASSIGNEE),) if former else ()
    letters: tuple[LetterPlan, ...] = ()
    change = Change(state=State.UNASSIGNED, clear=frozenset(("assignee",)))
    if key:
        begun = State.IN_PROGRESS if ticket.responded else State.NEW
        state = begun if ticket.state is State.UNASSIGNED else None
        change = Change(state=state, assignee=key)
    if former is not None and scene.actor.address not in former.addresses:
        letters += (
            tell_done(scene.facts, ticket, former, said or _said(scene, former, name, key), change),
        )
    if not key:
        return Effect(change, events, letters, leaves=leaves)
    joins = ((key, name, Part.ASSIGNEE),)
    if not to_actor:
        person = scene.facts.directory.find(key).person
        reader = Reader(key, name, person.language if person else None)
        letters += (_dispatch(scene, reader, remark),)
    return Effect(change, events, letters, joins, leaves)


def hand_to_group(scene: Scene, group: Group) -> Effect:
    """Whoever's turn it is in the group gets the ticket; a group without anybody is the lead's."""
    facts, ticket = scene.facts, scene.ticket
    former = ticket.find(Part.ASSIGNEE)
    given = find_next(scene, group, former.addresses if former else frozenset())
    handed = hand_over(scene, given.key if given else "", given.name if given else "")
    events = (EventPlan("handed_to_group", (("group", group.key),)),)
    watch = () if given else (DeadlinePlan("unassigned_notice", facts.now),)
    return handed.then(Effect(Change(group=group.key), events, deadlines=watch))


def find_next(scene: Scene, group: Group, exclude: frozenset[str]) -> Person | None:
    """Whose turn it is in the group, without these and without the requester."""
    facts, ticket = scene.facts, scene.ticket
    asks = ticket.find(Part.REQUESTER)
    return assign(
        AssignmentFacts(
            profile=facts.desk.profile,
            category=ticket.category,
            group=group.key,
            priority=ticket.priority,
            directory=facts.directory,
            now=facts.now,
            zone=facts.desk.zone_info,
            assigned_at=facts.assigned_at,
            loads=facts.loads,
            away=facts.away,
            exclude=exclude | (asks.addresses if asks else frozenset()),
            by_group=True,
        )
    ).person


def invite(scene: Scene, person: Person, remark: str = "", joining: tuple[str, ...] = ()) -> Effect:
    """Somebody joins as a helper and gets the whole case; `joining` are the names of all who do."""
    key = person.addresses[0]
    if Part.HELPER in scene.ticket.parts_of(person.addresses):
        return Effect()
    return Effect(
        events=(EventPlan("joined", (("who", key), ("by", scene.actor.address))),),
        letters=(_ask_to_join(scene, person, remark, joining or (person.name,)),),
        joins=((key, person.name, Part.HELPER),),
    )


def name_requester(scene: Scene, person: Person) -> Effect:
    """The ticket is somebody else's request; who brought it stays as the reporter (R1).

    Its engineer gets the case anew: whom to call is different, and whom his answers reach.
    """
    key = person.addresses[0]
    former = scene.ticket.find(Part.REQUESTER)
    if former is not None and key in former.addresses:
        return Effect()
    leaves = ((former.key, Part.REQUESTER),) if former else ()
    joins: tuple[tuple[str, str, Part], ...] = ((key, person.name, Part.REQUESTER),)
    if former is not None and former.role is not Role.REQUESTER:
        joins += ((former.key, former.name, Part.REPORTER),)
    acknowledged = acknowledge_again(scene.facts, scene.ticket, person, scene.actor.name)
    letters: tuple[LetterPlan, ...] = (acknowledged,)
    engineer = scene.ticket.find(Part.ASSIGNEE)
    if engineer is not None:
        case = replace(
            _describe(scene, ""),
            requester=person.name,
            requester_address=key,
            department=person.department,
            contact=person.extension,
            reporter=scene.actor.name,
        )
        reader = Reader(engineer.key, engineer.name, engineer.language)
        letters += (dispatch(scene.facts, case, reader),)
    return Effect(
        change=Change(
            requester=key,
            department=person.department,
            tags=drop_mark(scene.ticket),
            clear=frozenset() if person.department else frozenset(("department",)),
        ),
        letters=letters,
        events=(EventPlan("onbehalf", (("of", key), ("by", scene.actor.address))),),
        joins=joins,
        leaves=leaves,
    )


def take(scene: Scene) -> Effect:
    """The actor makes the ticket his. Only who has no letter to answer yet gets one."""
    mine, answering = scene.actor, scene.standing.answering
    by_page = scene.relay is not None and answering is None
    lacks = scene.relay != "requester" and not by_page
    return hand_over(scene, mine.address, mine.name, to_actor=not lacks)


def take_if_free(scene: Scene) -> Effect:
    """Who works on a ticket nobody has, has it from then on (M3)."""
    if scene.ticket.find(Part.ASSIGNEE) is not None:
        return Effect()
    return hand_over(scene, scene.actor.address, scene.actor.name, to_actor=True)


def _said(scene: Scene, former: Insider, name: str, key: str) -> str:
    language = former.language or scene.facts.desk.language
    if key == scene.actor.address:
        return phrase("taken_over", language, name=scene.actor.name)
    other = name or phrase("nobody", language)
    return phrase("handed_on", language, by=scene.actor.name, name=other)


def _dispatch(scene: Scene, reader: Reader, remark: str) -> LetterPlan:
    case = _describe(scene, remark)
    others = tuple(name for name in case.helpers if name != reader.name)
    by = None if reader.key == scene.actor.address else scene.actor.name
    case = replace(case, handler=reader.name, helpers=others)
    return dispatch(scene.facts, case, reader, by=by)


def _ask_to_join(scene: Scene, person: Person, remark: str, joining: tuple[str, ...]) -> LetterPlan:
    case = _describe(scene, remark)
    everybody = tuple(dict.fromkeys((*case.helpers, *joining)))
    reader = Reader(person.key, person.name, person.language)
    case = replace(case, helpers=everybody)
    return dispatch(scene.facts, case, reader, helper=True, by=scene.actor.name)


def _describe(scene: Scene, remark: str) -> Case:
    """The case as it stands: the requester's words so far, what staff noted and what they said."""
    ticket, facts = scene.ticket, scene.facts
    requester, handler = ticket.find(Part.REQUESTER), ticket.find(Part.ASSIGNEE)
    open_words = [item for item in facts.said if not item.internal]
    notes = [
        scene.say("note_told" if item.told else "note", name=item.author, to=item.told, words=words)
        for item in facts.said
        if item.internal and (words := item.words.strip())
    ]
    stays = scene.script.internal or scene.relay == "internal"
    noted = [line.argument for line in scene.script.orders if line.order is Order.NOTE]
    own = (remark, *noted, scene.words.strip() if stays else "")
    notes += [scene.say("note", name=scene.actor.name, words=words) for words in own if words]
    notes += list_records(gather_records(scene), scene.language)
    return Case(
        number=ticket.number,
        title=ticket.title,
        category=ticket.category,
        priority=ticket.priority,
        type=ticket.type,
        received=ticket.opened or facts.now,
        due=None if ticket.responded else _find_first_due(scene),
        requester=requester.name if requester else "",
        requester_address=requester.key if requester else "",
        department=ticket.department,
        contact=ticket.fields.get("contact") or (requester.extension if requester else None),
        fields=ticket.fields,
        words="\n\n".join(item.words for item in open_words if item.words.strip()),
        files=tuple(file for item in open_words for file in item.files if _is_worth(file)),
        notes=tuple(notes),
        handler=handler.name if handler else "",
        helpers=tuple(person.name for person in ticket.find_all(Part.HELPER)),
    )


def _find_first_due(scene: Scene) -> datetime | None:
    """By when somebody who gets the ticket now must have contacted the requester (M4)."""
    profile, ticket = scene.facts.desk.profile, scene.ticket
    limits = list_limits(profile.priority(ticket.priority), profile)
    contact = next((item for item in limits if item.kind is LimitKind.CONTACT), None)
    dues = [ticket.response_due] if ticket.response_due else []
    if contact is not None:
        dues.append(add_running(scene.facts.now, contact, (), scene.facts.desk.zone_info))
    return min((due for due in dues if due > scene.facts.now), default=ticket.response_due)


def _is_worth(file: Attachment) -> bool:
    """A file, or a picture too large for an icon: where it stood in its mail is no longer known."""
    return not file.decoration and (not file.inline or file.size >= _ICON)
