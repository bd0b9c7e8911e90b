"""The tables of how we are ourselves: times in which nothing ran, and how each part does now.

None of them is about one ticket.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table, Text

from maildesk.store.column import Instant, make_id, metadata

# Times in which nothing of a desk ran: limits that ran out then were not missed by people.
outages = Table(
    "outages",
    metadata,
    make_id(),
    Column("desk_id", String(50), nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Index("ix_outages_desk_id", "desk_id", "until"),
)

# How the parts are: what `maildesk status` shows.
health = Table(
    "health",
    metadata,
    Column("part", String(120), primary_key=True),
    Column("state", String(12), nullable=False),  # ok | degraded | down
    Column("since", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("detail", Text, nullable=False),
)
