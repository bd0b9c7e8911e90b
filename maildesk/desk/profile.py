"""A process profile as values: what the five source documents differ in.

Filled from `rules/profiles/*.yaml` by `config`; this module only says what a profile *is*.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True, slots=True)
class Label:
    """A name people read, in both languages of the desk."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """`language` is a BCP 47 tag such as `zh-CN` or `en`."""
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working time. `week[0]` is Monday: its spans (start, end), in the desk's zone.

    `always` means 7×24. `holidays` names a country whose holidays and make-up workdays apply
    ("cn") or is None; `days_off` and `days_on` override it. A make-up workday takes Monday's hours.
    """

    key: str
    always: bool = False
    week: tuple[tuple[tuple[time, time], ...], ...] = ()
    holidays: str | None = None
    days_off: frozenset[date] = frozenset()
    days_on: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Priority:
    """`rank` orders priorities, 0 the most urgent; `response_minutes` run in `calendar`."""

    key: str
    label: Label
    rank: int
    response_minutes: int
    calendar: str


@dataclass(frozen=True, slots=True)
class Group:
    """Who handles a category; `extension` is the phone the letters print."""

    key: str
    label: Label
    extension: str | None = None


@dataclass(frozen=True, slots=True)
class Category:
    key: str
    label: Label
    group: str


@dataclass(frozen=True, slots=True)
class RequestType:
    key: str
    label: Label


@dataclass(frozen=True, slots=True)
class Profile:
    """One process profile. Mappings are tuples in file order; look up by the methods below."""

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

    def category(self, key: str) -> Category:
        return next(item for item in self.categories if item.key == key)

    def priority(self, key: str) -> Priority:
        return next(item for item in self.priorities if item.key == key)

    def type(self, key: str) -> RequestType:
        return next(item for item in self.types if item.key == key)

    def group(self, key: str) -> Group:
        return next(item for item in self.groups if item.key == key)

    def calendar(self, key: str) -> Calendar:
        return next(item for item in self.calendars if item.key == key)
