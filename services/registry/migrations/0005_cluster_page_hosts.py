"""Where a cluster's profile on the collaboration platform stands: a dated row."""

import sqlalchemy as sa
from alembic import op

from services.registry import reference_data

revision = "registry_0005"
down_revision = "registry_0004"
branch_labels = None
depends_on = None

TEXTS = ("kind", "code", "name", "parent", "source")
term = sa.table("term", *(sa.column(name, sa.String) for name in TEXTS), sa.column("valid_from", sa.Date), sa.column("valid_to", sa.Date))


def upgrade() -> None:
    """Write the row."""
    op.bulk_insert(term, reference_data.cluster_page_hosts())


def downgrade() -> None:
    """Take it back."""
    op.execute(sa.delete(term).where(term.c.kind == "cluster-page-hosts"))
