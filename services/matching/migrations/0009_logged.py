"""The log of lists is completed by what was opened and how exchanges were rated; a list may have been made by weights of one's own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "matching_0009"
down_revision = "matching_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "opened_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("partner_participation_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data_version", sa.BigInteger(), nullable=False),
        sa.Column("shown_list_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["shown_list_id"], ["shown_list.id"], name=op.f("fk_opened_entry_shown_list_id_shown_list")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opened_entry")),
    )
    op.create_index(op.f("ix_opened_entry_participation_id"), "opened_entry", ["participation_id"], unique=False)
    op.create_table(
        "rating",
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("usefulness", sa.Integer(), nullable=True),
        sa.Column("heard_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("exchange_id", "side", name=op.f("pk_rating")),
    )
    op.add_column("shown_list", sa.Column("weights", postgresql.JSONB(astext_type=sa.Text()), nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("shown_list", "weights")
    op.drop_table("rating")
    op.drop_index(op.f("ix_opened_entry_participation_id"), table_name="opened_entry")
    op.drop_table("opened_entry")
