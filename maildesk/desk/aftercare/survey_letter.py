"""The letter that asks for a rating, and why somebody is not asked (M7, WORDS.md).

Pure. Whether a rating came by itself, and when he was asked last, the clock looks up.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from maildesk.desk.arrival.directory import Directory
from maildesk.desk.arrival.machine import NO_REPLY, asks_nobody
from maildesk.desk.calendar.quiet import hold_until
from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import LetterPlan
from maildesk.desk.letters.head import greet, head_at, name_handler
from maildesk.desk.letters.survey_values import SurveyValues
from maildesk.desk.ticket import Insider, KnownTicket, Part, State


def find_rater(ticket: KnownTicket, confirming: Collection[str]) -> Insider | None:
    """Who said yes by these addresses, if he takes part himself (W8); else the requester."""
    own = (Part.REQUESTER, Part.REPORTER, Part.CC)
    said = (item for item in ticket.people if item.addresses.intersection(confirming))
    return next((item for item in said if item.part in own), None) or ticket.find(Part.REQUESTER)


def judge(ticket: KnownTicket, rater: Insider | None) -> str | None:
    """Why nobody is asked, whatever else is known; None: he may be."""
    if ticket.state is not State.SOLVED:
        return "it is closed, or goes on"
    if ticket.merged_into is not None:
        return "it was merged into another ticket"
    if rater is None or asks_nobody(ticket):
        return "a machine opened it: nobody is there to rate"
    if rater.key.rpartition("@")[0] in NO_REPLY:
        return f"{rater.key} does not read answers"
    if rater.bounced:
        return f"letters to {rater.key} come back"
    return None


def ask_rating(
    desk: DeskConfig, directory: Directory, ticket: KnownTicket, rater: Insider, now: datetime
) -> LetterPlan:
    """The letter; at night it waits for the morning."""
    language = rater.language or ticket.language
    survey = desk.profile.survey
    later = hold_until(now, desk.profile, desk.zone_info)
    values = SurveyValues(
        name=greet(rater),
        answers=tuple((item.key, item.label.in_language(language)) for item in survey.answers),
        by_word=survey.scale == "three",
        **name_handler(desk, directory, ticket, language),
        **head_at(desk, ticket.number, ticket.title, language, later or now),
    )
    plan = LetterPlan("survey", rater.key, rater.name, language, values, "auto-generated")
    return replace(plan, not_before=later)
