"""Reference data: closed lists and dated rules, each row with its source and the days it holds for."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validates_schema

from chassis.bare.fields import Choice, Several, Text
from chassis.bare.message import ANYONE, Event, Query, View
from contracts.figures import ROW_ID, AddRow
from contracts.words import ECOSYSTEMS, ORGANISATION_TYPES, TOOL_LANGUAGES, Nace

KINDS = (
    "countries",
    "eligible-countries",
    "outermost-regions",
    "ecosystems",
    "organisation-types",
    "organisation-sizes",
    "sme-sizes",
    "cluster-page-hosts",
    "activity-types",
    "nace-sections",
    "nace-divisions",
    "languages",
    "language-levels",
)
"""The lists there are; each is an address under /v1/reference/."""

NOTICES = ("privacy_notice", "scheme_rules")
"""What a registration must consent to, each in its present version."""

VERDICTS = ("yes", "no", "pre_approval", "partnership")
"""Whether a kind of organisation may: yes; no; only after the contact point approved it; as its partnership's parameter says."""


class TermView(View):
    """One row of a list: its code, its name, what it belongs to, where it comes from, and from when to when it holds.

    `footnote` is what an asterisk in the name points to; it is shown wherever the name is.
    """

    code = Text(40, required=True)
    name = Text(200, required=True)
    parent = Text(40, required=True, allow_none=True)
    footnote = Text(500, required=True, allow_none=True)
    source = Text(200, required=True)
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(required=True, allow_none=True)

    example: ClassVar = {
        "code": "PT",
        "name": "Portugal",
        "parent": None,
        "footnote": None,
        "source": "public pages of the programme",
        "valid_from": "2020-01-01",
        "valid_to": None,
    }


class ReferenceList(View):
    """All rows of one list that hold on a day."""

    kind = Choice(KINDS, required=True)
    items = fields.List(fields.Nested(TermView), required=True)

    example: ClassVar = {"kind": "eligible-countries", "items": [TermView.example]}


class ReadReference(Query):
    """Read one list as it holds on a day (today, where none is named)."""

    service = "registry"
    answers = ReferenceList
    allowed = (ANYONE,)
    kind = Choice(KINDS, required=True)
    on = fields.Date(load_default=None)

    example: ClassVar = {"kind": "eligible-countries", "on": "2026-06-01"}


class EcosystemActivityView(View):
    """That a division of NACE belongs to an ecosystem; both may belong to several."""

    ecosystem = Choice(ECOSYSTEMS, required=True)
    nace = Nace(required=True)
    source = Text(200, required=True)
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(required=True, allow_none=True)

    example: ClassVar = {
        "ecosystem": "agri_food",
        "nace": "10",
        "source": "assumption: general knowledge",
        "valid_from": "2020-01-01",
        "valid_to": None,
    }


class SuggestedEcosystem(View):
    """An ecosystem that divisions named in the question belong to, and which of them."""

    ecosystem = Choice(ECOSYSTEMS, required=True)
    nace = fields.List(Nace(), required=True)

    example: ClassVar = {"ecosystem": "agri_food", "nace": ["10"]}


class EcosystemActivities(View):
    """Which divisions belong to which ecosystems on a day; and, where divisions are named, the ecosystems they suggest.

    The ecosystem that most of them belong to comes first; ties go by its code.
    """

    items = fields.List(fields.Nested(EcosystemActivityView), required=True)
    suggested = fields.List(fields.Nested(SuggestedEcosystem), required=True)

    example: ClassVar = {"items": [EcosystemActivityView.example], "suggested": [SuggestedEcosystem.example]}


class ReadEcosystemActivities(Query):
    """Read which divisions of NACE belong to which ecosystems on a day (today, where none is named); of all, or of those named."""

    service = "registry"
    answers = EcosystemActivities
    allowed = (ANYONE,)
    nace = Several(Nace(), load_default=list)
    on = fields.Date(load_default=None)

    example: ClassVar = {"nace": ["10"], "on": "2026-06-01"}


class EligibilityRuleView(View):
    """Whether one kind of organisation may visit and host, as a member of a cluster or not."""

    organisation_type = Choice(ORGANISATION_TYPES, required=True)
    cluster_member = fields.Boolean(required=True)
    may_visit = Choice(VERDICTS, required=True)
    may_host = Choice(VERDICTS, required=True)
    source = Text(200, required=True)
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(required=True, allow_none=True)

    example: ClassVar = {
        "organisation_type": "sme",
        "cluster_member": False,
        "may_visit": "no",
        "may_host": "pre_approval",
        "source": "public pages of the programme",
        "valid_from": "2020-01-01",
        "valid_to": None,
    }


class EligibilityRules(View):
    """The rules of who may visit and host that hold on a day (or all there are); a kind that is not listed may do neither."""

    items = fields.List(fields.Nested(EligibilityRuleView), required=True)

    example: ClassVar = {"items": [EligibilityRuleView.example]}


class ReadEligibilityRules(Query):
    """Read who may visit and host on a day (today, where none is named); or every row, the newest of each kind first."""

    service = "registry"
    answers = EligibilityRules
    allowed = (ANYONE,)
    on = fields.Date(load_default=None)
    all = fields.Boolean(load_default=False, metadata={"description": "Also the rows that held before and that will hold."})

    example: ClassVar = {"on": "2026-06-01"}


class AddEligibilityRule(AddRow):
    """Say who of a kind may visit and host from a day on; whoever was accepted before that day stays as accepted."""

    service = "registry"
    answers = EligibilityRuleView
    organisation_type = Choice(ORGANISATION_TYPES, required=True)
    cluster_member = fields.Boolean(required=True)
    may_visit = Choice(VERDICTS, required=True)
    may_host = Choice(VERDICTS, required=True)
    source = Text(200, required=True)

    example: ClassVar = {
        "organisation_type": "sme",
        "cluster_member": False,
        "may_visit": "no",
        "may_host": "yes",
        "valid_from": "2031-01-01",
        "source": "programme's rules of 2031",
    }

    @validates_schema
    def _done(self, data: dict[str, Any], **_: Any) -> None:
        # Approval case by case is there for hosting alone.
        if data["may_visit"] == "pre_approval":
            raise ValidationError("Visits are not approved case by case: yes, no or partnership.", "may_visit")
        if data["may_host"] == "partnership":
            raise ValidationError("Hosting is no partnership's parameter: yes, no or pre_approval.", "may_host")


class EligibilityRuleAdded(Event):
    """A rule of who may visit and host was added."""

    service = "registry"
    subject_kind = "eligibility_rule"

    eligibility_rule_id = fields.UUID(required=True)
    organisation_type = fields.String(required=True)
    cluster_member = fields.Boolean(required=True)
    may_visit = fields.String(required=True)
    may_host = fields.String(required=True)
    valid_from = fields.Date(required=True)
    source = fields.String(required=True)

    example: ClassVar = {"eligibility_rule_id": ROW_ID, **AddEligibilityRule.example}


class ConsentNoticeView(View):
    """A text that a registration consents to, in one version and the language asked for, or English where there is no other."""

    notice = Choice(NOTICES, required=True)
    version = Text(20, required=True)
    language = Choice(TOOL_LANGUAGES, required=True)
    heading = Text(200, required=True)
    text = Text(20000, required=True, lines=True)
    source = Text(200, required=True)
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(required=True, allow_none=True)

    example: ClassVar = {
        "notice": "privacy_notice",
        "version": "2026-1",
        "language": "en",
        "heading": "How your personal data are used",
        "text": "Your data are used to run the exchange scheme.",
        "source": "assumption: text of this installation",
        "valid_from": "2020-01-01",
        "valid_to": None,
    }


class ConsentNotices(View):
    """The present version of every notice."""

    items = fields.List(fields.Nested(ConsentNoticeView), required=True)

    example: ClassVar = {"items": [ConsentNoticeView.example]}


class ReadConsentNotices(Query):
    """Read the present version of every notice that a registration consents to; one version has one content in every language."""

    service = "registry"
    answers = ConsentNotices
    allowed = (ANYONE,)
    language = Choice(TOOL_LANGUAGES, load_default=TOOL_LANGUAGES[0])

    example: ClassVar = {"language": "en"}
