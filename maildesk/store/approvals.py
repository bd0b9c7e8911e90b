"""What was asked to be decided about a ticket, and by whom it was decided: kept for good (M5, F7).

In the caller's transaction. At most one of a kind is open on a ticket; the database sees to it,
since a mail and the clock may ask at the same time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from maildesk.desk.approvals.approval import Approval, AskPlan, Kind, Verdict, VerdictPlan
from maildesk.desk.charter import DeskConfig
from maildesk.desk.privacy.shield import hide_in_values
from maildesk.store.schema import absences, addresses, approvals, events, people
from maildesk.store.statement import insert_or_ask

_askers = people.alias("askers")
_deciders = people.alias("deciders")
# Built once: building a statement costs several times what running it does.
_OF_TICKET = (
    select(
        approvals,
        _askers.c.key.label("asker"),
        _askers.c.name.label("asker_name"),
        _deciders.c.name.label("decider"),
    )
    .outerjoin(_askers, _askers.c.id == approvals.c.asked_by_id)
    .outerjoin(_deciders, _deciders.c.id == approvals.c.decided_by_id)
    .where(approvals.c.ticket_id == bindparam("ticket"))
    .order_by(approvals.c.id)
)


def read(db: Connection, ticket: int) -> tuple[Approval, ...]:
    """Everything that was ever asked on the ticket, the oldest first."""
    return tuple(map(_read, db.execute(_OF_TICKET, {"ticket": ticket})))


def ask(
    db: Connection,
    desk: DeskConfig,
    ticket: int,
    plan: AskPlan,
    asked_by: int | None,
    now: datetime,
) -> bool:
    """Whether it is asked now; False while another of its kind is open.

    The form is masked once more: it may quote words kept before there were masks.
    """
    if plan.anew:
        _close(db, ticket, plan.kind, now)
    row = {
        "desk_id": desk.id,
        "ticket_id": ticket,
        "kind": plan.kind.value,
        "asked_by_id": asked_by,
        "asked_of": list(plan.asked_of),
        "form": dict(hide_in_values(plan.form, desk.privacy.hide)),
        "asked_at": now,
        "due_at": plan.due,
    }
    return insert_or_ask(db, approvals, row) is not None


def settle(
    db: Connection, plans: Sequence[VerdictPlan], decided_by: int | None, now: datetime
) -> None:
    """Write these decisions down. What was decided before stays as it was: the first one counts."""
    for plan in plans:
        db.execute(
            update(approvals)
            .where(approvals.c.id == plan.approval, approvals.c.decision.is_(None))
            .values(
                decision=plan.verdict.value,
                decided_at=now,
                decided_by_id=decided_by,
                owner=(plan.owner or "")[:_LONGEST_OWNER] or None,
                reason=plan.reason or None,
            )
        )


_LONGEST_OWNER = 330


def list_away(
    db: Connection, ticket: int, keys: Sequence[str], since: datetime, now: datetime
) -> frozenset[str]:
    """Which of these address keys are away: by the absences known, or since an automatic reply of
    theirs reached the ticket after it was asked."""
    known = db.execute(_AWAY, {"keys": list(keys), "now": now}).scalars()
    replied = {
        str(row.data.get("from", ""))
        for row in db.execute(_REPLIED, {"ticket": ticket, "since": since})
    }
    return frozenset(known) | (replied & set(keys))


_AWAY = (
    select(addresses.c.address)
    .join(absences, absences.c.person_id == addresses.c.person_id)
    .where(
        addresses.c.address.in_(bindparam("keys", expanding=True)),
        absences.c.since <= bindparam("now"),
        absences.c.until > bindparam("now"),
    )
)
_REPLIED = select(events.c.data).where(
    events.c.ticket_id == bindparam("ticket"),
    events.c.kind == "auto_reply",
    events.c.at > bindparam("since"),
)


def _close(db: Connection, ticket: int, kind: Kind, now: datetime) -> None:
    db.execute(
        update(approvals)
        .where(
            approvals.c.ticket_id == ticket,
            approvals.c.kind == kind.value,
            approvals.c.decision.is_(None),
        )
        .values(decision=Verdict.WITHDRAWN.value, decided_at=now)
    )


def _read(row: Any) -> Approval:
    return Approval(
        id=row.id,
        kind=Kind(row.kind),
        asked_of=tuple(row.asked_of),
        form=dict(row.form),
        asked=row.asked_at,
        asked_by=row.asker,
        asker=row.asker_name or "",
        due=row.due_at,
        verdict=Verdict(row.decision) if row.decision else None,
        decided=row.decided_at,
        decider=row.decider or "",
        owner=row.owner,
        reason=row.reason or "",
    )
