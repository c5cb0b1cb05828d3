"""The registry's rules, by noun."""

from services.registry.model.announcement import Announcement
from services.registry.model.base import Base
from services.registry.model.feed import FeedEvent, FeedReceiver
from services.registry.model.form import Availability, Consent, Skill
from services.registry.model.guessing import Guess
from services.registry.model.organisation import JOINING, Joining, Organisation
from services.registry.model.participation import REGISTRATION, Participation
from services.registry.model.partner_access import ACCESS, PartnerAccess
from services.registry.model.partnership import ContactPoint, Partnership
from services.registry.model.reference import EcosystemActivity, EligibilityRule, Notice, Scheme, Term
from services.registry.model.rules import RuleFigure, Rules
from services.registry.model.support import QUERY, Faq, SupportQuery

__all__ = [
    "ACCESS",
    "JOINING",
    "QUERY",
    "REGISTRATION",
    "Announcement",
    "Availability",
    "Base",
    "Consent",
    "ContactPoint",
    "EcosystemActivity",
    "EligibilityRule",
    "Faq",
    "FeedEvent",
    "FeedReceiver",
    "Guess",
    "Joining",
    "Notice",
    "Organisation",
    "Participation",
    "PartnerAccess",
    "Partnership",
    "RuleFigure",
    "Rules",
    "Scheme",
    "Skill",
    "SupportQuery",
    "Term",
]
