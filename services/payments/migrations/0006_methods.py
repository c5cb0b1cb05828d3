"""How distances are measured as a dated, sourced row; how days were counted; and the days to pay as they were agreed on."""

from datetime import UTC, date, datetime
from uuid import NAMESPACE_URL, uuid5

import sqlalchemy as sa
from alembic import op

revision = "payments_0006"
down_revision = "payments_0005"
branch_labels = None
depends_on = None

DISTANCE = {
    "id": uuid5(NAMESPACE_URL, "clusterxchange/reference/distance"),
    "name": "distance",
    "value": "great_circle_of_towns",
    "source": "assumption: great circle between the two seats",
    "valid_from": date(2020, 1, 1),
    "added_at": datetime(2020, 1, 1, tzinfo=UTC),
}

# Until now there was one way of counting, and one figure of days to pay held for all that was computed.
COUNTED = """
    UPDATE exchange SET plan_method = 'Monday to Friday, less the host country''s public holidays, travel days left out',
        plan_method_source = 'assumption: working days as the host country''s calendar has them' WHERE plan_version IS NOT NULL
"""
DAYS_TO_PAY = """
    UPDATE assistance SET rules = rules || jsonb_build_object('payment_days', (
        SELECT jsonb_build_array(figure.value, figure.source) FROM rule_figure AS figure
        WHERE figure.name = 'payment_days' AND figure.valid_from <= assistance.computed_at::date ORDER BY figure.valid_from DESC LIMIT 1
    ))
"""


def upgrade() -> None:
    """Make the change."""
    methods = op.create_table(
        "rule_method",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_method")),
        sa.UniqueConstraint("name", "valid_from", name=op.f("uq_rule_method_name_valid_from")),
    )
    op.bulk_insert(methods, [DISTANCE])
    op.add_column("exchange", sa.Column("plan_method", sa.Text(), nullable=True))
    op.add_column("exchange", sa.Column("plan_method_source", sa.Text(), nullable=True))
    op.execute(COUNTED)
    op.execute(DAYS_TO_PAY)


def downgrade() -> None:
    """Take it back."""
    op.execute("UPDATE assistance SET rules = rules - 'payment_days'")
    op.drop_column("exchange", "plan_method_source")
    op.drop_column("exchange", "plan_method")
    op.drop_table("rule_method")
