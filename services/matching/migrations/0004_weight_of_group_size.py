"""A group larger than the host takes costs points, which the words of the motivation give up."""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "matching_0004"
down_revision = "matching_0003"
branch_labels = None
depends_on = None

SOURCE = "assumption of ours until accept and decline have taught better ones"
FIRST, BEFORE, SINCE = date(2020, 1, 1), 40, 20
COLUMNS = (sa.column("name", sa.String), sa.column("valid_from", sa.Date), sa.column("value", sa.Integer), sa.column("source", sa.Text))
setting = sa.table("setting", *COLUMNS)
of_text = (setting.c.name == "weight_text", setting.c.valid_from == FIRST)
of_group_size = (setting.c.name == "weight_group_size", setting.c.valid_from == FIRST)


def upgrade() -> None:
    """Where the weights were written before there was this one; a new database has it already, with the others."""
    if op.get_bind().scalar(sa.select(sa.func.count()).select_from(setting).where(*of_group_size)):
        return
    op.bulk_insert(setting, [{"name": "weight_group_size", "valid_from": FIRST, "value": SINCE, "source": SOURCE}])
    op.execute(sa.update(setting).where(*of_text, setting.c.value == BEFORE).values(value=BEFORE - SINCE))


def downgrade() -> None:
    """Give the points back."""
    op.execute(sa.delete(setting).where(*of_group_size))
    op.execute(sa.update(setting).where(*of_text).values(value=BEFORE))
