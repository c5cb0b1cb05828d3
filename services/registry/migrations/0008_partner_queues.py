"""Queues of partnerships have a name of their own, which nobody can guess; those that are there keep theirs."""

import sqlalchemy as sa
from alembic import op

revision = "registry_0008"
down_revision = "registry_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("partner_access", sa.Column("queue", sa.String(length=120), nullable=True))
    op.execute("UPDATE partner_access SET queue = login")
    op.alter_column("partner_access", "queue", nullable=False)
    op.create_unique_constraint(op.f("uq_partner_access_queue"), "partner_access", ["queue"])


def downgrade() -> None:
    """Take it back."""
    op.drop_constraint(op.f("uq_partner_access_queue"), "partner_access", type_="unique")
    op.drop_column("partner_access", "queue")
