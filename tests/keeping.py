"""Puts tickets of `months` into a database, as the journeys leave them there."""

from __future__ import annotations

from typing import Any

from months import MONTH
from sqlalchemy import insert

from maildesk.desk.reports.measured import Rated, Stored
from maildesk.store import schema
from maildesk.store.changes import write_pauses
from maildesk.store.engine import Connection, Store

_REQUESTER = 1
_HANDLERS = {"陈静": 2, "刘洋": 3}


def keep_people(store: Store) -> None:
    with store.write() as db:
        for name, key in {"张敏": _REQUESTER, **_HANDLERS}.items():
            person = {"id": key, "key": f"{name}@corp.test", "name": name, "listed": True}
            db.execute(insert(schema.people), {**person, "role": "engineer", "skills": []})


def keep(db: Connection, ticket: Stored, **given: Any) -> None:
    """Write it as the journeys do."""
    moments = {
        f"{name}_at": getattr(ticket, name)
        for name in ("opened", "responded", "solved", "confirmed", "closed")
    }
    dues = {name: getattr(ticket, name) for name in ("response_due", "contact_due", "solution_due")}
    latest = max(filter(None, (*moments.values(), *(item.at for item in ticket.told))))
    row = {
        **moments,
        **dues,
        "id": ticket.id,
        "desk_id": "it",
        "number": ticket.number,
        "title": ticket.title,
        "state": ticket.state.value,
        "category": ticket.category,
        "priority": ticket.priority,
        "type": ticket.type,
        "assignee_id": _HANDLERS.get(ticket.engineer or ""),
        "requester_id": _REQUESTER,
        "reporter_id": _REQUESTER,
        "language": "zh-CN",
        "updated_at": latest,
        "closed_by": ticket.closed_by,
        "merged_into_id": ticket.merged_into,
        "parent_id": ticket.parent,
        "tags": list(ticket.tags) or None,
        "pauses": write_pauses(ticket.pauses) or None,
    }
    db.execute(insert(schema.tickets), {**row, **given})
    for item in ticket.told:
        event = {"ticket_id": ticket.id, "at": item.at, "kind": item.kind, "data": item.data}
        db.execute(insert(schema.events), event)
    if ticket.rating is not None:
        _keep_rating(db, ticket, ticket.rating)


def _keep_rating(db: Connection, ticket: Stored, rating: Rated) -> None:
    about = {"desk_id": "it", "ticket_id": ticket.id}
    row = {
        "id": ticket.id,
        "person_id": _REQUESTER,
        "at": rating.at,
        "score": rating.score,
        "answers": rating.answers,
        "words": rating.words,
        "source": "page",
        "current": True,
    }
    db.execute(insert(schema.ratings), {**about, **row})
    for call in ticket.calls:
        row = {
            "rating_id": ticket.id,
            "why": "低分",
            "opened_at": call.opened,
            "due_at": call.due,
            "done_at": call.done,
            "record": call.record,
        }
        db.execute(insert(schema.follow_ups), {**about, **row})


def keep_month(store: Store) -> None:
    with store.write() as db:
        for ticket in sorted(MONTH, key=lambda item: item.merged_into is not None):
            keep(db, ticket)
