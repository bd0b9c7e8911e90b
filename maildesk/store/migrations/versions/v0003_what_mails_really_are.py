"""For how long an address is not written to after a letter came back, and what a file really is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_WEEK = 7 * 24 * 3600 * 1_000_000  # what a lasting refusal costs when nothing is configured


def upgrade() -> None:
    with op.batch_alter_table("addresses") as addresses:
        addresses.add_column(sa.Column("bounced_until", sa.BigInteger(), nullable=True))
        addresses.add_column(sa.Column("bounced_why", sa.Text(), nullable=True))
    op.execute(
        f"UPDATE addresses SET bounced_until = bounced_at + {_WEEK}, bounced_why = 'hard' "
        "WHERE bounced_at IS NOT NULL"
    )
    with op.batch_alter_table("attachments") as attachments:
        attachments.add_column(sa.Column("detected", sa.String(length=255), nullable=True))
        attachments.add_column(
            sa.Column("decoration", sa.Boolean(), nullable=False, server_default=sa.false())
        )
