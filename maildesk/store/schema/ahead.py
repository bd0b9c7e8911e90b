"""The tables of what is still to come: letters to send, times that fall due, answers awaited.

Rows are kept when they are over: the outbox is also what we once sent, approvals are for audit.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from maildesk.store.column import Id, Instant, make_id, metadata

outbox = Table(
    "outbox",
    metadata,
    make_id(),
    Column("desk_id", String(50), nullable=False),
    Column("ticket_id", Id, ForeignKey("tickets.id")),
    Column("cause", String(100), nullable=False),
    Column("letter", String(32), nullable=False),
    Column("address", String(320), nullable=False),  # the key brakes count by
    Column("mailbox", String(320), nullable=False),  # as its owner writes it: where it goes
    Column("automatic", Boolean, nullable=False),
    Column("message_id", String(255), nullable=False),
    Column("subject", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("state", String(12), nullable=False),
    Column("reason", Text),
    Column("created_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("valid_until", Instant),
    Column("condition", String(32)),
    Column("attempts", Integer, nullable=False, default=0),
    Column("in_doubt", Integer, nullable=False, default=0),
    Column("lease_owner", String(120)),
    Column("lease_until", Instant),
    Column("code", Integer),
    Column("settled_at", Instant),
    # Where an answer to this letter goes: internal | requester | vendor, and whose address key.
    Column("relay", String(12), nullable=False, server_default="internal"),
    Column("relay_to", String(320)),
    Column(
        "files", JSON(none_as_null=True)
    ),  # what `data` leaves room for, in order; null: the letter is whole
    UniqueConstraint("cause", "letter", "address"),
    Index("ix_outbox_due", "state", "next_at"),
    # The brakes count by these two for every letter, and must not read the letters themselves.
    Index("ix_outbox_settled_at", "settled_at", "state", "automatic", "desk_id"),
    Index("ix_outbox_address", "address", "created_at", "automatic", "state"),
    Index("ix_outbox_ticket_id", "ticket_id", "created_at"),
    Index("ix_outbox_message_id", "message_id"),
)

deadlines = Table(
    "deadlines",
    metadata,
    make_id(),
    Column("kind", String(32), nullable=False),
    Column("subject", String(64), nullable=False),  # "ticket:12", "sighting:7"
    Column("round", String(32), nullable=False),
    Column("desk_id", String(50), nullable=False),
    Column("ticket_id", Id, ForeignKey("tickets.id")),
    Column("due_at", Instant, nullable=False),
    Column("state", String(12), nullable=False),  # open | fired | dropped
    Column("fired_at", Instant),
    Column("note", Text),
    UniqueConstraint("kind", "subject", "round"),
    Index("ix_deadlines_due", "state", "due_at"),
    Index("ix_deadlines_ticket_id", "ticket_id"),
)

# Words that wait for their author's release: nobody was certain that they may leave or run.
drafts = Table(
    "drafts",
    metadata,
    make_id(),
    Column("desk_id", String(50), nullable=False),
    Column("ticket_id", Id, ForeignKey("tickets.id")),
    Column("letter_id", Id, ForeignKey("letters.id"), nullable=False),  # whose words wait
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),  # the author
    Column("kind", String(12), nullable=False),  # unsure | unproved
    Column("words", Text, nullable=False),
    Column("relay", String(12), nullable=False),  # as in the outbox
    Column("relay_to", String(320)),
    Column("files", JSON(none_as_null=True)),
    Column("reason", Text),
    Column("created_at", Instant, nullable=False),
    Column("released_at", Instant),
    Index("ix_drafts_ticket_id", "ticket_id", "person_id"),
    Index("ix_drafts_letter_id", "letter_id"),
)

# What somebody was asked to decide: an escalation (M5), a plan (F7), an access request. Rows are
# kept for audit; who was asked, what he was shown and what he answered.
approvals = Table(
    "approvals",
    metadata,
    make_id(),
    Column("desk_id", String(50), nullable=False),
    Column("ticket_id", Id, ForeignKey("tickets.id"), nullable=False),
    Column("kind", String(16), nullable=False),  # escalation | plan | access
    Column("asked_by_id", Id, ForeignKey("people.id")),  # null: the rules asked
    Column("asked_of", JSON, nullable=False),  # address keys; any of them may decide
    Column("form", JSON, nullable=False),  # texts by key: progress, reason, support …
    Column("asked_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("decision", String(12)),  # agreed | declined | withdrawn; null: open
    Column("decided_at", Instant),
    Column("decided_by_id", Id, ForeignKey("people.id")),
    Column("owner", String(330)),  # who takes it on: an address key, or a vendor's name
    Column("reason", Text),
    Index("ix_approvals_ticket_id", "ticket_id", "decision"),
    # Nothing is asked twice while it is open, whoever asks: a mail or the clock.
    Index(
        "ux_approvals_open",
        "ticket_id",
        "kind",
        unique=True,
        sqlite_where=text("decision IS NULL"),
        postgresql_where=text("decision IS NULL"),
    ),
)
