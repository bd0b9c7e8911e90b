"""Whether the acknowledgement asks for something, or tells where to go instead (R13, W6, N11).

What is missing `questions` finds; here stands when nobody is asked at all. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from maildesk.desk.arrival import guard
from maildesk.desk.arrival.encrypted import is_closed
from maildesk.desk.decision import Facts, Finding, Opening, Sender
from maildesk.desk.orders.script import Script
from maildesk.desk.policy import Outside, Question
from maildesk.desk.profile import Profile
from maildesk.desk.request.questions import ASKED as ASKED
from maildesk.desk.request.questions import choose_questions, find_doubt
from maildesk.desk.request.registration import find_outside, weigh_category
from maildesk.desk.request.triage import Triage
from maildesk.desk.rules.rule import Judgement


@dataclass(frozen=True, slots=True)
class Asking:
    """The questions an acknowledgement asks, or where it says to go; mostly neither."""

    questions: tuple[Question, ...] = ()
    outside: Outside | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def keys(self) -> str:
        """As the ticket keeps what was asked."""
        return ",".join(question.key for question in self.questions)


def ask_what(
    facts: Facts,
    sender: Sender,
    opening: Opening,
    judgement: Judgement,
    words: str,
    outside: Outside | None,
    *,
    entered: bool,
    silent: str | None,
) -> Asking:
    """What the requester of a new ticket is asked. `entered`: staff brought it for him; `silent`:
    why he gets no letter at all, if so."""
    doubt = find_doubt(opening.title, words, judgement)
    questions, findings = choose_questions(
        doubt,
        facts.desk.profile,
        opening.type,
        opening.fields,
        f"{opening.title}\n{words}",
        _hinder(facts, sender, opening, outside, entered=entered) or silent,
    )
    return Asking(questions, outside, findings)


def find_outside_scope(
    facts: Facts, script: Script | None, title: str, judgement: Judgement
) -> Outside | None:
    """What staff enter for somebody they have looked at; only a requester errs about the scope."""
    if script is not None or is_closed(facts.mail):
        return None
    weight = weigh_category(judgement)
    return find_outside(facts.desk.profile, title, facts.mail.reply, weight)


def keep_at_desk(triage: Triage, profile: Profile, outside: Outside) -> Triage:
    """A person at the desk looks at what seems to be outside its scope."""
    group = profile.category(profile.default_category).group
    why = f"{outside.key} is outside the published scope; a person decides"
    kept = tuple(found for found in triage.findings if found.step != "group")
    return replace(triage, group=group, findings=(*kept, Finding("group", group, why)))


def _hinder(
    facts: Facts, sender: Sender, opening: Opening, outside: Outside | None, *, entered: bool
) -> str | None:
    """Why the requester is asked nothing, or None (WORDS.md)."""
    if entered:
        return "staff entered it, and can say more themselves"
    if outside is not None:
        return "it seems to be outside the scope"
    if facts.desk.profile.priority(opening.priority).rank == 0:
        return "an urgent one is asked for by phone"
    if facts.files:
        return "a file or picture came with it"
    if facts.mail.encrypted:
        return "nobody could read it"
    if not sender.listed and not guard.accepts(facts.desk, sender.address):
        return "nobody has verified the sender"
    return None
