"""A requester's later words fill in or correct what his ticket records (R13, M1).

They answer what he was asked, or name a field (电话改成 8123). As long as nobody has worked on the
ticket the rules may judge it anew with all he said: its category and type as they see them, its
priority only upward. Who is told, and whether the words are believed, is `conversation`'s. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from maildesk.desk.answers.answer import Answer, Reading
from maildesk.desk.decision import UNCHANGED, Change, EventPlan, Facts, Finding
from maildesk.desk.profile import Profile
from maildesk.desk.request.fields import drop_contacts, read_fields
from maildesk.desk.request.questions import list_open, read_answers
from maildesk.desk.request.wishes import read_severity, read_wish
from maildesk.desk.rules.fold import fold_characters
from maildesk.desk.rules.matching import RuleSet, Searchable, judge
from maildesk.desk.rules.rule import Judgement
from maildesk.desk.ticket import KnownTicket, Part, State

_UNTOUCHED = frozenset((State.NEW, State.UNASSIGNED, State.IN_PROGRESS))
_SAYS = frozenset((Answer.WORDS, Answer.NOT_CONFIRMED, Answer.AMBIGUOUS))
_SHORT = frozenset((Answer.CONFIRMED, Answer.THANKS))
_DISPUTE = re.compile(
    r"(?:分类|类别|类型|归类|问题类型|登记)[^。\n]{0,8}?"
    r"(?:不对|不正确|不准|错|有误|不是|弄错|应该?是|应为|改成|改为)|"
    r"\b(?:wrong|incorrect) (?:category|type)|"
    r"\bcategory[^.\n]{0,12}(?:wrong|incorrect|should be|not)"
)


@dataclass(frozen=True, slots=True)
class Supplement:
    """What the words change about the ticket's records; nothing, mostly."""

    change: Change = UNCHANGED
    events: tuple[EventPlan, ...] = ()
    findings: tuple[Finding, ...] = ()


def judge_anew(facts: Facts, ticket: KnownTicket, rules: RuleSet) -> Judgement | None:
    """The rules' word on a ticket whose requester answers what was asked, or disputes what was
    recorded; None when neither, or when somebody has worked on it already."""
    words = facts.mail.reply
    if _is_touched(facts, ticket):
        return None
    if disputes(words):
        return judge(rules, Searchable({"body": words}))
    if not list_open(facts.desk.profile, ticket.fields):
        return None
    said = "\n".join(item.words for item in facts.said if not item.internal)
    return judge(rules, Searchable({"subject": ticket.title, "body": f"{said}\n{words}"}))


def disputes(words: str) -> bool:
    """Whether the words say that the recorded category is wrong (分类不对，是网络问题)."""
    return _DISPUTE.search(fold_characters(words[:2_000])) is not None


def supplement(
    facts: Facts, ticket: KnownTicket, reading: Reading, anew: Judgement | None
) -> Supplement:
    """What the requester's believed words fill in; `anew` is what `judge_anew` found."""
    profile = facts.desk.profile
    asked = list_open(profile, ticket.fields)
    words = facts.mail.reply
    if reading.answer in _SHORT:  # the phone below a yes is his business card's
        words = drop_contacts(words)
    told = read_answers(words, asked, free=reading.answer in _SAYS) if asked else read_fields(words)
    fields = {key: text for key, text in told.items() if ticket.fields.get(key) != text}
    severity = None
    if "wished" in fields:
        fields["wished_at"] = _understand(facts, ticket, fields)
    if fields.keys() & {"severity", "urgency"}:
        stated = read_severity("", "", fields, profile.severities)
        severity = stated.key or None if stated else None
    asks = ticket.find(Part.REQUESTER)
    listed = facts.directory.at(asks.key) if asks else None
    found = Change(
        fields=fields or None,
        severity=severity,
        department=None if listed and listed.department else fields.get("department"),
    )
    events: list[EventPlan] = []
    findings: list[Finding] = []
    if fields:
        names = ", ".join(sorted(key for key in fields if key != "wished_at"))
        kind = "answered" if asked else "corrected"
        events.append(EventPlan(kind, (("fields", names),)))
        findings.append(Finding("fields", names, f"the requester {kind} them"))
    if anew is not None:
        refined, why = _refine(profile, ticket, anew, disputed=disputes(words))
        found = found.then(refined)
        findings += why
        events += [
            EventPlan(step, (("from", getattr(ticket, step)), ("to", value)))
            for step in ("category", "priority", "type")
            if (value := getattr(refined, step)) is not None
        ]
    elif disputes(words):
        findings.append(Finding("category", ticket.category, "somebody works on it: he decides"))
    return Supplement(found, tuple(events), tuple(findings))


def _is_touched(facts: Facts, ticket: KnownTicket) -> bool:
    """Whether staff have sorted, answered or noted anything on it: then it is theirs to judge."""
    return (
        ticket.responded is not None
        or ticket.state not in _UNTOUCHED
        or ticket.find(Part.REPORTER) is not None
        or any(item.internal for item in facts.said)
    )


def _refine(
    profile: Profile, ticket: KnownTicket, anew: Judgement, *, disputed: bool
) -> tuple[Change, list[Finding]]:
    why = "the requester says so" if disputed else "the rules, with the answer"
    findings = []
    category = anew.category if anew.category not in (None, ticket.category) else None
    group = None
    if category is not None:
        findings.append(Finding("category", category, why))
        # Whoever has it keeps it; he sees what changed and can hand it on.
        group = profile.category(category).group if ticket.find(Part.ASSIGNEE) is None else None
    kind = anew.type if anew.type not in (None, ticket.type) else None
    if kind is not None and (profile.type(kind).approval or profile.type(ticket.type).approval):
        kind = None  # whose yes it needs was settled when it was opened
    if kind is not None:
        findings.append(Finding("type", kind, why))
    priority = anew.priority
    if priority is not None and (
        disputed or profile.priority(priority).rank >= profile.priority(ticket.priority).rank
    ):
        priority = None
    if priority is not None:
        findings.append(Finding("priority", priority, f"{why}; only ever raised"))
    return Change(category=category, group=group, type=kind, priority=priority), findings


def _understand(facts: Facts, ticket: KnownTicket, fields: Mapping[str, str]) -> str:
    """The wished-for moment as the ticket keeps it, "" when the words name none."""
    profile = facts.desk.profile
    calendar = profile.calendar(profile.priority(ticket.priority).calendar)
    wish = read_wish("", fields, facts.received, facts.desk.zone_info, calendar)
    return wish.at.isoformat() if wish is not None and wish.at is not None else ""
