"""The tables of payments, the ledger's triggers, and the reference rows that the scheme begins with."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "payments_0001"
down_revision = None
branch_labels = ("payments",)
depends_on = None

LEDGER_TRIGGERS = """
CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger lines are never changed or erased' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER ledger_entry_stays BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only();

CREATE FUNCTION ledger_within_lump_sum() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    agreed bigint;
    paid bigint;
BEGIN
    SELECT agreed_minor INTO agreed FROM payment WHERE id = NEW.payment_id FOR UPDATE;
    SELECT coalesce(sum(CASE WHEN kind = 'paid' THEN amount_minor WHEN reverses = 'paid' THEN -amount_minor ELSE 0 END), 0)
        INTO paid FROM ledger_entry WHERE exchange_id = NEW.exchange_id;
    IF NEW.kind = 'paid' AND paid + NEW.amount_minor > coalesce(agreed, 0) THEN
        RAISE EXCEPTION 'more than the lump sum of the exchange would be paid' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.reverses = 'paid' AND NEW.amount_minor > paid THEN
        RAISE EXCEPTION 'more than was paid would be taken back' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_entry_within_lump_sum BEFORE INSERT ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_within_lump_sum();
"""
LEDGER_FUNCTIONS = ("ledger_is_append_only", "ledger_within_lump_sum")

BEGINNING = date(2020, 1, 1)
SISTER_PROGRAMME = "assumption: sister programme"
PUBLIC_PAGES = "public pages"

# Whole euros for hosts in each country; a row here does not make a country eligible.
RATES = """
    AL 530  AM 610  AT 900  BA 560  BE 830  BG 560  CY 780  CZ 610  DE 830  DK 1100  EE 670  EL 780  ES 830  FI 950
    FR 900  HR 720  HU 670  IE 1000  IS 900  IT 900  LI 1100  LT 560  LU 830  LV 610  MD 530  ME 560  MK 560  MT 720
    NL 830  NO 1100  PL 610  PT 780  RO 560  RS 560  SE 950  SI 720  SK 610  TR 750  UA 530  XK 560
    outermost_region 1100  disability 1100
"""

FIGURES = (
    ("halving_days", 5, PUBLIC_PAGES),
    ("halving_km", 200, PUBLIC_PAGES),
    ("reduced_percent", 50, PUBLIC_PAGES),
    ("ceiling", 110000, PUBLIC_PAGES),
    ("minimum_working_days", 3, PUBLIC_PAGES),
    ("payment_days", 10, PUBLIC_PAGES),
    ("reminder_days", 3, "assumption: the platform's own"),
)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "exchange",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visitor_participation_id", sa.Uuid(), nullable=False),
        sa.Column("visitor_organisation_id", sa.Uuid(), nullable=False),
        sa.Column("visitor_partnership_id", sa.Uuid(), nullable=False),
        sa.Column("visitor_person_id", sa.Uuid(), nullable=False),
        sa.Column("host_participation_id", sa.Uuid(), nullable=False),
        sa.Column("host_organisation_id", sa.Uuid(), nullable=False),
        sa.Column("host_partnership_id", sa.Uuid(), nullable=False),
        sa.Column("host_person_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=True),
        sa.Column("plan_days", sa.Integer(), nullable=True),
        sa.Column("plan_country", sa.String(length=2), nullable=True),
        sa.Column("agreed_version", sa.Integer(), nullable=True),
        sa.Column("days_present", sa.Integer(), nullable=True),
        sa.Column("report_validated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("evidence_accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange")),
    )
    op.create_index(op.f("ix_exchange_visitor_organisation_id"), "exchange", ["visitor_organisation_id"], unique=False)
    op.create_index(op.f("ix_exchange_visitor_partnership_id"), "exchange", ["visitor_partnership_id"], unique=False)
    op.create_table(
        "participation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("legal_name", sa.Text(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("outermost_region", sa.Boolean(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation")),
    )
    op.create_table(
        "partnership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("acronym", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnership")),
    )
    op.create_table(
        "payment_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partnership_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("total_minor", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_batch")),
        sa.UniqueConstraint("partnership_id", "number", name=op.f("uq_payment_batch_partnership_id_number")),
    )
    reference_rate = op.create_table(
        "reference_rate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("applies_to", sa.String(length=40), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_rate")),
        sa.UniqueConstraint("applies_to", "valid_from", name=op.f("uq_reference_rate_applies_to_valid_from")),
    )
    rule_figure = op.create_table(
        "rule_figure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_figure")),
        sa.UniqueConstraint("name", "valid_from", name=op.f("uq_rule_figure_name_valid_from")),
    )
    op.create_table(
        "assistance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column("commitment_version", sa.Integer(), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.Column("distance_m", sa.Integer(), nullable=False),
        sa.Column("base_name", sa.Text(), nullable=True),
        sa.Column("base_minor", sa.Integer(), nullable=True),
        sa.Column("base_source", sa.Text(), nullable=True),
        sa.Column("rules", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=True),
        sa.Column("factors", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("refused", sa.String(length=40), nullable=True),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["exchange_id"], ["exchange.id"], name=op.f("fk_assistance_exchange_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assistance")),
        sa.UniqueConstraint("exchange_id", "commitment_version", name=op.f("uq_assistance_exchange_id_commitment_version")),
    )
    op.create_table(
        "bank_details",
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("masked_account", sa.String(length=60), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["exchange_id"], ["exchange.id"], name=op.f("fk_bank_details_exchange_id")),
        sa.PrimaryKeyConstraint("exchange_id", name=op.f("pk_bank_details")),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["exchange_id"], ["exchange.id"], name=op.f("fk_evidence_exchange_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_exchange_id"), "evidence", ["exchange_id"], unique=False)
    op.create_table(
        "payment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("agreed_minor", sa.Integer(), nullable=True),
        sa.Column("amount_minor", sa.Integer(), nullable=True),
        sa.Column("due_by", sa.Date(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("failure", sa.String(length=40), nullable=True),
        sa.Column("failure_comment", sa.Text(), nullable=True),
        sa.Column("override_reason", sa.Text(), nullable=True),
        sa.Column("claimed_minor", sa.Integer(), nullable=True),
        sa.Column("claim_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount_minor <= agreed_minor", name=op.f("ck_payment_within_lump_sum")),
        sa.CheckConstraint("approved_by <> proposed_by", name=op.f("ck_payment_two_persons")),
        sa.ForeignKeyConstraint(["exchange_id"], ["exchange.id"], name=op.f("fk_payment_exchange_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("exchange_id"),
    )
    op.create_index(op.f("ix_payment_due_by"), "payment", ["due_by"], unique=False)
    op.create_index(op.f("ix_payment_state"), "payment", ["state"], unique=False)
    op.create_table(
        "supplement",
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["exchange_id"], ["exchange.id"], name=op.f("fk_supplement_exchange_id")),
        sa.PrimaryKeyConstraint("exchange_id", name=op.f("pk_supplement")),
    )
    op.create_table(
        "account_access",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["exchange_id"], ["bank_details.exchange_id"], name=op.f("fk_account_access_exchange_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_access")),
    )
    op.create_index(op.f("ix_account_access_exchange_id"), "account_access", ["exchange_id"], unique=False)
    op.create_table(
        "evidence_access",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_access_evidence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_access")),
    )
    op.create_index(op.f("ix_evidence_access_evidence_id"), "evidence_access", ["evidence_id"], unique=False)
    op.create_table(
        "ledger_entry",
        sa.Column("position", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reverses", sa.String(length=20), nullable=True),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.CheckConstraint("(kind = 'reversed') = (reverses IS NOT NULL)", name=op.f("ck_ledger_entry_reversal")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_ledger_entry_positive")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_ledger_entry_payment_id")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_ledger_entry")),
    )
    op.create_index(op.f("ix_ledger_entry_exchange_id"), "ledger_entry", ["exchange_id"], unique=False)
    op.create_index(op.f("ix_ledger_entry_payment_id"), "ledger_entry", ["payment_id"], unique=False)
    op.create_index("uq_ledger_entry_paid", "ledger_entry", ["payment_id"], unique=True, postgresql_where="kind = 'paid'")
    op.create_table(
        "payment_batch_line",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("masked_account", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["payment_batch.id"], name=op.f("fk_payment_batch_line_batch_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_payment_batch_line_payment_id")),
        sa.PrimaryKeyConstraint("batch_id", "position", name=op.f("pk_payment_batch_line")),
        sa.UniqueConstraint("payment_id", "attempt", name=op.f("uq_payment_batch_line_payment_id_attempt")),
    )
    op.execute(LEDGER_TRIGGERS)
    op.bulk_insert(reference_rate, rate_rows())
    op.bulk_insert(rule_figure, [row(name, name=name, value=value, source=source) for name, value, source in FIGURES])


def rate_rows() -> list[dict[str, Any]]:
    """The rates that the scheme begins with."""
    words = RATES.split()
    pairs = zip(words[::2], words[1::2], strict=True)
    return [row(what, applies_to=what, amount_minor=int(euros) * 100, source=SISTER_PROGRAMME) for what, euros in pairs]


def row(what: str, **values: Any) -> dict[str, Any]:
    """A reference row from the beginning; its id is the same in every database."""
    key = uuid5(NAMESPACE_URL, f"clusterxchange/reference/{what}")
    return {"id": key, "valid_from": BEGINNING, "added_at": datetime(2020, 1, 1, tzinfo=UTC), **values}


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("payment_batch_line")
    op.drop_index("uq_ledger_entry_paid", table_name="ledger_entry", postgresql_where="kind = 'paid'")
    op.drop_index(op.f("ix_ledger_entry_payment_id"), table_name="ledger_entry")
    op.drop_index(op.f("ix_ledger_entry_exchange_id"), table_name="ledger_entry")
    op.drop_table("ledger_entry")
    op.drop_index(op.f("ix_account_access_exchange_id"), table_name="account_access")
    op.drop_table("account_access")
    for function in LEDGER_FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}()")
    op.drop_table("supplement")
    op.drop_index(op.f("ix_payment_state"), table_name="payment")
    op.drop_index(op.f("ix_payment_due_by"), table_name="payment")
    op.drop_table("payment")
    op.drop_index(op.f("ix_evidence_access_evidence_id"), table_name="evidence_access")
    op.drop_table("evidence_access")
    op.drop_index(op.f("ix_evidence_exchange_id"), table_name="evidence")
    op.drop_table("evidence")
    op.drop_table("bank_details")
    op.drop_table("assistance")
    op.drop_table("rule_figure")
    op.drop_table("reference_rate")
    op.drop_table("payment_batch")
    op.drop_table("partnership")
    op.drop_table("participation")
    op.drop_index(op.f("ix_exchange_visitor_partnership_id"), table_name="exchange")
    op.drop_index(op.f("ix_exchange_visitor_organisation_id"), table_name="exchange")
    op.drop_table("exchange")
