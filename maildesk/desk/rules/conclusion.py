"""What follows from the rules that matched, together: weights, ties, who is heard last.

Which rules matched is `matching`'s question; what a profile makes of it `triage`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from maildesk.desk.profile import Profile
from maildesk.desk.rules.rule import Judgement, Rule, RuleTrace

Matched = Sequence[tuple[Rule, int]]
"""Rules that count, in order, with their weights."""

Ranks = Mapping[str, Mapping[str, int]]
"""For each key of a setting that is a level (priority, impact, urgency): 0 is the gravest."""

_LAST = 100


def conclude(
    matched: Matched, traces: tuple[RuleTrace, ...], ranks: Ranks, profile: Profile
) -> Judgement:
    """In the profile's own words, whatever rules call them; `matching.judge` says what counts."""
    totals: dict[str, int] = {}
    tags: dict[str, None] = {}
    watchers: dict[str, None] = {}
    ask: dict[str, None] = {}
    notes = []
    silent = None
    impact = urgency = None
    leveled = False
    for rule, weight in matched:
        setting = rule.set
        if setting.category:
            totals[setting.category] = totals.get(setting.category, 0) + weight
        # Most rules have none of the rest, and this is done for every mail.
        if setting.tags or setting.watchers or setting.ask:
            tags.update(dict.fromkeys(setting.tags))
            watchers.update(dict.fromkeys(setting.watchers))
            ask.update(dict.fromkeys(setting.ask))
        if setting.note:
            notes.append((rule.id, setting.note))
        if setting.letter == "none" and silent is None:
            silent = rule.id
        leveled = leveled or bool(setting.impact or setting.urgency)
    category = max(totals, key=totals.__getitem__) if totals else None
    agreeing = [item for item in matched if item[0].set.category in (None, category)]
    if leveled:
        impact = _gravest("impact", agreeing, ranks) or _gravest("impact", matched, ranks)
        urgency = _gravest("urgency", agreeing, ranks) or _gravest("urgency", matched, ranks)
    kind, group, assignee = _hear_heaviest(agreeing)
    if len(agreeing) < len(matched):
        others = _hear_heaviest(matched)
        kind, group, assignee = kind or others[0], group or others[1], assignee or others[2]
    outright = [item for item in matched if not leaves_to_matrix(item[0], profile)]
    usual = profile.default_priority
    priority = _choose_priority(outright, ranks["priority"], usual, category, kind)
    weighed = profile.weigh(impact, urgency) if impact and urgency else None
    if weighed and ranks["priority"][weighed] < ranks["priority"].get(priority or "", _LAST):
        priority = weighed
    return Judgement(
        category=profile.take_category(category) if category else None,
        priority=profile.take_priority(priority) if priority else None,
        type=profile.take_type(kind, category),
        group=group,
        assignee=assignee,
        tags=tuple(tags),
        traces=traces,
        impact=impact,
        urgency=urgency,
        watchers=tuple(watchers),
        notes=tuple(notes),
        ask=tuple(ask),
        silent=silent,
        counted=tuple(rule for rule, _ in matched),
    )


def leaves_to_matrix(rule: Rule, profile: Profile) -> bool:
    """Whether its priority is only for profiles that make none of impact × urgency (W3)."""
    return bool(rule.set.impact and rule.set.urgency and profile.matrix)


def _choose_priority(
    matched: Matched, ranks: Mapping[str, int], usual: str, category: str | None, kind: str | None
) -> str | None:
    """The most urgent priority; below the default only from a rule that read the mail right."""
    usual_rank = ranks.get(usual, _LAST - 1)
    best, found = _LAST, None
    for rule, _ in matched:
        setting = rule.set
        if setting.priority is None:
            continue
        rank = ranks.get(setting.priority, _LAST - 1)
        # A rule of questions and requests has misread a mail that reports a fault.
        agrees = setting.type == kind
        if setting.type is None or setting.category is not None:
            agrees = agrees or setting.category in (None, category)
        if rank < best and (agrees or rank < usual_rank):
            best, found = rank, setting.priority
    return found


def _hear_heaviest(matched: Matched) -> tuple[str | None, str | None, str | None]:
    """Type, group and assignee, each by the heaviest rule that names one; the earlier of equals."""
    kind = group = assignee = None
    of_kind = of_group = of_assignee = 0
    for rule, weight in matched:
        setting = rule.set
        if setting.type and weight > of_kind:
            of_kind, kind = weight, setting.type
        if setting.group and weight > of_group:
            of_group, group = weight, setting.group
        if setting.assignee and weight > of_assignee:
            of_assignee, assignee = weight, setting.assignee
    return kind, group, assignee


def _gravest(key: str, matched: Matched, ranks: Ranks) -> str | None:
    named = [value for rule, _ in matched if (value := getattr(rule.set, key))]
    return min(named, key=lambda value: ranks[key].get(value, _LAST), default=None)
