"""Of the same visitors one round is reckoned and one is shown at a time, also when two people act at once."""

from alembic import op

revision = "matching_0012"
down_revision = "matching_0011"
branch_labels = None
depends_on = None

STATES = ("computing", "shown")


def upgrade() -> None:
    """Make the change."""
    for state in STATES:
        op.create_index(
            f"uq_matching_round_{state}",
            "matching_round",
            ["partnership_id"],
            unique=True,
            postgresql_where=f"state = '{state}'",
            postgresql_nulls_not_distinct=True,
        )


def downgrade() -> None:
    """Take it back."""
    for state in STATES:
        op.drop_index(f"uq_matching_round_{state}", table_name="matching_round")
