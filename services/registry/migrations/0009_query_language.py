"""registry: the language in which whoever sent a query without an account reads."""

import sqlalchemy as sa
from alembic import op

revision = "registry_0009"
down_revision = "registry_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("support_query", sa.Column("language", sa.String(length=8), nullable=False, server_default="en"))
    op.alter_column("support_query", "language", server_default=None)


def downgrade() -> None:
    """Take it back."""
    op.drop_column("support_query", "language")
