"""What letters to engineers and leads about their tickets are told: one dataclass an event.

Texts stand in the reader's language, moments are aware; `words` and `notes` keep their lines.
`marker` and `code` are filled in when the letter is printed: the line to answer above, shown where
an answer is passed on, and the token at the end that proves an answer. `to_requester` is the name
of whom such an answer reaches; it may be "" when nobody knows the name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from maildesk.desk.letters.letter import StaffLetter, StaffTicketLetter


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file by its name, how large it is in words, and what one should know before opening it."""

    name: str
    size_text: str


@dataclass(frozen=True, slots=True)
class SimilarTicket:
    """An open ticket that may be about the same thing (M11)."""

    number: str
    title: str
    state: str
    handler: str | None


@dataclass(frozen=True, slots=True)
class ActionLink:
    """One tap on a phone: what it does, and its page."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A fact of the form (F11), as the desk calls it and as it was stated."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Precedent:
    """What helped before (M11): a solved ticket or an article, and its solution in one line. `url`
    is filled in for an article where pages run."""

    number: str
    title: str
    solution: str
    article: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchValues(StaffTicketLetter):
    """A ticket becomes somebody's (R5, M3); `helper`: he is asked to join, not to take it over.

    `words` are all the requester's words; `left_out` files were too large and are only named.
    `together` names all who work on it when several do.
    """

    to_requester: str
    requester: str
    requester_address: str | None
    department: str | None
    contact: str | None
    category: str
    priority: str
    type: str
    received: datetime
    due: datetime | None
    words: str
    helper: bool = False
    words_cut: bool = False
    files: tuple[FileLine, ...] = ()
    left_out: tuple[FileLine, ...] = ()
    similar: tuple[SimilarTicket, ...] = ()
    helped: tuple[Precedent, ...] = ()
    notes: tuple[str, ...] = ()
    actions: tuple[ActionLink, ...] = ()
    reporter: str | None = None
    vip: bool = False
    together: str = ""
    by: str | None = None
    fields: tuple[FieldLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerValues(StaffTicketLetter):
    """New words on a ticket, to its engineer or, with the `handler` named, to somebody else.

    `state` is the word the desk shows; `fields` are what these words changed about the ticket.
    `raised`: the priority it has from now on, since more people are concerned (R15).
    """

    to_requester: str
    author: str
    author_part: Literal["requester", "cc", "vendor", "delegate"]
    words: str
    state: str
    note: Literal["", "reopened", "chasing", "unverified", "new_words", "confirmed_partly"] = ""
    files: tuple[FileLine, ...] = ()
    left_out: tuple[FileLine, ...] = ()
    raised: str = ""
    handler: str | None = None
    due: datetime | None = None
    fields: tuple[FieldLine, ...] = ()
    actions: tuple[ActionLink, ...] = ()
    together: str = ""


@dataclass(frozen=True, slots=True)
class UnassignedItem:
    """A ticket nobody has yet."""

    number: str
    title: str
    priority: str
    category: str
    group: str
    requester: str
    received: datetime
    due: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnassignedValues(StaffTicketLetter):
    """Tickets nobody has, told to the lead; `number` and `title` are "" when there are several."""

    items: tuple[UnassignedItem, ...]
    number: str = ""
    title: str = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A line that looks like an order and is none, and what may have been meant ("" if unknown)."""

    raw: str
    suggestion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldValues(StaffTicketLetter):
    """The reader's own mail was kept back: why, and `words` exactly as they would leave.

    His answer is the corrected text, or the order `release` as he would type it.
    """

    why: tuple[str, ...]
    words: str
    lines: tuple[HeldLine, ...] = ()
    release: str = "#send"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeValues(StaffTicketLetter):
    """`once` proves, until `until`, that the reader himself gave the `orders` (DESIGN §7).

    `words` leave with them: nobody vouches for what he was not shown.
    """

    orders: tuple[str, ...]
    once: str
    until: datetime
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnprovedValues(StaffTicketLetter):
    """A mail in the reader's name that nothing proves to be his was kept as a note only."""

    excerpt_first_line: str
    why: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptValues(StaffTicketLetter):
    """What the reader's orders did or did not do, and how the ticket stands now.

    `told`: a colleague did it. All sentences are whole, in his language; a status line that is ""
    or None is not shown. `recorded` are cause, solutions and the like as they stand.
    """

    tone: Literal["done", "failed", "status", "undone", "told"]
    done: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    sent: tuple[str, ...] = ()
    words: str = ""
    state: str = ""
    assignee: str = ""
    requester: str = ""
    category: str = ""
    priority: str = ""
    due: datetime | None = None
    eta: datetime | None = None
    waiting: str = ""
    recorded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One order as it is typed, and what it does."""

    sample: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpValues(StaffTicketLetter):
    """All orders the reader may give; `number` "" when he asked outside a ticket."""

    orders: tuple[HelpLine, ...]
    number: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoseValues(StaffTicketLetter):
    """A mail the reader forwarded became a ticket: whose is it (R1)? `guess` proves nothing."""

    guess: str | None = None


@dataclass(frozen=True, slots=True)
class DigestItem:
    """A ticket in the day's list, and what there is to do or know about it."""

    number: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class DigestSection:
    """Tickets alike, under the word for them; how to answer may follow it in brackets. There are
    `rest` more than the `items` told."""

    title: str
    items: tuple[DigestItem, ...]
    rest: int = 0

    @property
    def count(self) -> int:
        return len(self.items) + self.rest

    @property
    def brief(self) -> str:
        """The word alone, for a subject that a phone shows the beginning of."""
        return self.title.partition("（")[0].partition(" (")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestValues(StaffLetter):
    """An engineer's day at a glance; `date` is a moment of that day."""

    sections: tuple[DigestSection, ...]
    date: datetime


StaffValues = (
    DispatchValues
    | AnswerValues
    | UnassignedValues
    | HeldValues
    | CodeValues
    | UnprovedValues
    | TranscriptValues
    | HelpValues
    | WhoseValues
    | DigestValues
)
