"""The tables of a ticket: its number, how it stands, who is in it, and what happened.

What is still to come of it is in `ahead`, what comes after it is solved in `aftercare`.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from maildesk.store.column import Id, Instant, make_id, metadata

numbers = Table(
    "numbers",
    metadata,
    Column("desk_id", String(50), primary_key=True),
    Column("period", String(64), primary_key=True),
    Column("last", BigInteger, nullable=False),
)

tickets = Table(
    "tickets",
    metadata,
    make_id(),
    Column("desk_id", String(50), nullable=False),
    Column("number", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("waiting", String(16), nullable=False, default="none"),
    Column("category", String(64), nullable=False),
    Column("priority", String(64), nullable=False),
    Column("type", String(64), nullable=False),
    Column("group_key", String(64)),
    Column("assignee_id", Id, ForeignKey("people.id")),
    Column("requester_id", Id, ForeignKey("people.id"), nullable=False),
    Column("reporter_id", Id, ForeignKey("people.id"), nullable=False),
    Column("department", String(255)),
    Column("language", String(16), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("response_due", Instant),
    Column("responded_at", Instant),
    Column("updated_at", Instant, nullable=False),
    Column("eta_at", Instant),  # what the requester was told to expect
    Column("solved_at", Instant),
    Column("confirmed_at", Instant),
    Column("confirmed_by_id", Id, ForeignKey("people.id")),  # the requester or whoever may (W8)
    Column("closed_at", Instant),
    Column("closed_by", String(12)),  # requester | policy | staff: whose doing the closing was
    Column("reopens", Integer, nullable=False, server_default="0"),
    Column("archived_at", Instant),
    Column("chases", Integer, nullable=False, server_default="0"),
    Column("chased_at", Instant),  # when a chase was last answered with the ticket's status
    Column("impact", String(64)),
    Column("urgency", String(64)),
    Column("severity", String(64)),  # what the requester called it
    Column("fields", JSON(none_as_null=True)),  # what was told or recorded, text by key
    Column("tags", JSON(none_as_null=True)),
    Column("assigned_at", Instant),
    Column("contact_due", Instant),
    Column("solution_due", Instant),
    Column("pauses", JSON(none_as_null=True)),  # [from, to or null] as instants
    Column("result", String(64)),
    Column("parent_id", Id, ForeignKey("tickets.id")),  # the main ticket of an outage
    Column("merged_into_id", Id, ForeignKey("tickets.id")),
    UniqueConstraint("desk_id", "number"),
    # None on updated_at: only reports read by it, and the published figures once an hour at most;
    # together with all that is still open, for which neither database takes an index (a daily among
    # 300,000 tickets: 0.6 s with and without). Each change of a ticket would have to write it.
    Index("ix_tickets_number", "number"),
    Index("ix_tickets_opened", "desk_id", "opened_at"),
    Index("ix_tickets_state", "desk_id", "state", "opened_at"),
    Index("ix_tickets_assignee", "assignee_id", "state"),
    Index("ix_tickets_closed", "desk_id", "closed_at"),
    Index("ix_tickets_parent_id", "parent_id"),
    Index("ix_tickets_merged_into_id", "merged_into_id"),
)

participants = Table(
    "participants",
    metadata,
    Column("ticket_id", Id, ForeignKey("tickets.id"), primary_key=True),
    Column("person_id", Id, ForeignKey("people.id"), primary_key=True),
    Column("role", String(12), primary_key=True),
)

events = Table(
    "events",
    metadata,
    make_id(),
    Column("ticket_id", Id, ForeignKey("tickets.id")),
    Column("letter_id", Id, ForeignKey("letters.id")),
    Column("at", Instant, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("actor_id", Id, ForeignKey("people.id")),
    Column("data", JSON, nullable=False),
    Index("ix_events_ticket_id", "ticket_id", "id"),
)
