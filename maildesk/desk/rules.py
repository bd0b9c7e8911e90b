"""Which rules match a mail, and what follows for category, priority and type (DESIGN §5).

Pure: takes compiled rules and searchable text, answers with a judgement and its full trace.
Reading YAML is `config`'s work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from maildesk.desk.profile import Label


@dataclass(frozen=True, slots=True)
class Setting:
    """What a rule sets; None leaves it open."""

    category: str | None = None
    priority: str | None = None
    type: str | None = None
    group: str | None = None
    assignee: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expectation:
    """A case inside a rule file: a mail's words and what this rule must set for them."""

    mail: str
    set: Mapping[str, str]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Condition:
    """One word or regular expression (RE2 syntax, against folded text)."""

    word: str | None = None
    regex: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of `rules/*.yaml`; `file` and `line` say where it stands."""

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


@dataclass(frozen=True, slots=True)
class Hit:
    """Text that a condition matched: in which field, which condition, which words stood there."""

    field: str
    condition: str
    matched: str


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """How one rule fared: it matched by `hits`, or failed because of `failed` (a sentence)."""

    rule: str
    matched: bool
    weight: int
    hits: tuple[Hit, ...] = ()
    failed: str | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules say of a mail. None: no rule spoke; the profile's default applies."""

    category: str | None
    priority: str | None
    type: str | None
    group: str | None
    assignee: str | None
    tags: tuple[str, ...]
    traces: tuple[RuleTrace, ...]
