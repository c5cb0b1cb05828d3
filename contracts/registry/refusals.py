"""What a registration may be refused for."""

from __future__ import annotations

from chassis.bare.refusals import Conflict, NotFound


class RegistrationNotFound(NotFound):
    """There is no registration under this address that you may see. Look for it at /v1/registrations."""


class NoCv(NotFound):
    """No CV was uploaded to this registration. Ask the organisation to upload one."""


class RegistrationIncomplete(Conflict):
    """These answers are still missing: {missing}. Fill them in and submit again."""


class CountryNotEligible(Conflict):
    """Organisations registered in {country} cannot take part at present. See which countries can at /v1/reference/eligible-countries."""


class CodesNotValid(Conflict):
    """These answers name what the lists do not hold at present: {codes}. Choose others (/v1/reference/...) and submit again."""


class RegionElsewhere(Conflict):
    """The NUTS region {nuts} does not lie in {country}. Correct the region or the country of the organisation."""


class NumberNotValid(Conflict):
    """Correct the VAT number {number} of the organisation. {problem}"""


class ClusterPageElsewhere(Conflict):
    """{cluster_page} is no profile of a cluster on the collaboration platform. Give its page there, under {hosts}."""


class RoleNotOpen(Conflict):
    """This kind of organisation ({organisation_type}) may not take part as {role}. Leave that role out; see
    /v1/reference/eligibility-rules.
    """


class NotAnSme(Conflict):
    """An organisation of that size is no small or medium-sized enterprise; see /v1/reference/sme-sizes. Correct its type or its size."""


class ConsentOutdated(Conflict):
    """Consent to the present version of: {notices}. Read them at /v1/reference/consent-notices and give your consent."""


class TownNotPlaced(Conflict):
    """The town {town} is not known to the system. Give the latitude and longitude of its centre with the organisation."""


class PartnershipClosed(Conflict):
    """The partnership {acronym} takes no registrations at present. Choose another one."""


class NoPartnershipOpen(Conflict):
    """No partnership is open for registration at present, so none can be assigned. Try again later."""


class PartnershipFixed(Conflict):
    """The partnership can be changed in a draft only. Recall the registration first, or ask your contact point."""


class OrganisationTakesPart(Conflict):
    """This organisation already has a registration. Go on with that one; others may ask to join the organisation."""


class HostingNotApproved(Conflict):
    """A small or medium-sized enterprise outside any cluster hosts only with your pre-approval. Approve its hosting first."""


class NoChangeProposed(Conflict):
    """No change is waiting for a decision. Read the registration: the change was decided, or taken back."""
