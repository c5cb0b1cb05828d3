"""Contacts are found by whoever visits, also those that are over, and known fits by the participation."""

from alembic import op

revision = "matching_0016"
down_revision = "matching_0015"
branch_labels = None
depends_on = None

INDEXES = {"contact": "visitor_participation_id", "known_fit": "participation_id"}


def upgrade() -> None:
    """Make the change."""
    for table, column in INDEXES.items():
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def downgrade() -> None:
    """Take it back."""
    for table, column in INDEXES.items():
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
