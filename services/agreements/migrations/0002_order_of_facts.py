"""Which fact of payments the mirrored payment comes from."""

import sqlalchemy as sa
from alembic import op

revision = "agreements_0002"
down_revision = "agreements_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("exchange", sa.Column("payment_as_of", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("exchange", "payment_as_of")
