"""What of a ticket a change touches, as it was before: what one `#撤销` brings back.

Text by field name, as the timeline keeps it; `undo` reads it again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from maildesk.desk.decision import Change
from maildesk.desk.ticket import KnownTicket, Part, Pause


def take_snapshot(ticket: KnownTicket, change: Change) -> dict[str, str | None]:
    """The fields this change touches, as they were: what one undo brings back."""
    assignee, requester = ticket.find(Part.ASSIGNEE), ticket.find(Part.REQUESTER)
    before: dict[str, str | None] = {
        "state": ticket.state.value,
        "waiting": ticket.waiting.value,
        "category": ticket.category,
        "priority": ticket.priority,
        "group": ticket.group,
        "assignee": assignee.key if assignee else None,
        "requester": requester.key if requester else None,
        "department": ticket.department,
        "eta": _stamp(ticket.eta),
        "response_due": _stamp(ticket.response_due),
        "responded": _stamp(ticket.responded),
        "solved": _stamp(ticket.solved),
        "confirmed": _stamp(ticket.confirmed),
        "closed": _stamp(ticket.closed),
        "confirmed_by": ticket.confirmed_by,
        "closed_by": ticket.closed_by,
        "reopens": str(ticket.reopens),
        "type": ticket.type,
        "impact": ticket.impact,
        "urgency": ticket.urgency,
        "assigned": _stamp(ticket.assigned),
        "contact_due": _stamp(ticket.contact_due),
        "solution_due": _stamp(ticket.solution_due),
        "pauses": _write_pauses(ticket.pauses),
        "result": ticket.result,
        "parent": None if ticket.parent is None else str(ticket.parent),
        "fields": json.dumps({key: ticket.fields.get(key, "") for key in change.fields or ()}),
    }
    touched = {name for name in before if getattr(change, name) is not None} | change.clear
    return {name: before[name] for name in sorted(touched & set(before))}


def _write_pauses(pauses: Sequence[Pause]) -> str:
    """As text that `undo` reads again."""
    return json.dumps([[_stamp(item.start), _stamp(item.end)] for item in pauses])


def _stamp(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
