"""Which fact of the registry a partnership's names come from."""

import sqlalchemy as sa
from alembic import op

revision = "agreements_0003"
down_revision = "agreements_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("partnership", sa.Column("heard_version", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("partnership", "heard_version")
