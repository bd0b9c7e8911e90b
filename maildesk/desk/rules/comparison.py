"""What would a mail get by other rules?  Two rule sets, one mail, and what differs.

Pure; which mails are tried and where they come from is `rejudge`'s question.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from maildesk.desk.rules.matching import RuleSet, Searchable, judge
from maildesk.desk.rules.rule import Judgement

_SETTLED = ("category", "priority", "type", "group", "assignee", "impact", "urgency")
_GATHERED = ("tags", "watchers", "ask")


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that would be another; `by` names the rules that make it so: those that matched
    only before with a -, those that match only now with a +."""

    key: str
    before: str
    after: str
    by: tuple[str, ...]

    def __str__(self) -> str:
        by = f" ({', '.join(self.by)})" if self.by else ""
        return f"{self.key}: {self.before or '-'} → {self.after or '-'}{by}"


def compare(old: RuleSet, new: RuleSet, mail: Searchable) -> tuple[Difference, ...]:
    """What differs, in the order of a rule's own keys; nothing when the mail is judged alike."""
    before, after = judge(old, mail), judge(new, mail)
    then, now = dict(_list_values(old, before)), dict(_list_values(new, after))
    changed = [key for key in then if then[key] != now[key]]
    return tuple(
        Difference(key, then[key], now[key], _find_causes(key, old, before, new, after))
        for key in changed
    )


def _list_values(rules: RuleSet, judgement: Judgement) -> Iterator[tuple[str, str]]:
    for key in _SETTLED:
        value = rules.settle(judgement, key)
        if key == "group" and value is None:
            category = rules.settle(judgement, "category") or rules.profile.default_category
            value = rules.profile.category(category).group
        yield key, value or ""
    for key in _GATHERED:
        yield key, ", ".join(getattr(judgement, key))
    yield "note", "; ".join(words for _, words in judgement.notes)
    yield "letter", "none" if judgement.silent else ""


def _find_causes(
    key: str, old: RuleSet, before: Judgement, new: RuleSet, after: Judgement
) -> tuple[str, ...]:
    then, now = _list_speakers(key, old, before), _list_speakers(key, new, after)
    gone = [f"-{rule}" for rule in then if rule not in now]
    come = [f"+{rule}" for rule in now if rule not in then]
    heavier = [
        f"{rule} {then[rule]}→{now[rule]}" for rule in now if then.get(rule, now[rule]) != now[rule]
    ]
    same = [rule for rule in now if rule in then]
    return tuple(gone + come + heavier) or tuple(same)


def _list_speakers(key: str, rules: RuleSet, judgement: Judgement) -> dict[str, int]:
    """The rules that matched and say something of that key, with their weights."""
    if key == "group":
        return {
            **_list_naming("group", rules, judgement),
            **_list_naming("category", rules, judgement),
        }
    if key == "priority":
        matrix = [_list_naming(name, rules, judgement) for name in ("impact", "urgency")]
        return {**_list_naming(key, rules, judgement), **matrix[0], **matrix[1]}
    return _list_naming(key, rules, judgement)


def _list_naming(key: str, rules: RuleSet, judgement: Judgement) -> dict[str, int]:
    return {
        rule.id: trace.weight
        for rule, trace in zip(rules.rules, judgement.traces, strict=True)
        if trace.matched and not trace.shadow and getattr(rule.set, key)
    }
