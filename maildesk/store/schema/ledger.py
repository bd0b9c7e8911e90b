"""The ledger's tables: every mail seen in every mailbox, what was in it, and what became of it.

What a mail did to a ticket stands with the ticket, in `ticket`.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from maildesk.store.column import Id, Instant, make_id, metadata

mailboxes = Table(
    "mailboxes",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("folder", String(255)),
    Column("uidvalidity", BigInteger),
    # UIDs below it were there at the first start: never answered (DESIGN §1.8).
    Column("watermark", BigInteger),
    # Mails older than this are never answered either: an archive may reappear at any time.
    Column("answer_after", Instant),
    Column("last_round", Instant),
    Column("owner", String(120)),
    Column("lease_until", Instant),
)

sightings = Table(
    "sightings",
    metadata,
    make_id(),
    Column("mailbox", String(100), nullable=False),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("uid", BigInteger),  # null: came by `maildesk ingest`, not from a server
    Column("raw_sha", String(64)),  # null: recorded without being fetched
    Column("size", BigInteger),
    Column("internaldate", Instant),
    Column("identity", String(64)),  # hash of Message-ID and Date, to know it again
    Column("state", String(12), nullable=False),  # spooled | decided | filed
    Column("attempts", Integer, nullable=False, default=1),
    Column("admitted", Boolean, nullable=False, default=False),  # from the doorstep, by a person
    Column("outcome", String(16)),
    Column("reason", Text),
    Column("trouble", Text),  # traceback of a quarantined mail
    Column("letter_id", Id, ForeignKey("letters.id")),
    Column("ticket_id", Id, ForeignKey("tickets.id")),
    Column("seen_at", Instant, nullable=False),
    Column("decided_at", Instant),
    UniqueConstraint("mailbox", "uidvalidity", "uid"),
    Index("ix_sightings_todo", "mailbox", "state"),
    Index("ix_sightings_raw_sha", "raw_sha"),
    Index("ix_sightings_identity", "mailbox", "identity"),
)

letters = Table(
    "letters",
    metadata,
    make_id(),
    Column("desk_id", String(50), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("message_id", String(255)),
    Column("raw_sha", String(64), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("sender", String(320)),
    Column("subject", Text, nullable=False),
    Column("sent_at", Instant),  # the Date header
    Column("received_at", Instant, nullable=False),
    Column("outcome", String(16)),
    Column("reason", Text),
    Column("ticket_id", Id, ForeignKey("tickets.id")),
    Column("rules_hash", String(64)),
    Column("trace", JSON),
    UniqueConstraint("desk_id", "fingerprint"),
    Index("ix_letters_ticket_id", "ticket_id"),
    Index("ix_letters_raw_sha", "raw_sha"),
    Index("ix_letters_message_id", "message_id"),
    Index("ix_letters_outcome", "desk_id", "outcome", "received_at"),
)

texts = Table(
    "texts",
    metadata,
    make_id(),
    Column("letter_id", Id, ForeignKey("letters.id"), nullable=False),
    Column("ticket_id", Id, ForeignKey("tickets.id")),
    Column("reply", Text, nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("letter_id"),
    Index("ix_texts_ticket_id", "ticket_id"),
)

attachments = Table(
    "attachments",
    metadata,
    make_id(),
    Column("letter_id", Id, ForeignKey("letters.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("filename", String(255), nullable=False),
    Column("content_type", String(255), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("inline", Boolean, nullable=False),
    Column("content_id", String(255)),
    Column("detected", String(255)),  # the type its bytes have, where the mail says another
    # A logo, a line, a tracking pixel: kept, and shown nowhere.
    Column("decoration", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("letter_id", "position"),
)

# Every Message-ID in or out, claimed in sorted order before deciding: two replies of one new
# thread, arriving together, meet here.
message_ids = Table(
    "message_ids",
    metadata,
    Column("desk_id", String(50), primary_key=True),
    Column("message_id", String(255), primary_key=True),
    Column("ticket_id", Id, ForeignKey("tickets.id")),
    Index("ix_message_ids_ticket_id", "ticket_id"),
)
