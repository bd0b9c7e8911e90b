"""What a profile judges a ticket by, its limits and pauses, and what somebody must decide."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("tickets") as tickets:
        for name in ("impact", "urgency", "severity", "result"):
            tickets.add_column(sa.Column(name, sa.String(length=64), nullable=True))
        for name in ("fields", "tags", "pauses"):
            tickets.add_column(sa.Column(name, sa.JSON(), nullable=True))
        for name in ("assigned_at", "contact_due", "solution_due"):
            tickets.add_column(sa.Column(name, sa.BigInteger(), nullable=True))
    # Not in the batch: a reference would rebuild the table, which others refer to.
    for name in ("parent_id", "merged_into_id"):
        refers = sa.ForeignKey("tickets.id", name=f"fk_tickets_{name}")
        op.add_column("tickets", sa.Column(name, _Id, refers), inline_references=True)
    op.create_index("ix_tickets_parent_id", "tickets", ["parent_id"])
    op.create_index("ix_tickets_merged_into_id", "tickets", ["merged_into_id"])
    op.create_table(
        "approvals",
        sa.Column("id", _Id, primary_key=True, autoincrement=True),
        sa.Column("desk_id", sa.String(50), nullable=False),
        sa.Column("ticket_id", _Id, sa.ForeignKey("tickets.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("asked_by_id", _Id, sa.ForeignKey("people.id")),
        sa.Column("asked_of", sa.JSON(), nullable=False),
        sa.Column("form", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger()),
        sa.Column("decision", sa.String(12)),
        sa.Column("decided_at", sa.BigInteger()),
        sa.Column("decided_by_id", _Id, sa.ForeignKey("people.id")),
        sa.Column("owner", sa.String(330)),
        sa.Column("reason", sa.Text()),
    )
    op.create_index("ix_approvals_ticket_id", "approvals", ["ticket_id", "decision"])
    undecided = sa.text("decision IS NULL")
    op.create_index(
        "ux_approvals_open",
        "approvals",
        ["ticket_id", "kind"],
        unique=True,
        sqlite_where=undecided,
        postgresql_where=undecided,
    )
    op.create_table(
        "absences",
        sa.Column("person_id", _Id, sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("letter_id", _Id, sa.ForeignKey("letters.id")),
    )
    op.create_table(
        "outages",
        sa.Column("id", _Id, primary_key=True, autoincrement=True),
        sa.Column("desk_id", sa.String(50), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_outages_desk_id", "outages", ["desk_id", "until"])
