"""The weights of the ranking's criteria: dated rows, as they are an assumption that will be replaced."""

from datetime import date

import sqlalchemy as sa
from alembic import op

from services.matching.ranking import WEIGHTS

revision = "matching_0002"
down_revision = "matching_0001"
branch_labels = None
depends_on = None

SOURCE = "assumption of ours until accept and decline have taught better ones"
COLUMNS = (sa.column("name", sa.String), sa.column("valid_from", sa.Date), sa.column("value", sa.Integer), sa.column("source", sa.Text))
setting = sa.table("setting", *COLUMNS)


def upgrade() -> None:
    """Write the rows."""
    first = {"valid_from": date(2020, 1, 1), "source": SOURCE}
    op.bulk_insert(setting, [{"name": f"weight_{criterion}", "value": weight} | first for criterion, weight in WEIGHTS.items()])


def downgrade() -> None:
    """Take them back."""
    op.execute(sa.delete(setting).where(setting.c.name.startswith("weight_", autoescape=True)))
