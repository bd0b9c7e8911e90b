"""Who may order what, by role, by part in the ticket and by what his mail proves (DESIGN §7)?

The answer is None or the reason why not, for the trace. Whether the ticket is in a state in which
the order makes sense is not asked here.
"""

from __future__ import annotations

from maildesk.desk.arrival.standing import Proof
from maildesk.desk.orders.table import Order
from maildesk.desk.person import Role
from maildesk.desk.ticket import Part

# Only a lead decides on escalations and plans (M5, F7), reviews (W9), and follows up (M8).
_LEADS_ONLY = frozenset(
    {
        *(Order.AGREE, Order.DECLINE, Order.APPROVE, Order.DISAPPROVE),
        *(Order.REVIEW, Order.FOLLOW),
    }
)

# Auditors read; what they ask for is answered to their listed address.
READING = frozenset({Order.STATUS, Order.HELP})

# A token shows that somebody reads letters sent to this person. That is enough for what a forger
# gains nothing by: words of a ticket he can see already, and answers sent to the listed address.
_WITH_TOKEN = frozenset({Order.START, Order.NOTE, Order.SEND}) | READING

ONLY_LEADS = "only a lead decides this"
ONLY_READS = "an auditor reads and changes nothing"
"""Refusals that no proof changes; `carrying` says them in their author's language."""

_WORKING = frozenset({Part.ASSIGNEE, Part.HELPER})


def may(order: Order, role: Role, part: Part | None, proof: Proof) -> str | None:
    """None when somebody with that role may give that order, else the reason in English.

    `part` is what he is in the ticket, None when nothing: another engineer may still take a
    ticket over, note or join, but only when he is proved.
    """
    if role is Role.REQUESTER:
        return "only listed staff give orders"
    if role is Role.AUDITOR and order not in READING:
        return ONLY_READS
    if order in _LEADS_ONLY and role is not Role.LEAD:
        return ONLY_LEADS
    match proof:
        case Proof.FULL:
            return None
        case Proof.NONE:
            return "nothing proves who wrote this"
        case Proof.TOKEN:
            return _judge_token(order, role, part)


def _judge_token(order: Order, role: Role, part: Part | None) -> str | None:
    if order not in _WITH_TOKEN:
        return "it only answers a letter of ours; this order needs more proof"
    # Whom the ticket was taken from still has its letters; starting again would take it back.
    if order is Order.START and role is not Role.LEAD and part not in _WORKING:
        return "it only answers a letter of ours, and its author does not work on this ticket"
    return None
