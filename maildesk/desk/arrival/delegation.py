"""Who may speak for somebody else by the people list (W8), and who matters more to everybody (VIP).

A delegate confirms, reopens and answers on his principal's tickets, named in their Cc or not; a
request of his own is the principal's only when he names him. Pure.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from maildesk.desk.arrival.directory import Directory
from maildesk.desk.arrival.standing import Proof, Standing
from maildesk.desk.decision import Facts, Finding, Sender
from maildesk.desk.orders.script import Script, read_script
from maildesk.desk.orders.table import Order
from maildesk.desk.person import Person
from maildesk.desk.profile import Profile
from maildesk.desk.request.triage import Triage
from maildesk.desk.ticket import KnownTicket, Part


def find_principal(
    directory: Directory, ticket: KnownTicket, addresses: Collection[str]
) -> Person | None:
    """The ticket's requester, when somebody with these addresses is his delegate."""
    requester = ticket.find(Part.REQUESTER)
    person = directory.at(requester.key) if requester is not None and requester.listed else None
    return person if person is not None and _is_delegate(person, addresses) else None


def read_on_behalf(facts: Facts, sender: Sender, standing: Standing) -> Script | None:
    """A first mail in which a delegate says for whom he writes: `#代提 张总`, and no other order.

    Like staff's it needs proof; in anybody else's mail such a line is just words.
    """
    if standing.proof is not Proof.FULL or sender.is_staff or not sender.listed:
        return None
    script = read_script(facts.mail.reply)
    for line in script.orders:
        if line.order is Order.ONBEHALF:
            person = facts.directory.find(line.argument).person
            if person is not None and _is_delegate(person, sender.addresses):
                return replace(script, orders=(line,), suspects=())
    return None


def raise_for_vip(
    triage: Triage, requester: Person | None, standing: Standing, profile: Profile
) -> Triage:
    """A VIP's priority, one step up at most and never above what the profile says."""
    wanted = profile.vip_at_least
    if requester is None or not requester.vip or wanted is None:
        return triage
    present, least = profile.priority(triage.priority), profile.priority(wanted)
    if present.rank <= least.rank:
        return triage
    if standing.failed:
        why = f"{requester.name} is a VIP, but somebody else wrote it"
        return replace(triage, findings=(*triage.findings, Finding("vip", "not raised", why)))
    if any(found.step == "priority" and found.why == _ORDERED for found in triage.findings):
        return triage
    key = next(item.key for item in profile.priorities if item.rank == present.rank - 1)
    why = f"{requester.name} is a VIP: one step up from {present.key}, at least {least.key} wanted"
    return replace(triage, priority=key, findings=(*triage.findings, Finding("vip", key, why)))


_ORDERED = "its author ordered it"


def _is_delegate(person: Person, addresses: Collection[str]) -> bool:
    return not set(person.delegates).isdisjoint(addresses)
