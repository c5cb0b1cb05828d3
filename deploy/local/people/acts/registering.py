"""From nothing to an accepted participation."""

from __future__ import annotations

from typing import Any

from deploy.local.people.papers import pdf
from deploy.local.people.person import Person
from deploy.local.people.profiles import Profile


def get_account(person: Person, organisation_name: str, country: str) -> None:
    """Fill in the account form, confirm the address by the mailed link, log in."""
    person.create_account(organisation_name, country)
    person.confirm_account()
    person.log_in()


def consents(person: Person) -> list[dict[str, str]]:
    """The notices in their present versions, read and agreed to."""
    return [{"notice": each["notice"], "version": each["version"]} for each in person.get("/v1/reference/consent-notices").body["items"]]


def partnership_called(person: Person, acronym: str) -> str:
    """The id of a partnership, found in the public list by its acronym."""
    (found,) = (each["partnership_id"] for each in person.all("/v1/partnerships") if each["acronym"] == acronym)
    return str(found)


def fill_in(person: Person, profile: Profile, partnership_id: str | None, window: tuple[str, str]) -> str:
    """Begin a registration and fill in all of it; returns its link."""
    link = f"/v1/registrations/{person.post('/v1/registrations').body['participation_id']}"
    draft = person.get(link)
    if set(draft.body["missing"]) - {"person.cv"}:
        person.patch(link, str(draft.version), **profile.answers(partnership_id, window, consents(person)))
    if "visitor" in profile.roles and draft.body["cv"] is None:
        person.upload("PUT", f"{link}/cv", {"cv": ("cv.pdf", pdf(profile.cv()), "application/pdf")})
    return link


def submit(person: Person, link: str) -> None:
    """Hand the registration to the partnership as it reads now."""
    person.decide(f"{link}/submission", link)


def own_registration(person: Person) -> dict[str, Any]:
    """The one registration in the person's own list."""
    (own,) = person.all("/v1/registrations", mine=True)
    return own


def assess(desk: Person, link: str) -> None:
    """Look at a registration as its contact point, CV and all, and accept it."""
    registration = desk.get(link)
    if registration.body["cv"]:
        desk.get(f"{link}/cv")
    if registration.body["state"] == "submitted":
        desk.post(f"{link}/acceptance", registration.version)
