"""Hosts are shown so often a week at most, the order goes by exposure, and hosts that do not answer sink; figures for all of it."""

from datetime import date

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "matching_0015"
down_revision = "matching_0014"
branch_labels = None
depends_on = None

setting = sa.table(
    "setting", sa.column("name", sa.String), sa.column("valid_from", sa.Date), sa.column("value", sa.Integer), sa.column("source", sa.Text)
)
FIGURES = {"host_shown_per_week": 300, "exposure_order": 1, "silent_requests": 3, "silence_notice_days": 7}
SOURCE = "assumption: the platform's own"


def upgrade() -> None:
    """Make the change."""
    op.add_column("participant", sa.Column("answering", sa.String(length=10), server_default="answers", nullable=False))
    op.add_column("participant", sa.Column("unanswered", sa.Integer(), server_default="0", nullable=False))
    op.add_column("participant", sa.Column("silence_warned_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_participant_not_answering", "participant", ["answering"], postgresql_where="answering <> 'answers'")
    op.add_column("shown_list", sa.Column("setting", sa.String(length=10), nullable=True))
    op.add_column("shown_list", sa.Column("best_total", sa.Integer(), nullable=True))
    op.add_column("shown_list", sa.Column("given_up", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_shown_list_at"), "shown_list", ["at"], unique=False)
    op.create_table(
        "showing",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("to_participation_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("week", "role", "participation_id", "to_participation_id", name=op.f("pk_showing")),
    )
    op.create_index("ix_showing_at", "showing", ["at"], unique=False)
    op.create_table(
        "shown_in_week",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("week", "participation_id", name=op.f("pk_shown_in_week")),
    )
    op.create_index("ix_shown_in_week_week", "shown_in_week", ["week", "count"], unique=False)
    op.create_table(
        "exposure",
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("role", "participation_id", name=op.f("pk_exposure")),
    )
    op.create_table(
        "exposure_count",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("usual", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("hosts", "hosts_shown", "gini", "lists")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("best_total", "given_up")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exposure_count")),
        sa.UniqueConstraint("day", name=op.f("uq_exposure_count_day")),
    )
    op.create_index(op.f("ix_exposure_count_counted_at"), "exposure_count", ["counted_at"], unique=False)
    rows = [{"name": name, "valid_from": date(2020, 1, 1), "value": value, "source": SOURCE} for name, value in FIGURES.items()]
    op.bulk_insert(setting, rows)


def downgrade() -> None:
    """Take it back."""
    op.execute(sa.delete(setting).where(setting.c.name.in_(FIGURES)))
    for table in ("exposure_count", "exposure", "shown_in_week", "showing"):
        op.drop_table(table)
    op.drop_index(op.f("ix_shown_list_at"), table_name="shown_list")
    for column in ("given_up", "best_total", "setting"):
        op.drop_column("shown_list", column)
    op.drop_index("ix_participant_not_answering", table_name="participant")
    for column in ("silence_warned_at", "unanswered", "answering"):
        op.drop_column("participant", column)
