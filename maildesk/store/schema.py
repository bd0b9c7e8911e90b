"""The tables: what maildesk remembers, and the unique constraints its concurrency rests on.

No queries here. How a time or a key is kept is `column`; what comes after a ticket is solved has
its tables in `schema_aftercare`.
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
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from maildesk.store.column import Id, Instant, make_id, metadata
from maildesk.store.schema_aftercare import articles, follow_ups, passages, ratings, reports

__all__ = [
    "articles",
    "follow_ups",
    "metadata",
    "passages",
    "ratings",
    "reports",
]  # the rest is below

# ── the ledger: every mail seen in every mailbox, and what became of it ──────────────────────

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

# ── tickets and the people in them ───────────────────────────────────────────────────────────

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

# ── what is still to come: letters to send, times that fall due ──────────────────────────────

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

# When somebody is away, by his own out-of-office notice or by the people list.
absences = Table(
    "absences",
    metadata,
    Column("person_id", Id, ForeignKey("people.id"), primary_key=True),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("letter_id", Id, ForeignKey("letters.id")),
)

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

# ── how the parts are: what `maildesk status` shows ──────────────────────────────────────────

health = Table(
    "health",
    metadata,
    Column("part", String(120), primary_key=True),
    Column("state", String(12), nullable=False),  # ok | degraded | down
    Column("since", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("detail", Text, nullable=False),
)
