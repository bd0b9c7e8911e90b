"""What engineers and requesters do by mail: a ticket's later moments, whose turn it is to be
assigned, where an answer to a letter goes, its files, and drafts that wait for release.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("tickets") as tickets:
        tickets.add_column(sa.Column("eta_at", sa.BigInteger(), nullable=True))
        tickets.add_column(sa.Column("solved_at", sa.BigInteger(), nullable=True))
        tickets.add_column(sa.Column("confirmed_at", sa.BigInteger(), nullable=True))
        tickets.add_column(sa.Column("closed_at", sa.BigInteger(), nullable=True))
        tickets.add_column(sa.Column("chases", sa.Integer(), nullable=False, server_default="0"))
        tickets.add_column(sa.Column("chased_at", sa.BigInteger(), nullable=True))
        tickets.create_index("ix_tickets_assignee", ["assignee_id", "state"], unique=False)
    with op.batch_alter_table("people") as people:
        people.add_column(sa.Column("assigned_at", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(
            sa.Column("relay", sa.String(length=12), nullable=False, server_default="internal")
        )
        outbox.add_column(sa.Column("relay_to", sa.String(length=320), nullable=True))
        outbox.add_column(sa.Column("files", sa.JSON(), nullable=True))
    op.create_table(
        "drafts",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("desk_id", sa.String(length=50), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "letter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("relay", sa.String(length=12), nullable=False),
        sa.Column("relay_to", sa.String(length=320), nullable=True),
        sa.Column("files", sa.JSON(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("released_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_drafts_letter_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_drafts_person_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_drafts_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    op.create_index("ix_drafts_letter_id", "drafts", ["letter_id"], unique=False)
    op.create_index("ix_drafts_ticket_id", "drafts", ["ticket_id", "person_id"], unique=False)
