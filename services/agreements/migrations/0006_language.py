"""agreements: the language of a plan, and of the texts that are made of it."""

import sqlalchemy as sa
from alembic import op

revision = "agreements_0006"
down_revision = "agreements_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change; all there is was written in English."""
    for table in ("draft", "agreement"):
        op.add_column(table, sa.Column("language", sa.Text(), nullable=False, server_default="en"))
        op.alter_column(table, "language", server_default=None)


def downgrade() -> None:
    """Take it back."""
    for table in ("draft", "agreement"):
        op.drop_column(table, "language")
