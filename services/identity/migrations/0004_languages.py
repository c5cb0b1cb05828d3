"""identity: the language of a person; notices keep what they say about, and are put into words when they are read."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "identity_0004"
down_revision = "identity_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    for table in ("account", "mail"):
        op.add_column(table, sa.Column("language", sa.String(length=8), nullable=False, server_default="en"))
        op.alter_column(table, "language", server_default=None)
    op.add_column("notice", sa.Column("days", postgresql.JSONB(), nullable=False, server_default="{}"))
    op.alter_column("notice", "days", server_default=None)
    # The only texts that named a day.
    op.execute(
        "UPDATE notice SET days = jsonb_build_object('due_by', substring(text from '[0-9]{4}-[0-9]{2}-[0-9]{2}')) "
        "WHERE type IN ('payment_due', 'payment_reminded')"
    )
    op.drop_column("notice", "title")
    op.drop_column("notice", "text")


def downgrade() -> None:
    """Take it back; what notices said is lost."""
    op.add_column("notice", sa.Column("text", sa.Text(), nullable=False, server_default=""))
    op.add_column("notice", sa.Column("title", sa.String(length=200), nullable=False, server_default=""))
    op.drop_column("notice", "days")
    for table in ("account", "mail"):
        op.drop_column(table, "language")
