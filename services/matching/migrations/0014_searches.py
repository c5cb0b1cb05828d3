"""Saved searches and whom they found; and since when a participation is in the catalogue."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "matching_0014"
down_revision = "matching_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    # When those came that are there already is not known; they come before all that follow.
    op.add_column("participant", sa.Column("listed_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False))
    op.alter_column("participant", "listed_at", server_default=None)
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("criteria", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sort", sa.String(length=20), nullable=False),
        sa.Column("for_participation_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=10), nullable=True),
        sa.Column("alert", sa.String(length=10), nullable=False),
        sa.Column("seen_as", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
    )
    op.create_index(op.f("ix_saved_search_person_id"), "saved_search", ["person_id"], unique=False)
    op.create_index("ix_saved_search_alert", "saved_search", ["alert"], unique=False)
    op.create_table(
        "known_fit",
        sa.Column("saved_search_id", sa.Uuid(), nullable=False),
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["saved_search_id"], ["saved_search.id"], name=op.f("fk_known_fit_saved_search_id_saved_search"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("saved_search_id", "participation_id", name=op.f("pk_known_fit")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("known_fit")
    op.drop_table("saved_search")
    op.drop_column("participant", "listed_at")
