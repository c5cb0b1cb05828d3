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


class RoleNotTaken(Conflict):
    """{side} takes no part as {role}. Choose a participant who does, or add the role to the registration."""


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
