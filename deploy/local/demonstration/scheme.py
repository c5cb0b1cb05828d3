"""Who takes part in the demonstration: about two hundred organisations, and what becomes of each one's registration."""

from __future__ import annotations

from dataclasses import dataclass

from deploy.local.people.partnerships import for_demonstration
from deploy.local.people.profiles import Profile

NUMBER = 200

KINDS = (
    ["cluster_organisation"] * 5 + ["sme"] * 5 + ["business_network"] * 2
    + ["technology_centre", "research_institute", "innovation_hub", "fab_lab", "creative_hub", "resource_efficiency_service"]
    + ["incubator", "accelerator", "training_provider", "large_company", "public_authority"]
)  # fmt: skip
OTHERS = ("training_provider", "large_company", "public_authority")
HOSTS_FROM_OUTSIDE = (41, 133)
"""Small firms outside any cluster: they host, with a pre-approval."""

LATE_FATES = {"draft": 5, "recalled": 1, "submitted": 7, "more_info": 4}
"""Registrations that are fresh when the load ends."""
EARLY_FATES = {"rejected": 4, "reopened": 1, "given_up": 2, "withdrawn": 2, "paused": 3, "resumed": 1, "answered": 2}
"""What becomes of others: `given_up` before the acceptance, `withdrawn` after it; `answered` were asked for more and gave it."""
MONTHLY = "CLOTH"
EXPIRED = 2
"""So many of the partnership that asks for continued interest every month do not answer."""


@dataclass(frozen=True)
class Organisation:
    """An organisation, the partnership it chooses, and its fate; `accepted` is the most common one."""

    profile: Profile
    acronym: str
    fate: str

    @property
    def name(self) -> str:
        """What its parts and its person are called."""
        return f"organisation.{self.profile.number:03}"

    @property
    def is_late(self) -> bool:
        """Whether it registers at the end."""
        return self.fate in LATE_FATES

    @property
    def takes_part(self) -> bool:
        """Whether it is there for contacts and exchanges from the first day to the last."""
        return self.fate in ("accepted", "answered", "reopened", "resumed")


def organisations() -> list[Organisation]:
    """All of them, by number."""
    partnerships = for_demonstration()
    profiles = [_profile(number, partnerships) for number in range(NUMBER)]
    fates = _fates([acronym for _, acronym in profiles])
    return [Organisation(profile, acronym, fates[profile.number]) for profile, acronym in profiles]


def _profile(number: int, partnerships: list[dict[str, object]]) -> tuple[Profile, str]:
    partnership = partnerships[number % len(partnerships)]
    turn, kind = number // len(partnerships), KINDS[(number * 5) % len(KINDS)]
    countries, ecosystems = list(partnership["countries"]), list(partnership["ecosystems"])  # type: ignore[call-overload]
    outside = number in HOSTS_FROM_OUTSIDE
    kind = "sme" if outside else kind
    profile = Profile(
        number, countries[turn % len(countries)], kind, ecosystems[(turn + number) % len(ecosystems)],
        _roles(number, kind, outside, bool(partnership["others_may_visit"])), cluster_member=not outside, capacity=3,
        place_number=turn // len(countries) + number,
    )  # fmt: skip
    return profile, str(partnership["acronym"])


def _roles(number: int, kind: str, outside: bool, others_may_visit: bool) -> tuple[str, ...]:
    if outside or (kind in OTHERS and not others_may_visit):
        return ("host",)
    return (("visitor",), ("host", "visitor"), ("host",), ("visitor",))[number % 4]


def _fates(acronyms: list[str]) -> dict[int, str]:
    """Each number's fate: the special ones are dealt out evenly, from places that depend on nothing but the number."""
    fates = dict.fromkeys(range(len(acronyms)), "accepted")
    monthly = [number for number, acronym in enumerate(acronyms) if acronym == MONTHLY]
    for number in monthly[:EXPIRED]:
        fates[number] = "expired"
    free = [number for number in range(len(acronyms)) if number not in monthly and number not in HOSTS_FROM_OUTSIDE]
    special = [fate for fate, count in (EARLY_FATES | LATE_FATES).items() for _ in range(count)]
    for at, fate in enumerate(special):
        fates[free[(at * 5 + 3) % len(free)]] = fate
    return fates
