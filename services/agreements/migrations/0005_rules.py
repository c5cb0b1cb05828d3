"""The figures and the method that exchanges go by, as dated, sourced rows; and which method each version was counted by."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import sqlalchemy as sa
from alembic import op

revision = "agreements_0005"
down_revision = "agreements_0004"
branch_labels = None
depends_on = None

PUBLIC_PAGES = "public pages"
OURS = "assumption: the platform's own"
SISTERS = "assumption: experience of sister programmes"

FIGURES = (
    ("least_working_days", 3, PUBLIC_PAGES),
    ("longest_stay_months", 1, PUBLIC_PAGES),
    ("farthest_ahead_days", 730, OURS),
    ("arrival_reminder_days", 1, OURS),
    ("arrival_second_reminder_days", 4, OURS),
    ("arrival_escalation_days", 8, OURS),
    ("automatic_end_days", 3, OURS),
    ("report_days", 30, OURS),
    ("report_reminder_days", 7, SISTERS),
    ("report_reminders", 12, OURS),
)
METHOD = "calendar_without_public_holidays"
METHOD_SOURCE = "assumption: working days as the host country's calendar has them"

DATED = (("name", sa.String(40)), ("valid_from", sa.Date()), ("source", sa.Text()), ("added_at", sa.DateTime(timezone=True)))


def upgrade() -> None:
    """Make the change."""
    figures, methods = _dated_table("rule_figure", sa.Integer()), _dated_table("rule_method", sa.String(60))
    op.bulk_insert(figures, [_row(name, value, source) for name, value, source in FIGURES])
    op.bulk_insert(methods, [_row("working_days", METHOD, METHOD_SOURCE)])
    counted = sa.text(
        "UPDATE agreement SET content = content || jsonb_build_object('working_days_method', CAST(:method AS text), "
        "'working_days_source', CAST(:source AS text)) WHERE kind = 'commitment_to_quality'"
    )
    op.execute(counted.bindparams(method=METHOD, source=METHOD_SOURCE))


def downgrade() -> None:
    """Take it back."""
    op.execute("UPDATE agreement SET content = content - 'working_days_method' - 'working_days_source'")
    op.drop_table("rule_method")
    op.drop_table("rule_figure")


def _dated_table(name: str, value: Any) -> sa.Table:
    columns = [sa.Column(each, kind, nullable=False) for each, kind in DATED]
    return op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        *columns,
        sa.Column("value", value, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("name", "valid_from", name=op.f(f"uq_{name}_name_valid_from")),
    )


def _row(name: str, value: Any, source: str) -> dict[str, Any]:
    # The id is the same in every database.
    key = uuid5(NAMESPACE_URL, f"clusterxchange/exchange-rule/{name}")
    return {
        "id": key, "name": name, "value": value, "source": source, "valid_from": date(2020, 1, 1),
        "added_at": datetime(2020, 1, 1, tzinfo=UTC),
    }  # fmt: skip
