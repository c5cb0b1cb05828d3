"""Matching rounds, and the pairs that they propose."""

import sqlalchemy as sa
from alembic import op

revision = "matching_0011"
down_revision = "matching_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "matching_round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("partnership_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data_version", sa.BigInteger(), nullable=True),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("visitors", "hosts", "pairs", "score_total", "first_total", "version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matching_round")),
    )
    op.create_index(op.f("ix_matching_round_partnership_id"), "matching_round", ["partnership_id"], unique=False)
    op.create_index("ix_matching_round_started_at", "matching_round", ["started_at", "id"], unique=False)
    op.create_table(
        "suggested_pair",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("visitor_participation_id", sa.Uuid(), nullable=False),
        sa.Column("host_participation_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("visitor_first_id", sa.Uuid(), nullable=False),
        sa.Column("visitor_first_score", sa.Integer(), nullable=False),
        sa.Column("visitor_gives_up", sa.Integer(), nullable=False),
        sa.Column("host_first_id", sa.Uuid(), nullable=False),
        sa.Column("host_first_score", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["matching_round.id"], name=op.f("fk_suggested_pair_round_id_matching_round")),
        *(
            sa.ForeignKeyConstraint(
                [f"{side}_participation_id"],
                ["participant.participation_id"],
                name=op.f(f"fk_suggested_pair_{side}_participation_id_participant"),
            )
            for side in ("visitor", "host")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggested_pair")),
    )
    for name in ("round_id", "visitor_participation_id", "host_participation_id"):
        op.create_index(op.f(f"ix_suggested_pair_{name}"), "suggested_pair", [name], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_table("suggested_pair")
    op.drop_table("matching_round")
