"""Stays that had ended before evidence had a day get one, counted from today, and everybody who was never reminded is.

Nobody is late by a rule that was not there when the stay ended; and a payment that waits for evidence nobody asks for waits for good.
"""

import sqlalchemy as sa
from alembic import op

revision = "payments_0009"
down_revision = "payments_0008"
branch_labels = None
depends_on = None

WAITING = "stage = 'ended' AND evidence_accepted_at IS NULL"
FIGURE = "(SELECT value FROM rule_figure WHERE name = '{}' AND valid_from <= current_date ORDER BY valid_from DESC LIMIT 1)"
DAYS = f"""
    UPDATE exchange SET evidence_due_on = current_date + {FIGURE.format("evidence_days")}
    WHERE {WAITING} AND evidence_due_on IS NULL"""
REMINDERS = f"""
    INSERT INTO due (id, kind, subject, arguments, at, tries)
    SELECT gen_random_uuid(), 'evidence_reminder', 'evidence_reminder/' || id, '{{}}',
           greatest(now(), (evidence_due_on - {FIGURE.format("evidence_reminder_days")} + time '08:00') AT TIME ZONE 'UTC'), 0
    FROM exchange WHERE {WAITING} AND evidence_due_on IS NOT NULL
        AND NOT EXISTS (SELECT FROM due WHERE due.subject = 'evidence_reminder/' || exchange.id)"""


def upgrade() -> None:
    """Make the change; the frame's own tables come last in a new database, where no stay has ended yet."""
    op.execute(DAYS)
    if op.get_bind().scalar(sa.text("SELECT to_regclass('due')")):
        op.execute(REMINDERS)


def downgrade() -> None:
    """Nothing to take back: days that were given stand, and a reminder is looked at again when its turn comes."""
