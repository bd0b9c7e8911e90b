"""The tables of a person: whoever is on the list or wrote, their addresses and absences.

Who has which part in a ticket is in `ticket`.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from maildesk.store.column import Id, Instant, make_id, metadata

people = Table(
    "people",
    metadata,
    make_id(),
    Column("key", String(330), nullable=False),  # staff number, else first address
    Column("name", String(255), nullable=False),
    Column("listed", Boolean, nullable=False),
    Column("staff_number", String(64)),
    Column("department", String(255)),
    Column("manager", String(255)),
    Column("extension", String(64)),
    Column("language", String(16)),
    Column("role", String(16), nullable=False),
    Column("skills", JSON, nullable=False),
    Column("assigned_at", Instant),  # whose turn it is: the one longest without a new ticket
    UniqueConstraint("key"),
)

addresses = Table(
    "addresses",
    metadata,
    Column("address", String(320), primary_key=True),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    # Letters came back: since when, until when none leaves by itself, and what was said.
    Column("bounced_at", Instant),
    Column("bounced_until", Instant),
    Column("bounced_why", Text),
    Index("ix_addresses_person_id", "person_id"),
)

# When somebody is away, by his own out-of-office notice or by the people list.
absences = Table(
    "absences",
    metadata,
    Column("person_id", Id, ForeignKey("people.id"), primary_key=True),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("letter_id", Id, ForeignKey("letters.id")),
)
