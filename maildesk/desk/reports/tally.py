"""Adds up what single tickets count as, to the figures of a period, in memory that does not grow.

Tickets are taken one by one, in the order they came; the same ones always make the same figures.
What one counts as is `measured`'s question.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from maildesk.desk.charter import DeskConfig
from maildesk.desk.label import Label
from maildesk.desk.privacy.mask import mask
from maildesk.desk.reports.fault_tally import FaultTally
from maildesk.desk.reports.figure_words import AGES, NOBODY, OVERALL
from maildesk.desk.reports.figures import (
    KEPT,
    KEPT_MISSES,
    LIMITS,
    Attainment,
    Bucket,
    CategoryFigure,
    Counts,
    Figures,
    FollowUps,
    LimitFigures,
    LimitName,
    LowRating,
    Miss,
    QuestionFigure,
    Satisfaction,
    Share,
    Slice,
    Traced,
)
from maildesk.desk.reports.measured import Measured, Missed, Stored, Verdict
from maildesk.desk.reports.period import Period

_MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class _Trace:
    count: int = 0
    numbers: list[str] = field(default_factory=list)

    def add(self, number: str, times: int = 1) -> None:
        self.count += times
        if len(self.numbers) < KEPT:
            self.numbers.append(number)

    def finish(self) -> Traced:
        return Traced(self.count, tuple(self.numbers))


@dataclass(slots=True)
class _Score:
    met: int = 0
    missed: int = 0
    ours: int = 0
    running: int = 0

    def add(self, verdict: Verdict, *, ours: bool = False) -> None:
        if verdict == "met":
            self.met += 1
        elif verdict == "missed":
            self.missed += 1
            self.ours += ours
        else:
            self.running += 1

    @property
    def count(self) -> int:
        return self.met + self.missed + self.running

    def include(self, other: _Score) -> None:
        self.met += other.met
        self.missed += other.missed
        self.ours += other.ours
        self.running += other.running

    def finish(self) -> Attainment:
        return Attainment(self.met, self.missed, self.ours, self.running)


class Tally:
    """The sums of one desk's period so far."""

    def __init__(self, desk: DeskConfig, period: Period) -> None:
        self._desk, self._period = desk, period
        self._profile = desk.profile
        self._counts: dict[str, _Trace] = defaultdict(_Trace)
        self._ages: dict[int | None, _Trace] = {days: _Trace() for days in AGES}
        self._cells: dict[tuple[str, str | None, str, str], dict[LimitName, _Score]] = {}
        self._misses: dict[LimitName, list[Miss]] = {limit: [] for limit in LIMITS}
        self._names: dict[str, str] = {}
        self._same_day = _Score()
        self._same_day_missed = _Trace()
        self._unexplained = _Trace()
        self._again = _Trace()
        self._solved_or_again = 0
        self._categories: dict[str, _Trace] = defaultdict(_Trace)
        self._faults = FaultTally()
        self._scores: dict[str, list[int]] = defaultdict(lambda: [0] * 5)
        self._low: list[LowRating] = []
        self._low_count = 0
        self._follow_ups: dict[str, _Trace] = defaultdict(_Trace)

    def add(self, found: Measured) -> None:
        ticket, counts = found.ticket, found.counts
        number = ticket.number
        for key in counts:
            self._counts[key].add(number)
        if found.age is not None:
            self._find_bucket(found.age).add(number)
        if found.verdicts:
            self._add_verdicts(found)
        if found.same_day is not None:
            self._same_day.add(found.same_day)
            if found.same_day == "missed":
                self._same_day_missed.add(number)
        if found.reopens:
            self._counts["reopened"].add(number, found.reopens)
            self._again.add(number)
        if found.chases:
            self._counts["chases"].add(number, found.chases)
        if found.reopens or "solved" in counts:
            self._solved_or_again += 1
        if "opened" in counts:
            self._categories[self._profile.category(ticket.category).key].add(number)
            self._faults.add(ticket)
        for state in found.follow_ups:
            self._follow_ups[state].add(number)
        if found.rating is not None:
            self._add_rating(found)

    def finish(self, before: Mapping[str, int]) -> Figures:
        """The figures. `before`: how many tickets of each category the period before had."""
        counts = {key: trace.finish() for key, trace in self._counts.items()}
        asked = counts.get("asked", Traced()).count
        first, rated = (counts.get(key, Traced()) for key in ("first_line", "rated"))
        again = self._again.finish()
        return Figures(
            desk=self._desk.id,
            period=self._period,
            counts=Counts(
                **{key: counts.get(key, Traced()) for key in _COUNTED},
                ages=tuple(Bucket(days, item.finish()) for days, item in self._ages.items()),
            ),
            limits=tuple(self._finish_limit(limit) for limit in LIMITS),
            same_day=self._same_day.finish(),
            same_day_missed=self._same_day_missed.finish(),
            first_line=Share(first.count, asked, first.numbers),
            reopened=Share(again.count, self._solved_or_again, again.numbers),
            categories=self._finish_categories(before),
            faults=self._faults.finish(self._profile, self._mask),
            satisfaction=Satisfaction(
                Share(rated.count, asked, rated.numbers),
                self._finish_questions(),
                self._low_count,
                tuple(self._low),
            ),
            follow_ups=FollowUps(**{key: item.finish() for key, item in self._follow_ups.items()}),
            unexplained=self._unexplained.finish(),
        )

    def _mask(self, text: str) -> str:
        return mask(text, self._desk.privacy.hide)

    def _find_bucket(self, age: float) -> _Trace:
        return next(trace for days, trace in self._ages.items() if days is None or age < days)

    def _add_verdicts(self, found: Measured) -> None:
        ticket = found.ticket
        handler = ticket.handler or ""
        priority = self._profile.priority(ticket.priority).key
        key = (priority, ticket.group, ticket.category, handler)
        scores = self._cells.get(key)
        if scores is None:
            scores = self._cells[key] = {limit: _Score() for limit in LIMITS}
            self._names[handler] = ticket.engineer or handler
        ours = {miss.limit for miss in found.misses if miss.ours}
        for limit, verdict in found.verdicts.items():
            scores[limit].add(verdict, ours=limit in ours)
        for miss in found.misses:
            kept = self._misses[miss.limit]
            if len(kept) < KEPT_MISSES:
                kept.append(self._tell_miss(ticket, miss))
        if found.misses:
            self._counts["misses"].add(ticket.number)
        if not all(miss.ours or miss.reasons for miss in found.misses):
            self._unexplained.add(ticket.number)

    def _tell_miss(self, ticket: Stored, miss: Missed) -> Miss:
        until = self._period.until
        done = miss.done if miss.done is not None and miss.done < until else None
        return Miss(
            ticket.number,
            self._mask(ticket.title),
            self._profile.priority(ticket.priority).label,
            ticket.engineer or "",
            ((done or until) - miss.due) // _MINUTE,
            done is not None,
            miss.ours,
            tuple(map(self._mask, miss.reasons)),
        )

    def _add_rating(self, found: Measured) -> None:
        rating = found.rating
        assert rating is not None
        for key, score in (("", rating.score), *rating.answers.items()):
            if score is not None and 1 <= score <= 5:
                self._scores[key][score - 1] += 1
        if not found.low:
            return
        self._low_count += 1
        if len(self._low) < KEPT:
            state, call = found.answered_low
            done = call is not None and call.done is not None and call.done < self._period.until
            self._low.append(
                LowRating(
                    found.ticket.number,
                    found.ticket.engineer or "",
                    rating.score,
                    self._mask(rating.words),
                    state,
                    call.due if call else None,
                    self._mask(call.record) if call is not None and done else "",
                )
            )

    def _finish_limit(self, limit: LimitName) -> LimitFigures:
        profile = self._profile
        total = _Score()
        priorities: dict[str, _Score] = defaultdict(_Score)
        groups: dict[str, _Score] = defaultdict(_Score)
        engineers: dict[str, _Score] = defaultdict(_Score)
        for (priority, group, category, handler), scores in self._cells.items():
            score = scores[limit]
            if score.count:
                named = profile.group_of(group, category).key
                for sum_ in (total, priorities[priority], groups[named], engineers[handler]):
                    sum_.include(score)
        return LimitFigures(
            limit,
            total.finish(),
            _slice(
                priorities,
                lambda key: profile.priority(key).label,
                lambda key: (profile.priority(key).rank, key),
            ),
            _slice(groups, lambda key: profile.group(key).label),
            _slice(engineers, self._label_engineer),
            tuple(self._misses[limit]),
        )

    def _label_engineer(self, key: str) -> Label:
        name = self._names[key]
        return Label(name, name) if key else NOBODY

    def _finish_categories(self, before: Mapping[str, int]) -> tuple[CategoryFigure, ...]:
        former: Counter[str] = Counter()
        for key, count in before.items():
            former[self._profile.category(key).key] += count
        keys = {*self._categories, *(+former)}
        found = [
            CategoryFigure(
                key,
                self._profile.category(key).label,
                self._categories[key].finish() if key in self._categories else Traced(),
                former[key],
            )
            for key in keys
        ]
        return tuple(sorted(found, key=lambda item: (-item.tickets.count, -item.before, item.key)))

    def _finish_questions(self) -> tuple[QuestionFigure, ...]:
        known = {item.key: item.label for item in self._profile.survey.questions}
        others = sorted(key for key in self._scores if key and key not in known)
        labels = {"": OVERALL, **known, **{key: Label(key, key) for key in others}}
        found = []
        for key, label in labels.items():
            one, two, three, four, five = self._scores.get(key, (0,) * 5)
            found.append(QuestionFigure(key, label, (one, two, three, four, five)))
        return tuple(found)


_COUNTED = (
    *("opened", "solved", "closed", "by_policy", "rejected", "reopened", "chases"),
    *("backlog", "unassigned", "unconfirmed", "misses"),
)


def _slice(
    scores: Mapping[str, _Score],
    label: Callable[[str], Label],
    rank: Callable[[str], tuple[int, str]] = lambda key: (not key, key),
) -> tuple[Slice, ...]:
    """In the order given; by name, with what nobody has at the end."""
    return tuple(Slice(key, label(key), scores[key].finish()) for key in sorted(scores, key=rank))
