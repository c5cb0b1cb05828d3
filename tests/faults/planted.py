"""Faults to be planted: what is done to a database, which promise that breaks, and what the auditor has to say of it."""

from __future__ import annotations

from dataclasses import dataclass

JOURNAL, STATES, PUBLISHED, HEARD, COPIES = "chained", "journal row", "published", "heard", "agrees"
FEED = "their feed"
MONEY, LISTS, SIGNATURES, BACKGROUND = "paid once", "one list", "signature", "overdue"


@dataclass(frozen=True)
class Fault:
    """Statements for one service's database, a word of the promise they break, and a part of the finding."""

    name: str
    service: str
    statements: str
    promise: str
    finding: str


ONE_ROW = "position = (SELECT max(position) FROM journal WHERE type = 'signature_given')"
AN_EVENT = "type = 'agreement_signed'"
A_MONTH_AGO = "now() - interval '30 days'"

FAULTS = (
    Fault(
        "a journal row says something else",
        "agreements",
        f"UPDATE journal SET data = jsonb_set(data, '{{party}}', '\"host\"'), actor = 'person:x' WHERE {ONE_ROW}",
        JOURNAL,
        "was altered: its hash is another",
    ),
    Fault(
        "a journal row is missing",
        "agreements",
        "DELETE FROM journal WHERE type = 'commitment_submitted'",
        JOURNAL,
        "what was between is missing",
    ),
    Fault(
        "a journal row follows another one than it says",
        "payments",
        "UPDATE journal SET previous_hash = repeat('0', 64) WHERE type = 'payment_ordered'",
        JOURNAL,
        "does not continue the row before it",
    ),
    Fault(
        "an exchange stands where no move led",
        "agreements",
        "UPDATE exchange SET state = 'running'",
        STATES,
        "is 'running', but its journal says 'report_validated'",
    ),
    Fault(
        "a contact is there that nobody announced",
        "matching",
        "DELETE FROM journal WHERE subject LIKE 'contact/%'",
        STATES,
        "is 'finished' without any journal row",
    ),
    Fault(
        "a participation is there whose acceptance is gone",
        "registry",
        "DELETE FROM journal WHERE type = 'participation_accepted'",
        STATES,
        "is 'accepted', but its journal says 'submitted'",
    ),
    Fault("an account number is lost", "payments", "DELETE FROM bank_details", STATES, "and there is no such thing"),
    Fault(
        "a move was made that the lifecycle does not allow",
        "payments",
        "DELETE FROM journal WHERE type = 'payment_proposed'",
        STATES,
        "cannot have payment_ordered",
    ),
    Fault(
        "a role is held that nobody granted",
        "identity",
        "INSERT INTO role (id, person_id, role, granted_at) SELECT gen_random_uuid(), id, 'auditor', now() FROM account LIMIT 1",
        STATES,
        "is 'held' without any journal row",
    ),
    Fault(
        "a fact was not published",
        "agreements",
        "UPDATE journal SET published_at = NULL WHERE type = 'exchange_ready'",
        PUBLISHED,
        "is not published",
    ),
    Fault(
        "a fact is of a type that nobody promised",
        "agreements",
        "UPDATE journal SET type = 'exchange_sold' WHERE type = 'days_confirmed'",
        PUBLISHED,
        "have the type exchange_sold",
    ),
    Fault("an event was not heard", "identity", "DELETE FROM heard WHERE listener = 'exchange_ready'", HEARD, "never heard exchange_ready"),
    Fault(
        "an event was heard that nobody announced",
        "payments",
        "INSERT INTO heard (listener, event_id, at) SELECT 'exchange_opened', gen_random_uuid(), now() - interval '1 hour'",
        HEARD,
        "which agreements never announced",
    ),
    Fault(
        "somebody listens by a name of the past",
        "payments",
        "UPDATE heard SET listener = 'exchange_was_opened' WHERE listener = 'exchange_opened'",
        HEARD,
        "by which it does not listen",
    ),
    Fault(
        "an event waits for ever",
        "payments",
        f"""WITH gone AS (DELETE FROM heard WHERE listener = 'exchange_ready' RETURNING event_id)
            INSERT INTO waiting (id, listener, event_id, event, reason, since, tries, next_try_at)
            SELECT gen_random_uuid(), 'exchange_ready', event_id, '{{}}', '', {A_MONTH_AGO}, 9, now() FROM gone""",
        HEARD,
        "for something that does not come",
    ),
    Fault(
        "an event for partnerships is missing",
        "registry",
        f"DELETE FROM feed_event WHERE {AN_EVENT}; DELETE FROM feed_receiver r WHERE NOT EXISTS (SELECT FROM feed_event e WHERE e.position = r.position)",
        FEED,
        "is missing",
    ),
    Fault(
        "an event for partnerships says something else",
        "registry",
        f"UPDATE feed_event SET body = replace(encode(body, 'escape'), 'visitor', 'visited')::bytea WHERE {AN_EVENT}",
        FEED,
        "has other bytes than its journal tells",
    ),
    Fault(
        "an event for partnerships has lost a field",
        "registry",
        f"UPDATE feed_event SET body = regexp_replace(encode(body, 'escape'), '\"signed_at\":\"[^\"]*\",?', '')::bytea WHERE {AN_EVENT}",
        FEED,
        "has other bytes than its journal tells",
    ),
    Fault(
        "a partnership misses an event of its own",
        "registry",
        f"""DELETE FROM feed_receiver WHERE (position, partnership_id) IN (
            SELECT position, min(partnership_id::text)::uuid FROM feed_receiver JOIN feed_event USING (position)
            WHERE {AN_EVENT} GROUP BY position)""",
        FEED,
        "and is meant for",
    ),
    Fault(
        "a partnership receives what is another's",
        "registry",
        """INSERT INTO feed_receiver (partnership_id, position)
           SELECT gen_random_uuid(), position FROM feed_event WHERE type = 'payment_paid'""",
        FEED,
        "and is meant for",
    ),
    Fault(
        "an event for partnerships never happened",
        "registry",
        """INSERT INTO feed_event (position, event_id, type, body, recorded_at)
           SELECT max(position) + 1, gen_random_uuid(), 'exchange_ready', '{}', now() - interval '1 hour' FROM feed_event""",
        FEED,
        "is told of by no journal",
    ),
    Fault(
        "the feed has a gap",
        "registry",
        "UPDATE feed_event SET position = position + 1000 WHERE position = (SELECT max(position) FROM feed_event)",
        FEED,
        "events have the positions 1 to",
    ),
    Fault(
        "a partnership's queue stayed behind",
        "registry",
        "UPDATE partner_access SET carried = carried - 1",
        FEED,
        "has not had 1 events behind position",
    ),
    Fault(
        "a partnership's queue is said to be further than the feed",
        "registry",
        "UPDATE partner_access SET carried = carried + 1000",
        FEED,
        "and the feed ends at",
    ),
    Fault(
        "a copy stayed behind", "matching", "UPDATE match SET state = 'opened'", COPIES, "'report_validated' in agreements, and 'opened'"
    ),
    Fault(
        "a copy has nothing to be a copy of", "matching", "UPDATE match SET exchange_id = gen_random_uuid()", COPIES, "has no such thing"
    ),
    Fault(
        "lists go by another shortest stay than exchanges",
        "matching",
        "UPDATE setting SET value = 9 WHERE name = 'least_working_days'",
        COPIES,
        "is '3' in agreements, and '9' in matching",
    ),
    Fault(
        "a payment was made twice",
        "payments",
        """DROP INDEX uq_ledger_entry_paid;
           INSERT INTO ledger_entry (payment_id, exchange_id, kind, amount_minor, at, actor)
           SELECT payment_id, exchange_id, kind, amount_minor, at, actor FROM ledger_entry WHERE kind = 'paid'""",
        MONEY,
        "was paid 2 times",
    ),
    Fault(
        "more was paid than was agreed",
        "payments",
        "UPDATE ledger_entry SET amount_minor = amount_minor + 1000000 WHERE kind = 'paid'",
        MONEY,
        "more than its lump sum",
    ),
    Fault(
        "an exchange has two payments",
        "payments",
        """ALTER TABLE payment DROP CONSTRAINT payment_exchange_id_key;
           INSERT INTO payment (id, exchange_id, state, agreed_minor, attempt, version)
           SELECT gen_random_uuid(), exchange_id, 'awaiting', agreed_minor, 0, 1 FROM payment""",
        MONEY,
        "has 2 payments",
    ),
    Fault(
        "a payment was ordered twice",
        "payments",
        """INSERT INTO ledger_entry (payment_id, exchange_id, kind, amount_minor, at, actor)
           SELECT payment_id, exchange_id, kind, amount_minor, at, actor FROM ledger_entry WHERE kind = 'ordered'""",
        MONEY,
        "has 2 payment orders",
    ),
    Fault(
        "a payment is higher than its lump sum",
        "payments",
        "ALTER TABLE payment DROP CONSTRAINT ck_payment_within_lump_sum; UPDATE payment SET amount_minor = agreed_minor + 1",
        MONEY,
        "more than its lump sum",
    ),
    Fault(
        "the lump sum is not the one that was signed",
        "payments",
        "UPDATE payment SET agreed_minor = agreed_minor + 100",
        MONEY,
        "and the financial agreement signed last says",
    ),
    Fault(
        "a payment is in the ledger without a journal row",
        "payments",
        "DELETE FROM journal WHERE type = 'payment_paid'",
        MONEY,
        "its journal",
    ),
    Fault(
        "an order stands on two lists",
        "payments",
        """ALTER TABLE payment_batch_line DROP CONSTRAINT uq_payment_batch_line_payment_id_attempt;
           INSERT INTO payment_batch_line SELECT batch_id, position + 1, payment_id, attempt, exchange_id, amount_minor, masked_account
           FROM payment_batch_line""",
        LISTS,
        "stands on lists 2 times",
    ),
    Fault(
        "a list was altered",
        "payments",
        "UPDATE payment_batch SET sealed = set_byte(sealed, 40, 255 - get_byte(sealed, 40))",
        LISTS,
        "was altered after it was exported",
    ),
    Fault(
        "a line says another amount than the list",
        "payments",
        "UPDATE payment_batch_line SET amount_minor = amount_minor - 1",
        LISTS,
        "does not say what its lines say",
    ),
    Fault("a list has lost its line", "payments", "DELETE FROM payment_batch_line", LISTS, "which has no line for it"),
    Fault(
        "a signed text was altered",
        "agreements",
        "UPDATE agreement SET text = replace(text, 'project', 'holiday') WHERE kind = 'commitment_to_quality'",
        SIGNATURES,
        "its text has another digest",
    ),
    Fault(
        "a signature is of somebody who is no party",
        "agreements",
        "UPDATE signature SET place_id = gen_random_uuid() WHERE party = 'host'",
        SIGNATURES,
        "is signed for the host by somebody else",
    ),
    Fault(
        "a signature covers another text",
        "agreements",
        "UPDATE signature SET text_digest = repeat('a', 64) WHERE party = 'host'",
        SIGNATURES,
        "under another text",
    ),
    Fault(
        "a signature is missing",
        "agreements",
        "DELETE FROM signature WHERE party = 'host_partnership'",
        SIGNATURES,
        "said to be signed by all",
    ),
    Fault(
        "an exchange took place unsigned",
        "agreements",
        "UPDATE agreement SET signed_at = NULL WHERE kind = 'financial_agreement'",
        SIGNATURES,
        "its financial_agreement is not signed by all",
    ),
    Fault(
        "planned work was not done",
        "payments",
        f"""INSERT INTO due (id, kind, subject, arguments, at, tries)
            SELECT gen_random_uuid(), 'remind_of_payment', 'x/1', '{{}}', {A_MONTH_AGO}, 3""",
        BACKGROUND,
        "is not done, tried 3 times",
    ),
    Fault(
        "a job is stuck",
        "agreements",
        "UPDATE job SET state = 'running', finished_at = NULL",
        BACKGROUND,
        "is running after",
    ),
)
