"""Which ticket does this mail belong to? Evidence, strongest first, each with its sender checked.

A thread match alone is never enough: whoever is not part of a ticket cannot write into it
(DESIGN §7, PEERS theme 7).
"""

from __future__ import annotations

from dataclasses import dataclass

from maildesk.desk.arrival.delegation import find_principal
from maildesk.desk.decision import Evidence, Facts, Finding, Sender
from maildesk.desk.person import Role
from maildesk.desk.ticket import KnownTicket

STRENGTH = ("signed", "reference", "token", "number")
_SAID = {
    "signed": "our signed Message-ID",
    "reference": "a Message-ID of the ticket",
    "token": "the token of a letter of ours",
    "number": "the number in the subject",
}


@dataclass(frozen=True, slots=True)
class Threading:
    """Where a mail belongs. At most one of `ticket` and `noted` is set.

    `ticket`: its words join that ticket. `noted`: kept there as a note, changing nothing.
    `linked`: it opens a new ticket that names this one; `renewed`, since its own author answered
    that ticket with another problem.
    """

    ticket: KnownTicket | None
    noted: KnownTicket | None
    linked: KnownTicket | None
    findings: tuple[Finding, ...]
    renewed: bool = False


def find_thread(facts: Facts, sender: Sender) -> Threading:
    """Weigh all evidence; the strongest whose sender belongs to the ticket wins."""
    findings: list[Finding] = []
    outsider: KnownTicket | None = None
    ordered = sorted(facts.evidence, key=lambda item: STRENGTH.index(item.kind))
    for item in ordered:
        ticket = facts.ticket(item.ticket)
        why = _belongs(item, ticket, sender) or _speaks(facts, ticket, sender)
        said = f"{_SAID[item.kind]} ({item.value}) names {item.merged or ticket.number}"
        if item.merged:
            said += f", which was merged into {ticket.number}"
        if why:
            findings.append(Finding("thread", f"joins {ticket.number}", f"{said}; {why}"))
            return Threading(ticket, None, None, tuple(findings))
        findings.append(
            Finding("thread", "not joined", f"{said}, but {sender.address} takes no part in it")
        )
        outsider = outsider or ticket
    if outsider is None:
        why = "no signed id, no Message-ID of a ticket, no ticket number in the subject"
        return Threading(None, None, None, (Finding("thread", "new", why),))
    if sender.listed and sender.role in (Role.ENGINEER, Role.LEAD):
        why = f"{sender.name} is staff and takes no part in the ticket so far"
        findings.append(Finding("thread", f"staff on {outsider.number}", why))
        return Threading(None, outsider, None, tuple(findings))
    findings.append(Finding("thread", "new", f"a ticket of its own, linked to {outsider.number}"))
    return Threading(None, None, outsider, tuple(findings))


def _belongs(item: Evidence, ticket: KnownTicket, sender: Sender) -> str | None:
    known = ticket.insiders & (sender.addresses | {sender.address})
    if known:
        return f"{sender.address} takes part in it"
    if item.kind in ("signed", "token") and item.issued_here:
        return f"that letter was sent to {sender.address}"
    return None


def _speaks(facts: Facts, ticket: KnownTicket, sender: Sender) -> str | None:
    """A listed delegate belongs to his principal's tickets, in Cc or not (W8)."""
    principal = find_principal(facts.directory, ticket, sender.addresses)
    return f"{sender.address} is listed as a delegate of {principal.name}" if principal else None
