"""Which facts move what through which lifecycle: with these tables the auditor plays each journal again and sees where it must end.

A fact names a move of the lifecycle's own table; where there is no table (an account, a role) a small one stands here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from chassis.bare.lifecycle import Lifecycle, move
from services.agreements.model.lifecycle import EXCHANGE
from services.matching.model.answering import ANSWERING
from services.matching.model.block import BLOCK
from services.matching.model.complaint import COMPLAINT
from services.matching.model.contact_lifecycle import LIFECYCLE as CONTACT
from services.matching.model.listing import HOSTING, LISTING
from services.matching.model.matching_round import LIFECYCLE as MATCHING_ROUND
from services.payments.model.bank_details import BANK_DETAILS
from services.payments.model.evidence import DOSSIER, EVIDENCE
from services.payments.model.payment import PAYMENT
from services.registry.model.organisation import JOINING
from services.registry.model.partner_access import ACCESS
from services.registry.model.registration import REGISTRATION
from services.registry.model.support import QUERY

ANYBODY = "anybody"
COMMITMENT_ONLY = "(type NOT IN ('signature_given', 'agreement_signed') OR data->>'kind' = 'commitment_to_quality')"


@dataclass(frozen=True)
class Life:
    """One kind of thing in one service: `rows` is a SELECT of its key and state; `begins` and `moves` say what its facts do.

    `key` is the thing a fact is about, in SQL; `unborn` the state of a thing that no fact of this service began.
    """

    what: str
    service: str
    lifecycle: Lifecycle
    rows: str
    begins: dict[str, str] = field(default_factory=dict)
    moves: dict[str, str] = field(default_factory=dict)
    key: str = "subject"
    only: str = "true"
    unborn: str | None = None

    @property
    def facts(self) -> list[str]:
        """The types of fact that count."""
        return [*self.begins, *(title for title in self.moves if title not in self.begins)]

    def after(self, state: str | None, title: str) -> str | None:
        """The state that follows from a fact; None where the lifecycle has no such move."""
        if state is None:
            return self.begins.get(title)
        name = self.moves.get(title)
        return next((each.target for each in self.lifecycle.moves if each.name == name and state in each.sources), None)


LIVES = (
    Life(
        "account", "identity", Lifecycle("account", "created", move("confirm", "created", "confirmed", ANYBODY)),
        "SELECT 'person/' || id, CASE WHEN confirmed_at IS NULL THEN 'created' ELSE 'confirmed' END FROM account",
        {"account_created": "created"}, {"account_confirmed": "confirm"},
    ),
    Life(
        "role", "identity", Lifecycle("role", "held", move("revoke", "held", "revoked", ANYBODY), move("grant", "revoked", "held", ANYBODY)),
        """SELECT concat_ws(' ', person_id, role, place), CASE WHEN bool_or(revoked_at IS NULL) THEN 'held' ELSE 'revoked' END
           FROM role GROUP BY 1""",
        {"role_granted": "held"}, {"role_revoked": "revoke", "role_granted": "grant"},
        key="concat_ws(' ', data->>'person_id', data->>'role', data->>'place')",
    ),
    Life(
        "organisation", "registry", Lifecycle("organisation", "founded"), "SELECT 'organisation/' || id, 'founded' FROM organisation",
        {"organisation_founded": "founded"},
    ),
    Life(
        "participation", "registry", REGISTRATION, "SELECT 'participation/' || id, state FROM participation",
        {"registration_begun": "draft"},
        {
            "registration_submitted": "submit", "registration_recalled": "recall", "registration_returned": "request_info",
            "participation_accepted": "accept", "registration_rejected": "reject", "registration_reopened": "reopen",
            "participation_paused": "pause", "participation_resumed": "resume", "participation_expired": "expire",
            "participation_withdrawn": "withdraw", "registration_withdrawn": "withdraw",
        },
    ),
    Life(
        "request to join", "registry", JOINING, "SELECT 'joining/' || id, state FROM joining",
        {"joining_asked": "asked"}, {"joining_accepted": "accept", "joining_declined": "decline", "joining_withdrawn": "withdraw"},
    ),
    Life(
        "partnership", "registry", Lifecycle("partnership", "created"), "SELECT 'partnership/' || id, 'created' FROM partnership",
        {"partnership_created": "created"},
    ),
    Life(
        "partner access", "registry", ACCESS, "SELECT 'partner_access/' || partnership_id, state FROM partner_access",
        {"partner_access_opened": "open"},
        {"partner_access_opened": "reopen", "partner_access_rotated": "rotate", "partner_access_revoked": "revoke"},
    ),
    Life(
        "support query", "registry", QUERY, "SELECT 'query/' || id, state FROM support_query",
        {"query_received": "received"}, {"query_answered": "answer_with", "query_closed": "close"},
    ),
    Life(
        "contact", "matching", CONTACT, "SELECT 'contact/' || id, state FROM contact",
        {"contact_requested": "pending", "match_proposed": "brought_in"},
        {
            "contact_accepted": "accept", "contact_answered_elsewhere": "answer_elsewhere", "contact_declined": "decline", "contact_withdrawn": "withdraw", "contact_expired": "expire",
            "match_proposed": "propose_match", "proposal_withdrawn": "withdraw_proposal", "proposal_refused": "refuse_proposal",
            "match_confirmed": "confirm_match", "contact_closed": "close", "contact_reopened": "reopen", "contact_finished": "finish",
        },
    ),
    Life(
        "hosting", "matching", HOSTING, "SELECT 'listing/' || participation_id, hosting FROM participant",
        {}, {"hosting_paused": "pause_hosting", "hosting_resumed": "resume_hosting"}, unborn=HOSTING.initial,
    ),
    Life(
        "listing", "matching", LISTING, "SELECT 'listing/' || participation_id, listing FROM participant",
        {},
        {
            "listing_confirmation_asked": "ask_confirmation", "listing_confirmation_reminded": "remind_confirmation",
            "listing_sunk": "sink", "listing_confirmed": "confirm_listing",
        },
        unborn=LISTING.initial,
    ),
    Life(
        "answering", "matching", ANSWERING, "SELECT 'listing/' || participation_id, answering FROM participant",
        {},
        {"silence_warned": "warn_of_silence", "silent_host_sunk": "sink_in_silence", "silent_host_risen": "rise"},
        unborn=ANSWERING.initial,
    ),
    Life(
        "block", "matching", BLOCK, "SELECT 'block/' || id, state FROM block",
        {"organisation_blocked": "active"}, {"block_lifted": "lift"},
    ),
    Life(
        "complaint", "matching", COMPLAINT, "SELECT 'complaint/' || id, state FROM complaint",
        {"complaint_received": "received"},
        {"complaint_upheld": "uphold", "complaint_dismissed": "dismiss", "complaint_withdrawn": "withdraw_complaint"},
    ),
    Life(
        "matching round", "matching", MATCHING_ROUND, "SELECT 'matching_round/' || id, state FROM matching_round",
        {"round_started": "computing"},
        {"round_proposed": "propose", "round_shown": "show_round", "round_discarded": "discard_round", "round_replaced": "replace"},
    ),
    Life(
        "match", "matching", Lifecycle("match", "agreed"), "SELECT 'exchange/' || exchange_id, 'agreed' FROM match",
        {"match_agreed": "agreed"},
    ),
    Life(
        "message", "matching", Lifecycle("message", "sent"), "SELECT id::text, 'sent' FROM message",
        {"message_sent": "sent"}, key="data->>'message_id'",
    ),
    Life(
        "exchange", "agreements", EXCHANGE, "SELECT 'exchange/' || id, state FROM exchange",
        {"exchange_opened": "planning"},
        {
            "commitment_submitted": "submit_commitment", "commitment_recalled": "recall_commitment",
            "commitment_returned": "return_commitment", "commitment_validated": "validate_commitment",
            "amendment_begun": "amend_commitment", "amendment_abandoned": "abandon_amendment",
            "signature_given": "sign_commitment", "agreement_signed": "conclude_commitment", "exchange_ready": "become_ready",
            "exchange_started": "confirm_arrival", "exchange_ended": "confirm_departure", "report_submitted": "submit_report",
            "report_returned": "return_report", "report_validated": "validate_report", "exchange_cancelled": "cancel_exchange",
            "exchange_terminated": "terminate_exchange", "no_show_recorded": "record_no_show",
        },
        only=COMMITMENT_ONLY,
    ),
    Life(
        "payment", "payments", PAYMENT, "SELECT 'exchange/' || exchange_id, state FROM payment", {},
        {
            "payment_due": "become_payable", "nothing_due": "find_nothing_due", "payment_reassessed": "reassess",
            "payment_proposed": "propose", "payment_ordered": "approve", "proposal_taken_back": "take_back",
            "payment_exported": "export", "payment_paid": "record_paid", "payment_failed": "record_failed", "payment_retried": "retry",
            "minimum_overridden": "override_minimum", "payment_voided": "void", "overpayment_claimed": "record_overpaid",
            "overpayment_recovered": "record_recovered",
        },
        unborn=PAYMENT.initial,
    ),
    Life(
        "assistance", "payments",
        Lifecycle("assistance", "refused", move("refuse", "refused", "refused", ANYBODY), move("compute", "refused", "computed", ANYBODY)),
        """SELECT 'exchange/' || exchange_id || ' ' || commitment_version,
           CASE WHEN amount_minor IS NULL THEN 'refused' ELSE 'computed' END FROM assistance""",
        {"assistance_computed": "computed", "assistance_refused": "refused"},
        {"assistance_computed": "compute", "assistance_refused": "refuse"},
        key="subject || ' ' || (data->>'commitment_version')",
    ),
    Life(
        "request for another base", "payments", Lifecycle("request", "open", move("decide", "open", "decided", ANYBODY)),
        "SELECT 'exchange/' || exchange_id, CASE state WHEN 'requested' THEN 'open' ELSE 'decided' END FROM supplement",
        {"base_asked": "open"}, {"base_decided": "decide"},
    ),
    Life(
        "bank details", "payments", BANK_DETAILS, "SELECT 'exchange/' || exchange_id, 'given' FROM bank_details",
        {"bank_details_given": "given"}, {"bank_details_given": "give_bank_details"},
    ),
    Life(
        "file of evidence", "payments", EVIDENCE, "SELECT id::text, state FROM evidence",
        {"evidence_uploaded": "uploaded"},
        {"evidence_withdrawn": "withdraw", "evidence_file_accepted": "accept", "evidence_returned": "send_back"},
        key="data->>'evidence_id'",
    ),
    Life(
        "evidence", "payments", DOSSIER,
        "SELECT 'exchange/' || id, CASE WHEN evidence_accepted_at IS NULL THEN 'collecting' ELSE 'accepted' END FROM exchange", {},
        {"evidence_uploaded": "add_evidence", "evidence_accepted": "accept_evidence"}, unborn=DOSSIER.initial,
    ),
    Life(
        "payment list", "payments", Lifecycle("payment list", "exported"), "SELECT 'payment_batch/' || id, 'exported' FROM payment_batch",
        {"batch_exported": "exported"},
    ),
)  # fmt: skip
