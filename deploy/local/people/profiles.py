"""Made-up organisations with believable answers to the registration form; the same number makes the same organisation."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from contracts.words import ACTIVITY_TYPES, ORGANISATION_TYPES
from deploy.local.people.numbers import FORMS, vat_number

PROFILES = "https://www.clustercollaboration.eu/content"
"""Where real clusters have their profiles; those of made-up ones lead nowhere."""
WORDS = Path(__file__).parent / "words"
SCALING = {"technology_centre": "Technology Centre", "research_institute": "Research Institute", "innovation_hub": "Innovation Hub",
           "fab_lab": "Fab Lab", "creative_hub": "Creative Hub", "resource_efficiency_service": "Resource Efficiency Service",
           "incubator": "Incubator", "accelerator": "Accelerator"}  # fmt: skip
KIND_NAMES = SCALING | {
    "cluster_organisation": "Cluster", "business_network": "Business Network", "training_provider": "Academy",
    "public_authority": "Development Agency",
}  # fmt: skip
FUNCTIONS = ("Managing director", "Cluster manager", "International officer", "Project manager", "Head of innovation")


@lru_cache(maxsize=4)
def words(name: str) -> dict[str, Any]:
    """One of the files of words beside this module."""
    return dict(yaml.safe_load((WORDS / f"{name}.yaml").read_text()))


@dataclass(frozen=True)
class Place:
    """A real town, its region and postcode."""

    country: str
    town: str
    nuts: str
    postcode: str


def places(country: str) -> list[Place]:
    """The towns we know in a country."""
    parts = ([part.strip().strip('"') for part in line.split("|")] for line in words("countries")[country]["towns"])
    return [Place(country, *each) for each in parts]


@dataclass(frozen=True)
class Profile:
    """An organisation to be: who, where, in which ecosystem and capacity; `subject` is a topic of its very own, if it has one."""

    number: int
    country: str
    organisation_type: str
    ecosystem: str
    roles: tuple[str, ...]
    mark: str = ""
    subject: str = ""
    cluster_member: bool = True
    capacity: int = 2
    place_number: int | None = None

    @property
    def place(self) -> Place:
        """Where it sits."""
        towns = places(self.country)
        return towns[(self.number if self.place_number is None else self.place_number) % len(towns)]

    @property
    def legal_name(self) -> str:
        """Its made-up name."""
        stems, form = words("ecosystems")[self.ecosystem]["names"], words("countries")[self.country]["form"]
        stem = stems[self.number % len(stems)]
        if self.organisation_type in ("sme", "large_company"):
            name = f"{stem}{_plain(self.place.town)[:3]} {form}"
        else:
            name = f"{stem} {KIND_NAMES[self.organisation_type]} {self.place.town}"
        return f"{name} {self.mark}".strip()

    @property
    def slug(self) -> str:
        """Its name as an address spells it."""
        plain = _plain(f"{self.legal_name} {self.number}")
        return "-".join("".join(letter if letter.isalnum() else " " for letter in plain).split())

    @property
    def first_name(self) -> str:
        """Of the person who answers for it."""
        return str(words("countries")[self.country]["first"][self.number % 2])

    @property
    def last_name(self) -> str:
        """The word 'example' in the country's language: nobody's name."""
        return str(words("countries")[self.country]["family"])

    def answers(self, partnership_id: str | None, window: tuple[str, str], consents: list[dict[str, str]]) -> dict[str, Any]:
        """All eight steps of the form; without a partnership one is to be assigned."""
        chance = Random(f"{self.number} {self.legal_name}")
        return {
            "organisation": self._organisation(chance),
            "person": self._person(chance),
            "role": {"roles": list(self.roles), "motivation": self._motivation(chance)},
            "offer": self._offer(chance),
            "preferences": {role: self._wishes(chance) for role in self.roles},
            "period": self._period(window, chance),
            "partnership": {"partnership_id": partnership_id, "assign": partnership_id is None, "visibility": "all"},
            "consents": consents,
        }

    def cv(self) -> list[str]:
        """The lines of the person's CV."""
        known = words("ecosystems")[self.ecosystem]
        return [
            f"{self.first_name} {self.last_name}",
            self.legal_name,
            "",
            "Works on:",
            *known["topics"],
            "",
            "Knows:",
            *known["technologies"],
        ]

    def _organisation(self, chance: Random) -> dict[str, Any]:
        small = self.organisation_type in ("sme", "fab_lab", "creative_hub", "cluster_organisation", "business_network")
        place = self.place
        step = {
            "legal_name": self.legal_name,
            "organisation_type": self.organisation_type,
            "street": words("countries")[self.country]["street"],
            "house_number": str(chance.randint(1, 180)),
            "postcode": place.postcode,
            "town": place.town,
            "country": self.country,
            "nuts": place.nuts,
            "website": f"https://{self.slug}.example/",
            **_number(self.country, chance.randint(10**8, 10**9 - 1)),
            "size": chance.choice(["micro", "small", "medium"] if small else ["medium", "large"]),
            "cluster_member": self.cluster_member,
        }
        if self.cluster_member:
            cluster = f"{words('ecosystems')[self.ecosystem]['names'][0]} Cluster {place.town}"
            step |= {"cluster_name": cluster, "cluster_page": f"{PROFILES}/example-{self.ecosystem}-{self.country.lower()}"}
        return step

    def _person(self, chance: Random) -> dict[str, Any]:
        own = words("countries")[self.country]["language"]
        languages = [{"language": "en", "level": chance.choice(["B2", "C1", "C2"])}]
        if own != "en":
            languages.append({"language": own, "level": "C2"})
        return {
            "title": chance.choice(["Ms", "Mr", "Dr", "Mx"]), "first_name": self.first_name, "last_name": self.last_name,
            "function": chance.choice(FUNCTIONS), "e_mail": f"{self.slug[:50]}@people.example",
            "phone": f"+00 555 {self.number:04d}", "languages": languages,
        }  # fmt: skip

    def _motivation(self, chance: Random) -> str:
        known = words("ecosystems")[self.ecosystem]
        learn, teach, topic = chance.choice(known["learn"]), chance.choice(known["teach"]), chance.choice(known["topics"])
        hosts = f"We gladly open our doors and show {teach}. " if "host" in self.roles else ""
        visits = f"We would like to see {learn}. " if "visitor" in self.roles else ""
        kind = ORGANISATION_TYPES[self.organisation_type].lower()
        article = "an" if kind[0] in "aeiou" else "a"
        return f"As {article} {kind} in {self.place.town} we care about {topic}. {visits}{hosts}A few days side by side tell more than any report."

    def _offer(self, chance: Random) -> dict[str, Any]:
        known = words("ecosystems")[self.ecosystem]
        neighbours = sorted(set(words("ecosystems")) - {self.ecosystem})
        own = [self.subject] if self.subject else []
        return {
            "ecosystems": [self.ecosystem, *chance.sample(neighbours, chance.randint(0, 2))],
            "nace": chance.sample(known["nace"], 2),
            "technologies": chance.sample(known["technologies"], 2),
            "topics": [*own, *chance.sample(known["topics"], 2)],
            "can_teach": [*own, *chance.sample(known["teach"], 2)],
            "want_to_learn": [*own, *chance.sample(known["learn"], 2)],
        }

    def _wishes(self, chance: Random) -> dict[str, Any]:
        countries = sorted(set(words("countries")) - {self.country})
        return {
            "countries": chance.sample(countries, chance.choice([0, 4, 8])),
            "organisation_types": chance.sample(sorted(ORGANISATION_TYPES), chance.choice([0, 3])),
            "activity_types": chance.sample(sorted(ACTIVITY_TYPES), chance.choice([1, 2, 3])),
            "languages": ["en"],
        }

    def _period(self, window: tuple[str, str], chance: Random) -> dict[str, Any]:
        step: dict[str, Any] = {
            "availability": [{"start": window[0], "end": window[1]}],
            "min_days": 3,
            "max_days": chance.choice([5, 10, 20]),
            "group_size": chance.choice([1, 2, 3]),
        }
        return step | ({"capacity": self.capacity} if "host" in self.roles else {})


def _number(country: str, serial: int) -> dict[str, str]:
    """A VAT number where the Union has them, else a number in a register."""
    if country in FORMS:
        return {"number_kind": "vat", "registration_number": vat_number(country, serial)}
    return {"number_kind": "register", "registration_number": f"{country}-{serial}"}


def _plain(text: str) -> str:
    """In small letters without accents."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
