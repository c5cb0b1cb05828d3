"""Each participant's last change that lists depend on, by the data version that it made; and whose count of versions it is."""

import sqlalchemy as sa
from alembic import op

revision = "matching_0013"
down_revision = "matching_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "participant_change",
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("participation_id", name=op.f("pk_participant_change")),
    )
    op.add_column("data_version", sa.Column("line", sa.Uuid(), server_default=sa.func.gen_random_uuid(), nullable=False))
    op.create_index(op.f("ix_participant_change_number"), "participant_change", ["number"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_column("data_version", "line")
    op.drop_index(op.f("ix_participant_change_number"), table_name="participant_change")
    op.drop_table("participant_change")
