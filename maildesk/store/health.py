"""How each part is: one row a part, written when it changes, shown by `maildesk status`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, select, update

from maildesk.store.schema import health
from maildesk.store.statement import insert_or_ignore

State = Literal["ok", "degraded", "down"]


@dataclass(frozen=True, slots=True)
class Health:
    """One part's condition. `since` is when it came into this state."""

    part: str
    state: State
    since: datetime
    updated_at: datetime
    detail: str


def report(db: Connection, part: str, state: State, detail: str, now: datetime) -> bool:
    """Note a part's condition; True when its state is another than before."""
    before = db.execute(select(health.c.state).where(health.c.part == part)).scalar_one_or_none()
    values = {"state": state, "detail": detail, "updated_at": now}
    if before is None:
        insert_or_ignore(db, health, [{"part": part, "since": now, **values}])
        return state != "ok"
    if before != state:
        values["since"] = now
    db.execute(update(health).where(health.c.part == part).values(values))
    return bool(before != state)


def list_health(db: Connection) -> list[Health]:
    return [
        Health(row.part, row.state, row.since, row.updated_at, row.detail)
        for row in db.execute(select(health).order_by(health.c.part))
    ]
