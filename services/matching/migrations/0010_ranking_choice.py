"""A participant may move the weights of the ranking for itself, and may choose not to be ranked at all."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "matching_0010"
down_revision = "matching_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("participant", sa.Column("weights", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column("participant", sa.Column("is_ranked", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("participant", sa.Column("choice_version", sa.Integer(), server_default="1", nullable=False))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("participant", "choice_version")
    op.drop_column("participant", "is_ranked")
    op.drop_column("participant", "weights")
