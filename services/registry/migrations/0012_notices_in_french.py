"""The notices that a registration consents to, in French beside English: one version, whatever the language it is read in."""

import sqlalchemy as sa
from alembic import op

from services.registry import reference_data

revision = "registry_0012"
down_revision = "registry_0011"
branch_labels = None
depends_on = None

TEXTS = ("notice", "version", "language", "heading", "text", "source")
notice = sa.table(
    "notice", *(sa.column(name, sa.String) for name in TEXTS), sa.column("valid_from", sa.Date), sa.column("valid_to", sa.Date)
)


def upgrade() -> None:
    """Make the change."""
    op.add_column("notice", sa.Column("language", sa.String(length=2), nullable=False, server_default="en"))
    op.alter_column("notice", "language", server_default=None)
    op.drop_constraint(op.f("uq_notice_notice_version"), "notice")
    op.create_unique_constraint(op.f("uq_notice_notice_version_language"), "notice", ["notice", "version", "language"])
    op.bulk_insert(notice, reference_data.notices_in_french())


def downgrade() -> None:
    """Take it back."""
    op.execute(sa.delete(notice).where(notice.c.language != "en"))
    op.drop_constraint(op.f("uq_notice_notice_version_language"), "notice")
    op.create_unique_constraint(op.f("uq_notice_notice_version"), "notice", ["notice", "version"])
    op.drop_column("notice", "language")
