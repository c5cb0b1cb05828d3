"""What payments refuses, and what the person can do about it."""

from __future__ import annotations

from chassis.bare.refusals import Conflict, Forbidden, NotFound


class ExchangeNotFound(NotFound):
    """There is no exchange under this address, or none whose money you may see. A new one may need a moment to arrive here: ask again."""


class PaymentNotFound(NotFound):
    """There is no payment under this address, or none that you may see. Look for it in the list of payments."""


class EvidenceNotFound(NotFound):
    """There is no evidence under this address, or none that you may see. Look for it in the list of evidence of the exchange."""


class BatchNotFound(NotFound):
    """There is no payment list under this address, or none that you may see. Look for it among the payment lists of your partnership."""


class PartnershipNotFound(NotFound):
    """There is no partnership under this address for which you make payments. See which roles you hold at /v1/me."""


class AssistanceNotComputed(NotFound):
    """The financial assistance is not computed yet. Wait until both partnerships have validated the commitment to quality."""


class SupplementNotFound(NotFound):
    """No other base was asked for in this exchange, or it is not for you to see. Ask for one before the assistance is computed."""


class BankDetailsNotGiven(NotFound):
    """No bank details were given for this exchange yet. Ask a representative of the visiting organisation to give them."""


class RateAlreadyThere(Conflict):
    """There is already a row for '{applies_to}' from {valid_from}. Rows are never changed: add one with a later date."""


class RateNotBackdated(Conflict):
    """A new row is valid from today at the earliest, so that no amount already computed changes its ground. Give today or a later day."""


class AssistanceAlreadyComputed(Conflict):
    """The assistance for this version of the commitment is computed already. Amend the commitment if something changed: a new version is
    computed anew.
    """


class SupplementAlreadyRequested(Conflict):
    """Another base was asked for already; it is '{state}'. Wait for the paying officer's decision, or ask about it."""


class BankDetailsSettled(Conflict):
    """The payment is '{state}': its bank details can no longer be changed. Turn to your paying officer; if the bank returns the payment
    they can be.
    """


class EvidenceComplete(Conflict):
    """The evidence was accepted as a whole, and nothing can be added to it or taken from it. Write to the paying officer if something is
    wrong.
    """


class NoEvidence(Conflict):
    """No file is there to accept. Ask the visiting organisation for travel and accommodation evidence first."""


class StayNotOver(Conflict):
    """Evidence is accepted as a whole once the stay is over, so that nothing is missing in it. Accept single files until then."""


class TooManyFiles(Conflict):
    """An exchange takes at most {most} files, withdrawn ones included. Put pages into one PDF, or turn to your paying officer."""


class SecondPersonNeeded(Forbidden):
    """The person who proposed a payment cannot approve it. Ask another paying officer, or the support office."""


class PayingOfficerThere(Forbidden):
    """The partnership has another paying officer, who is the second person. Ask that officer: the support office stands in only where there is none."""


class PayingOfficersUnknown(Conflict):
    """Who the partnership's paying officers are has not reached the payments yet, not even who proposed this one. Try again in a moment, or ask another paying officer to approve."""


class NothingToExport(Conflict):
    """No payment of this partnership is ordered and waits for a list. Approve one first; make payments to accounts without IBAN by hand."""


class NotByHand(Conflict):
    """This payment goes to an IBAN: put it on a payment list first, then record it as paid."""


class PaidBeforeOrdered(Conflict):
    """A payment cannot have been made on {paid_on}: it was ordered on {ordered_on} and today is {today}. Give a day between these."""


class MoreThanPaid(Conflict):
    """Claim back at least 1 cent and at most {paid}: so much was paid."""
