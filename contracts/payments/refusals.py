"""What payments refuses, and what the person can do about it."""

from __future__ import annotations

from chassis.bare.refusals import Conflict, Forbidden, NotFound


class ExchangeNotFound(NotFound):
    """There is no exchange under this address, or none whose money you may see. A new one may need a moment to arrive here."""


class PaymentNotFound(NotFound):
    """There is no payment under this address, or none that you may see."""


class EvidenceNotFound(NotFound):
    """There is no evidence under this address, or none that you may see."""


class BatchNotFound(NotFound):
    """There is no payment list under this address, or none that you may see."""


class PartnershipNotFound(NotFound):
    """There is no partnership under this address for which you make payments."""


class AssistanceNotComputed(NotFound):
    """The financial assistance is not computed yet. It is when both partnerships have validated the commitment to quality."""


class SupplementNotFound(NotFound):
    """No other base was asked for in this exchange, or it is not for you to see."""


class BankDetailsNotGiven(NotFound):
    """No bank details were given for this exchange yet. A representative of the visiting organisation gives them."""


class RateAlreadyThere(Conflict):
    """There is already a row for '{applies_to}' from {valid_from}. Rows are never changed: add one with a later date."""


class RateNotBackdated(Conflict):
    """A new row is valid from today at the earliest, so that no amount already computed changes its ground."""


class AssistanceAlreadyComputed(Conflict):
    """The assistance for this version of the commitment is computed already; a new version is computed anew."""


class SupplementAlreadyRequested(Conflict):
    """Another base was asked for already; it is '{state}'."""


class BankDetailsSettled(Conflict):
    """The payment is '{state}': its bank details can no longer be changed. If the bank returns the payment they can."""


class EvidenceComplete(Conflict):
    """The evidence was accepted as a whole; nothing can be added to it or taken from it."""


class NoEvidence(Conflict):
    """No file is there to accept. Ask the visiting organisation for travel and accommodation evidence first."""


class StayNotOver(Conflict):
    """Evidence is accepted as a whole once the stay is over, so that nothing is missing in it. Single files can be accepted now."""


class TooManyFiles(Conflict):
    """An exchange takes at most {most} files, withdrawn ones included. Put pages into one PDF, or turn to your paying officer."""


class SecondPersonNeeded(Forbidden):
    """The person who proposed a payment cannot approve it. Another paying officer does, or the support office."""


class NothingToExport(Conflict):
    """No payment of this partnership is ordered and waits for a list. Payments to accounts without IBAN are made by hand."""


class NotByHand(Conflict):
    """This payment goes to an IBAN: put it on a payment list first, then record it as paid."""


class PaidBeforeOrdered(Conflict):
    """A payment cannot have been made on {paid_on}: it was ordered on {ordered_on} and today is {today}."""


class MoreThanPaid(Conflict):
    """Claim back at least 1 cent and at most {paid}: so much was paid."""
