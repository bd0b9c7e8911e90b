"""What kind of request is it, how urgent, and who handles it: rules first, profile defaults else.

The rules' own matching is `rules.matching`; this module only completes and explains its judgement.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from maildesk.desk.decision import Finding
from maildesk.desk.profile import Profile
from maildesk.desk.rules.conclusion import leaves_to_matrix
from maildesk.desk.rules.rule import Judgement, Rule


@dataclass(frozen=True, slots=True)
class Triage:
    """A complete classification: every key is one of the profile's.

    `ask` are keys of questions that rules want answered, the profile's only.
    """

    category: str
    priority: str
    type: str
    group: str
    assignee: str | None
    findings: tuple[Finding, ...]
    impact: str | None = None
    urgency: str | None = None
    ask: tuple[str, ...] = ()


def classify(judgement: Judgement, profile: Profile) -> Triage:
    """Fill what the rules left open from the profile.

    The priority is the most urgent that a rule names outright, or the matrix has for what rules say
    of impact and urgency; where neither says anything, the profile's default.
    """
    spoke = judgement.counted
    category = judgement.category or profile.default_category
    kind = judgement.type or profile.default_type
    group = judgement.group or profile.category(category).group
    ask = tuple(key for key in judgement.ask if profile.question(key) is not None)
    priority, why = _choose_priority(judgement, profile, spoke)
    findings = (
        Finding("category", category, _name([r.id for r in spoke if r.set.category])),
        Finding("priority", priority, why),
        Finding("type", kind, _name([r.id for r in spoke if r.set.type])),
        Finding(
            "group",
            group,
            "set by a rule" if judgement.group else f"handles category {category}",
        ),
        *_find_rest(judgement, spoke, ask),
    )
    return Triage(
        category,
        priority,
        kind,
        group,
        judgement.assignee,
        findings,
        impact=judgement.impact,
        urgency=judgement.urgency,
        ask=ask,
    )


def _choose_priority(
    judgement: Judgement, profile: Profile, spoke: Sequence[Rule]
) -> tuple[str, str]:
    if judgement.priority is None:
        return profile.default_priority, _name([])
    named = [rule for rule in spoke if rule.set.priority and not leaves_to_matrix(rule, profile)]
    if judgement.impact is not None and judgement.urgency is not None:
        weighed = profile.weigh(judgement.impact, judgement.urgency)
        outright = {profile.take_priority(rule.set.priority or "") for rule in named}
        if weighed == judgement.priority:
            field = f"the matrix: impact {judgement.impact} × urgency {judgement.urgency}"
            by = [rule.id for rule in named] if weighed in outright else []
            return weighed, _name([*by, field])
    return judgement.priority, _name([rule.id for rule in named])


def _find_rest(
    judgement: Judgement, spoke: Sequence[Rule], ask: tuple[str, ...]
) -> Iterator[Finding]:
    """What most rules say nothing of, only where one does."""
    if judgement.impact is not None:
        why = _name([rule.id for rule in spoke if rule.set.impact])
        yield Finding("impact", judgement.impact, why)
    if judgement.urgency is not None:
        why = _name([rule.id for rule in spoke if rule.set.urgency])
        yield Finding("urgency", judgement.urgency, why)
    for tag in judgement.tags:
        yield Finding("tag", tag, _name([rule.id for rule in spoke if tag in rule.set.tags]))
    for rule, note in judgement.notes:
        yield Finding("note", f"“{note}”", _name([rule]))
    for key in ask:
        yield Finding("ask", key, _name([rule.id for rule in spoke if key in rule.set.ask]))


def _name(rules: list[str]) -> str:
    if not rules:
        return "the profile's default: no rule spoke"
    return f"by {', '.join(rules)}"
