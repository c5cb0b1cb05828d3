"""How many days before it is due somebody is reminded of the evidence, as a dated, sourced row."""

from datetime import UTC, date, datetime
from uuid import NAMESPACE_URL, uuid5

import sqlalchemy as sa
from alembic import op

revision = "payments_0008"
down_revision = "payments_0007"
branch_labels = None
depends_on = None

figure = sa.table(
    "rule_figure", sa.column("id", sa.Uuid), sa.column("name", sa.String), sa.column("value", sa.Integer),
    sa.column("valid_from", sa.Date), sa.column("source", sa.Text), sa.column("added_at", sa.DateTime(timezone=True)),
)  # fmt: skip
DAYS = {
    "id": uuid5(NAMESPACE_URL, "clusterxchange/reference/evidence_reminder_days"),
    "name": "evidence_reminder_days",
    "value": 7,
    "source": "assumption: the platform's own",
    "valid_from": date(2020, 1, 1),
    "added_at": datetime(2020, 1, 1, tzinfo=UTC),
}


def upgrade() -> None:
    """Make the change."""
    op.bulk_insert(figure, [DAYS])


def downgrade() -> None:
    """Take it back."""
    op.execute(sa.delete(figure).where(figure.c.name == "evidence_reminder_days"))
