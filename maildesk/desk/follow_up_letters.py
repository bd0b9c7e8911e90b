"""The letter to the lead about a low rating: at once, near its limit, and when it was missed.

Pure: a ticket and its rating in, a planned letter out.
"""

from __future__ import annotations

from datetime import datetime

from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import Lead, LetterPlan
from maildesk.desk.directory import Directory, find_own_group
from maildesk.desk.follow_up_values import Answered, LowRatingValues, Tone
from maildesk.desk.rating import Rating
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
    requester, handler = ticket.find(Part.REQUESTER), ticket.find(Part.ASSIGNEE)
    usual = profile.group_of(ticket.group, ticket.category)
    group = find_own_group(directory.at(handler.key) if handler else None, profile, usual)
    labels = {item.key: item.label.in_language(language) for item in profile.survey.questions}
    said = next((item for item in profile.survey.answers if item.key == str(rating.score)), None)
    values = LowRatingValues(
        desk=desk.name_in(language),
        name=lead.name,
        number=ticket.number,
        title=ticket.title,
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
        handler=handler.name if handler else None,
        group=group.label.in_language(language),
        extension=handler.extension if handler and handler.extension else group.extension,
        solution=solution,
        state=show_state(state or ticket.state, profile).in_language(language),
        due=due,
        now=now,
        zone=desk.zone_info,
        language=language,
    )
    return LetterPlan("low_rating", lead.address, lead.name, language, values, "auto-generated")
