"""What comes after a ticket is solved: ratings and their follow-ups, knowledge, reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from maildesk.store.schema.aftercare import INDEX_OF

revision = "0005"
down_revision = "0004"

_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _extend_tickets()
    _add_ratings()
    _add_knowledge()
    _add_reports()


def _extend_tickets() -> None:
    with op.batch_alter_table("tickets") as tickets:
        tickets.add_column(sa.Column("closed_by", sa.String(length=12), nullable=True))
        tickets.add_column(sa.Column("reopens", sa.Integer(), nullable=False, server_default="0"))
        tickets.add_column(sa.Column("archived_at", sa.BigInteger(), nullable=True))
    # Not in the batch: a reference would rebuild the table, which others refer to.
    refers = sa.ForeignKey("people.id", name="fk_tickets_confirmed_by_id")
    op.add_column("tickets", sa.Column("confirmed_by_id", _Id, refers), inline_references=True)
    op.create_index("ix_tickets_closed", "tickets", ["desk_id", "closed_at"])


def _add_ratings() -> None:
    op.create_table(
        "ratings",
        sa.Column("id", _Id, primary_key=True, autoincrement=True),
        sa.Column("desk_id", sa.String(50), nullable=False),
        sa.Column("ticket_id", _Id, sa.ForeignKey("tickets.id"), nullable=False),
        sa.Column("person_id", _Id, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.Integer()),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("source", sa.String(8), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_ratings_desk_id", "ratings", ["desk_id", "at"])
    op.create_index("ix_ratings_ticket_id", "ratings", ["ticket_id"])
    current = sa.text("current")
    op.create_index(
        "ux_ratings_current",
        "ratings",
        ["ticket_id"],
        unique=True,
        sqlite_where=current,
        postgresql_where=current,
    )
    op.create_table(
        "follow_ups",
        sa.Column("id", _Id, primary_key=True, autoincrement=True),
        sa.Column("desk_id", sa.String(50), nullable=False),
        sa.Column("ticket_id", _Id, sa.ForeignKey("tickets.id"), nullable=False),
        sa.Column("rating_id", _Id, sa.ForeignKey("ratings.id"), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger()),
        sa.Column("done_by_id", _Id, sa.ForeignKey("people.id")),
        sa.Column("record", sa.Text()),
    )
    op.create_index("ix_follow_ups_desk_id", "follow_ups", ["desk_id", "opened_at"])
    op.create_index("ix_follow_ups_ticket_id", "follow_ups", ["ticket_id"])
    waits = sa.text("done_at IS NULL")
    op.create_index(
        "ux_follow_ups_open",
        "follow_ups",
        ["ticket_id"],
        unique=True,
        sqlite_where=waits,
        postgresql_where=waits,
    )


def _add_knowledge() -> None:
    op.create_table(
        "articles",
        sa.Column("id", _Id, primary_key=True, autoincrement=True),
        sa.Column("desk_id", sa.String(50), nullable=False),
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("ticket_id", _Id, sa.ForeignKey("tickets.id")),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("category", sa.String(64)),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("symptom", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("solution", sa.Text(), nullable=False),
        sa.Column("prevention", sa.Text(), nullable=False),
        sa.Column("author_id", _Id, sa.ForeignKey("people.id")),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("published_at", sa.BigInteger()),
        sa.UniqueConstraint("desk_id", "number"),
    )
    op.create_index("ix_articles_state", "articles", ["desk_id", "state"])
    op.create_index("ix_articles_ticket_id", "articles", ["ticket_id"])
    op.create_table(
        "passages",
        sa.Column("id", _Id, primary_key=True, autoincrement=True),
        sa.Column("desk_id", sa.String(50), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("ref_id", _Id, nullable=False),
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("category", sa.String(64), nullable=False),
        sa.Column("symptom", sa.Text(), nullable=False),
        sa.Column("extract", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("kind", "ref_id"),
    )
    for statement in INDEX_OF[op.get_context().dialect.name]:
        op.execute(statement)


def _add_reports() -> None:
    op.create_table(
        "reports",
        sa.Column("id", _Id, primary_key=True, autoincrement=True),
        sa.Column("desk_id", sa.String(50), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("period", sa.String(16), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("comment", sa.Text()),
        sa.Column("commented_by_id", _Id, sa.ForeignKey("people.id")),
        sa.Column("commented_at", sa.BigInteger()),
        sa.Column("passed_on_at", sa.BigInteger()),
        sa.UniqueConstraint("desk_id", "kind", "period"),
    )
