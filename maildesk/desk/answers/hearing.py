"""A requester's or his delegate's words, believed: what does one meaning do to the ticket?

What the words mean `answer` and `score` read; who wrote them and how far he is believed is
`conversation`'s question. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from maildesk.desk.aftercare.rating import Rating
from maildesk.desk.aftercare.score import asks_more
from maildesk.desk.answers.answer import Answer, Reading
from maildesk.desk.answers.closing import NO_MORE, close, confirm, reopen
from maildesk.desk.decision import (
    UNCHANGED,
    Change,
    DeadlinePlan,
    Facts,
    LetterPlan,
    Sender,
    Unsent,
)
from maildesk.desk.letters import requester_notices as own_letters
from maildesk.desk.letters.dispatch import Note
from maildesk.desk.request.supplement import Supplement
from maildesk.desk.ticket import ENDED, KnownTicket, Part, State, Waiting

_STATUS_EVERY = timedelta(days=1)
_NOTHING_MORE = Supplement()


@dataclass(frozen=True, slots=True)
class Step:
    """What one meaning does: the change, the event it leaves, and what the engineer is told.

    `tell` None: nobody is told. `more` is what the words fill in beside that, `rating` what is
    thought of it. `asks`: a question came with a yes.
    """

    event: str
    why: str
    change: Change = UNCHANGED
    tell: Note | None = "new_words"
    letters: tuple[LetterPlan, ...] = ()
    unsent: tuple[Unsent, ...] = ()
    leads: bool = False
    more: Supplement = _NOTHING_MORE
    rating: Rating | None = None
    deadlines: tuple[DeadlinePlan, ...] = ()
    asks: bool = False


def interpret(
    facts: Facts,
    sender: Sender,
    ticket: KnownTicket,
    reading: Reading,
    rating: Rating | None = None,
    *,
    by_page: bool = False,
    asked: bool = False,
    further: bool = False,
) -> Step:
    """The requester's or his delegate's words, believed. `asked`: he was asked what they mean;
    `further`: he says himself that he has another question (N5)."""
    meaning = reading.answer
    if meaning is Answer.THANKS:
        return Step("thanks", reading.why, tell=None)
    if meaning is Answer.CHASING:
        return _chase(facts, sender, ticket, reading)
    if ticket.state is State.REJECTED:
        return Step("words", "the ticket was not accepted; its engineer decides")
    over = ticket.state in (State.SOLVED, State.CLOSED)
    if over and rating is not None and meaning is not Answer.NOT_CONFIRMED:
        return _rate(facts, ticket, reading, rating, further=further)
    if meaning is Answer.CONFIRMED:
        if ticket.state is State.CLOSED and ticket.confirmed is None:
            # It was closed without his word; now there is one.
            change = Change(confirmed=facts.now, confirmed_by=sender.address)
            return Step("confirmed", reading.why, change, tell=None)
        if over and further:
            return Step("words", "it was confirmed before; he asks something more", asks=True)
        if over:
            return Step("thanks", "it was confirmed before", tell=None)
        if ticket.state is not State.TO_CONFIRM and not by_page:
            # "可以登录了" may as well invite the engineer to go on; he decides.
            return Step("words", f"{reading.why}, before anybody said it was solved")
        return _confirm(facts, sender, ticket, reading, rating, by_page=by_page, further=further)
    if meaning is Answer.AMBIGUOUS:
        return _ask(facts, sender, ticket, reading, rating, asked=asked)
    if ticket.state in ENDED | {State.TO_CONFIRM}:
        # Done only when the requester has no further question; otherwise it goes on (N5).
        # The first time stands in the lead's daily, where there is one.
        again = ticket.reopens > 0 or facts.desk.profile.reports.daily is None
        return Step(
            "reopened",
            reading.why,
            reopen(facts, ticket),
            tell="reopened",
            leads=again,
            rating=rating,
            deadlines=NO_MORE,
        )
    if ticket.state is State.WAITING_REQUESTER:
        change = Change(state=State.IN_PROGRESS, waiting=Waiting.NONE)
        return Step("words", "what was asked for has come", change)
    return Step("words", reading.why)


def _ask(
    facts: Facts,
    sender: Sender,
    ticket: KnownTicket,
    reading: Reading,
    rating: Rating | None,
    *,
    asked: bool,
) -> Step:
    """Nobody knows whether it is a yes: he is asked, once."""
    if ticket.state is not State.TO_CONFIRM:
        return Step("words", reading.why)
    if asked:
        why = f"{reading.why}, although we asked; the engineer asks himself"
        return Step("words", why, rating=rating)
    letters = (own_letters.ask_whether(facts, ticket, sender),)
    return Step("unclear", reading.why, tell=None, letters=letters, rating=rating)


def _confirm(
    facts: Facts,
    sender: Sender,
    ticket: KnownTicket,
    reading: Reading,
    rating: Rating | None,
    *,
    by_page: bool,
    further: bool,
) -> Step:
    """A yes. A remark that wants an answer keeps the ticket from closing (N5)."""
    more = further or (rating is not None and asks_more(rating.words))
    seen = by_page and facts.desk.profile.survey.after == "solved"
    change, deadlines = confirm(facts, ticket, sender.address, rating, ask=not seen, stays=more)
    said: Note | None = "new_words" if more else None  # a remark stands in his digest
    return Step(
        "confirmed", reading.why, change, said, rating=rating, deadlines=deadlines, asks=more
    )


def _rate(
    facts: Facts, ticket: KnownTicket, reading: Reading, rating: Rating, *, further: bool
) -> Step:
    """What he thinks of a ticket he confirmed before: the last thing it waited for, if it did."""
    more = further or asks_more(rating.words)
    waits = ticket.state is State.SOLVED and not more
    change = close(facts.now) if waits else UNCHANGED
    tell: Note | None = "new_words" if more else None
    deadlines = NO_MORE if waits else ()
    return Step("rated", reading.why, change, tell, rating=rating, deadlines=deadlines, asks=more)


def _chase(facts: Facts, sender: Sender, ticket: KnownTicket, reading: Reading) -> Step:
    """A status answer at most once a day; the engineer is flagged, the lead at the second one and
    then once a day; at once when nobody has it."""
    count = ticket.chases + 1
    change = Change(chases=count)
    nobody = ticket.find(Part.ASSIGNEE) is None
    if ticket.chased is not None and facts.now - ticket.chased < _STATUS_EVERY:
        why = "a status answer went out within the day"
        unsent = (Unsent("status", sender.address, why),)
        return Step("chased", reading.why, change, "chasing", (), unsent, leads=count == 2)
    letter = own_letters.tell_status(facts, ticket, sender)
    change = Change(chases=count, chased=facts.now)
    return Step("chased", reading.why, change, "chasing", (letter,), leads=count > 1 or nobody)
