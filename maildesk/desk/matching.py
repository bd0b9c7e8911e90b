"""What do the rules say of a mail?  Rules and searchable text in, a judgement with its trace out.

Pure. Finding words is `desk.words`'s work, one spelling for all `desk.fold`'s, who denies a word
`desk.negation`'s, YAML `config`'s. What follows from rules that matched stands in `conclusion`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import time
from operator import itemgetter
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
from maildesk.desk.words import Finder, Span
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
    # for each field: condition number → (rule number, role, condition's place in the rule)
    _uses: tuple[tuple[tuple[tuple[int, int, int], ...], ...], ...] = field(
        repr=False, compare=False
    )
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
    uses: dict[str, dict[int, list[tuple[int, int, int]]]] = {}
    deniable = set()
    for place, rule in enumerate(rules):
        for role, conditions in ((_ANY, rule.any), (_ALL, rule.all), (_NONE, rule.none)):
            for order, condition in enumerate(conditions):
                words = Condition(condition.word, condition.regex)
                number = numbers.setdefault(words, len(numbers))
                for name in condition.fields or rule.fields:
                    uses.setdefault(name, {}).setdefault(number, []).append((place, role, order))
                if rule.negation and role != _NONE:
                    deniable.add(number)
    names = _order_fields(uses)
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
        _uses=tuple(
            tuple(tuple(uses[name].get(number, ())) for number in range(len(numbers)))
            for name in names
        ),
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


def judge(rules: RuleSet, mail: Searchable) -> Judgement:
    """Every rule's verdict on the mail and what follows from them together.

    Category: highest total weight of the rules that matched; a rule that matched in the subject
    counts double. A rule whose category lost has misread the mail: its type, group and assignee
    count only where no other rule speaks, its priority below the default only if its type stands.
    Priority, impact, urgency: the gravest. Type, group, assignee: by the heaviest single rule.
    Tags, watchers, notes, questions: all. Equal weights: the earlier rule. Never raises.
    """
    found = _find_conditions(rules, mail)
    traces = list(rules._misses)
    matched: list[tuple[Rule, int]] = []
    for place in sorted(found.keys() | rules._wordless):
        rule = rules.rules[place]
        trace = _try(rule, found.get(place) or _Found(), rules, mail)
        if trace is None:
            continue
        traces[place] = trace
        if not trace.matched or rule.shadow:
            continue
        matched.append((rule, trace.weight))
        if rule.stop:
            rest = rules.rules[place + 1 :]
            traces[place + 1 :] = [_miss(item, f"not asked: {rule.id} stops") for item in rest]
            break
    return conclude(matched, tuple(traces), rules._ranks, rules.profile)


class _Find(NamedTuple):
    """A condition that stands in a field; its words are read back only when they are shown.

    `denied`: the words that deny it there, else "".
    """

    field_order: int
    position: int
    role: int
    field: str
    text: Folded
    span: Span
    denied: str

    def read(self) -> str:
        return self.text.original(*self.span)


_FIND_ORDER = itemgetter(0, 2, 1)


class _Found:
    """What stands in the mail for one rule."""

    __slots__ = ("blocking", "denied", "finds")

    def __init__(self) -> None:
        self.finds: list[_Find] = []
        self.denied: list[_Find] = []
        self.blocking: _Find | None = None

    def add(self, find: _Find) -> None:
        if find.role == _NONE:
            if self.blocking is None or _FIND_ORDER(find) < _FIND_ORDER(self.blocking):
                self.blocking = find
        elif find.denied:
            self.denied.append(find)
        else:
            self.finds.append(find)


def _find_conditions(rules: RuleSet, mail: Searchable) -> dict[int, _Found]:
    found: dict[int, _Found] = {}
    for order, name in enumerate(rules._fields):
        text = mail.fields.get(name)
        if not text:
            continue
        folded = Folded(text[:SEARCHED_CHARACTERS])
        finds, marks = rules._finder.search(folded.text)
        denial = Denial(folded.text, marks) if marks else None
        uses = rules._uses[order]
        for number, span in finds.items():
            if not uses[number]:
                continue
            free, denied = span, ""
            if denial is not None and number in rules._deniable and denial.is_near(*span):
                free, denied = _find_undenied(rules._finder, denial, number, folded.text, span)
            for place, role, position in uses[number]:
                if denied and role != _NONE and rules.rules[place].negation:
                    find = _Find(order, position, role, name, folded, span, denied)
                else:
                    where = free if rules.rules[place].negation else span
                    find = _Find(order, position, role, name, folded, where, "")
                there = found.get(place)
                if there is None:
                    there = found[place] = _Found()
                there.add(find)
    return found


def _find_undenied(
    finder: Finder, denial: Denial, number: int, text: str, first: Span
) -> tuple[Span, str]:
    """The first place where nothing denies it; else the very first, and what denies it there."""
    denied = ""
    for pieces in finder.list_places(number, text):
        why = next((said for piece in pieces if (said := denial.find(*piece))), None)
        if why is None:
            return (pieces[0][0], pieces[-1][1]), ""
        denied = denied or why
    return first, denied


def _try(rule: Rule, found: _Found, rules: RuleSet, mail: Searchable) -> RuleTrace | None:
    """One rule's verdict; None: nothing of it stands in the mail."""
    finds = found.finds
    if not finds and not found.denied and (rule.any or rule.all):
        return None
    why = _find_fault(rule, found)
    about: tuple[Hit, ...] = ()
    if why is None and rule.given is not ANYTHING:
        about, why = find_given(rule.given, mail.about, mail.fields, rules._calendars)
    if len(finds) > 1:
        finds.sort(key=_FIND_ORDER)
    hits = tuple(_write_hit(rule, find) for find in finds) + about
    denied = tuple(Hit(find.field, find.denied, find.read()) for find in found.denied)
    if why is not None:
        return RuleTrace(rule.id, False, 0, hits, why, 0, denied, rule.shadow)
    bonus = 0
    if any(find.field == "subject" for find in finds):
        bonus = rule.weight * (SUBJECT_FACTOR - 1)
    return RuleTrace(rule.id, True, rule.weight + bonus, hits, None, bonus, denied, rule.shadow)


def _find_fault(rule: Rule, found: _Found) -> str | None:
    """Why the words do not suffice, or None."""
    if found.blocking is not None:
        return f'blocked by "{found.blocking.read()}" in {found.blocking.field}'
    denied = "".join(f'; "{find.read()}" is denied by "{find.denied}"' for find in found.denied)
    if rule.any:
        standing = len({find.position for find in found.finds if find.role == _ANY})
        if standing < rule.at_least:
            missing = (
                _describe_miss(rule)
                if not standing
                else f"{standing} of the {rule.at_least} words it needs stand there"
            )
            return missing + denied
    if rule.all:
        standing_all = {find.position for find in found.finds if find.role == _ALL}
        for position, condition in enumerate(rule.all):
            if position not in standing_all:
                return f"{_name(condition)} does not stand in {_say_where(rule, condition)}{denied}"
    return None


def _write_hit(rule: Rule, find: _Find) -> Hit:
    condition = (rule.any if find.role == _ANY else rule.all)[find.position]
    return Hit(find.field, condition.regex or condition.word or "", find.read())


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
