"""What an announcement says by language, where two languages had columns of their own before."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "registry_0014"
down_revision = "registry_0013"
branch_labels = None
depends_on = None

SINGLY = ("title_en", "text_en", "title_fr", "text_fr")


def upgrade() -> None:
    """Make the change."""
    op.add_column("announcement", sa.Column("words", JSONB(), nullable=True))
    op.execute(
        "UPDATE announcement SET words = jsonb_build_object("
        "'en', jsonb_build_object('title', title_en, 'text', text_en), 'fr', jsonb_build_object('title', title_fr, 'text', text_fr))"
    )
    op.alter_column("announcement", "words", nullable=False)
    for name in SINGLY:
        op.drop_column("announcement", name)


def downgrade() -> None:
    """Take it back; languages other than the two are lost."""
    for name in SINGLY:
        part, _, language = name.partition("_")
        op.add_column("announcement", sa.Column(name, sa.String(length=120) if part == "title" else sa.Text(), nullable=True))
        op.execute(f"UPDATE announcement SET {name} = coalesce(words -> '{language}', words -> 'en') ->> '{part}'")
        op.alter_column("announcement", name, nullable=False)
    op.drop_column("announcement", "words")
