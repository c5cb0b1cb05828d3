"""How soon after its commit a changed profile is found by the search of somebody else: HTTP, registry, broker, matching and its index."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from deploy.local.exchange.__main__ import offices_of
from deploy.local.installation import Installation
from deploy.local.people.acts.registering import assess, fill_in, get_account, submit
from deploy.local.people.entrance import Entrance, wait_for
from deploy.local.people.offices import Office, sign_in
from deploy.local.people.person import Person
from deploy.local.people.profiles import Profile

LETTERS = str.maketrans("0123456789abcdef", "bcdfghjklmnpqrst")
PATIENCE_S = 60.0
PAUSE_S = 0.002


@dataclass(frozen=True)
class Changing:
    """A host that changes its profile, and somebody of another organisation who searches."""

    host: Person
    registration: str
    searcher: Person

    def is_found(self, word: str) -> bool:
        """Whether the searcher finds this host, and nobody else, by that very word; a slip put right is no find."""
        found = self.searcher.get("/v1/catalogue", text=word).body
        ids = [each["profile"]["participation_id"] for each in found["items"]]
        return ids == [self.registration.rpartition("/")[2]] and not found["corrected"]

    def change(self) -> tuple[str, float]:
        """Write a word that nobody has in the place of the one before: the word, and the ms from just before it is sent until it is found.

        The commit comes after the sending, so what is told is never too little.
        """
        word, version = uuid4().hex.translate(LETTERS), str(self.host.get(self.registration).version)
        if self.is_found(word):
            raise RuntimeError(f"{word} is found before anybody wrote it")
        began = time.perf_counter()
        self.host.patch(self.registration, version, role={"motivation": f"We gladly show {word} to our guests."})
        while not self.is_found(word):
            if time.perf_counter() - began > PATIENCE_S:
                raise RuntimeError(f"a changed profile was not found within {PATIENCE_S:.0f} s")
            time.sleep(PAUSE_S)
        return word, (time.perf_counter() - began) * 1000


def changing(here: Installation, entrance: Entrance, searcher: Person) -> Changing:
    """A host of its own for this, accepted and to be found."""
    office = offices_of(here, entrance).partnerships[0]
    host = sign_in(f"searched.{uuid4().hex[:8]}", "host").person(entrance)
    profile = Profile(7, "PT", "technology_centre", "mobility", ("host",), host.username.upper(), "being found")
    get_account(host, profile.legal_name, profile.country)
    return Changing(host, _accepted(entrance, host, profile, office), searcher)


def _accepted(entrance: Entrance, host: Person, profile: Profile, office: Office) -> str:
    today = datetime.fromisoformat(entrance.now()).date()
    link = fill_in(host, profile, office.partnership_id, (today.isoformat(), (today + timedelta(days=300)).isoformat()))
    submit(host, link)
    assess(office.desk.person(entrance), link)
    wait_for(lambda: host.get(link).body["state"] == "accepted" or None, "the acceptance", PATIENCE_S)
    return link
