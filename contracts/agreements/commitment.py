"""The moves of both agreements: written, submitted, validated, returned, amended, signed."""

from __future__ import annotations

from typing import ClassVar

from chassis.bare.fields import Digest, Text, Whole
from chassis.bare.refusals import Refusal, StaleVersion
from contracts.agreements import refusals as no
from contracts.agreements.asking import (
    CONTACT_POINTS,
    ID,
    LIFECYCLE,
    ORGANISATIONS,
    AgreementsCommand,
    WithReason,
)
from contracts.agreements.plan import PLAN_EXAMPLE, CommitmentView, Plan
from contracts.agreements.texts import AgreementView
from contracts.agreements.words import COMMITMENT, DIGEST, KindInAddress


class EditCommitment(AgreementsCommand, Plan):
    """Write the plan; what is sent replaces what was written. It may be incomplete until it is submitted."""

    answers = CommitmentView
    allowed = ORGANISATIONS
    rule = "Representatives of the visitor or the host, while it is planned or changes are requested."
    keyed = False
    if_match = True
    refusals = (*LIFECYCLE, StaleVersion)

    example: ClassVar = ID | PLAN_EXAMPLE


class SubmitCommitment(AgreementsCommand):
    """Lay the plan before both partnerships, as a numbered version that does not change any more."""

    allowed = ORGANISATIONS
    rule = "Representatives of the visitor or the host."
    if_match = True
    refusals = (
        *LIFECYCLE, StaleVersion, no.PlanIncomplete, no.DatesNotAcceptable, no.StayTooShort, no.StayTooLong, no.SameCountry,
    )  # fmt: skip


class RecallCommitment(AgreementsCommand):
    """Take the submitted version back to change it, as long as it is not validated."""

    allowed = ORGANISATIONS
    rule = "Representatives of the visitor or the host."


class OfVersion(AgreementsCommand):
    """Answers to one version of the commitment, so that nobody decides on a text not seen."""

    allowed = CONTACT_POINTS
    rule = "Contact points for agreements of the visitor's or the host's partnership; of both capacities at once where it is one."
    refusals: ClassVar[tuple[type[Refusal], ...]] = (*LIFECYCLE, no.NotTheStandingVersion)

    number = Whole(1, 10_000, required=True)

    example: ClassVar = ID | {"number": 1}


class ValidateCommitment(OfVersion):
    """Validate the submitted version for one's partnership."""

    refusals = (*LIFECYCLE, no.NotTheStandingVersion, no.AlreadyValidated)


class ReturnCommitment(OfVersion):
    """Send the submitted version back to visitor and host, saying what to change."""

    comments = Text(4000, required=True, lines=True)

    example: ClassVar = ID | {"number": 1, "comments": "Please name the travellers."}


class AmendCommitment(AgreementsCommand, WithReason):
    """Begin a new version of a validated or signed commitment; it is validated and signed anew, the signed one is kept."""

    allowed = ORGANISATIONS
    rule = "Representatives of the visitor or the host, before the exchange starts."

    example: ClassVar = ID | WithReason.example


class AbandonAmendment(AgreementsCommand):
    """Give a new version up: the signed one stands again."""

    allowed = ORGANISATIONS
    rule = "Representatives of the visitor or the host, as long as no newer version was validated."
    refusals = (*LIFECYCLE, no.NothingToReturnTo)


class SignAgreement(AgreementsCommand):
    """Sign the text that has this SHA-256, for the organisation or partnership one speaks for."""

    answers = AgreementView
    allowed = (*ORGANISATIONS, *CONTACT_POINTS)
    rule = (
        "Any representative of a party's organisation and any contact point for agreements of a party's partnership; the "
        "commitment has four parties, the financial agreement two (visitor, visitor's partnership)."
    )
    fresh = True
    refusals = (
        *LIFECYCLE, no.NotValidatedYet, no.AmountNotComputed, no.StaleText, no.AlreadySigned, no.AgreementNotFound,
    )  # fmt: skip

    kind = KindInAddress(required=True)
    text_digest = Digest(required=True)

    example: ClassVar = ID | {"kind": COMMITMENT, "text_digest": DIGEST}
