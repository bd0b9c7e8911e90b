"""A mail on one ticket becomes another: its words judged anew, given to somebody, acknowledged.

For whoever wrote that mail, from the moment it came. Pure; which order asks for it, and what the
old ticket keeps of it, are `effects_related`'s.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from maildesk.desk.arrival.language import choose
from maildesk.desk.decision import DeadlinePlan, EventPlan, LetterPlan, Opening, Other
from maildesk.desk.evidence import Said
from maildesk.desk.letters.dispatch import Case, Reader, dispatch
from maildesk.desk.letters.requester_notices import acknowledge_again
from maildesk.desk.letters.staff_notices import tell_transcript
from maildesk.desk.limits.due import promise
from maildesk.desk.orders.pleasantry import is_greeting
from maildesk.desk.person import Person
from maildesk.desk.request.assignment import AssignmentFacts, assign
from maildesk.desk.request.triage import classify
from maildesk.desk.rules.matching import Searchable, judge
from maildesk.desk.staff.effect import Scene
from maildesk.desk.ticket import Insider, KnownTicket, Part, State

_LONGEST_TITLE = 60


def split_off(scene: Scene, title: str) -> Other | str:
    """The ticket that mail becomes, or the phrase that says why none."""
    if scene.rules is None:
        return "split_here"
    mail = _find_mail(scene)
    if isinstance(mail, str):
        return mail
    asks = _find_author(scene, mail)
    if asks is None:
        return "split_nobody"
    return _Split(scene, mail, asks, title).make()


def _find_mail(scene: Scene) -> Said | str:
    """The mail our answered letter carried; else the last one that did not open the ticket."""
    mails = [item for item in scene.facts.said if item.letter is not None and not item.internal]
    answering = scene.standing.answering
    if answering is not None and answering.letter == "answer":
        wanted = answering.cause.partition(":")[2].partition("/")[0]
        found = next((item for item in mails if str(item.letter) == wanted), None)
        return found if found is not None else "split_before"
    return mails[-1] if len(mails) > 1 else "split_nothing"


def _find_author(scene: Scene, mail: Said) -> Insider | None:
    """Who wrote it, as he stands in the ticket; words of a vendor or of staff are no request."""
    mine = [item for item in scene.ticket.people if mail.sender in item.addresses]
    asking = (Part.REQUESTER, Part.REPORTER, Part.CC)
    return next((item for item in mine if item.part in asking), None)


class _Split:
    """One mail on its way to a ticket of its own."""

    def __init__(self, scene: Scene, mail: Said, asks: Insider, title: str) -> None:
        assert scene.rules is not None
        self._scene, self._mail, self._asks = scene, mail, asks
        facts, words = scene.facts, mail.words
        lines = (line.strip() for line in words.splitlines())
        first = next((line for line in lines if line and not is_greeting(line)), "")
        self._title = title or first[:_LONGEST_TITLE] or scene.ticket.title
        text = Searchable({"subject": self._title, "body": words})
        profile = facts.desk.profile
        self._triage = classify(judge(scene.rules, text), profile)
        self._given = assign(
            AssignmentFacts(
                profile=profile,
                category=self._triage.category,
                group=self._triage.group,
                priority=self._triage.priority,
                directory=facts.directory,
                now=facts.now,
                zone=facts.desk.zone_info,
                named=self._triage.assignee,
                assigned_at=facts.assigned_at,
                loads=facts.loads,
                away=facts.away,
                exclude=asks.addresses,
            )
        ).person
        assigned = facts.now if self._given else None
        rank = profile.priority(self._triage.priority)
        self._limits = promise(mail.at, assigned, rank, profile, facts.desk.zone_info)

    def make(self) -> Other:
        old, given = self._scene.ticket, self._given
        events = [EventPlan("split_off", (("from", old.number),))]
        deadlines = tuple(plan for plan in self._limits.plans if self._is_ahead(plan))
        if given is not None:
            told = (("to", given.key), ("by", self._scene.actor.address))
            events.append(EventPlan("assigned", told))
        else:
            deadlines += (DeadlinePlan("unassigned_notice", self._scene.facts.now),)
        return Other(
            opening=self._open(),
            events=tuple(events),
            letters=(self._acknowledge(), *self._dispatch(), *self._report()),
            deadlines=deadlines,
            takes=self._mail.letter,
        )

    def _is_ahead(self, plan: DeadlinePlan) -> bool:
        """Nobody is warned, or told of a miss, of a time before the ticket was there."""
        return plan.at is not None and plan.at > self._scene.facts.now

    def _open(self) -> Opening:
        triage, given, scene = self._triage, self._given, self._scene
        return Opening(
            title=self._title,
            state=State.NEW if given else State.UNASSIGNED,
            category=triage.category,
            priority=triage.priority,
            type=triage.type,
            group=triage.group,
            assignee=given.key if given else None,
            department=self._asks.department,
            language=self._language,
            received=self._mail.at,
            response_due=self._limits.response,
            contact_due=self._limits.contact,
            solution_due=self._limits.solution,
            linked=scene.ticket,
            requester=self._asks.key,
            impact=triage.impact,
            urgency=triage.urgency,
        )

    @property
    def _language(self) -> str:
        said = (self._mail.words, self._title)
        return choose(self._asks.language, said, self._scene.facts.desk.language)

    def _acknowledge(self) -> LetterPlan:
        """As for a mail of its own: what was recorded, by when, and which ticket it came from."""
        opening, asks = self._open(), self._asks
        ticket = KnownTicket(
            id=0,
            number="",
            state=opening.state,
            title=opening.title,
            insiders=frozenset(),
            people=self._list_handler(),
            category=opening.category,
            priority=opening.priority,
            type=opening.type,
            group=opening.group,
            language=self._language,
            response_due=opening.response_due,
        )
        person = Person(asks.name, (asks.key,), extension=asks.extension, language=asks.language)
        plan = acknowledge_again(self._scene.facts, ticket, person, "")
        values: Any = plan.values
        came = self._scene.ticket.number
        return replace(plan, values=replace(values, reporter=None, reopened_from=came))

    def _list_handler(self) -> tuple[Insider, ...]:
        given = self._given
        if given is None:
            return ()
        handler = Insider(
            Part.ASSIGNEE,
            given.key,
            given.name,
            frozenset(given.addresses),
            role=given.role,
            listed=True,
            language=given.language,
            extension=given.extension,
        )
        return (handler,)

    def _dispatch(self) -> tuple[LetterPlan, ...]:
        given, opening, mail = self._given, self._open(), self._mail
        if given is None:
            return ()
        case = Case(
            number="",
            title=opening.title,
            category=opening.category,
            priority=opening.priority,
            type=opening.type,
            received=opening.received,
            due=opening.response_due,
            requester=self._asks.name,
            requester_address=self._asks.key,
            department=opening.department,
            contact=self._asks.extension,
            words=mail.words,
            files=mail.files,
            notes=(self._scene.say("split_note", number=self._scene.ticket.number),),
        )
        return (dispatch(self._scene.facts, case, Reader(given.key, given.name, given.language)),)

    def _report(self) -> tuple[LetterPlan, ...]:
        """The number, to who ordered it and does not get the ticket itself."""
        scene, given = self._scene, self._given
        if given is not None and scene.actor.address in given.addresses:
            return ()
        name = given.name if given else scene.say("nobody")
        done = scene.say("split_done", number=scene.ticket.number, name=name)
        letter = tell_transcript(
            scene.facts, None, scene.actor, scene.language, tone="done", done=(done,)
        )
        values: Any = letter.values
        return (replace(letter, values=replace(values, title=self._title)),)
