"""What a rule is, and what comes out when rules judge a mail: values only (DESIGN §5).

Filled from YAML by `config.rules`; what a rule means for a mail is `matching`'s question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import NamedTuple

from maildesk.desk.profile import Label

FIELDS = ("subject", "body", "attachment_name", "from", "to")
"""Where words are searched; beside them any `header:x-…`."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a rule sets; None and nothing leave it open. Keys are the profile's.

    `watchers` get the ticket's answers in copy: names, staff numbers or addresses. `letter` "none":
    no acknowledgement. `note` is written on the ticket for staff. `ask`: keys of the profile's
    questions that its requester should answer.
    """

    category: str | None = None
    priority: str | None = None
    type: str | None = None
    group: str | None = None
    assignee: str | None = None
    tags: tuple[str, ...] = ()
    impact: str | None = None
    urgency: str | None = None
    watchers: tuple[str, ...] = ()
    letter: str | None = None
    note: str | None = None
    ask: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """One word or regular expression (RE2 syntax, against folded text).

    `fields`: where this one is searched; empty: where its rule is.
    """

    word: str | None = None
    regex: str | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Range:
    """So many at least and at most, both included; None: no bound."""

    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Hours:
    """A time of arrival: within or outside a calendar of the profile, or from one time of the day
    to another (past midnight when it ends before it begins)."""

    calendar: str | None = None
    outside: bool = False
    start: time = time(0)
    end: time = time(0)


@dataclass(frozen=True, slots=True)
class Given:
    """What must hold of a mail beside its words; None and nothing: anything.

    `senders`: addresses, `@domain`, names or staff numbers. `to`: desk addresses. `size`: bytes of
    the files together. `length`: characters of the new words without blanks.
    """

    senders: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    language: str | None = None
    attachments: Range | None = None
    size: Range | None = None
    length: Range | None = None
    hours: Hours | None = None
    vip: bool | None = None


ANYTHING = Given()


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of a mail beside its words; None: not known.

    `sender` holds every way a rule may name who wrote it, made alike; `who` is how to show him.
    `unproved`: why who wrote it is not believed, "" when nothing speaks against it. `received` is
    the time of arrival in the desk's zone.
    """

    sender: frozenset[str] = frozenset()
    who: str = ""
    unproved: str = ""
    department: str | None = None
    vip: bool = False
    to: tuple[str, ...] = ()
    attachments: int | None = None
    size: int | None = None
    received: datetime | None = None


UNKNOWN = Circumstances()


@dataclass(frozen=True, slots=True)
class Expectation:
    """A case inside a rule file: a mail's words and what the rules must make of it.

    `set`: one value each; `among`: what must be there beside what other rules may add (tags,
    watchers, ask, note, letter). `about` are the circumstances it comes in.
    """

    mail: str
    set: Mapping[str, str]
    line: int = 0
    about: Mapping[str, str] = field(default_factory=dict)
    among: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of `rules/*.yaml`; `file` and `line` say where it stands.

    It matches when `at_least` different ones of `any` stand in the mail, every one of `all`, none
    of `none`, and `given` holds. `negation`: a word that the mail denies does not count. `shadow`:
    it is tried and counted, and sets nothing.
    """

    id: str
    name: Label
    any: tuple[Condition, ...]
    none: tuple[Condition, ...] = ()
    fields: tuple[str, ...] = ("subject", "body")
    set: Setting = field(default_factory=Setting)
    weight: int = 1
    stop: bool = False
    expect: tuple[Expectation, ...] = ()
    file: str = ""
    line: int = 0
    all: tuple[Condition, ...] = ()
    at_least: int = 1
    given: Given = ANYTHING
    negation: bool = True
    shadow: bool = False


class Hit(NamedTuple):
    """Text that a condition matched: in which field, which condition, which words stood there.

    A tuple, as a rule's trace is: a mail has dozens, and making frozen dataclasses of them was a
    twentieth of all judging.
    """

    field: str
    condition: str
    matched: str


class RuleTrace(NamedTuple):
    """How one rule fared: it matched by `hits`, or failed because of `failed` (a sentence).

    `weight` has `bonus` in it, what a match in the subject adds. `denied` are words that stood
    there and were denied; their `condition` is what denied them. `shadow`: it set nothing.
    """

    rule: str
    matched: bool
    weight: int
    hits: tuple[Hit, ...] = ()
    failed: str | None = None
    bonus: int = 0
    denied: tuple[Hit, ...] = ()
    shadow: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules say of a mail. None: no rule spoke; the profile's default applies.

    `counted` are the rules that matched, in order, without those that are only tried. `priority` is
    the most urgent that a rule sets outright or the matrix makes of `impact` and `urgency`. `notes`
    and `silent` carry the rule's id: (rule, words), and which rule wants no acknowledgement.
    """

    category: str | None
    priority: str | None
    type: str | None
    group: str | None
    assignee: str | None
    tags: tuple[str, ...]
    traces: tuple[RuleTrace, ...]
    impact: str | None = None
    urgency: str | None = None
    watchers: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    ask: tuple[str, ...] = ()
    silent: str | None = None
    counted: tuple[Rule, ...] = ()
