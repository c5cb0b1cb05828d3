"""What matching refuses, and what the person can do about it."""

from __future__ import annotations

from chassis.bare.refusals import Conflict, Forbidden, NotFound


class NotAcceptedYet(Forbidden):
    """The catalogue and the list of matches open when your registration has been accepted. See your registration for where it stands."""


class ParticipationNotFound(NotFound):
    """There is no participation under this address, or none that you may see. Look for it in the catalogue."""


class ContactNotFound(NotFound):
    """There is no contact under this address, or none that you may see. Look for it in the list of your contacts."""


class ConversationNotFound(NotFound):
    """There is no conversation under this address, or none that you take part in. Look for it in the list of your conversations."""


class RoundNotFound(NotFound):
    """There is no matching round under this address, or none that you may see. Look for it in the list of rounds."""


class RoundElsewhere(Forbidden):
    """A contact point makes rounds for the visitors of its own partnership only. Choose yours, or ask the support office."""


class RoundGoing(Conflict):
    """A round for the same visitors is being reckoned already ({round_id}). Wait until it is ready."""


class RoleNotTaken(Conflict):
    """{side} takes no part as {role}. Choose a participant who does, or add the role to the registration."""


class NotRanked(Conflict):
    """Your organisation has chosen not to be ranked, so it has no ranked list. Look in the catalogue, or change that choice."""


class PartnerNotActive(Conflict):
    """{side} does not take part at present (its participation is '{state}'). Choose another partner, or ask again later."""


class SameOrganisation(Conflict):
    """Visitor and host are the same organisation. Choose a partner in another one: an exchange needs two."""


class SameCountry(Conflict):
    """Visitor and host are both in {country}. An exchange takes place in another country; choose a partner from one."""


class VisitConsumed(Conflict):
    """The visitor has already made its one visit in the scheme. Choose another visitor; this one can still be a host."""


class VisitorHasExchange(Conflict):
    """The visitor already has an open exchange. Wait until that one is cancelled or refused, or choose another visitor."""


class HostFull(Conflict):
    """The host has as many open exchanges as it has places ({capacity}). Ask it to offer more places, or wait until one is free."""


class AlreadyInContact(Conflict):
    """These two are already in contact for this visit. Go on in that contact ({contact_id})."""


class AskedBefore(Conflict):
    """You were declined by this participant a short while ago. Ask again from {again_at} on; until then it can still ask you."""


class TooManyRequestsToday(Conflict):
    """You have asked {limit} participants within a day, which is the most. Go on tomorrow."""


class TooManyOpenRequests(Conflict):
    """{limit} of your requests wait for an answer, which is the most. Wait for answers, or withdraw a request."""


class WritingNotPossible(Conflict):
    """Nothing can be written here any more, because the contact is '{state}'. Make a new request if you want to go on."""


class ReadingOnly(Forbidden):
    """You may read this conversation, but only those who take part in it write in it. Ask one of them to."""


class HostPaused(Conflict):
    """The host takes no new guests at present. Ask again later, or choose another host."""


class HostsNobody(Conflict):
    """This participation hosts nobody, so there is nothing to pause. Add the role of host to the registration first."""


class DayIsPast(Conflict):
    """The day until which hosting is to pause has begun already. Choose a later one."""


class SameTextToMany(Conflict):
    """You have sent the same words to {limit} others lately. Write to this one what concerns it: that is answered more often, too."""


class TooManyConversationsToday(Conflict):
    """You have written in {limit} conversations within a day, which is the most. Go on tomorrow."""


class BlockNotFound(NotFound):
    """There is no block under this address, or none of your organisation. Look for it in the list of your blocks."""


class AlreadyBlocked(Conflict):
    """Your organisation has blocked this one already. Look for it in the list of your blocks."""


class OwnOrganisation(Conflict):
    """This is your own organisation. Choose another one."""


class ComplaintNotFound(NotFound):
    """There is no complaint under this address, or none of yours. Look for it in the list of your complaints."""


class NothingToComplainOf(NotFound):
    """What you complain of is not there, or you may not see it, or it is your own. Choose something of others that you see."""


class ComplainedBefore(Conflict):
    """You have complained of this already, and the support office will decide. Add what is new with a query to the support office."""


class MeasureDoesNotFit(Conflict):
    """Only a message complained of can be hidden, and only a contact without an exchange be ended. Choose another measure."""


class AttachmentNotFound(NotFound):
    """There is no file under this address, or none in a conversation that you take part in. Look for it in your conversations."""


class TooManyAttachments(Conflict):
    """This conversation holds {limit} files, which is the most. Send what is left in another way."""


class SavedSearchNotFound(NotFound):
    """There is no saved search under this address, or none of yours. Look for it in the list of your saved searches."""


class TooManySavedSearches(Conflict):
    """You have saved {limit} searches, which is the most. Delete one that you do not need any more, or change it."""


class SearchTooWide(Conflict):
    """{found} participants fit this search, and news are told of searches that no more than {limit} fit. Choose more criteria, or no alert."""
