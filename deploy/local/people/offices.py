"""Partnerships with their people, the support office, the auditor: made through the API by an administrator, and remembered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from deploy.local.files import write_atomically
from deploy.local.people.acts.registering import get_account
from deploy.local.people.entrance import Entrance, Refused
from deploy.local.people.person import Person
from deploy.local.people.profiles import words
from deploy.local.program import ROOT
from deploy.local.unusable import Unusable

PASSWORD = "the slow train takes the coast"
"""Of every made-up person; for development only, where everybody may know it."""
AT_ONCE = 8


@dataclass(frozen=True)
class SignIn:
    """What somebody needs to log in as a made-up person, and who it is."""

    username: str
    e_mail: str
    title: str
    first_name: str
    last_name: str
    acts_as: str
    password: str = PASSWORD

    def person(self, entrance: Entrance) -> Person:
        """The person at the door of a system."""
        return Person(entrance, **asdict(self))


@dataclass(frozen=True)
class Office:
    """A partnership: its id, its contact point for registrations and agreements, its paying officers."""

    partnership_id: str
    acronym: str
    country: str
    desk: SignIn
    paying_officers: list[SignIn]


@dataclass(frozen=True)
class Offices:
    """Everybody who takes care of others."""

    administrator: SignIn
    support: list[SignIn] = field(default_factory=list)
    auditor: SignIn | None = None
    partnerships: list[Office] = field(default_factory=list)

    def are_at(self, entrance: Entrance) -> bool:
        """Whether these people have accounts there; what was written down may be of a system that was thrown away."""
        try:
            self.administrator.person(entrance).log_in()
        except Refused:
            return False
        return True

    def keep(self, file: Path) -> None:
        """Write it down for whoever plays these people later; it holds passwords, hence for this user alone."""
        write_atomically(file, json.dumps(asdict(self), indent=1, ensure_ascii=False))


def kept_offices(file: Path) -> Offices | None:
    """The offices as they were written down, if they were."""
    if not file.exists():
        return None
    content = json.loads(file.read_text())
    partnerships = [
        Office(**{**each, "desk": SignIn(**each["desk"]), "paying_officers": [SignIn(**one) for one in each["paying_officers"]]})
        for each in content["partnerships"]
    ]
    support = [SignIn(**each) for each in content["support"]]
    return Offices(SignIn(**content["administrator"]), support, SignIn(**content["auditor"]), partnerships)


def sign_in(name: str, acts_as: str, country: str = "BE", number: int = 0) -> SignIn:
    """A made-up person whose username and address are made of a name such as `desk.blues`."""
    known = words("countries")[country]
    return SignIn(name, f"{name}@offices.example", "Mx", known["first"][number % 2], known["family"], acts_as)


def make_administrator(environment: dict[str, str], name: str) -> SignIn:
    """An administrator, made by the command that an operator uses; `environment` is identity's own."""
    made = sign_in(name, "administrator")
    command = (
        sys.executable, "-W", "ignore", "-m", "services.identity.administrator", "--e-mail", made.e_mail, "--username", made.username, "--another",
    )  # fmt: skip
    told = {**os.environ, **environment, "ADMINISTRATOR_PASSWORD": made.password}
    done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True)
    if done.returncode and not Offices(made).are_at(Entrance(environment["PUBLIC_URL"])):
        said = (done.stderr.strip() or done.stdout.strip() or "nothing").splitlines()[-1]
        raise Unusable(f"no administrator could be made; the command said: {said}")
    return made


def make_offices(entrance: Entrance, administrator: SignIn, contents: list[dict[str, Any]], prefix: str = "", officers: int = 1) -> Offices:
    """Create these partnerships, the people in them, a support office and an auditor; `prefix` keeps usernames apart."""
    chief = administrator.person(entrance)
    chief.log_in()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        staff = pool.map(lambda each: _hire(chief, *each), _staff(prefix))
        partnerships = pool.map(lambda content: _make_partnership(chief, content, prefix, officers), contents)
        *support, auditor = staff
        return Offices(administrator, support, auditor, list(partnerships))


def _staff(prefix: str) -> Iterator[tuple[SignIn, str, str | None]]:
    for number in (1, 2):
        yield sign_in(f"{prefix}support.{number}", "support officer", number=number), "support_officer", None
    yield sign_in(f"{prefix}auditor", "auditor"), "auditor", None


def _make_partnership(chief: Person, content: dict[str, Any], prefix: str, officers: int) -> Office:
    made = chief.post("/v1/partnerships", **content).body
    place, acronym, country = made["partnership_id"], made["acronym"], made["country"]
    short = "".join(letter for letter in acronym.lower() if letter.isalnum())
    desk = sign_in(f"{prefix}desk.{short}", f"contact point of {acronym}", country)
    paying = [
        sign_in(f"{prefix}finance.{short}.{number}", f"paying officer of {acronym}", country, number) for number in range(1, officers + 1)
    ]
    _hire(chief, desk, "registrations", place)
    _grant(chief, desk, "agreements", place)
    for each in paying:
        _hire(chief, each, "finance", place)
    return Office(place, acronym, country, desk, paying)


def _hire(chief: Person, somebody: SignIn, role: str, place: str | None) -> SignIn:
    """An account for somebody, with a role; one that is there already is taken as it is."""
    known = {each["username"]: each["confirmed"] for each in chief.all("/v1/persons", text=somebody.username)}
    if not known.get(somebody.username):
        get_account(somebody.person(chief.entrance), "ClusterXchange", "BE")
    _grant(chief, somebody, role, place)
    return somebody


def _grant(chief: Person, somebody: SignIn, role: str, place: str | None) -> None:
    chief.post("/v1/roles", login=somebody.username, role=role, place=place)
