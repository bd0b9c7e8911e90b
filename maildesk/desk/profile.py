"""A process profile as values: what the five source documents differ in.

Filled from `rules/profiles/*.yaml` by `config`; this module only says what a profile *is*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Literal, Protocol, TypeVar

from maildesk.desk.label import Label as Label
from maildesk.desk.policy import (
    Alike,
    Cell,
    Closing,
    Escalation,
    Level,
    Move,
    Patience,
    Question,
    Records,
    Reports,
    Scope,
    StateWords,
    Survey,
)

Hours = tuple[tuple[time, time], ...]
"""A day's spans of work, in order. An end not after its start lies on the next day."""


@dataclass(frozen=True, slots=True)
class Holidays:
    """A country's holidays and make-up workdays: `off` and `on` by day, with what the day is.

    `years` are those whose days are known, in order. Sets, because a calendar is hashed often.
    """

    country: str
    years: tuple[int, ...]
    off: frozenset[tuple[date, Label]]
    on: frozenset[tuple[date, Label]]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working time. `week[0]` is Monday: its spans, in the desk's zone.

    `always` means 7×24. The desk's own days go before the country's: `hours` are single days that
    are worked otherwise (half-days), then `days_off`, then `days_on`. A make-up workday and a day
    of `days_on` have Monday's hours.
    """

    key: str
    always: bool = False
    week: tuple[Hours, ...] = ()
    holidays: Holidays | None = None
    days_off: frozenset[date] = frozenset()
    days_on: frozenset[date] = frozenset()
    hours: frozenset[tuple[date, Hours]] = frozenset()


@dataclass(frozen=True, slots=True)
class Priority:
    """`rank` orders priorities, 0 the most urgent; minutes run in `calendar`.

    `contact_minutes` run from the moment its engineer gets the ticket (M4), `solution_minutes` from
    receipt and in `solution_calendar` where that is another; None: there is no such limit.
    `takes`: what shared rules call it, beside its own key.
    """

    key: str
    label: Label
    rank: int
    response_minutes: int
    calendar: str
    contact_minutes: int | None = None
    solution_minutes: int | None = None
    solution_calendar: str | None = None
    takes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """Who of a group is on duty: by day (`week[0]` is Monday), or taking turns week by week.

    People are named as in the profile: name, staff number or address.
    """

    week: tuple[tuple[str, ...], ...] = ()
    turns: tuple[str, ...] = ()

    def on(self, day: date) -> tuple[str, ...]:
        """Who is on duty that day. Turns follow the ISO week number, so that a calendar on the
        wall tells them: the first named has week 1."""
        return next(iter(self.list_from(day)), ())

    def list_from(self, day: date) -> tuple[tuple[str, ...], ...]:
        """Those on duty that day, then whose turn comes after, should they not be there."""
        if self.turns:
            first = (day.isocalendar().week - 1) % len(self.turns)
            return tuple((name,) for name in (*self.turns[first:], *self.turns[:first]))
        return (self.week[day.weekday()],) if self.week else ()


@dataclass(frozen=True, slots=True)
class Group:
    """Who handles a category; `extension` is the phone the letters print.

    `engineers` and `lead` are names, staff numbers or addresses; people may also name their groups
    themselves. The lead is told of what is urgent (M3).
    """

    key: str
    label: Label
    extension: str | None = None
    engineers: tuple[str, ...] = ()
    duty: Duty = Duty()
    lead: str | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """`engineer` is the one it goes to before all others (R5): name, staff number or address.

    `backup`: it touches data, and is solved only with a word on what became of the backup (N9).
    """

    key: str
    label: Label
    group: str
    engineer: str | None = None
    backup: bool = False
    takes: tuple[str, ...] = ()  # what shared rules call it, beside its own key


@dataclass(frozen=True, slots=True)
class RequestType:
    """`code` stands for it in ticket numbers (W1); "" for its key. `questions` are keys, the most
    useful first (W6). `approval`: whose yes it needs before anybody works on it; "" nobody's.
    `takes` and `takes_categories`: which types and categories of the shared rules it stands for
    (M2's types are both in one); with both given, both must fit.
    """

    key: str
    label: Label
    code: str = ""
    questions: tuple[str, ...] = ()
    approval: Literal["", "manager", "lead"] = ""
    takes: tuple[str, ...] = ()
    takes_categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours, in the desk's zone, in which letters that can wait do wait; usually over night."""

    start: time = time(20)
    end: time = time(8, 30)


@dataclass(frozen=True, slots=True)
class Profile:
    """One process profile. Mappings are tuples in file order; look up by the methods below.

    `confirm_thanks`: thanks alone confirm a ticket that is to be confirmed. Off unless a profile
    says otherwise: people thank before they have tried, and F9 closes on a confirmation only.
    `quiet` None: letters leave at any hour.
    """

    id: str
    label: Label
    number_format: str
    categories: tuple[Category, ...]
    priorities: tuple[Priority, ...]
    types: tuple[RequestType, ...]
    groups: tuple[Group, ...]
    calendars: tuple[Calendar, ...]
    default_category: str
    default_priority: str
    default_type: str
    near_minutes: int = 30
    quiet: Quiet | None = Quiet()
    digest_at: time = time(8, 30)
    confirm_thanks: bool = False
    unassigned_after_minutes: int = 15
    impacts: tuple[Level, ...] = ()
    urgencies: tuple[Level, ...] = ()
    matrix: tuple[Cell, ...] = ()
    severities: tuple[Level, ...] = ()
    questions: tuple[Question, ...] = ()
    state_words: tuple[StateWords, ...] = ()
    moves: tuple[Move, ...] = ()
    results: tuple[Level, ...] = ()
    escalation: Escalation = field(default_factory=Escalation)
    survey: Survey = field(default_factory=Survey)
    closing: Closing = field(default_factory=Closing)
    patience: Patience = field(default_factory=Patience)
    reports: Reports = field(default_factory=Reports)
    records: Records = field(default_factory=Records)
    scope: Scope = field(default_factory=Scope)
    alike: Alike = field(default_factory=Alike)
    same_day_before: time | None = None  # what comes before it is solved the same day (R14)
    major_update_minutes: int = 30  # silence in a major incident after which somebody is asked (M3)
    vip_at_least: str | None = None  # what a VIP's priority is raised to, one step at most
    plan_ranks: int = 0  # plans of so many of the most urgent need the lead (F7)

    # A ticket outlives the profile it was opened under: a key that is gone since means what takes
    # it now; else it is shown as it stands and means what holds when no rule speaks. Old tickets
    # must never stop a mail.

    def category(self, key: str) -> Category:
        found = _find(self.categories, key) or _find_taking(self.categories, key)
        if found is None:
            usual = _find(self.categories, self.default_category) or self.categories[0]
            return replace(usual, key=key, label=Label(key, key), engineer=None)
        return found

    def priority(self, key: str) -> Priority:
        found = _find(self.priorities, key) or _find_taking(self.priorities, key)
        if found is None:
            usual = _find(self.priorities, self.default_priority) or self.priorities[0]
            return replace(usual, key=key, label=Label(key, key))
        return found

    def weigh(self, impact: str, urgency: str) -> str | None:
        """The priority the matrix gives (W3); None when it has no such field."""
        fits = (c for c in self.matrix if (c.impact, c.urgency) == (impact, urgency))
        return next((cell.priority for cell in fits), None)

    def question(self, key: str) -> Question | None:
        return _find(self.questions, key)

    # Rules are shared by all profiles and say `low` or `how_to`; a profile without these says by
    # `takes` which of its own it calls so.

    def take_category(self, said: str) -> str:
        """The profile's key for what a rule says; the usual one when it has none for it."""
        known = _find(self.categories, said) or _find_taking(self.categories, said)
        return known.key if known else self.default_category

    def take_priority(self, said: str) -> str:
        known = _find(self.priorities, said) or _find_taking(self.priorities, said)
        return known.key if known else self.default_priority

    def take_type(self, said: str | None, category: str | None) -> str | None:
        """The profile's type for a rule's type and category, one that names the category first;
        None when rules said nothing of it."""
        for item in self.types:
            fits = said is None or said in item.takes or not item.takes
            if item.takes_categories and category in item.takes_categories and fits:
                return item.key
        known = self._find_type(said or "")
        if known is not None:
            return known.key
        return self.default_type if said is not None else None

    def type(self, key: str) -> RequestType:
        return self._find_type(key) or RequestType(key, Label(key, key))

    def _find_type(self, key: str) -> RequestType | None:
        plain = [item for item in self.types if not item.takes_categories]
        return _find(self.types, key) or _find_taking(plain, key)

    def group(self, key: str) -> Group:
        usual = self.category(self.default_category).group
        return _find(self.groups, key) or _find(self.groups, usual) or self.groups[0]

    def group_of(self, group: str | None, category: str) -> Group:
        """A ticket's group: its own, else the one that handles its category."""
        return _find(self.groups, group or "") or self.group(self.category(category).group)

    def calendar(self, key: str) -> Calendar:
        return next(item for item in self.calendars if item.key == key)


class _Taking(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def takes(self) -> tuple[str, ...]: ...


Taking = TypeVar("Taking", bound=_Taking)


def _find_taking(among: Sequence[Taking], said: str) -> Taking | None:
    return next((item for item in among if said in item.takes), None)


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


Keyed = TypeVar("Keyed", bound=_Keyed)


def _find(among: Sequence[Keyed], key: str) -> Keyed | None:
    return next((item for item in among if item.key == key), None)
