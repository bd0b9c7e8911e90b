"""What is written when a time is written: a day, a half of it, a clock, a span. Values only.

How they are read is `timewords`' question, which moment they mean at a given `now` is `moment`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal


class Half(Enum):
    """A part of the day."""

    DAWN = "dawn"
    AM = "am"
    MORNING = "morning"
    NOON = "noon"
    AFTERNOON = "afternoon"
    EVENING = "evening"


@dataclass(frozen=True, slots=True)
class Clock:
    """`exact`: written like 04:30, so that it can only be meant that way."""

    hour: int
    minute: int = 0
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Offset:
    """So many days from today."""

    days: int


@dataclass(frozen=True, slots=True)
class Weekday:
    """`day` 0 is Monday; `week` counts from this one, None when none is named."""

    day: int
    week: int | None = None


@dataclass(frozen=True, slots=True)
class Calendrical:
    """A date, perhaps without its year, perhaps without its month; its weekday if it was said."""

    day: int
    month: int | None = None
    year: int | None = None
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class EndOf:
    """The end of this week or month, or of the next one."""

    period: Literal["week", "month"]
    ahead: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time. `ago`: it lies behind."""

    minutes: int = 0
    days: int = 0
    workdays: int = 0
    ago: bool = False


Day = Offset | Weekday | Calendrical | EndOf


@dataclass(frozen=True, slots=True)
class Phrase:
    """The parts that were written, each at most once. `closing`: 下班前, end of day."""

    day: Day | None = None
    half: Half | None = None
    clock: Clock | None = None
    span: Span | None = None
    closing: bool = False
    now: bool = False
