"""The letter to the lead about a low rating: at once, near its limit, and when it was missed.

Pure: a ticket and its rating in, a planned letter out.
"""

from __future__ import annotations

from datetime import datetime

from maildesk.desk.aftercare.rating import Rating
from maildesk.desk.arrival.directory import Directory
from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import Lead, LetterPlan
from maildesk.desk.letters.follow_up_values import Answered, LowRatingValues, Tone
from maildesk.desk.letters.head import head_at, name_handler
from maildesk.desk.ticket import KnownTicket, Part, State, show_state


def tell_low(
    desk: DeskConfig,
    directory: Directory,
    lead: Lead,
    ticket: KnownTicket,
    rating: Rating,
    solution: str,
    due: datetime,
    now: datetime,
    *,
    tone: Tone = "opened",
    state: State | None = None,
) -> LetterPlan:
    """Who is not content with what, how to reach him, and until when. It is read at `now`.

    `state`: where the ticket stands from now on, when that is another.
    """
    language, profile = lead.language or desk.language, desk.profile
    requester = ticket.find(Part.REQUESTER)
    labels = {item.key: item.label.in_language(language) for item in profile.survey.questions}
    said = next((item for item in profile.survey.answers if item.key == str(rating.score)), None)
    values = LowRatingValues(
        name=lead.name,
        tone=tone,
        score=rating.score,
        said=said.label.in_language(language) if said else "",
        answers=tuple(
            Answered(labels.get(key, key), score) for key, score in rating.answers.items()
        ),
        words=rating.words,
        requester=requester.name if requester else "",
        requester_address=requester.key if requester else None,
        department=(requester.department if requester else None) or ticket.department,
        contact=ticket.fields.get("contact") or (requester.extension if requester else None),
        solution=solution,
        state=show_state(state or ticket.state, profile).in_language(language),
        due=due,
        **name_handler(desk, directory, ticket, language),
        **head_at(desk, ticket.number, ticket.title, language, now),
    )
    return LetterPlan("low_rating", lead.address, lead.name, language, values, "auto-generated")
