"""What a first mail registers beside its words: the form's fields, severity, wish, scope (F11, W5).

Who the requester is stands in the people list and not in his mail (R2); what he states otherwise is
kept as stated, and a finding says so. How to reach him is his own to say. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from maildesk.desk.arrival.standing import Standing
from maildesk.desk.decision import Facts, Finding, Sender
from maildesk.desk.person import Person
from maildesk.desk.policy import Outside
from maildesk.desk.profile import Calendar, Profile
from maildesk.desk.request.fields import read_fields
from maildesk.desk.request.wishes import read_severity, read_wish
from maildesk.desk.rules.fold import fold
from maildesk.desk.rules.rule import Judgement

CLEAR_WEIGHT = 3
"""A category rule of this weight names a thing and what is wrong with it."""

OUTSIDE = "outside"
"""The tag of a ticket that asks for what the desk does not do (N11)."""

_READ = 4_000


@dataclass(frozen=True, slots=True)
class Identity:
    """What the people list knows of the requester; None and "" where it knows nothing."""

    name: str = ""
    department: str | None = None
    staff_number: str | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """The fields by key, the severity's key of the profile, and where both came from."""

    fields: Mapping[str, str]
    severity: str | None = None
    department: str | None = None
    findings: tuple[Finding, ...] = ()


def register_mail(
    facts: Facts,
    sender: Sender,
    listed: Person | None,
    standing: Standing,
    title: str,
    words: str,
    priority: str,
) -> Registration:
    """The form of a first mail. `listed` is the requester in the people list, if he stands there;
    a forger fills in nothing."""
    profile = facts.desk.profile
    who = Identity(
        name=listed.name if listed else "",
        department=listed.department if listed else sender.department,
        staff_number=listed.staff_number if listed else None,
    )
    if standing.failed:
        return Registration({}, None, who.department)
    calendar = profile.calendar(profile.priority(priority).calendar)
    return register(title, words, who, profile, facts.received, facts.desk.zone_info, calendar)


def register(
    title: str,
    words: str,
    who: Identity,
    profile: Profile,
    received: datetime,
    zone: ZoneInfo,
    calendar: Calendar,
) -> Registration:
    """Read the form out of the new words. `calendar` is the one wishes are understood in."""
    fields = read_fields(words)
    findings = _hold_to_list(fields, who)
    severity = read_severity(title, words, fields, profile.severities)
    if severity is not None:
        fields.setdefault("urgency", severity.words)
        why = f"“{severity.words}”: what the requester calls it sets no priority"
        findings.append(Finding("severity", severity.key or "stated", why))
    wish = read_wish(words, fields, received, zone, calendar)
    if wish is not None:
        fields["wished"] = wish.words
        found = "understood" if wish.at else "kept as it is written"
        if wish.at is not None:
            fields["wished_at"] = wish.at.isoformat()
        findings.append(Finding("wished for", wish.words, found))
    for key in sorted(set(fields) - _EXPLAINED):
        findings.append(Finding("field", f"{key}: {fields[key]}", "a labelled line states it"))
    department = who.department or fields.get("department")
    key = severity.key if severity is not None else ""
    return Registration(fields, key or None, department, tuple(findings))


_EXPLAINED = frozenset(("severity", "urgency", "wished", "wished_at", "name", "department"))


def _hold_to_list(fields: dict[str, str], who: Identity) -> list[Finding]:
    """Take out what the list says as well; keep what differs, and say which of them counts."""
    findings = []
    for key, listed in (
        ("name", who.name),
        ("department", who.department),
        ("staff_number", who.staff_number),
    ):
        stated = fields.get(key)
        if stated is None:
            continue
        if not listed:
            findings.append(Finding(key, stated, "the mail states it, and no list says otherwise"))
        elif fold(stated) == fold(listed):
            del fields[key]
        else:
            why = f"the people list says so; “{stated}” is kept as the mail states it"
            findings.append(Finding(key, listed, why))
    return findings


def weigh_category(judgement: Judgement) -> int:
    """The weight of the surest rule that names a category; 0 when none spoke.

    As it stands in the file: a thing does not say more of itself by standing in the subject.
    """
    spoke = (rule.weight for rule in judgement.counted if rule.set.category)
    return max(spoke, default=0)


def find_outside(profile: Profile, title: str, words: str, weight: int) -> Outside | None:
    """What of the published scope's other side is asked for (N11), unless a rule is sure.

    A wrong refusal is worse than a ticket too many: nothing is refused for it.
    """
    if weight >= CLEAR_WEIGHT or not profile.scope.outside:
        return None
    text = fold(f"{title}\n{words[:_READ]}")
    for item in profile.scope.outside:
        if any(stands(fold(word), text) for word in item.words):
            return item
    return None


def stands(word: str, folded: str) -> bool:
    """Whether a folded word stands in a folded text: Han anywhere, Latin as a word of its own."""
    if not word.isascii():
        return word in folded
    place = folded.find(word)
    while place >= 0:
        around = folded[max(0, place - 1) : place] + folded[place + len(word) :][:1]
        if not any(sign.isascii() and sign.isalnum() for sign in around):
            return True
        place = folded.find(word, place + 1)
    return False
