"""Answers given elsewhere, pauses as a host, profiles confirmed, blocks, complaints, files in conversations, and limits of mass mailing."""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "matching_0007"
down_revision = "matching_0005"
branch_labels = None
depends_on = None

ASSUMED = "assumption of ours"
FIGURES = {
    "same_text_others": 5,
    "same_text_days": 7,
    "conversations_per_day": 30,
    "listing_days": 180,
    "listing_reminder_days": 7,
    "listing_answer_days": 21,
}
OPEN_BEFORE = "state IN ('pending', 'brought_in', 'accepted', 'proposed', 'matched')"
OPEN = "state IN ('pending', 'brought_in', 'accepted', 'answered_elsewhere', 'proposed', 'matched')"
PAIR = ["visitor_participation_id", "host_participation_id"]

setting = sa.table(
    "setting", sa.column("name", sa.String), sa.column("valid_from", sa.Date), sa.column("value", sa.Integer), sa.column("source", sa.Text)
)
AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the change."""
    op.add_column("contact", sa.Column("answered_way", sa.String(20), nullable=True))
    _rebuild_open_pair(OPEN)
    _add_listings()
    _add_blocks()
    _add_complaints()
    _add_files()
    op.add_column("read_mark", sa.Column("side", sa.String(20), nullable=True))
    op.bulk_insert(
        setting, [{"name": name, "valid_from": date(2020, 1, 1), "value": value, "source": ASSUMED} for name, value in FIGURES.items()]
    )


def _rebuild_open_pair(where: str) -> None:
    op.drop_index("uq_contact_open_pair", table_name="contact")
    op.create_index("uq_contact_open_pair", "contact", PAIR, unique=True, postgresql_where=where)


def _add_listings() -> None:
    op.add_column("participant", sa.Column("hosting", sa.String(10), server_default="open", nullable=False))
    op.add_column("participant", sa.Column("hosting_until", sa.Date(), nullable=True))
    op.add_column("participant", sa.Column("listing", sa.String(10), server_default="current", nullable=False))
    op.add_column("participant", sa.Column("confirmed_at", AT, nullable=True))
    op.add_column("participant", sa.Column("confirm_by", AT, nullable=True))
    op.execute("UPDATE participant SET confirmed_at = now()")
    if op.get_bind().scalar(sa.text("SELECT to_regclass('due') IS NOT NULL")):
        _ask_whoever_is_there()
    for name in ("hosting", "listing"):
        op.alter_column("participant", name, server_default=None)


def _ask_whoever_is_there() -> None:
    """As if accepted today; a new database has nobody in it, and no table for such work yet."""
    op.execute(f"""
        INSERT INTO due (id, kind, subject, arguments, at, tries)
        SELECT gen_random_uuid(), 'listing_question', 'listing_question/' || participation_id, '{{}}',
               now() + interval '{FIGURES["listing_days"]} days', 0
        FROM participant WHERE state NOT IN ('withdrawn', 'expired')
    """)


def _add_blocks() -> None:
    op.create_table(
        "block",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("blocked_organisation_id", sa.Uuid(), nullable=False),
        sa.Column("blocked_name", sa.Text(), nullable=False),
        sa.Column("blocked_by", sa.Uuid(), nullable=False),
        sa.Column("blocked_at", AT, nullable=False),
        sa.Column("lifted_at", AT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block")),
    )
    active = "state = 'active'"
    op.create_index("uq_block_active", "block", ["organisation_id", "blocked_organisation_id"], unique=True, postgresql_where=active)
    op.create_index("ix_block_blocked", "block", ["blocked_organisation_id"], postgresql_where=active)


def _add_complaints() -> None:
    ids = ("participation_id", "contact_id", "conversation_id", "message_id", "about_organisation_id", "decided_by")
    op.create_table(
        "complaint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=True) for name in ids),
        sa.Column("about_name", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("received_at", AT, nullable=False),
        sa.Column("measure", sa.String(20), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_at", AT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
    )
    op.create_index("ix_complaint_received_at", "complaint", ["received_at", "id"])
    op.create_index(op.f("ix_complaint_about_organisation_id"), "complaint", ["about_organisation_id"])
    op.create_index(op.f("ix_complaint_person_id"), "complaint", ["person_id"])


def _add_files() -> None:
    op.add_column("message", sa.Column("hidden_at", AT, nullable=True))
    op.add_column("conversation", sa.Column("attachments", sa.Integer(), server_default="0", nullable=False))
    op.alter_column("conversation", "attachments", server_default=None)
    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_attachment_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(op.f("ix_attachment_message_id"), "attachment", ["message_id"])
    op.create_index(op.f("ix_attachment_person_id"), "attachment", ["person_id"])


def downgrade() -> None:
    """Take it back; what was answered elsewhere becomes a closed contact."""
    op.execute(sa.delete(setting).where(setting.c.name.in_(FIGURES)))
    op.execute("UPDATE due SET done_at = now(), outcome = 'taken back' WHERE done_at IS NULL AND kind LIKE 'listing_%'")
    op.execute("UPDATE due SET done_at = now(), outcome = 'taken back' WHERE done_at IS NULL AND kind = 'hosting_end'")
    op.drop_column("read_mark", "side")
    op.drop_table("attachment")
    op.drop_column("conversation", "attachments")
    op.drop_column("message", "hidden_at")
    op.drop_table("complaint")
    op.drop_table("block")
    for name in ("confirm_by", "confirmed_at", "listing", "hosting_until", "hosting"):
        op.drop_column("participant", name)
    op.execute("UPDATE contact SET state = 'closed' WHERE state = 'answered_elsewhere'")
    _rebuild_open_pair(OPEN_BEFORE)
    op.drop_column("contact", "answered_way")
