"""What a report says of a period, as values: each figure, and the tickets it counts.  (R11, N10)

Made by `tally` from what `measured` says of each ticket; `figure_words` has each figure's name and
definition, `figures_json` keeps them. No figure is worked out here but shares of two numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from maildesk.desk.label import Label
from maildesk.desk.reports.period import Period

KEPT = 20
"""So many ticket numbers a figure names itself; the table of the period has them all."""

KEPT_MISSES = 50
"""So many misses are told one by one."""

LimitName = Literal["response", "contact", "solution"]
LIMITS: tuple[LimitName, ...] = ("response", "contact", "solution")


@dataclass(frozen=True, slots=True)
class Traced:
    """How many, and the numbers of the first of them, in the order they came."""

    count: int = 0
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many tickets; `numbers` are of those that count."""

    part: int = 0
    whole: int = 0
    numbers: tuple[str, ...] = ()

    @property
    def rate(self) -> float | None:
        """Between 0 and 1; None: of nothing."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Attainment:
    """A limit over several tickets. `ours` of the `missed` ran out while our own desk was down;
    `running` had neither been met nor passed when the period ended."""

    met: int = 0
    missed: int = 0
    ours: int = 0
    running: int = 0

    @property
    def rate(self) -> float | None:
        """Met ÷ (met + missed), between 0 and 1; None: nothing was due."""
        decided = self.met + self.missed
        return self.met / decided if decided else None


@dataclass(frozen=True, slots=True)
class Slice:
    """The part of a limit's figures that one priority, group or engineer has. `key` "": nobody."""

    key: str
    label: Label
    attainment: Attainment


@dataclass(frozen=True, slots=True)
class Miss:
    """One limit that was missed. `over`: whole minutes by the clock from the limit until it was
    done, or until the period ended while it was not (`done` False). `reasons` are the engineer's
    words (R14), the oldest first; none: nobody has said why."""

    number: str
    title: str
    priority: Label
    engineer: str
    over: int
    done: bool
    ours: bool
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LimitFigures:
    """One limit: all, by priority (the most urgent first), by group and by engineer."""

    limit: LimitName
    total: Attainment
    priorities: tuple[Slice, ...]
    groups: tuple[Slice, ...]
    engineers: tuple[Slice, ...]
    misses: tuple[Miss, ...]


@dataclass(frozen=True, slots=True)
class Bucket:
    """Open tickets younger than so many days, and older than the bucket before; None: any age."""

    days: int | None
    tickets: Traced


@dataclass(frozen=True, slots=True)
class Counts:
    """What happened in the period, and how it stood at its end (`backlog` to `unconfirmed`).

    `misses` are tickets, however many limits each missed.
    """

    opened: Traced
    solved: Traced
    closed: Traced
    by_policy: Traced  # of the closed: without the requester's word
    rejected: Traced
    reopened: Traced  # times
    chases: Traced  # times
    backlog: Traced
    ages: tuple[Bucket, ...]
    unassigned: Traced
    unconfirmed: Traced
    misses: Traced = Traced()


@dataclass(frozen=True, slots=True)
class CategoryFigure:
    """Tickets opened in a category, and how many were in the period before."""

    key: str
    label: Label
    tickets: Traced
    before: int

    @property
    def change(self) -> int:
        return self.tickets.count - self.before


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that was reported more than once: tickets of a category whose titles say the same;
    `title` is the first of them."""

    category: Label
    title: str
    tickets: Traced


@dataclass(frozen=True, slots=True)
class QuestionFigure:
    """The answers to one question. `key` "": the overall score. `scores` counts 1 to 5 in order."""

    key: str
    label: Label
    scores: tuple[int, int, int, int, int]

    @property
    def answers(self) -> int:
        return sum(self.scores)

    @property
    def average(self) -> float | None:
        """Of 5; None without an answer."""
        total = sum(score * count for score, count in enumerate(self.scores, 1))
        return total / self.answers if self.answers else None


FollowUpState = Literal["in_time", "late", "open", "overdue", "none"]


@dataclass(frozen=True, slots=True)
class LowRating:
    """One low rating of the period (M8), and what became of its follow-up by the period's end."""

    number: str
    engineer: str
    score: int | None
    words: str
    follow_up: FollowUpState
    due: datetime | None
    record: str


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """What requesters thought. `rated`: of the tickets solved in the period, those with a rating;
    `questions` begins with the overall score; `low` are the first of `low_count`."""

    rated: Share
    questions: tuple[QuestionFigure, ...]
    low_count: int
    low: tuple[LowRating, ...]


@dataclass(frozen=True, slots=True)
class FollowUps:
    """Follow-ups begun in the period (回访), by what became of them until its end."""

    in_time: Traced = Traced()
    late: Traced = Traced()
    open: Traced = Traced()
    overdue: Traced = Traced()


@dataclass(frozen=True, slots=True)
class Figures:
    """A desk's figures of a period. `reopened`: of the tickets solved, those taken up again;
    `unexplained`: of those that missed a limit, those nobody has said why of."""

    desk: str
    period: Period
    counts: Counts
    limits: tuple[LimitFigures, ...]
    same_day: Attainment
    same_day_missed: Traced
    first_line: Share
    reopened: Share
    categories: tuple[CategoryFigure, ...]
    faults: tuple[Fault, ...]
    satisfaction: Satisfaction
    follow_ups: FollowUps
    unexplained: Traced = Traced()

    @property
    def quiet(self) -> bool:
        """Whether nothing happened and nothing is open: nobody needs to read of it."""
        counts = self.counts
        happened = (counts.opened, counts.solved, counts.closed, counts.rejected, counts.chases)
        stands = (counts.backlog, counts.unconfirmed, self.follow_ups.open, self.follow_ups.overdue)
        return not any(item.count for item in (*happened, *stands, counts.reopened))

    def find_limit(self, limit: LimitName) -> LimitFigures:
        return next(item for item in self.limits if item.limit == limit)

    def list_misses(self) -> Iterator[tuple[LimitName, Miss]]:
        """All misses that are told one by one, limit by limit."""
        for item in self.limits:
            for miss in item.misses:
                yield item.limit, miss
