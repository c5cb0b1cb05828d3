"""Settings become rows as every service has them, added by administrators; and the shortest stay is one of them."""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "matching_0005"
down_revision = "matching_0004"
branch_labels = None
depends_on = None

setting = sa.table(
    "setting", sa.column("name", sa.String), sa.column("valid_from", sa.Date), sa.column("value", sa.Integer), sa.column("source", sa.Text)
)
LEAST_STAY = {"name": "least_working_days", "valid_from": date(2020, 1, 1), "value": 3, "source": "public pages"}


def upgrade() -> None:
    """Make the change."""
    # The defaults are for weights, which belong together and are changed by hand.
    op.add_column("setting", sa.Column("id", sa.Uuid(), server_default=sa.func.gen_random_uuid(), nullable=False))
    op.add_column("setting", sa.Column("added_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False))
    op.drop_constraint(op.f("pk_setting"), "setting", type_="primary")
    op.create_primary_key(op.f("pk_setting"), "setting", ["id"])
    op.create_unique_constraint(op.f("uq_setting_name_valid_from"), "setting", ["name", "valid_from"])
    op.alter_column("setting", "name", type_=sa.String(40))
    op.bulk_insert(setting, [LEAST_STAY])


def downgrade() -> None:
    """Take it back."""
    op.execute(sa.delete(setting).where(setting.c.name == LEAST_STAY["name"]))
    op.alter_column("setting", "name", type_=sa.String(60))
    op.drop_constraint(op.f("uq_setting_name_valid_from"), "setting", type_="unique")
    op.drop_constraint(op.f("pk_setting"), "setting", type_="primary")
    op.create_primary_key(op.f("pk_setting"), "setting", ["name", "valid_from"])
    op.drop_column("setting", "added_at")
    op.drop_column("setting", "id")
