"""The place of a frequently asked question among those of its language: at first the most recently changed ones come first."""

import sqlalchemy as sa
from alembic import op

revision = "registry_0011"
down_revision = "registry_0010"
branch_labels = None
depends_on = None

AS_SHOWN = """
    UPDATE faq SET position = numbered.position
    FROM (SELECT id, row_number() OVER (PARTITION BY language ORDER BY changed_at DESC, id DESC) AS position FROM faq) AS numbered
    WHERE faq.id = numbered.id
"""


def upgrade() -> None:
    """Make the change."""
    op.add_column("faq", sa.Column("position", sa.Integer(), nullable=False, server_default="1"))
    op.execute(AS_SHOWN)
    op.alter_column("faq", "position", server_default=None)


def downgrade() -> None:
    """Take it back."""
    op.drop_column("faq", "position")
