"""What was thrown away out of the parking, by whom and why."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "chassis_0002"
down_revision = "chassis_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "dropped",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parked_id", sa.String(length=12), nullable=False),
        sa.Column("dropped_by", sa.String(length=120), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("message", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dropped")),
    )
    op.create_index(op.f("ix_dropped_parked_id"), "dropped", ["parked_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("dropped")
