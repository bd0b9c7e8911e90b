"""What do the rules say of a mail?  Rules and searchable text in, a judgement with its trace out.

Pure. Finding words is `words`'s work, one spelling for all `fold`'s, who denies a word
`negation`'s, YAML `config`'s. What follows from rules that matched stands in `conclusion`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from maildesk.desk.rules.circumstances import find_given
from maildesk.desk.rules.conclusion import conclude
from maildesk.desk.rules.fold import Folded
from maildesk.desk.rules.negation import Denial
from maildesk.desk.rules.rule import (
    ANYTHING,
    UNKNOWN,
    Circumstances,
    Hit,
    Judgement,
    Rule,
    RuleTrace,
)
from maildesk.desk.rules.ruleset import (
    ALL,
    ANY,
    NONE,
    Find,
    Uses,
    name_condition,
    say_where,
    trace_miss,
)
from maildesk.desk.rules.ruleset import RuleSet as RuleSet
from maildesk.desk.rules.ruleset import compile_rules as compile_rules
from maildesk.desk.rules.words import Places, Span
from maildesk.mail.message import Address, Incoming

# A requester's own words stand at the top; a pasted log below them is not worth the time.
SEARCHED_CHARACTERS = 65_536
SUBJECT_FACTOR = 2


@dataclass(frozen=True, slots=True)
class Searchable:
    """What rules may look into: field name (`subject`, `body`, `header:x-…`) → its text; and what
    is known beside the words."""

    fields: Mapping[str, str]
    about: Circumstances = UNKNOWN


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

    An expression is not tried where words have settled its rule, so a trace need not show all that
    stands there. `near`: everything is tried, and rules that failed tell what of them stood there.
    """
    found = _find_conditions(rules, mail, near)
    traces = list(rules.misses)
    matched: list[tuple[Rule, int]] = []
    for place in sorted(found.asks.keys() | rules.wordless):
        rule = rules.rules[place]
        trace = _try(rule, place, found, rules, mail, near)
        traces[place] = trace
        if not trace.matched or rule.shadow:
            continue
        matched.append((rule, trace.weight))
        if rule.stop:
            rest = rules.rules[place + 1 :]
            traces[place + 1 :] = [trace_miss(item, f"not asked: {rule.id} stops") for item in rest]
            break
    return conclude(matched, tuple(traces), rules.ranks, rules.profile)


class _Found:
    """What stands in one mail: for which rules, where, and what is denied there."""

    __slots__ = ("asks", "blocks", "denied", "doubted", "fields", "spans", "texts")

    def __init__(self, fields: tuple[str, ...]) -> None:
        self.fields = fields
        self.asks: defaultdict[int, list[Find]] = defaultdict(list)  # by rule
        self.blocks: defaultdict[int, list[Find]] = defaultdict(list)
        self.texts: dict[int, Folded] = {}  # by field
        self.spans: dict[int, dict[int, Span]] = {}  # by field and condition number
        # (field, condition number) → where else it stands undenied, and the words that deny it
        self.denied: dict[tuple[int, int], tuple[Span | None, str]] = {}
        self.doubted: set[int] = set()  # rules that ask for any of these

    def read(self, find: Find, span: Span | None = None) -> str:
        """The words as they were written."""
        start, end = span or self.spans[find.field][find.number]
        return self.texts[find.field].original(start, end)

    def name(self, find: Find) -> str:
        return self.fields[find.field]


def _find_conditions(rules: RuleSet, mail: Searchable, everything: bool) -> _Found:
    found = _Found(rules.fields)
    finder = rules.finder
    for order, name in enumerate(rules.fields):
        text = mail.fields.get(name)
        if not text:
            continue
        folded = Folded(text[:SEARCHED_CHARACTERS])
        here = finder.search(folded.text)
        denial = Denial(folded.text, here.marks) if here.marks else None
        found.texts[order], found.spans[order] = folded, here.spans
        uses = rules.uses[order]
        _note(uses, here.spans, found)
        if denial is not None:
            _deny(rules, order, denial, here, found)
        # What stands in the subject weighs more, so there each counts.
        wanted = None if everything or name == "subject" else partial(_is_open, rules, uses, found)
        spans = finder.search_regexes(folded.text, here.hints, wanted)
        if spans:
            here.spans.update(spans)
            _note(uses, spans, found)
            if denial is not None:
                _deny(rules, order, denial, here._replace(spans=spans), found)
    return found


def _note(uses: Uses, spans: Iterable[int], found: _Found) -> None:
    """Tell the rules what of theirs stands in a field."""
    asks, blocks = found.asks, found.blocks
    for number in spans:
        for find in uses[number]:
            (blocks if find.role == NONE else asks)[find.rule].append(find)


def _is_open(rules: RuleSet, uses: Uses, found: _Found, number: int) -> bool:
    """Whether a condition can still change what any of its rules says."""
    for find in uses[number]:
        place = find.rule
        if place in found.blocks:
            continue
        finds = found.asks.get(place)
        if not finds or find.role == NONE:
            return True
        rule = rules.rules[place]
        if rule.all or rule.at_least > 1:
            return True
        if _is_doubted(rule, place, found) and all(_is_denied(one, found) for one in finds):
            return True
    return False


def _deny(rules: RuleSet, order: int, denial: Denial, here: Places, found: _Found) -> None:
    """Note what the text denies. A word that it says elsewhere as well counts from there."""
    deniable, text = rules.deniable, found.texts[order].text
    for number in denial.list_near(here.spans):
        if number not in deniable:
            continue
        why = denial.find_in(here.runs.get(number) or (here.spans[number],))
        if why is None:
            continue
        others = (run for run in rules.finder.list_places(number, text))
        free = next((run for run in others if denial.find_in(run) is None), None)
        elsewhere = (free[0][0], free[-1][1]) if free is not None else None
        found.denied[order, number] = elsewhere, why
        found.doubted.update(find.rule for find in rules.uses[order][number] if find.role != NONE)


def _try(
    rule: Rule, place: int, found: _Found, rules: RuleSet, mail: Searchable, near: bool
) -> RuleTrace:
    """One rule's verdict."""
    asked = found.asks.get(place, [])
    if len(asked) > 1:
        asked.sort()
    finds, denied = asked, []
    doubted = _is_doubted(rule, place, found)
    if doubted:
        denied = [find for find in asked if _is_denied(find, found)]
        finds = [find for find in asked if find not in denied] if denied else asked
    why = None
    if not finds or rule.all or rule.at_least > 1 or place in found.blocks:
        why = _find_fault(rules, place, finds, denied, found)
    about: tuple[Hit, ...] = ()
    if why is None and rule.given is not ANYTHING:
        about, why = find_given(rule.given, mail.about, mail.fields, rules.calendars)
    if why is not None and not near:
        return RuleTrace(rule.id, False, 0, (), why, 0, (), rule.shadow)
    if doubted:
        hits = (*[_write_free(find, found) for find in finds], *about)
    else:
        names, read = found.fields, found.read
        hits = (*[Hit(names[find.field], find.condition, read(find)) for find in finds], *about)
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


def _is_doubted(rule: Rule, place: int, found: _Found) -> bool:
    """Whether the mail denies anything it asks for, here or there."""
    return place in found.doubted and rule.negation


def _is_denied(find: Find, found: _Found) -> bool:
    """Whether the mail denies it wherever it stands."""
    verdict = found.denied.get((find.field, find.number))
    return verdict is not None and verdict[0] is None


def _find_fault(
    rules: RuleSet, place: int, finds: Sequence[Find], denied: Sequence[Find], found: _Found
) -> str | None:
    """Why the words do not suffice, or None."""
    rule = rules.rules[place]
    if place in found.blocks:
        blocking = min(found.blocks[place])
        return f'blocked by "{found.read(blocking)}" in {found.name(blocking)}'
    if rule.any:
        standing = len({find.position for find in finds if find.role == ANY})
        if standing < rule.at_least:
            missing = f"{standing} of the {rule.at_least} words it needs stand there"
            said = missing if standing else rules.misses[place].failed
            return f"{said}{_add_denied(denied, found)}"
    if rule.all:
        standing_all = {find.position for find in finds if find.role == ALL}
        for position, condition in enumerate(rule.all):
            if position not in standing_all:
                where = say_where(rule, condition)
                missing = f"{name_condition(condition)} does not stand in {where}"
                return missing + _add_denied(denied, found)
    return None


def _add_denied(denied: Sequence[Find], found: _Found) -> str:
    return "".join(
        f'; "{found.read(find)}" is denied by "{found.denied[find.field, find.number][1]}"'
        for find in denied
    )


def _write_free(find: Find, found: _Found) -> Hit:
    """What stands there undenied, for a mail that denies something."""
    span = found.denied.get((find.field, find.number), (None, ""))[0]
    return Hit(found.name(find), find.condition, found.read(find, span))


def _write_addresses(addresses: Sequence[Address]) -> str:
    return "\n".join(f"{item.name} <{item.email}>" for item in addresses)
