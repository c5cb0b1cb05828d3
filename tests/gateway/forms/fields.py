"""Every field that the programme's forms ask for: where the contract has it, a value that is right, and one that is not.

Written from what the programme asks, not from the contracts: a field that no contract has makes the test fail, and so does a field of
these contracts that stands in no row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chassis.bare.message import Request
from contracts import agreements, payments, registry
from contracts.identity.accounts import ChangeMe, ConfirmAccount, CreateAccount, RequestNewPassword, SetNewPassword
from contracts.identity.newsletters import Subscribe
from contracts.identity.sessions import LogIn
from contracts.words import LanguageSkill, Window

LONG, NO_DATE, NO_PLACE, NO_ID = "x" * 5000, "2027-02-30", "ZZ", "one"


@dataclass(frozen=True)
class Form:
    """A form: its contract, and its fields as `words: (path, right, wrong)`; a number in a path is a place in a list.

    `base` is what is sent beside the field, the contract's example where it is left out.
    """

    name: str
    contract: type[Request]
    fields: dict[str, tuple[str, Any, Any]]
    base: dict[str, Any] | None = None


ACCOUNT = {
    "username": ("username", "Anna-Lena O'Neill_2", "no @ sign"),
    "e-mail": ("e_mail", "office@example.org", "office"),
    "e-mail, typed twice": ("confirm_e_mail", "office@example.org", "office@"),
    "organisation name": ("organisation_name", "Textile Cluster", ""),
    "country": ("country", "XK", NO_PLACE),
    "title": ("title", "Prof", "Sir"),
    "first name": ("first_name", "First", ""),
    "last name": ("last_name", "Last", "a\nb"),
    "language of notices and mails": ("language", "fr", "tlh"),
    "newsletters monthly, quarterly": ("newsletters", ["monthly", "quarterly"], ["daily"]),
    "privacy policy": ("privacy_policy_accepted", True, False),
}
ORGANISATION = {
    "legal name": ("organisation.legal_name", "Blue Harbour Cluster", ""),
    "type": ("organisation.organisation_type", "fab_lab", "club"),
    "street": ("organisation.street", "Rua do Porto", "x" * 141),
    "house number": ("organisation.house_number", "12 a", "x" * 17),
    "postcode": ("organisation.postcode", "4050-123", "x" * 17),
    "town": ("organisation.town", "Vigo", ""),
    "country of the address": ("organisation.country", "EL", "GR"),
    "NUTS region": ("organisation.nuts", "ES114", "ES119"),
    "latitude of the town": ("organisation.latitude", 42.2, 91),
    "longitude of the town": ("organisation.longitude", -8.7, 181),
    "website": ("organisation.website", "https://cluster.example/", "cluster"),
    "VAT or register number": ("organisation.number_kind", "vat", "passport"),
    "the number": ("organisation.registration_number", "ESB76048354", "none"),
    "size": ("organisation.size", "medium", "huge"),
    "cluster membership": ("organisation.cluster_member", True, "perhaps"),
    "cluster": ("organisation.cluster_name", "Blue Harbour Cluster", ""),
    "ECCP link": ("organisation.cluster_page", "https://www.clustercollaboration.eu/clusters/one", "clusters/one"),
}
PERSON = {
    "title": ("person.title", "Dr", "Sir"),
    "first name": ("person.first_name", "Given", ""),
    "last name": ("person.last_name", "Family", "x" * 101),
    "function": ("person.function", "Project officer", ""),
    "e-mail": ("person.e_mail", "person@cluster.example", "person"),
    "phone": ("person.phone", "+34 600 000 000", "by mail"),
    "languages": ("person.languages.0.language", "pt", "klingon"),
    "CEFR level": ("person.languages.0.level", "B2", "D1"),
}
OFFER = {
    "role {host, visitor, both}": ("role.roles", ["host", "visitor"], ["guest"]),
    "motivation": ("role.motivation", "We want to learn.", LONG),
    "industrial ecosystems": ("offer.ecosystems", ["digital"], ["space"]),
    "NACE": ("offer.nace", ["62"], ["04"]),
    "technologies": ("offer.technologies", ["digital twins"], ["x" * 81]),
    "topics": ("offer.topics", ["port logistics"], ["one", "one"]),
    "can teach": ("offer.can_teach", ["running a laboratory"], ["x" * 201]),
    "want to learn": ("offer.want_to_learn", ["financing"], [""]),
}
PERIOD = {
    "availability windows: from": ("period.availability.0.start", "2027-03-01", NO_DATE),
    "availability windows: to": ("period.availability.0.end", "2027-05-31", "2027-02-28"),
    "min days": ("period.min_days", 3, 2),
    "max days": ("period.max_days", 20, 32),
    "group size": ("period.group_size", 2, 0),
    "capacity": ("period.capacity", 2, 1.5),
    "accessibility needs": ("period.accessibility_needs", "A step-free way", "x" * 1001),
    "partnership": ("partnership.partnership_id", "7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c03", NO_ID),
    "or assigned": ("partnership.assign", True, "maybe"),
    "visibility": ("partnership.visibility", "partnerships", "friends"),
    "consents": ("consents.0.notice", "scheme_rules", "cookies"),
    "notice version": ("consents.0.version", "2026-1", ""),
}
PREFERENCES = {
    f"{words} as {role}": (f"preferences.{role}.{name}", right, wrong)
    for role in ("host", "visitor")
    for words, name, right, wrong in (
        ("countries", "countries", ["PT", "UK"], ["GB"]),
        ("organisation types", "organisation_types", ["sme"], ["club"]),
        ("activity types", "activity_types", ["networking"], ["internship"]),
        ("languages", "languages", ["en"], ["english"]),
    )
}
COMMITMENT = {
    "planned start": ("start", "2027-03-01", NO_DATE),
    "planned end": ("end", "2027-03-07", "soon"),
    "travel days": ("travel_days", ["2027-03-01"], ["2027-03-01", "2027-03-01"]),
    "travellers": ("travellers.0.name", "The managing director", ""),
    "travellers' functions": ("travellers.0.function", "Managing director", "x" * 121),
    "objectives": ("objectives", ["Learn how a laboratory is run"], [""]),
    "action plan": ("action_plan.0.activity", "Visit of the laboratory", ""),
    "days of the action plan": ("action_plan.0.day", "2027-03-02", "the second"),
    "expected outcomes": ("expected_outcomes", "A common project.", LONG),
    "responsibilities of the visitor": ("responsibilities.visitor", "Prepares the talks.", LONG),
    "responsibilities of the host": ("responsibilities.host", "Plans the programme.", 7),
    "place": ("place", "A Coruna", "x" * 201),
    "language of both agreements": ("language", "fr", "tlh"),
}
BANK_DETAILS = {
    "IBAN": ("iban", "PT50000201231234567890154", "PT50000201231234567890155"),
    "BIC": ("bic", "BCOMPTPL", "BCOM"),
    "account without IBAN": ("other_account", None, LONG),
    "holder": ("holder", "Blue Harbour Cluster", ""),
    "holder's street": ("address.street", "Rua do Porto", "x" * 71),
    "holder's house number": ("address.house_number", "7", ""),
    "holder's postcode": ("address.postcode", "4050-123", "x" * 17),
    "holder's town": ("address.town", "Porto", "x" * 36),
    "holder's country": ("address.country", "PT", NO_PLACE),
}
REPORT = {
    "done as planned": ("as_planned", False, "mostly"),
    "dates: from": ("first_day", "2027-03-02", NO_DATE),
    "dates: to": ("last_day", "2027-03-05", "2027-03-01"),
    "days present": ("days_present", 4, 5),
    "what was not as planned": ("deviations", "One day less.", LONG),
    "objectives again": ("outcomes.0.objective", "Learn how a laboratory is run", ""),
    "outcome per objective": ("outcomes.0.outcome", "We took its rules home.", "x" * 2001),
    "contacts made": ("contacts_made", 6, -1),
    "follow-up (project, contract, new market, joining a cluster, technology transfer)": (
        "follow_ups", ["project", "contract", "new_market", "cluster_membership", "technology_transfer"], ["friendship"],
    ),
    "follow-up in words": ("follow_up_details", "A common project.", LONG),
    "usefulness 1 to 5": ("usefulness", 5, 6),
    "consent to publish": ("publish", True, "later"),
}  # fmt: skip

LISTS: dict[str, Any] = {
    "person": {"languages": [LanguageSkill.example]}, "period": {"availability": [Window.example]}, "consents": [registry.ConsentStep.example],
}  # fmt: skip
"""An item in each list of the registration, whose other fields a single one stands beside."""

FORMS = (
    Form("account", CreateAccount, ACCOUNT),
    Form("account: password", ConfirmAccount, {"secret of the mailed link": ("secret", "Zb1k", ""), "password": ("password", "plain words make long passwords", "short")}),
    Form("account: log in", LogIn, {
        "username or e-mail": ("login", "office@example.org", ""), "password": ("password", "x", "y" * 201), "way": ("transport", "bearer", "post"),
    }),
    Form("account: new password", RequestNewPassword, {"username or e-mail": ("login", "office@example.org", "")}),
    Form("account: new password set", SetNewPassword, {"secret": ("secret", "Zb1k", "x" * 101), "password": ("password", "plain words make long passwords", "y" * 14)}),
    Form("account: changed", ChangeMe, {
        words: row for words, row in ACCOUNT.items() if row[0] in {"title", "first_name", "last_name", "organisation_name", "country", "language", "newsletters"}
    }),
    Form("newsletters", Subscribe, {"e-mail": ("e_mail", "reader@example.org", "reader"), "letters": ("letters", ["quarterly"], []), "language of the mail": ("language", "fr", "tlh")}),
    Form("registration", registry.ReviseRegistration, {
        **{f"1 {words}": row for words, row in ORGANISATION.items()}, **{f"2 {words}": row for words, row in PERSON.items()},
        **{f"3, 4 {words}": row for words, row in OFFER.items()}, **{f"5 {words}": row for words, row in PREFERENCES.items()},
        **{f"6, 7, 8 {words}": row for words, row in PERIOD.items()},
    }, LISTS),
    Form("commitment to quality", agreements.EditCommitment, COMMITMENT),
    Form("commitment and financial agreement: signature", agreements.SignAgreement, {"text": ("text_digest", "9f" * 32, "9f")}),
    Form("financial agreement: payment", payments.GiveBankDetails, BANK_DETAILS),
    Form("closing report", agreements.WriteReport, REPORT),
    Form("closing report: days by the host", agreements.ConfirmDays, {"days present": ("days_present", 4, 32)}),
    Form("closing report: usefulness by the host", agreements.RateExchange, {
        "usefulness 1 to 5": ("usefulness", 1, 0), "remarks": ("remarks", "Good guests.", LONG),
    }),
)  # fmt: skip

FILES = {
    "2 CV upload": (registry.UploadCv, "cv"),
    "list of evidence": (payments.UploadEvidence, "file"),
}
"""Fields that are files."""
