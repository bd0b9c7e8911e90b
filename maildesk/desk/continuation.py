"""Do new words belong to the old ticket, or are they a problem of their own?

Asked of requesters' words in a ticket that was closed, solved, or waits for a confirmation. In
doubt they stay where they were written: splitting is one line for an engineer, joining is not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from maildesk.desk.answer import Answer, Reading
from maildesk.desk.fold import fold
from maildesk.desk.ticket import State


@dataclass(frozen=True, slots=True)
class Continuation:
    """Whether the words open a new, linked ticket (`new`), and why."""

    new: bool
    why: str


def continue_or_open(
    state: State,
    closed_days: int | None,
    old_category: str | None,
    new_category: str | None,
    words: str,
    reading: Reading,
) -> Continuation:
    """Whether words written into a ticket go on with it (WORDS.md).

    `closed_days`: whole working days since it was solved or closed, None while it is open.
    `new_category`: what the rules say of the new words alone, None when no rule spoke.
    """
    if reading.answer in (Answer.THANKS, Answer.CONFIRMED):
        return Continuation(False, f"{reading.answer.value} never opens a ticket")
    if closed_days is not None and closed_days > _LONGEST_REOPENING:
        return Continuation(True, f"closed {closed_days} working days ago")
    if closed_days is None and state not in _ENDING:
        return Continuation(False, "the ticket is still worked on")
    if reading.answer is not Answer.WORDS and reading.answer is not Answer.NOT_CONFIRMED:
        return Continuation(False, f"{reading.answer.value} is about this ticket")
    if new_category is None or old_category is None or new_category == old_category:
        return Continuation(False, "no rule says that it is about something else")
    same = _SAME.search(fold(words[:_READ]))
    if same is not None:
        return Continuation(False, f"“{same[0]}” says that it is the same problem")
    return Continuation(True, f"about {new_category}, not about {old_category}")


_LONGEST_REOPENING = 5  # working days
_READ = 2_000  # characters
_ENDING = frozenset((State.TO_CONFIRM, State.SOLVED, State.CLOSED))
_SAME = re.compile(
    r"还是|还没|还不|还在|又|仍|依旧|依然|照旧|再次|没好|没解决|没有解决|同样的?问题|老问题|"
    r"\b(?:still|again|same|not (?:fixed|resolved|solved)|came back|persists?)\b"
)
