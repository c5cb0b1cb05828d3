"""Whether an organisation's number is its VAT number or one in a register; what stood there until now was any text."""

import sqlalchemy as sa
from alembic import op

revision = "registry_0004"
down_revision = "registry_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change: numbers that nobody checked are taken for register numbers."""
    op.add_column("organisation", sa.Column("number_kind", sa.String(length=20), nullable=True))
    op.execute("UPDATE organisation SET number_kind = 'register' WHERE registration_number IS NOT NULL")


def downgrade() -> None:
    """Take it back."""
    op.drop_column("organisation", "number_kind")
