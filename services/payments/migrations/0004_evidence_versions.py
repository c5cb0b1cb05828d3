"""How often the evidence of an exchange changed: what If-Match names when all of it is accepted."""

import sqlalchemy as sa
from alembic import op

revision = "payments_0004"
down_revision = "payments_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("exchange", sa.Column("evidence_version", sa.Integer(), server_default="1", nullable=False))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("exchange", "evidence_version")
