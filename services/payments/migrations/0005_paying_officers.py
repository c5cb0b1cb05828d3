"""Who may be the second person of a payment: a copy of the paying officers that identity announces."""

import sqlalchemy as sa
from alembic import op

revision = "payments_0005"
down_revision = "payments_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "paying_officer",
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("is_one", sa.Boolean(), nullable=False),
        sa.Column("heard_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("partnership_id", "person_id", name=op.f("pk_paying_officer")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("paying_officer")
