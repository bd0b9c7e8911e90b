"""A process profile's smaller promises as values: what is asked, escalated, surveyed and published.

Filled from `rules/profiles/*.yaml` by `config`; what follows from them other modules decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Literal

from maildesk.desk.label import Label


@dataclass(frozen=True, slots=True)
class Level:
    """One of a short list the profile names: an impact, an urgency, a severity, a result."""

    key: str
    label: Label


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of the impact × urgency matrix (W3): keys of the profile."""

    impact: str
    urgency: str
    priority: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a requester may be asked (R13, F2, W6). `field` is the ticket's field its answer fills;
    `known` are words, written as in a rule, whose presence shows that it was told already."""

    key: str
    ask: Label
    field: str = ""
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StateWords:
    """What a profile calls a state: to staff, and to requesters."""

    state: str
    desk: Label
    requester: Label


@dataclass(frozen=True, slots=True)
class Move:
    """From one state a ticket may go to these; a state without a `Move` may go anywhere."""

    state: str
    to: frozenset[str]


@dataclass(frozen=True, slots=True)
class Escalation:
    """M5: tickets of these priorities are escalated when unsolved after so many minutes of handling
    time; whoever decides has `decide_minutes`. `after_minutes` None: by order and scope only."""

    after_minutes: int | None = 120
    priorities: frozenset[str] = frozenset()
    decide_minutes: int = 30


@dataclass(frozen=True, slots=True)
class Survey:
    """M7, R9, W8: when the rating is asked, what for, and on which scale.

    `low_below`: a score below it is followed up, within `follow_up_hours` of the clock (M8).
    `every_days`: nobody gets two letters that ask for a rating within so many days."""

    after: Literal["solved", "confirmed"] = "solved"
    within_minutes: int = 60
    scale: Literal["five", "three"] = "five"
    answers: tuple[Level, ...] = ()
    questions: tuple[Level, ...] = ()
    low_below: int = 4
    follow_up_hours: int = 24
    every_days: int = 14

    @property
    def rates_at_once(self) -> bool:
        """Whether the page that confirms asks for the score as well."""
        return self.after == "solved" and bool(self.answers)


@dataclass(frozen=True, slots=True)
class Closing:
    """F9: closed only once the requester confirmed, or by itself after so many working days.

    `remind_days`: working days without an answer after which he is reminded."""

    after_days: int | None = None
    remind_days: tuple[int, ...] = (2, 4)


@dataclass(frozen=True, slots=True)
class Patience:
    """Working days without the requester's answer to a question: after `remind_days` he is
    reminded once, after `give_up_days` the ticket is closed. None: never."""

    remind_days: int | None = 2
    give_up_days: int | None = None


@dataclass(frozen=True, slots=True)
class Reports:
    """When the lead gets his reports; None: not. `weekly` is (weekday, 0 is Monday; time),
    `monthly` is (day of the month; time)."""

    daily: time | None = time(17, 30)
    weekly: tuple[int, time] | None = None
    monthly: tuple[int, time] | None = None


@dataclass(frozen=True, slots=True)
class Outside:
    """Something the desk does not do (N11): how requesters call it, and where they should go."""

    key: str
    words: tuple[str, ...]
    answer: Label


@dataclass(frozen=True, slots=True)
class Scope:
    """What the desk does and does not do, as it is published (N11)."""

    offered: tuple[Label, ...] = ()
    outside: tuple[Outside, ...] = ()


@dataclass(frozen=True, slots=True)
class Alike:
    """So many alike tickets within so many minutes are taken for one outage."""

    tickets: int = 3
    minutes: int = 60


FORMS = (
    "default",
    "record-sheet",
    "feedback-template",
    "process-manual",
    "work-order",
    "response-norms",
)
"""The documents whose form a ticket can be printed on; `desk.sheets` has them."""


@dataclass(frozen=True, slots=True)
class Records:
    """Working days until solutions are in the knowledge base, and tickets archived (M9).

    `form`: whose document's form tickets are printed on, "" for the profile's own (R12 … N6).
    `review_ranks`: tickets of so many of the most urgent priorities are to be reviewed (W9).
    `repeats`: so many alike within `repeat_days` want their root cause looked for (F10); 0: none.
    """

    knowledge_days: int = 1
    archive_days: int = 3
    form: str = ""
    review_ranks: int = 0
    repeats: int = 5
    repeat_days: int = 30
