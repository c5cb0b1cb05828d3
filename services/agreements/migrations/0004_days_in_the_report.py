"""The closing report says on which days the visitor was there, in its own words."""

import sqlalchemy as sa
from alembic import op

revision = "agreements_0004"
down_revision = "agreements_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("closing_report", sa.Column("first_day", sa.Date(), nullable=True))
    op.add_column("closing_report", sa.Column("last_day", sa.Date(), nullable=True))
    op.add_column("closing_report", sa.Column("days_present", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Take it back."""
    for name in ("days_present", "last_day", "first_day"):
        op.drop_column("closing_report", name)
