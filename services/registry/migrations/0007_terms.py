"""Footnotes of terms, the United Kingdom's period, and which NACE divisions belong to which ecosystems."""

import sqlalchemy as sa
from alembic import op

from contracts.countries import FOOTNOTES
from services.registry import reference_data

revision = "registry_0007"
down_revision = "registry_0006"
branch_labels = None
depends_on = None

TEXTS = ("kind", "code", "name", "parent", "footnote", "source")
term = sa.table("term", *(sa.column(name, sa.String) for name in TEXTS), sa.column("valid_from", sa.Date), sa.column("valid_to", sa.Date))


def upgrade() -> None:
    """Make the change."""
    op.add_column("term", sa.Column("footnote", sa.Text(), nullable=True))
    for code, footnote in FOOTNOTES.items():
        marked = (term.c.code == code, term.c.kind.in_(("countries", "eligible-countries")))
        op.execute(sa.update(term).where(*marked).values(footnote=footnote))
    op.bulk_insert(term, reference_data.periods())
    activity = op.create_table(
        "ecosystem_activity",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ecosystem", sa.String(length=40), nullable=False),
        sa.Column("nace", sa.String(length=2), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecosystem_activity")),
        sa.UniqueConstraint("ecosystem", "nace", "valid_from", name=op.f("uq_ecosystem_activity_ecosystem_nace_valid_from")),
    )
    op.bulk_insert(activity, reference_data.ecosystem_activities())


def downgrade() -> None:
    """Take it back."""
    op.drop_table("ecosystem_activity")
    op.execute(sa.delete(term).where(term.c.kind == "eligible-countries", term.c.code == "UK"))
    op.drop_column("term", "footnote")
