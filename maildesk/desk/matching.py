"""What do the rules say of a mail?  Rules and searchable text in, a judgement with its trace out.

Pure. Finding words is `desk.words`'s work, one spelling for all `desk.fold`'s, YAML `config`'s.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from operator import itemgetter
from typing import NamedTuple

from maildesk.desk.fold import Folded
from maildesk.desk.profile import Profile
from maildesk.desk.rules import Condition, Expectation, Hit, Judgement, Rule, RuleTrace
from maildesk.desk.words import Finder, Span
from maildesk.mail.message import Address, Incoming

# A requester's own words stand at the top; a pasted log below them is not worth the time.
SEARCHED_CHARACTERS = 65_536
SUBJECT_FACTOR = 2


@dataclass(frozen=True, slots=True)
class Searchable:
    """What rules may look into: field name (`subject`, `body`, `header:x-…`) → its text."""

    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules ready to judge. `hash` (hex SHA-256) names what they decide, not where they stand."""

    rules: tuple[Rule, ...]
    hash: str
    _ranks: Mapping[str, int] = field(repr=False, compare=False)
    _defaults: Mapping[str, str] = field(repr=False, compare=False)
    _profile: Profile = field(repr=False, compare=False)
    _finder: Finder = field(repr=False, compare=False)
    # condition number → (rule number, whether it blocks, condition's place in the rule)
    _uses: tuple[tuple[tuple[int, bool, int], ...], ...] = field(repr=False, compare=False)
    _fields: tuple[str, ...] = field(repr=False, compare=False)
    _misses: tuple[RuleTrace, ...] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class ExpectationFailure:
    """A case of a rule file that does not come out as it says."""

    rule: Rule
    expectation: Expectation
    got: str
    why: str


def compile_rules(rules: Sequence[Rule], profile: Profile) -> RuleSet:
    """Builds one automaton and one set of expressions for all rules, in the order given.

    The profile says which priority is more urgent. Raises `re2.error` for an invalid expression;
    `config.rules` has refused those with file and line before.
    """
    numbers: dict[Condition, int] = {}
    uses: list[list[tuple[int, bool, int]]] = []
    for place, rule in enumerate(rules):
        for blocks, conditions in ((False, rule.any), (True, rule.none)):
            for order, condition in enumerate(conditions):
                number = numbers.setdefault(condition, len(numbers))
                if number == len(uses):
                    uses.append([])
                uses[number].append((place, blocks, order))
    return RuleSet(
        rules=tuple(rules),
        hash=_hash_rules(rules, profile),
        # The profile's own words count before those it takes from the shared rules.
        _ranks={
            **{word: item.rank for item in profile.priorities for word in item.takes},
            **{item.key: item.rank for item in profile.priorities},
        },
        _defaults={
            "category": profile.default_category,
            "priority": profile.default_priority,
            "type": profile.default_type,
        },
        _profile=profile,
        _finder=Finder(tuple(numbers)),
        _uses=tuple(tuple(use) for use in uses),
        _fields=_order_fields(rules),
        _misses=tuple(_miss(rule, _describe_miss(rule)) for rule in rules),
    )


def searchable(incoming: Incoming) -> Searchable:
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
    return Searchable(fields)


def judge(rules: RuleSet, mail: Searchable) -> Judgement:
    """Every rule's verdict on the mail and what follows from them together.

    Category: highest total weight of the rules that matched; a rule that matched in the subject
    counts double. A rule whose category lost has misread the mail: its type, group and assignee
    count only where no other rule speaks, its priority below the default only if its type stands.
    Priority: the most urgent. Type, group, assignee: by the heaviest single rule. Tags: all. Equal
    weights: the earlier rule. Never raises.
    """
    finds, blocks = _find_conditions(rules, mail)
    traces = list(rules._misses)
    matched: list[tuple[Rule, int]] = []
    for place in sorted(finds):
        rule = rules.rules[place]
        if place in blocks:
            blocking = blocks[place]
            why = f'blocked by "{blocking.read()}" in {blocking.field}'
            traces[place] = _miss(rule, why)
            continue
        hits = tuple(_write_hit(rule, find) for find in sorted(finds[place], key=_FIND_ORDER))
        double = any(hit.field == "subject" for hit in hits)
        weight = rule.weight * SUBJECT_FACTOR if double else rule.weight
        traces[place] = RuleTrace(rule.id, True, weight, hits)
        matched.append((rule, weight))
        if rule.stop:
            rest = rules.rules[place + 1 :]
            traces[place + 1 :] = [_miss(item, f"not asked: {rule.id} stops") for item in rest]
            break
    return _conclude(rules, matched, tuple(traces))


def run_expectations(rules: RuleSet) -> tuple[ExpectationFailure, ...]:
    """Judges every `expect` case of every rule; returns those that come out otherwise.

    A case states what this mail must get from all rules together, the profile's defaults where
    none speaks; an empty `set` states that the rule it stands in must not match.
    """
    failures = []
    for place, rule in enumerate(rules.rules):
        for case in rule.expect:
            judgement = judge(rules, read_case(case.mail))
            trace = judgement.traces[place]
            found = {key: getattr(judgement, key) or rules._defaults.get(key) for key in case.set}
            wanted = _translate(rules._profile, case.set)
            wrong = {key: got for key, got in found.items() if got != wanted[key]}
            if wrong:
                got = ", ".join(f"{key}: {value or 'nothing'}" for key, value in wrong.items())
                failures.append(ExpectationFailure(rule, case, got, _explain(judgement)))
            elif not case.set and trace.matched:
                failures.append(ExpectationFailure(rule, case, "a match", _explain(judgement)))
    return tuple(failures)


def _translate(profile: Profile, wanted: Mapping[str, str]) -> Mapping[str, str]:
    """A case of the shared rules in the profile's own words."""
    own = dict(wanted)
    for key, take in (("category", profile.take_category), ("priority", profile.take_priority)):
        if key in own:
            own[key] = take(own[key])
    if "type" in own:
        own["type"] = profile.take_type(own["type"], wanted.get("category")) or ""
    return own


def read_case(mail: str) -> Searchable:
    """A case's text as a mail: an optional first line `主题：…` or `Subject: …`, then the body."""
    first, _, rest = mail.partition("\n")
    subject = re.fullmatch(r"\s*(?:主题|主旨|subject)\s*[:：]\s*(.*)", first, re.IGNORECASE)
    if subject:
        return Searchable({"subject": subject[1], "body": rest.strip("\n")})
    return Searchable({"subject": "", "body": mail})


class _Find(NamedTuple):
    """A condition that stands in a field; its words are read back only when they are shown."""

    field_order: int
    position: int
    field: str
    text: Folded
    span: Span

    def read(self) -> str:
        return self.text.original(*self.span)


_FIND_ORDER = itemgetter(0, 1)


def _find_conditions(
    rules: RuleSet, mail: Searchable
) -> tuple[dict[int, list[_Find]], dict[int, _Find]]:
    """By rule: what was found for it, and for rules that are blocked what blocks them."""
    finds: dict[int, list[_Find]] = {}
    blocks: dict[int, _Find] = {}
    for order, name in enumerate(rules._fields):
        text = mail.fields.get(name)
        if not text:
            continue
        folded = Folded(text[:SEARCHED_CHARACTERS])
        for number, span in rules._finder.find(folded.text).items():
            for place, blocking, position in rules._uses[number]:
                if name not in rules.rules[place].fields:
                    continue
                find = _Find(order, position, name, folded, span)
                if not blocking:
                    finds.setdefault(place, []).append(find)
                elif place not in blocks or _FIND_ORDER(find) < _FIND_ORDER(blocks[place]):
                    blocks[place] = find
    return finds, blocks


def _write_hit(rule: Rule, find: _Find) -> Hit:
    condition = rule.any[find.position]
    return Hit(find.field, condition.regex or condition.word or "", find.read())


def _conclude(
    rules: RuleSet, matched: list[tuple[Rule, int]], traces: tuple[RuleTrace, ...]
) -> Judgement:
    totals: dict[str, int] = {}
    tags: dict[str, None] = {}
    for rule, weight in matched:
        if rule.set.category:
            totals[rule.set.category] = totals.get(rule.set.category, 0) + weight
        tags.update(dict.fromkeys(rule.set.tags))
    category = max(totals, key=totals.__getitem__) if totals else None
    agreeing = [item for item in matched if item[0].set.category in (None, category)]
    kind = _heaviest("type", agreeing) or _heaviest("type", matched)
    priority, profile = _conclude_priority(rules, matched, category, kind), rules._profile
    return Judgement(
        category=profile.take_category(category) if category else None,
        priority=profile.take_priority(priority) if priority else None,
        type=profile.take_type(kind, category),
        group=_heaviest("group", agreeing) or _heaviest("group", matched),
        assignee=_heaviest("assignee", agreeing) or _heaviest("assignee", matched),
        tags=tuple(tags),
        traces=traces,
    )


def _conclude_priority(
    rules: RuleSet, matched: list[tuple[Rule, int]], category: str | None, kind: str | None
) -> str | None:
    """The most urgent priority; below the default only from a rule that read the mail right."""
    ranks = rules._ranks
    usual = ranks.get(rules._defaults["priority"], 99)
    best, found = 100, None
    for rule, _ in matched:
        setting = rule.set
        if setting.priority is None:
            continue
        rank = ranks.get(setting.priority, 99)
        agrees = setting.category in (None, category) or setting.type == kind
        if rank < best and (agrees or rank < usual):
            best, found = rank, setting.priority
    return found


def _heaviest(key: str, matched: list[tuple[Rule, int]]) -> str | None:
    best, found = 0, None
    for rule, weight in matched:
        value: str | None = getattr(rule.set, key)
        if value and weight > best:
            best, found = weight, value
    return found


def _miss(rule: Rule, why: str) -> RuleTrace:
    return RuleTrace(rule.id, False, 0, (), why)


def _describe_miss(rule: Rule) -> str:
    where = " or ".join(rule.fields)
    if len(rule.any) == 1:
        return f"its one word does not stand in {where}"
    return f"none of {len(rule.any)} words stands in {where}"


def _explain(judgement: Judgement) -> str:
    """Which rules matched by which words, for a failing case."""
    matched = [
        f"{trace.rule} ({trace.weight}) by {', '.join(repr(hit.matched) for hit in trace.hits)}"
        for trace in judgement.traces
        if trace.matched
    ]
    blocked = [
        f"{trace.rule} {trace.failed}"
        for trace in judgement.traces
        if trace.failed and trace.failed.startswith("blocked")
    ]
    return "; ".join(matched + blocked) or "no rule matched"


def _write_addresses(addresses: Sequence[Address]) -> str:
    return "\n".join(f"{item.name} <{item.email}>" for item in addresses)


def _order_fields(rules: Sequence[Rule]) -> tuple[str, ...]:
    """Every field any rule looks into: subject and body first, the others by name."""
    used = {name for rule in rules for name in rule.fields}
    first = [name for name in ("subject", "body") if name in used]
    return (*first, *sorted(used.difference(first)))


def _hash_rules(rules: Sequence[Rule], profile: Profile) -> str:
    content = [
        {key: value for key, value in asdict(rule).items() if key not in _NO_DECISION}
        for rule in rules
    ]
    ranks = [[item.key, item.rank, *item.takes] for item in profile.priorities]
    canonical = json.dumps([content, ranks], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode("utf-8", "replace")).hexdigest()


_NO_DECISION = ("expect", "file", "line", "name")
