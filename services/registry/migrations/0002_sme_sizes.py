"""Which sizes a small or medium-sized enterprise may have: dated rows, where a rule in code was before."""

import sqlalchemy as sa
from alembic import op

from services.registry import reference_data

revision = "registry_0002"
down_revision = "registry_0001"
branch_labels = None
depends_on = None

TEXTS = ("kind", "code", "name", "parent", "source")
term = sa.table("term", *(sa.column(name, sa.String) for name in TEXTS), sa.column("valid_from", sa.Date), sa.column("valid_to", sa.Date))


def upgrade() -> None:
    """Write the rows."""
    op.bulk_insert(term, reference_data.sme_sizes())


def downgrade() -> None:
    """Take them back."""
    op.execute(sa.delete(term).where(term.c.kind == "sme-sizes"))
