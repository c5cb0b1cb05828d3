"""What the agreements service will not do, and the sentence that says what to do instead."""

from __future__ import annotations

from chassis.bare.refusals import Conflict, Invalid, MoveNotAllowed, NotFound


class ExchangeNotFound(NotFound):
    """There is no exchange under that id, or none that you may see. Just after a match it may take a moment: ask again."""


class VersionNotFound(NotFound):
    """The commitment has no version of that number. See which there are in the list of its versions."""


class AgreementNotFound(NotFound):
    """This agreement does not exist yet, or is not for you to see. Read the exchange: it says what is waited for."""


class DocumentNotFound(NotFound):
    """The document is made after the last signature; ask again when all parties have signed."""


class ReportNotFound(NotFound):
    """There is no closing report of this exchange yet. Wait until the visitor has written it; the visitor writes it from the arrival on."""


class PlanIncomplete(Invalid):
    """The commitment to quality is not complete; fill in {missing} and submit it again."""


class DatesNotAcceptable(Invalid):
    """The dates do not fit: {problem}. Change them in the commitment and submit it again."""


class StayTooShort(Invalid):
    """The stay has {working_days} full working days in the host's country; it needs at least {least}, travel days not counted. Plan a
    longer one.
    """


class StayTooLong(Invalid):
    """The stay is too long: with this first day it may last until {latest} at most. Plan an earlier last day."""


class SameCountry(Conflict):
    """Visitor and host are both in {country}; an exchange leads into another country. Cancel this one, and agree on one with a partner
    elsewhere.
    """


class AlreadyValidated(Conflict):
    """Your partnership has already validated this version; wait for the other contact point, who is next."""


class NotTheStandingVersion(Conflict):
    """You answered to version {number} of the commitment, but version {standing} stands now. Read that one first."""


class NotValidatedYet(MoveNotAllowed):
    """Nobody signs the commitment before both partnerships have validated it; it is '{state}' now. Wait until both have."""


class AmountNotComputed(MoveNotAllowed):
    """The financial agreement is drafted when the assistance for the validated commitment has been computed; wait for it."""


class StaleText(Conflict):
    """The text changed since you read it: your digest is {text_digest}, version {number} has {standing_digest}. Sign that."""


class AlreadySigned(Conflict):
    """You have signed this text for your side; wait for the others, nothing more is asked of you."""


class NotAllSigned(MoveNotAllowed):
    """The exchange cannot start before all parties have signed both agreements. Ask for the signatures that are missing: {missing}."""


class SignedTooLate(Conflict):
    """The last signature was given on {signed_on}, after the planned last day ({end}). Amend the commitment to other dates."""


class TooEarly(Conflict):
    """This is not possible yet. Do it on {earliest} or later."""


class NotInTheStay(Invalid):
    """The day does not lie in the stay. Name one between {earliest} and {latest}."""


class ReasonRequired(Invalid):
    """Say why: this step needs a reason when you make it at this time or in another's place."""


class NothingToReturnTo(Conflict):
    """There is no signed version to return to, or a newer one was validated after it. Finish the new version instead."""


class TooManyDays(Invalid):
    """The stay had {working_days} working days; confirm that many at most."""


class DaysDoNotFit(Invalid):
    """The days in the closing report do not fit the stay: {problem}. Correct them and send the report again."""


class ReportIncomplete(Invalid):
    """The closing report is not complete; fill in {missing} and submit it again."""
