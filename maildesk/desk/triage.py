"""What kind of request is it, how urgent, and who handles it: rules first, profile defaults else.

The rules' own matching is `desk.matching`; this module only completes and explains its judgement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from maildesk.desk.decision import Finding
from maildesk.desk.profile import Profile
from maildesk.desk.rules import Judgement, Rule


@dataclass(frozen=True, slots=True)
class Triage:
    """A complete classification: every key is one of the profile's."""

    category: str
    priority: str
    type: str
    group: str
    assignee: str | None
    findings: tuple[Finding, ...]


def classify(judgement: Judgement, profile: Profile, rules: Sequence[Rule]) -> Triage:
    """Fill what the rules left open from the profile; `rules` are those that judged."""
    matched = {trace.rule for trace in judgement.traces if trace.matched}
    spoke = [rule for rule in rules if rule.id in matched]
    category = judgement.category or profile.default_category
    priority = judgement.priority or profile.default_priority
    kind = judgement.type or profile.default_type
    group = judgement.group or profile.category(category).group
    findings = (
        Finding("category", category, _name([r.id for r in spoke if r.set.category])),
        Finding("priority", priority, _name([r.id for r in spoke if r.set.priority])),
        Finding("type", kind, _name([r.id for r in spoke if r.set.type])),
        Finding(
            "group",
            group,
            "set by a rule" if judgement.group else f"handles category {category}",
        ),
    )
    return Triage(category, priority, kind, group, judgement.assignee, findings)


def _name(rules: list[str]) -> str:
    if not rules:
        return "the profile's default: no rule spoke"
    return f"by {', '.join(rules)}"
