"""The tables of what comes after a ticket is solved: ratings, their follow-ups, knowledge, reports.

The index that finds words in solved tickets is each database's own, and is made here as well.
"""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)

from maildesk.store.column import Id, Instant, make_id, metadata

# What requesters thought of it (R9, M7, W8). A changed mind is a new row; one is current.
ratings = Table(
    "ratings",
    metadata,
    make_id(),
    Column("desk_id", String(50), nullable=False),
    Column("ticket_id", Id, ForeignKey("tickets.id"), nullable=False),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("score", Integer),  # 5 is best; null: only the profile's questions, or only words
    Column("answers", JSON, nullable=False),  # score by the key of the profile's question
    Column("words", Text, nullable=False),
    Column("source", String(8), nullable=False),  # page | mail | phone
    Column("current", Boolean, nullable=False),
    Index("ix_ratings_desk_id", "desk_id", "at"),
    Index("ix_ratings_ticket_id", "ticket_id"),
    Index(
        "ux_ratings_current",
        "ticket_id",
        unique=True,
        sqlite_where=text("current"),
        postgresql_where=text("current"),
    ),
)

# A low rating is answered by a person within its time (M8, 回访).
follow_ups = Table(
    "follow_ups",
    metadata,
    make_id(),
    Column("desk_id", String(50), nullable=False),
    Column("ticket_id", Id, ForeignKey("tickets.id"), nullable=False),
    Column("rating_id", Id, ForeignKey("ratings.id"), nullable=False),
    Column("why", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("done_by_id", Id, ForeignKey("people.id")),
    Column("record", Text),
    Index("ix_follow_ups_desk_id", "desk_id", "opened_at"),
    Index("ix_follow_ups_ticket_id", "ticket_id"),
    Index(
        "ux_follow_ups_open",
        "ticket_id",
        unique=True,
        sqlite_where=text("done_at IS NULL"),
        postgresql_where=text("done_at IS NULL"),
    ),
)

# What was learnt from tickets (F8, M9, N6): solutions others can use, and lessons.
articles = Table(
    "articles",
    metadata,
    make_id(),
    Column("desk_id", String(50), nullable=False),
    Column("number", String(64), nullable=False),  # KB-0001
    Column("ticket_id", Id, ForeignKey("tickets.id")),
    Column("kind", String(12), nullable=False),  # article | lesson
    Column("state", String(12), nullable=False),  # draft | published | withdrawn
    Column("title", Text, nullable=False),
    Column("category", String(64)),
    Column("language", String(16), nullable=False),
    Column("symptom", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("solution", Text, nullable=False),
    Column("prevention", Text, nullable=False),
    Column("author_id", Id, ForeignKey("people.id")),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("published_at", Instant),
    UniqueConstraint("desk_id", "number"),
    Index("ix_articles_state", "desk_id", "state"),
    Index("ix_articles_ticket_id", "ticket_id"),
)

# A report as its lead got it, what he said of it, and when it went on to its readers (R11).
reports = Table(
    "reports",
    metadata,
    make_id(),
    Column("desk_id", String(50), nullable=False),
    Column("kind", String(8), nullable=False),  # daily | weekly | monthly
    Column("period", String(16), nullable=False),  # 2026-11-20, 2026-W47, 2026-11
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("figures", JSON, nullable=False),
    Column("comment", Text),
    Column("commented_by_id", Id, ForeignKey("people.id")),
    Column("commented_at", Instant),
    Column("passed_on_at", Instant),
    UniqueConstraint("desk_id", "kind", "period"),
)

# What can be found by words: published articles and solved tickets. `terms` are written for an
# index (`desk.knowledge.grams`); the index itself is each database's own and no table of ours.
passages = Table(
    "passages",
    metadata,
    make_id(),
    Column("desk_id", String(50), nullable=False),
    Column("kind", String(8), nullable=False),  # ticket | article
    Column("ref_id", Id, nullable=False),  # its row
    Column("number", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("category", String(64), nullable=False),
    Column("symptom", Text, nullable=False),
    Column("extract", Text, nullable=False),  # the solution's first lines
    Column("terms", Text, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("kind", "ref_id"),
)

SEARCH_INDEX = "passage_terms"
INDEX_OF = {
    "sqlite": (
        f"CREATE VIRTUAL TABLE {SEARCH_INDEX} USING fts5"
        "(terms, content='passages', content_rowid='id', tokenize='unicode61')",
    ),
    "postgresql": (
        f"CREATE TABLE {SEARCH_INDEX} (id BIGINT PRIMARY KEY"
        " REFERENCES passages (id) ON DELETE CASCADE, terms TSVECTOR NOT NULL)",
        f"CREATE INDEX ix_{SEARCH_INDEX} ON {SEARCH_INDEX} USING gin (terms)",
    ),
}
"""How each database makes its index over `passages.terms`."""

for _dialect, _statements in INDEX_OF.items():
    for _statement in _statements:
        _make = DDL(_statement).execute_if(dialect=_dialect)  # type: ignore[no-untyped-call]
        event.listen(passages, "after_create", _make)
