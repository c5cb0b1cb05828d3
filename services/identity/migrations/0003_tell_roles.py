"""Paying officers are told of once more: payments follows them, and did not yet when the first of them were granted their role."""

import sqlalchemy as sa
from alembic import op

revision = "identity_0003"
down_revision = "identity_0002"
branch_labels = None
depends_on = None

OFFICERS = """
    INSERT INTO due (id, kind, subject, arguments, at, tries)
    SELECT gen_random_uuid(), 'tell_roles', 'tell_roles/' || person_id, '{}', max(granted_at), 0
    FROM role WHERE role = 'finance' AND revoked_at IS NULL GROUP BY person_id"""


def upgrade() -> None:
    """Make the change; the frame's own tables come last in a new database, where there is nobody to tell of."""
    if op.get_bind().scalar(sa.text("SELECT to_regclass('due')")):
        op.execute(OFFICERS)


def downgrade() -> None:
    """Take it back."""
    if op.get_bind().scalar(sa.text("SELECT to_regclass('due')")):
        op.execute("DELETE FROM due WHERE kind = 'tell_roles'")
