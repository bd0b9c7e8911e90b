"""A letter came back: for how long does nothing leave for its reader by itself, and what ends that?

Pure. Machines say it in a report or at the server's door; a person's words are sent all the same,
and so are letters that carry them, for somebody waits for their answer (`is_held`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from maildesk.desk.charter import Budgets
from maildesk.desk.decision import (
    BouncePlan,
    Decision,
    EventPlan,
    Facts,
    Finding,
    LetterPlan,
    Outcome,
)
from maildesk.desk.ticket import KnownTicket
from maildesk.mail.message import Bounce, Kind, Verdict, address_key

_MOST = 5  # recipients a timeline names
_LONGEST = 200
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
# What is wrong with the address itself (RFC 3463 §3.1, §3.2, §3.5). All else that is refused for
# good by its number passes: a full mailbox, a filter, a letter its server does not like.
_LASTING = ("5.0.", "5.1.", "5.2.0", "5.2.1", "5.4.4")
_OF_SENDER = ("5.1.7", "5.1.8")
# Too large, or of a form it does not take: says nothing of the next letter.
_OF_LETTER = ("5.2.3", "5.3.4", "5.6.")


@dataclass(frozen=True, slots=True)
class Unreached:
    """An address whose letters came back, and that until then gets none by itself (UTC)."""

    since: datetime
    until: datetime
    why: str


def is_hard(bounce: Bounce) -> bool:
    """Whether the address is gone for good, as far as anybody can tell."""
    if bounce.permanent is not None:
        return bounce.permanent
    return is_lasting(bounce.status or "")


def is_lasting(said: str) -> bool:
    """Whether a server's words speak of an address that is gone: by their enhanced status."""
    found = _STATUS.search(said)
    status = found[0] if found else ""
    return status.startswith(_LASTING) and status not in _OF_SENDER


def refuse_recipient(code: int | None, said: str, budgets: Budgets) -> tuple[timedelta, str]:
    """(for how long, why) an address that its server refused at RCPT gets nothing by itself."""
    # Without an enhanced status 550, 551 and 553 name no such mailbox (RFC 5321 §4.2.2).
    found = _STATUS.search(said)
    hard = is_lasting(said) if found else code in (550, 551, 553)
    return _span(budgets, hard), f"{_name(hard)}, refused: {' '.join(said.split())}"[:_LONGEST]


def withhold(unreached: Unreached, zone: ZoneInfo) -> str:
    """Why an automatic letter does not leave, in the desk's zone."""
    since, until = (
        moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")
        for moment in (unreached.since, unreached.until)
    )
    return (
        f"unreachable: letters to this address have come back since {since} ({unreached.why}); "
        f"automatic ones pause until {until}"
    )


def is_held(plan: LetterPlan) -> bool:
    """Whether a letter to an unreached address waits: not a human's words, whoever carries them."""
    return plan.automatic is not None and plan.relay == "internal"


def report(facts: Facts, decision: Decision) -> Decision:
    """The decision, with what the mail says of whom our letters reach."""
    if facts.mail.kind is Kind.BOUNCE and facts.mail.bounce is not None:
        return _mark(facts, decision, facts.mail.bounce)
    reached = _find_reached(facts, decision)
    if not reached:
        return decision
    how = "a server reports a letter as delivered" if facts.mail.bounce else "a mail came from it"
    finding = Finding("reached", ", ".join(reached), f"{how}: automatic letters leave again")
    events = decision.events
    if decision.ticket is not None or decision.opening is not None:
        events += (EventPlan("reached", (("who", ", ".join(reached)), ("how", how))),)
    findings = (*decision.findings, finding)
    return replace(decision, findings=findings, events=events, reached=reached)


def _mark(facts: Facts, decision: Decision, bounce: Bounce) -> Decision:
    """Anybody can write a report: it is believed about those we write to on its ticket."""
    hard = is_hard(bounce)
    of_letter = (bounce.status or "").startswith(_OF_LETTER)
    who = () if of_letter else _list_unreached(facts, decision.ticket, bounce)
    until = facts.now + _span(facts.desk.budgets, hard)
    said = " ".join((bounce.status or "").split())[:40]
    why = f"{_name(hard)} {said}".strip()
    named = ", ".join(bounce.recipients[:_MOST]) or "nobody named"
    parts = [named]
    if facts.returned is not None:
        parts.append(f"our letter “{facts.returned.letter}” to {facts.returned.address} came back")
    moment = until.astimezone(facts.desk.zone_info).strftime("%Y-%m-%d %H:%M")
    if who:
        parts.append(f"automatic letters to {', '.join(who)} pause until {moment}")
    elif of_letter:
        parts.append("refused for its size or form, so nothing pauses")
    elif decision.ticket is not None:
        parts.append("nobody this ticket's letters go to, so nothing pauses")
    else:
        parts.append("it names no ticket, so nothing pauses")
    findings = (*decision.findings, Finding("bounce", why, "; ".join(parts)))
    plan = BouncePlan(who, until, why) if who else None
    events = tuple(
        EventPlan(item.kind, (*item.data, *_say(facts, bounce, hard, who, moment)))
        if item.kind == "bounced"
        else item
        for item in decision.events
    )
    return replace(decision, findings=findings, events=events, bounced=plan)


def _say(
    facts: Facts, bounce: Bounce, hard: bool, who: tuple[str, ...], until: str
) -> tuple[tuple[str, str], ...]:
    returned = facts.returned
    return (
        ("lasts", _name(hard)),
        ("status", (bounce.status or "")[:40]),
        ("recipients", ", ".join(bounce.recipients[:_MOST])[:_LONGEST]),
        ("letter", returned.letter if returned else ""),
        ("letter_to", returned.address if returned else ""),
        ("marked", ", ".join(who)),
        ("until", until if who else ""),
    )


def _list_unreached(facts: Facts, ticket: KnownTicket | None, bounce: Bounce) -> tuple[str, ...]:
    """Whom the report is about, among those we write to on the ticket.

    An alias or a forward is reported under an address we do not know; then it is whom the letter
    that came back went to.
    """
    if ticket is None:
        return ()
    written_to = ticket.insiders | {address_key(lead.address) for lead in facts.leads}
    came_back = {address_key(item) for item in bounce.recipients} & written_to
    if not came_back and facts.returned is not None:
        came_back = {facts.returned.address} & written_to
    return tuple(sorted(came_back))


def _find_reached(facts: Facts, decision: Decision) -> tuple[str, ...]:
    bounce, sender = facts.mail.bounce, facts.sender
    if bounce is not None:
        if bounce.action != "delivered" or decision.ticket is None:
            return ()
        marked = {person.key for person in decision.ticket.people if person.bounced}
        return tuple(
            key for key in _list_unreached(facts, decision.ticket, bounce) if key in marked
        )
    if sender is None or not sender.unreached or facts.ours is not None:
        return ()
    if facts.authenticity.verdict is Verdict.FAIL or decision.outcome is Outcome.DOORSTEP:
        return ()
    return (sender.address,)


def _span(budgets: Budgets, hard: bool) -> timedelta:
    return timedelta(hours=budgets.bounced_hours if hard else budgets.bounced_soft_hours)


def _name(hard: bool) -> str:
    return "hard" if hard else "soft"
