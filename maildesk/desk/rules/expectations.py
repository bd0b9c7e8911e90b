"""Do rules still mean what their own cases say?  Each `expect` is a mail and what it must get.

Judges every case by all rules together. Nothing is sent, nothing is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from maildesk.desk.profile import Profile
from maildesk.desk.rules.circumstances import liken_sender
from maildesk.desk.rules.matching import RuleSet, Searchable, judge
from maildesk.desk.rules.rule import Circumstances, Expectation, Judgement, Rule
from maildesk.mail.message import address_key

_ZONE = ZoneInfo("Asia/Shanghai")  # a case's own wall clock: any zone would do


@dataclass(frozen=True, slots=True)
class ExpectationFailure:
    """A case of a rule file that does not come out as it says."""

    rule: Rule
    expectation: Expectation
    got: str
    why: str


def run_expectations(rules: RuleSet) -> tuple[ExpectationFailure, ...]:
    """Judges every `expect` case of every rule; returns those that come out otherwise.

    A case states what this mail must get from all rules together, the profile's defaults where
    none speaks; an empty `set` states that the rule it stands in must not match.
    """
    failures = []
    for place, rule in enumerate(rules.rules):
        for case in rule.expect:
            judgement = judge(rules, read_case(case.mail, case.about), near=True)
            trace = judgement.traces[place]
            found = {key: rules.settle(judgement, key) for key in case.set}
            wanted = _translate(rules.profile, case.set, rules.settle(judgement, "category"))
            wrong = {key: got for key, got in found.items() if got != wanted[key]}
            gathered = _gather(judgement)
            for key, items in case.among.items():
                if not set(items) <= set(gathered[key]):
                    wrong[key] = ", ".join(gathered[key])
            if wrong:
                got = ", ".join(f"{key}: {value or 'nothing'}" for key, value in wrong.items())
                failures.append(ExpectationFailure(rule, case, got, explain(judgement)))
            elif not (case.set or case.among) and trace.matched:
                failures.append(ExpectationFailure(rule, case, "a match", explain(judgement)))
    return tuple(failures)


def _gather(judgement: Judgement) -> Mapping[str, tuple[str, ...]]:
    """What several rules add to together, in the words of a case."""
    return {
        "tags": judgement.tags,
        "watchers": judgement.watchers,
        "ask": judgement.ask,
        "note": tuple(words for _, words in judgement.notes),
        "letter": ("none",) if judgement.silent else (),
    }


def _translate(
    profile: Profile, wanted: Mapping[str, str], judged: str | None
) -> Mapping[str, str]:
    """A case of the shared rules in the profile's own words.

    What a type is called may hang on the category: a case that names none means the judged one.
    """
    own = dict(wanted)
    for key, take in (("category", profile.take_category), ("priority", profile.take_priority)):
        if key in own:
            own[key] = take(own[key])
    if "type" in own:
        own["type"] = profile.take_type(own["type"], wanted.get("category", judged)) or ""
    return own


def read_case(mail: str, about: Mapping[str, str] | None = None) -> Searchable:
    """A case's text as a mail: an optional first line `主题：…` or `Subject: …`, then the body."""
    first, _, rest = mail.partition("\n")
    subject = re.fullmatch(r"\s*(?:主题|主旨|subject)\s*[:：]\s*(.*)", first, re.IGNORECASE)
    words = {"subject": "", "body": mail}
    if subject:
        words = {"subject": subject[1], "body": rest.strip("\n")}
    about = about or {}
    words |= {key: value for key, value in about.items() if key.startswith("header:")}
    names = [name for name in re.split(r"[,，]\s*", about.get("attachments", "")) if name]
    for key in ("from", "to"):
        if key in about:
            words[key] = about[key]
    if names and not names[0].isdigit():
        words["attachment_name"] = "\n".join(names)
    return Searchable(words, _read_about(about, names))


def explain(judgement: Judgement) -> str:
    """Which rules matched by which words, and which were blocked or denied, in one line."""
    told = []
    for trace in judgement.traces:
        if trace.matched:
            words = ", ".join(repr(hit.matched) for hit in trace.hits)
            told.append(f"{trace.rule} ({trace.weight}) by {words}")
    for trace in judgement.traces:
        if not trace.matched and (trace.hits or trace.denied):
            told.append(f"{trace.rule} {trace.failed}")
    return "; ".join(told) or "no rule matched"


def _read_about(about: Mapping[str, str], names: list[str]) -> Circumstances:
    """A case that says nothing of something leaves it unknown."""
    found = Circumstances(department=about.get("department"), vip=about.get("vip") == "true")
    if "from" in about:
        key = liken_sender(about["from"])
        domain = {"@" + key.rpartition("@")[2]} if "@" in key else set()
        found = replace(found, sender=frozenset({key} | domain), who=about["from"])
    if "to" in about:
        found = replace(found, to=(address_key(about["to"]),))
    if "attachments" in about:
        count = int(names[0]) if names and names[0].isdigit() else len(names)
        found = replace(found, attachments=count)
    if "size" in about:
        found = replace(found, size=int(about["size"]))
    if "at" in about:
        found = replace(found, received=datetime.fromisoformat(about["at"]).replace(tzinfo=_ZONE))
    return found
