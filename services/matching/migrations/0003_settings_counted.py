"""Figures are changed by hand, and lists depend on them: the database itself counts such a change, as doors count theirs."""

from alembic import op

revision = "matching_0003"
down_revision = "matching_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Count every statement that changes figures."""
    op.execute("""
        CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO data_version (id, count) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET count = data_version.count + 1;
            RETURN NULL;
        END $$
    """)
    op.execute("""
        CREATE TRIGGER setting_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON setting
        FOR EACH STATEMENT EXECUTE FUNCTION count_change()
    """)


def downgrade() -> None:
    """Count them no more."""
    op.execute("DROP TRIGGER setting_changed ON setting")
    op.execute("DROP FUNCTION count_change")
