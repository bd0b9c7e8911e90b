"""What is known beside the mail itself when staff or requesters answer in a thread: values only.

Which letter they answer, what of their words may be passed on, what waits for them, what they
did last. `store.facts` gathers it; what follows from it is `work` and `conversation`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from maildesk.mail.message import Attachment

Relay = Literal["internal", "requester", "vendor"]

DRAFTS_KEPT = timedelta(days=30)
"""How long words wait for their author."""


@dataclass(frozen=True, slots=True)
class Answering:
    """The letter of ours that a mail answers; it was sent to the very person who answers.

    `relay` says where the answer goes, `relay_to` to whom ("" when internal); `sign` is how the
    letter was known: its signed id, a plus-address or the code in its footer (DESIGN §7 (c)).
    `cause` is what made us write it, "" when only a code tells of the letter.
    """

    ticket: int
    relay: Relay
    relay_to: str
    sign: str
    letter: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """An author's new words, `#` lines included, and whether the cut below them is beyond doubt."""

    words: str
    certain: bool = True
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A staff member's words that wait: for `#send` ("unsure") or a one-time code ("unproved").

    `redeemed`: this mail carries its code. `cause` is the mail the words came in; the letter that
    asks about them has the same.
    """

    id: int
    ticket: int
    kind: Literal["unsure", "unproved"]
    words: str
    relay: Relay
    relay_to: str
    files: tuple[Attachment, ...]
    created: datetime
    redeemed: bool = False
    cause: str = ""


@dataclass(frozen=True, slots=True)
class LastChange:
    """What somebody changed last on a ticket, and what of its letters has already left.

    `before` are the fields as they were (`Change`'s names); `left` are (letter, address) that are
    gone, `waiting` those that can still be kept back. `invited` are helpers who were asked to join;
    `final` is the phrase that says why it stays as it is, "" where it can be undone.
    """

    cause: str
    at: datetime
    orders: str
    before: tuple[tuple[str, str | None], ...]
    left: tuple[tuple[str, str], ...] = ()
    waiting: tuple[tuple[str, str], ...] = ()
    invited: tuple[str, ...] = ()
    final: str = ""


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """What a reader answered last on a page: an event's kind or the order, when, its print."""

    given: str
    at: datetime
    print: str


@dataclass(frozen=True, slots=True)
class Miss:
    """A limit that was missed. `explained`: nobody need say why, since somebody did or it was our
    own outage."""

    limit: str
    at: datetime
    explained: bool = False
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenFollowUp:
    """A low rating of the ticket nobody has followed up yet (M8); until when somebody must."""

    id: int
    opened: datetime
    due: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """Words on a ticket's timeline: who wrote them, and whether staff did, at their work.

    `told` names whom staff's words were passed on to; "": they stayed inside. `letter` is the mail
    they came in and `sender` its address key, None and "" for words that came by none of their own.
    """

    author: str
    words: str
    at: datetime
    internal: bool = False
    files: tuple[Attachment, ...] = ()
    told: str = ""
    letter: int | None = None
    sender: str = ""
