"""What one order does to a ticket, as a value; several orders' effects add up to one decision.

Who may give the order was asked before; what the ticket's state becomes is each order's own
function in `effects`.
"""

from __future__ import annotations

from dataclasses import dataclass

from maildesk.desk.aftercare.rating import Rating
from maildesk.desk.approvals.approval import AskPlan, VerdictPlan
from maildesk.desk.arrival.standing import Standing
from maildesk.desk.decision import (
    UNCHANGED,
    Change,
    DeadlinePlan,
    EventPlan,
    Facts,
    Finding,
    LetterPlan,
    Other,
    Sender,
)
from maildesk.desk.evidence import Relay
from maildesk.desk.knowledge.article import ArticlePlan
from maildesk.desk.letters.phrases import phrase
from maildesk.desk.orders.script import Line, Script
from maildesk.desk.rules.matching import RuleSet
from maildesk.desk.staff.relay import Letter
from maildesk.desk.ticket import KnownTicket, Part, show_state
from maildesk.mail.message import Attachment


@dataclass(frozen=True, slots=True)
class Scene:
    """One staff member's orders and words on one ticket. `language` is the actor's.

    `relay` says where the words go: "internal" keeps them as a note; None: nobody knows, since
    the mail answers none of our letters. `findings` is the trace so far.
    """

    facts: Facts
    ticket: KnownTicket
    actor: Sender
    standing: Standing
    script: Script
    relay: Relay | None
    relay_to: str
    files: tuple[Attachment, ...]
    findings: tuple[Finding, ...]
    language: str
    rules: RuleSet | None = None  # None on a page
    backup: str = ""  # what the words said of it (N9), before that line was taken out

    @property
    def words(self) -> str:
        return self.script.words

    @property
    def takes_part(self) -> bool:
        parts = self.ticket.parts_of(self.actor.addresses | {self.actor.address})
        return bool(parts & {Part.ASSIGNEE, Part.HELPER})

    def say(self, key: str, /, **values: str) -> str:
        return phrase(key, self.language, **values)


@dataclass(frozen=True, slots=True)
class Effect:
    """`problem` set: nothing of it counts. `letter` is the one that carries the words.

    `vendor` is the (address key, name) the words go to instead of the requester. `final` is the
    phrase that says why it cannot be undone, "" where it can; `others` are never undone.
    """

    change: Change = UNCHANGED
    events: tuple[EventPlan, ...] = ()
    letters: tuple[LetterPlan, ...] = ()
    joins: tuple[tuple[str, str, Part], ...] = ()
    leaves: tuple[tuple[str, Part], ...] = ()
    deadlines: tuple[DeadlinePlan, ...] = ()
    asks: tuple[AskPlan, ...] = ()
    verdicts: tuple[VerdictPlan, ...] = ()
    followed: tuple[int, str] | None = None
    findings: tuple[Finding, ...] = ()
    done: tuple[str, ...] = ()
    letter: Letter | None = None
    vendor: tuple[str, str] | None = None
    responds: bool = False
    keeps_back: str | None = None
    others: tuple[Other, ...] = ()
    final: str = ""
    articles: tuple[ArticlePlan, ...] = ()
    publishes: bool = False
    answer: bool = False  # the actor asked for an answer: his transcript is always sent
    rating: Rating | None = None  # what the requester said of it on the phone
    problem: str | None = None

    def then(self, later: Effect) -> Effect:
        """Both, one after the other."""
        return Effect(
            change=self.change.then(later.change),
            events=self.events + later.events,
            letters=self.letters + later.letters,
            joins=self.joins + later.joins,
            leaves=self.leaves + later.leaves,
            deadlines=self.deadlines + later.deadlines,
            asks=self.asks + later.asks,
            verdicts=self.verdicts + later.verdicts,
            followed=later.followed or self.followed,
            findings=self.findings + later.findings,
            done=self.done + later.done,
            letter=_choose(self.letter, later.letter),
            vendor=later.vendor or self.vendor,
            responds=self.responds or later.responds,
            keeps_back=self.keeps_back or later.keeps_back,
            others=self.others + later.others,
            final=self.final or later.final,
            articles=self.articles + later.articles,
            publishes=self.publishes or later.publishes,
            answer=self.answer or later.answer,
            rating=later.rating or self.rating,
            problem=self.problem or later.problem,
        )


def _choose(first: Letter | None, second: Letter | None) -> Letter | None:
    """A question, or that it is solved, says more than that it goes on."""
    return first if first is not None and second in (None, "progress") else second


def fail(scene: Scene, line: Line, key: str, /, **values: str) -> Effect:
    """The order cannot be carried out; the reason in the actor's language."""
    return Effect(problem=scene.say(key, **{"order": line.raw.strip(), **values}))


def refuse_state(scene: Scene, line: Line) -> Effect:
    """The order makes no sense in the state the ticket is in."""
    state = show_state(scene.ticket.state, scene.facts.desk.profile).in_language(scene.language)
    return fail(scene, line, "wrong_state", state=state)


def name_result(scene: Scene, key: str) -> str | None:
    """The profile's result of that key (R8), or None where it names none."""
    return next((item.key for item in scene.facts.desk.profile.results if item.key == key), None)
