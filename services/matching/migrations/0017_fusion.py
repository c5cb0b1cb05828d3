"""How both sides' scores become one is a figure like the others: by the harmonic mean."""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "matching_0017"
down_revision = "matching_0016"
branch_labels = None
depends_on = None

setting = sa.table(
    "setting", sa.column("name", sa.String), sa.column("valid_from", sa.Date), sa.column("value", sa.Integer), sa.column("source", sa.Text)
)
NAME, FIRST = "geometric_fusion", date(2020, 1, 1)


def upgrade() -> None:
    """Make the change, unless somebody has written such a row by hand."""
    found = op.get_bind().execute(sa.select(setting.c.name).where(setting.c.name == NAME, setting.c.valid_from == FIRST)).first()
    if found is None:
        op.bulk_insert(setting, [{"name": NAME, "valid_from": FIRST, "value": 0, "source": "assumption: the platform's own"}])


def downgrade() -> None:
    """Take it back."""
    op.execute(sa.delete(setting).where(setting.c.name == NAME))
