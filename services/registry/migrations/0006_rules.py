"""The figures that registrations go by, as dated, sourced rows, where constants in code were before."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import sqlalchemy as sa
from alembic import op

revision = "registry_0006"
down_revision = "registry_0005"
branch_labels = None
depends_on = None

OURS = "assumption: the platform's own"
FIGURES = {"ecosystem_points": 2, "country_points": 3, "seat_points": 1, "interest_every_months": 6, "interest_answer_days": 30}


def upgrade() -> None:
    """Make the change."""
    figures = op.create_table(
        "rule_figure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_figure")),
        sa.UniqueConstraint("name", "valid_from", name=op.f("uq_rule_figure_name_valid_from")),
    )
    op.bulk_insert(figures, [_row(name, value) for name, value in FIGURES.items()])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("rule_figure")


def _row(name: str, value: int) -> dict[str, Any]:
    # The id is the same in every database.
    key = uuid5(NAMESPACE_URL, f"clusterxchange/registration-rule/{name}")
    dated = {"source": OURS, "valid_from": date(2020, 1, 1), "added_at": datetime(2020, 1, 1, tzinfo=UTC)}
    return {"id": key, "name": name, "value": value, **dated}
