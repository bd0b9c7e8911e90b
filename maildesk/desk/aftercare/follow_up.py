"""A low rating or a complaint is answered by a person in time: the lead's follow-up.  (M8)

Opened with the mail or the page that says so, told to the lead at once, and open until he has
recorded what came of it (`#回访`): a better rating later does not end it. Pure; what the clock does
about it is `clock_follow_up`'s business.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from maildesk.desk.aftercare.follow_up_letters import tell_low
from maildesk.desk.aftercare.rating import Rating, complains, is_low
from maildesk.desk.answers.conversation import speaks_for_requester
from maildesk.desk.decision import (
    DeadlinePlan,
    Decision,
    EventPlan,
    Facts,
    Finding,
    FollowUpPlan,
    Outcome,
    Sender,
    Unsent,
)
from maildesk.desk.orders.script import Line
from maildesk.desk.staff.effect import Effect, Scene, fail
from maildesk.desk.ticket import KnownTicket, State

NEAR = "follow_up_near"
MISSED = "follow_up_missed"
STEP = "follow-up"
RATED = frozenset({State.TO_CONFIRM, State.SOLVED, State.CLOSED})
"""States in which what a requester writes may be what he thinks of the work."""

_AHEAD = timedelta(hours=4)
"""How long before its time the lead is reminded; half the time where that is shorter."""

_BELIEVED = frozenset({"confirmed", "rated", "reopened", "words"})
"""What is only an event like these was proved, where it moves a ticket that is over."""


def keep_follow_up(facts: Facts, decision: Decision) -> Decision:
    """The decision with the follow-up it asks for."""
    ticket, sender, survey = decision.ticket, facts.sender, facts.desk.profile.survey
    if ticket is None or sender is None or decision.outcome is not Outcome.APPENDED:
        return decision
    rating = decision.rating or _find_complaint(facts, sender, ticket, decision)
    if rating is None or not is_low(rating, survey):
        return decision
    why = describe(rating, survey.low_below)
    if facts.follow_up is not None:
        told = Finding(STEP, "open already", f"{why}; since {facts.follow_up.opened:%Y-%m-%d}")
        unsent = Unsent("low_rating", "", "the lead knows: a follow-up of the ticket is open")
        findings = (*decision.findings, told)
        return replace(decision, findings=findings, unsent=(*decision.unsent, unsent))
    due = facts.now + timedelta(hours=survey.follow_up_hours)
    state = decision.change.state if decision.change is not None else None
    letters = tuple(
        tell_low(facts.desk, facts.directory, lead, ticket, rating, _find_solution(facts), due,
                 facts.now, state=state or ticket.state)
        for lead in facts.leads
    )  # fmt: skip
    found = "opened" if letters else "opened, and no lead is listed to be told"
    return replace(
        decision,
        follow_up=FollowUpPlan(why, due, rating),
        findings=(*decision.findings, Finding(STEP, found, why)),
        events=(
            *decision.events,
            EventPlan("follow_up_opened", (("why", why), ("due", due.isoformat()))),
        ),
        deadlines=(*decision.deadlines, *plan_clock(facts.now, due)),
        letters=(*decision.letters, *letters),
    )


def plan_clock(now: datetime, due: datetime) -> tuple[DeadlinePlan, DeadlinePlan]:
    """When the lead is reminded, and when it is too late."""
    return DeadlinePlan(MISSED, due), DeadlinePlan(NEAR, due - min(_AHEAD, (due - now) / 2))


def describe(rating: Rating, low_below: int) -> str:
    """Why somebody must speak with the requester, in plain English."""
    parts = [] if rating.score is None else [f"rated {rating.score} of 5"]
    parts += [f"{key} {score}" for key, score in rating.answers.items() if score < low_below]
    if complains(rating.words):
        parts.append("the words are negative")
    return ", ".join(parts)


def follow(scene: Scene, line: Line) -> Effect:
    """`#回访`: what the lead heard; recorded, and the follow-up is done."""
    open_one = scene.facts.follow_up
    if open_one is None:
        return fail(scene, line, "no_follow_up")
    words = line.argument.strip()
    return Effect(
        followed=(open_one.id, words),
        events=(EventPlan("followed_up", (("words", words),)),),
        deadlines=(DeadlinePlan(MISSED, None), DeadlinePlan(NEAR, None)),
        done=(scene.say("followed_up"),),
        final="undo_followed",
    )


def _find_complaint(
    facts: Facts, sender: Sender, ticket: KnownTicket, decision: Decision
) -> Rating | None:
    """Negative words of the requester on a ticket that is solved, without any score."""
    if ticket.state not in RATED or not complains(facts.mail.reply):
        return None
    if not any(event.kind in _BELIEVED for event in decision.events):
        return None
    if sender.is_staff or not speaks_for_requester(facts, sender, ticket):
        return None
    return Rating(None, words=facts.mail.reply.strip(), source="mail")


def _find_solution(facts: Facts) -> str:
    """The words the requester was sent last."""
    return next((item.words for item in reversed(facts.said) if item.told), "")
