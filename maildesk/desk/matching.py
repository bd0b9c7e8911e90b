"""What do the rules say of a mail?  Rules and searchable text in, a judgement with its trace out.

Pure. Finding words is `desk.words`'s work, one spelling for all `desk.fold`'s, who denies a word
`desk.negation`'s, YAML `config`'s. What follows from rules that matched stands in `conclusion`.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import time
from typing import Any, NamedTuple

from maildesk.desk.circumstances import find_given
from maildesk.desk.conclusion import Ranks, conclude
from maildesk.desk.fold import Folded
from maildesk.desk.negation import MARKS, Denial
from maildesk.desk.profile import Calendar, Profile
from maildesk.desk.rules import (
    ANYTHING,
    UNKNOWN,
    Circumstances,
    Condition,
    Hit,
    Judgement,
    Rule,
    RuleTrace,
)
from maildesk.desk.words import Finder, Places, Span
from maildesk.mail.message import Address, Incoming

# A requester's own words stand at the top; a pasted log below them is not worth the time.
SEARCHED_CHARACTERS = 65_536
SUBJECT_FACTOR = 2

_ANY, _ALL, _NONE = range(3)


@dataclass(frozen=True, slots=True)
class Searchable:
    """What rules may look into: field name (`subject`, `body`, `header:x-…`) → its text; and what
    is known beside the words."""

    fields: Mapping[str, str]
    about: Circumstances = UNKNOWN


class Find(NamedTuple):
    """A condition in a field: which field and role, its place in the rule, its number in the set.

    Made once for all mails; where the words stand in a mail `_Mail` knows. Sorts as it is shown.
    """

    field: int
    role: int
    position: int
    number: int


Uses = tuple[tuple[tuple[int, Find], ...], ...]
"""Condition number → (rule number, what it is to that rule)."""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules ready to judge. `hash` (hex SHA-256) names what they decide, not where they stand."""

    rules: tuple[Rule, ...]
    hash: str
    profile: Profile = field(repr=False, compare=False)
    _ranks: Ranks = field(repr=False, compare=False)
    _calendars: Mapping[str, Calendar] = field(repr=False, compare=False)
    _finder: Finder = field(repr=False, compare=False)
    _fields: tuple[str, ...] = field(repr=False, compare=False)
    # for each field: condition number → the rules that ask for it, and those it blocks
    _asks: tuple[Uses, ...] = field(repr=False, compare=False)
    _blocks: tuple[Uses, ...] = field(repr=False, compare=False)
    _deniable: frozenset[int] = field(repr=False, compare=False)  # condition numbers
    _wordless: frozenset[int] = field(repr=False, compare=False)  # rules that need no word
    _misses: tuple[RuleTrace, ...] = field(repr=False, compare=False)

    def settle(self, judgement: Judgement, key: str) -> str | None:
        """What a mail so judged gets for `key`: by a rule, by the matrix, or by default."""
        profile = self.profile
        value: str | None = getattr(judgement, key)
        if key == "priority" and value is None and judgement.impact and judgement.urgency:
            value = profile.weigh(judgement.impact, judgement.urgency)
        if value is None and key in ("category", "priority", "type"):
            value = str(getattr(profile, f"default_{key}"))
        return value


def compile_rules(rules: Sequence[Rule], profile: Profile) -> RuleSet:
    """Builds one automaton and one set of expressions for all rules, in the order given.

    The profile says which priority is more urgent. Raises `re2.error` for an invalid expression;
    `config.rules` has refused those with file and line before.
    """
    numbers: dict[Condition, int] = {}
    uses: list[tuple[str, int, int, int, int]] = []
    deniable = set()
    for place, rule in enumerate(rules):
        for role, conditions in ((_ANY, rule.any), (_ALL, rule.all), (_NONE, rule.none)):
            for position, condition in enumerate(conditions):
                words = Condition(condition.word, condition.regex)
                number = numbers.setdefault(words, len(numbers))
                for name in condition.fields or rule.fields:
                    uses.append((name, place, role, position, number))
                if rule.negation and role != _NONE:
                    deniable.add(number)
    names = _order_fields(use[0] for use in uses)
    asks: list[list[list[tuple[int, Find]]]] = [[[] for _ in numbers] for _ in names]
    blocks: list[list[list[tuple[int, Find]]]] = [[[] for _ in numbers] for _ in names]
    for name, place, role, position, number in uses:
        order = names.index(name)
        use = (place, Find(order, role, position, number))
        (blocks if role == _NONE else asks)[order][number].append(use)
    return RuleSet(
        rules=tuple(rules),
        hash=_hash_rules(rules, profile),
        profile=profile,
        _ranks={
            # The profile's own words count before those it takes from the shared rules.
            "priority": {
                **{word: item.rank for item in profile.priorities for word in item.takes},
                **{item.key: item.rank for item in profile.priorities},
            },
            "impact": {level.key: rank for rank, level in enumerate(profile.impacts)},
            "urgency": {level.key: rank for rank, level in enumerate(profile.urgencies)},
        },
        _calendars={calendar.key: calendar for calendar in profile.calendars},
        _finder=Finder(tuple(numbers), MARKS if deniable else ()),
        _fields=names,
        _asks=tuple(tuple(map(tuple, of_field)) for of_field in asks),
        _blocks=tuple(tuple(map(tuple, of_field)) for of_field in blocks),
        _deniable=frozenset(deniable),
        _wordless=frozenset(
            place for place, rule in enumerate(rules) if not rule.any and not rule.all
        ),
        _misses=tuple(_miss(rule, _describe_miss(rule)) for rule in rules),
    )


def searchable(incoming: Incoming, about: Circumstances = UNKNOWN) -> Searchable:
    """The texts of a mail that rules may search: new words only, no history, no signature."""
    fields = {
        "subject": incoming.subject,
        "body": incoming.reply,
        "attachment_name": "\n".join(item.filename for item in incoming.attachments),
        "from": _write_addresses((incoming.sender,) if incoming.sender else ()),
        "to": _write_addresses(incoming.to + incoming.cc),
    }
    for name, value in incoming.headers:
        key = f"header:{name.lower()}"
        fields[key] = f"{fields[key]}\n{value}" if key in fields else value
    return Searchable(fields, about)


def judge(rules: RuleSet, mail: Searchable, *, near: bool = False) -> Judgement:
    """Every rule's verdict on the mail and what follows from them together.

    Category: highest total weight of the rules that matched; a rule that matched in the subject
    counts double. A rule whose category lost has misread the mail: its type, group and assignee
    count only where no other rule speaks, its priority below the default only if its type stands.
    Priority, impact, urgency: the gravest. Type, group, assignee: by the heaviest single rule.
    Tags, watchers, notes, questions: all. Equal weights: the earlier rule. Never raises.

    `near`: rules that failed tell as well what of them stood there.
    """
    found = _find_conditions(rules, mail)
    traces = list(rules._misses)
    matched: list[tuple[Rule, int]] = []
    for place in sorted(found.asks.keys() | rules._wordless):
        rule = rules.rules[place]
        trace = _try(rule, place, found, rules, mail, near)
        traces[place] = trace
        if not trace.matched or rule.shadow:
            continue
        matched.append((rule, trace.weight))
        if rule.stop:
            rest = rules.rules[place + 1 :]
            traces[place + 1 :] = [_miss(item, f"not asked: {rule.id} stops") for item in rest]
            break
    return conclude(matched, tuple(traces), rules._ranks, rules.profile)


class _Found:
    """What stands in one mail: for which rules, where, and what is denied there."""

    __slots__ = ("asks", "blocks", "denied", "fields", "spans", "texts")

    def __init__(self, fields: tuple[str, ...]) -> None:
        self.fields = fields
        self.asks: defaultdict[int, list[Find]] = defaultdict(list)  # by rule
        self.blocks: defaultdict[int, list[Find]] = defaultdict(list)
        self.texts: dict[int, Folded] = {}  # by field
        self.spans: dict[int, dict[int, Span]] = {}  # by field and condition number
        # (field, condition number) → where else it stands undenied, and the words that deny it
        self.denied: dict[tuple[int, int], tuple[Span | None, str]] = {}

    def read(self, find: Find, span: Span | None = None) -> str:
        """The words as they were written."""
        start, end = span or self.spans[find.field][find.number]
        return self.texts[find.field].original(start, end)

    def name(self, find: Find) -> str:
        return self.fields[find.field]


def _find_conditions(rules: RuleSet, mail: Searchable) -> _Found:
    found = _Found(rules._fields)
    for order, name in enumerate(rules._fields):
        text = mail.fields.get(name)
        if not text:
            continue
        folded = Folded(text[:SEARCHED_CHARACTERS])
        here = rules._finder.search(folded.text)
        if not here.spans:
            continue
        found.texts[order], found.spans[order] = folded, here.spans
        asks, blocks = rules._asks[order], rules._blocks[order]
        for number in here.spans:
            for place, find in asks[number]:
                found.asks[place].append(find)
            for place, find in blocks[number]:
                found.blocks[place].append(find)
        if here.marks:
            _deny(rules, order, folded.text, here, found)
    return found


def _deny(rules: RuleSet, order: int, text: str, here: Places, found: _Found) -> None:
    """Note what the text denies. A word that it says elsewhere as well counts from there."""
    denial, deniable, asks = Denial(text, here.marks), rules._deniable, rules._asks[order]
    for number, span in here.spans.items():
        if not denial.is_near(*span) or number not in deniable or not asks[number]:
            continue
        why = denial.find_in(here.runs.get(number) or (span,))
        if why is None:
            continue
        others = (run for run in rules._finder.list_places(number, text))
        free = next((run for run in others if denial.find_in(run) is None), None)
        elsewhere = (free[0][0], free[-1][1]) if free is not None else None
        found.denied[order, number] = elsewhere, why


def _try(
    rule: Rule, place: int, found: _Found, rules: RuleSet, mail: Searchable, near: bool
) -> RuleTrace:
    """One rule's verdict."""
    asked = found.asks.get(place, ())
    finds, denied = asked, []
    if found.denied and rule.negation:
        denied = [find for find in asked if _is_denied(find, found)]
        finds = [find for find in asked if find not in denied] if denied else asked
    why = None
    if not finds or rule.all or rule.at_least > 1 or place in found.blocks:
        why = _find_fault(rule, place, finds, denied, found)
    about: tuple[Hit, ...] = ()
    if why is None and rule.given is not ANYTHING:
        about, why = find_given(rule.given, mail.about, mail.fields, rules._calendars)
    if why is not None and not near:
        return RuleTrace(rule.id, False, 0, (), why, 0, (), rule.shadow)
    finds = sorted(finds)
    hits = tuple([_write_hit(rule, find, found) for find in finds]) + about
    told: tuple[Hit, ...] = ()
    if denied:
        told = tuple(
            Hit(found.name(find), found.denied[find.field, find.number][1], found.read(find))
            for find in denied
        )
    if why is not None:
        return RuleTrace(rule.id, False, 0, hits, why, 0, told, rule.shadow)
    bonus = 0
    if finds and found.name(finds[0]) == "subject":
        bonus = rule.weight * (SUBJECT_FACTOR - 1)
    return RuleTrace(rule.id, True, rule.weight + bonus, hits, None, bonus, told, rule.shadow)


def _is_denied(find: Find, found: _Found) -> bool:
    """Whether the mail denies it wherever it stands."""
    verdict = found.denied.get((find.field, find.number))
    return verdict is not None and verdict[0] is None


def _find_fault(
    rule: Rule, place: int, finds: Sequence[Find], denied: Sequence[Find], found: _Found
) -> str | None:
    """Why the words do not suffice, or None."""
    if place in found.blocks:
        blocking = min(found.blocks[place])
        return f'blocked by "{found.read(blocking)}" in {found.name(blocking)}'
    if rule.any:
        standing = len({find.position for find in finds if find.role == _ANY})
        if standing < rule.at_least:
            missing = f"{standing} of the {rule.at_least} words it needs stand there"
            return (missing if standing else _describe_miss(rule)) + _add_denied(denied, found)
    if rule.all:
        standing_all = {find.position for find in finds if find.role == _ALL}
        for position, condition in enumerate(rule.all):
            if position not in standing_all:
                where = _say_where(rule, condition)
                missing = f"{_name(condition)} does not stand in {where}"
                return missing + _add_denied(denied, found)
    return None


def _add_denied(denied: Sequence[Find], found: _Found) -> str:
    return "".join(
        f'; "{found.read(find)}" is denied by "{found.denied[find.field, find.number][1]}"'
        for find in denied
    )


def _write_hit(rule: Rule, find: Find, found: _Found) -> Hit:
    condition = (rule.any if find.role == _ANY else rule.all)[find.position]
    span = None
    if found.denied and rule.negation:
        span = found.denied.get((find.field, find.number), (None, ""))[0]
    words = found.read(find, span)
    return Hit(found.name(find), condition.regex or condition.word or "", words)


def _miss(rule: Rule, why: str) -> RuleTrace:
    return RuleTrace(rule.id, False, 0, (), why, 0, (), rule.shadow)


def _describe_miss(rule: Rule) -> str:
    conditions = rule.any or rule.all
    if not conditions:
        return "it was not tried"
    if not rule.any:
        return f"{_name(conditions[0])} does not stand in {_say_where(rule, *conditions[:1])}"
    where = _say_where(rule, *conditions)
    if len(conditions) == 1:
        return f"its one word does not stand in {where}"
    return f"none of {len(conditions)} words stands in {where}"


def _name(condition: Condition) -> str:
    return f'"{condition.regex or condition.word}"'


def _say_where(rule: Rule, *conditions: Condition) -> str:
    names = (name for condition in conditions for name in condition.fields or rule.fields)
    return " or ".join(dict.fromkeys(names))


def _write_addresses(addresses: Sequence[Address]) -> str:
    return "\n".join(f"{item.name} <{item.email}>" for item in addresses)


def _order_fields(used: Iterable[str]) -> tuple[str, ...]:
    """Every field any rule looks into: subject and body first, the others by name."""
    names = set(used)
    first = [name for name in ("subject", "body") if name in names]
    return (*first, *sorted(names.difference(first)))


def _hash_rules(rules: Sequence[Rule], profile: Profile) -> str:
    content = [_list_deciding(rule) for rule in rules]
    ranks = [[item.key, item.rank, *item.takes] for item in profile.priorities]
    whole: list[Any] = [content, ranks]
    if any(rule.set.impact or rule.set.urgency for rule in rules):
        whole.append([[cell.impact, cell.urgency, cell.priority] for cell in profile.matrix])
        whole.append([level.key for level in (*profile.impacts, *profile.urgencies)])
    if any(rule.given.hours for rule in rules):
        whole.append([repr(calendar) for calendar in profile.calendars])
    canonical = json.dumps(whole, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode("utf-8", "replace")).hexdigest()


def _list_deciding(value: Any) -> Any:
    """A value's fields as plain data. A field that came later counts only where it is used, so
    that a new version of maildesk gives old rules their old hash."""
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_list_deciding(item) for item in value]
    if not is_dataclass(value):
        return value
    told = {}
    for item in fields(value):
        content = getattr(value, item.name)
        first = (type(value).__name__, item.name) in _FIRST
        unused = item.default is not MISSING and content == item.default
        if item.name not in _NO_DECISION and (first or not unused):
            told[item.name] = _list_deciding(content)
    return told


_NO_DECISION = ("expect", "file", "line", "name")
_FIRST = frozenset(
    (kind, name)
    for kind, names in (
        ("Rule", "id any none fields set weight stop"),
        ("Setting", "category priority type group assignee tags"),
        ("Condition", "word regex"),
    )
    for name in names.split()
)
