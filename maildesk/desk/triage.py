"""What kind of request is it, how urgent, and who handles it: rules first, profile defaults else.

The rules' own matching is `desk.matching`; this module only completes and explains its judgement.
"""

from __future__ import annotations

from dataclasses import dataclass

from maildesk.desk.decision import Finding
from maildesk.desk.profile import Profile
from maildesk.desk.rules import Judgement


@dataclass(frozen=True, slots=True)
class Triage:
    """A complete classification: every key is one of the profile's."""

    category: str
    priority: str
    type: str
    group: str
    assignee: str | None
    findings: tuple[Finding, ...]


def classify(judgement: Judgement, profile: Profile) -> Triage:
    """Fill what the rules left open from the profile."""
    category = judgement.category or profile.default_category
    group = judgement.group or profile.category(category).group
    findings = (
        _said("category", judgement.category, profile.default_category, judgement),
        _said("priority", judgement.priority, profile.default_priority, judgement),
        _said("type", judgement.type, profile.default_type, judgement),
        Finding(
            "group",
            group,
            "set by a rule" if judgement.group else f"handles category {category}",
        ),
    )
    return Triage(
        category,
        judgement.priority or profile.default_priority,
        judgement.type or profile.default_type,
        group,
        judgement.assignee,
        findings,
    )


def _said(key: str, judged: str | None, default: str, judgement: Judgement) -> Finding:
    if judged is None:
        return Finding(key, default, "the profile's default: no rule spoke")
    matched = ", ".join(trace.rule for trace in judgement.traces if trace.matched)
    return Finding(key, judged, f"by the rules that matched: {matched}")
