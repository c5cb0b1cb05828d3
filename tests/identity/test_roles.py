"""Roles: who may give and take what, where."""

from __future__ import annotations

import importlib
import itertools
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text, update

from chassis.bare.principal import Principal, anonymous, service
from chassis.bare.refusals import Conflict, LogInRequired, Refusal, RoleRequired
from contracts.identity.refusals import (
    LastAdministrator,
    NotToYourself,
    PersonNotFound,
    PlaceNotAllowed,
    PlaceRequired,
    RoleNotFound,
    RoleNotGrantable,
)
from contracts.identity.roles import OFFICE_ROLES, PLACED_ROLES, GrantRole, ListPersons, RevokeRole
from contracts.registry.events import OrganisationFounded, RepresentativeJoined
from services.identity.model import Role
from tests.builders import A_MONDAY, administrator, auditor, contact_point, person, representative, support_officer
from tests.chassis.conftest import at_once
from tests.identity.conftest import IdentityRoom

PLACE = UUID("3fdcb9cb-5e07-4d3d-9f5b-8a8b8d1d3f12")
WHO = {
    "administrator": administrator(),
    "support_officer": support_officer(),
    "auditor": auditor(),
    "contact_point": contact_point(PLACE),
    "representative": representative(PLACE),
    "person": person(),
    "identity": service("identity"),
}
MAY = {"administrator": {*PLACED_ROLES, *OFFICE_ROLES}, "support_officer": {"registrations", "agreements", "finance"}}
MAY["identity"] = MAY["administrator"]
MATRIX = [(who, role) for who, role in itertools.product(WHO, (*PLACED_ROLES, *OFFICE_ROLES))]


def place_of(role: str) -> UUID | None:
    """Where that role is held."""
    return PLACE if role in PLACED_ROLES else None


@pytest.mark.parametrize(("who", "role"), MATRIX)
def test_role_is_given_and_taken_by_exactly_those_who_may(who: str, role: str) -> None:
    """The rule itself: the full matrix."""
    held, _ = Role.grant(uuid4(), role, place_of(role), service("identity"), A_MONDAY)
    refused = []
    for move in (
        lambda: Role.grant(uuid4(), role, place_of(role), WHO[who], A_MONDAY),
        lambda: held.revoke(WHO[who], A_MONDAY, administrators=2),
    ):
        try:
            move()
        except RoleNotGrantable:
            refused.append(True)
    assert len(refused) == (0 if role in MAY.get(who, set()) else 2)


@pytest.mark.parametrize("role", PLACED_ROLES)
def test_role_of_a_place_needs_one(role: str) -> None:
    """A contact point of nowhere would be one of everywhere."""
    with pytest.raises(PlaceRequired):
        Role.grant(uuid4(), role, None, administrator(), A_MONDAY)


@pytest.mark.parametrize("role", OFFICE_ROLES)
def test_role_of_the_office_has_no_place(role: str) -> None:
    """It holds everywhere."""
    with pytest.raises(PlaceNotAllowed):
        Role.grant(uuid4(), role, PLACE, administrator(), A_MONDAY)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [(anonymous(), LogInRequired), (person(), RoleRequired), (representative(PLACE), RoleRequired), (contact_point(PLACE), RoleRequired),
     (auditor(), RoleRequired)],
)  # fmt: skip
def test_doors_are_shut_to_everybody_else(identity: IdentityRoom, who: Principal, refusal: type[Refusal]) -> None:
    """Neither giving, nor taking, nor looking persons up."""
    identity.account()
    with pytest.raises(refusal):
        identity.ask(GrantRole, who, login="textile", role="auditor")
    with pytest.raises(refusal):
        identity.ask(RevokeRole, who, role_id=uuid4())
    with pytest.raises(refusal):
        identity.ask(ListPersons, who)


def test_role_works_from_its_giving_to_its_taking(identity: IdentityRoom) -> None:
    """In the next token, and announced each time."""
    person_id = identity.account()
    role = identity.ask(GrantRole, administrator(), login="textile@example.org", role="registrations", place=PLACE)
    session = identity.log_in()
    assert identity.principal(session).roles == frozenset({("registrations", PLACE)})
    identity.ask(RevokeRole, support_officer(), role_id=role["role_id"])
    assert identity.principal(session).roles == frozenset()
    data = {"person_id": str(person_id), "role": "registrations", "place": str(PLACE)}
    assert [(fact.type, fact.data) for fact in identity.room.facts() if fact.type.startswith("role_")] == [
        ("role_granted", data),
        ("role_revoked", data),
    ]


def test_role_held_already_is_answered_as_it_is(identity: IdentityRoom) -> None:
    """Nothing is announced twice; two at once neither."""
    identity.account()
    give = lambda: identity.ask(GrantRole, administrator(), login="textile", role="auditor")  # noqa: E731
    first = give()
    assert at_once(give, give) == [first, first] and len(identity.room.facts("role_granted")) == 1


def test_role_taken_back_can_be_given_again(identity: IdentityRoom) -> None:
    """As a new one."""
    identity.account()
    give = lambda: identity.ask(GrantRole, administrator(), login="textile", role="auditor")["role_id"]  # noqa: E731
    first = give()
    identity.ask(RevokeRole, administrator(), role_id=first)
    with pytest.raises(RoleNotFound):
        identity.ask(RevokeRole, administrator(), role_id=first)
    assert give() != first


def test_support_office_may_not_give_what_is_not_its_to_give_though_it_is_held(identity: IdentityRoom) -> None:
    """It learns neither who is administrator nor who has an account."""
    identity.account("textile", ("administrator", None))
    for login in ("textile", "nobody"):
        with pytest.raises(RoleNotGrantable):
            identity.ask(GrantRole, support_officer(), login=login, role="administrator")


def test_support_officer_gives_nobody_a_second_pair_of_eyes_in_the_same_head() -> None:
    """A support officer cannot become a paying officer by their own hand; an administrator, who answers for all, can."""
    officer = support_officer()
    with pytest.raises(NotToYourself):
        Role.grant(officer.person, "finance", PLACE, officer, A_MONDAY)
    chief = administrator()
    role, _ = Role.grant(chief.person, "finance", PLACE, chief, A_MONDAY)
    assert role.person_id == chief.person


@pytest.mark.parametrize("login", ["nobody", "unconfirmed", "unconfirmed@example.org"])
def test_role_is_given_to_confirmed_accounts_only(identity: IdentityRoom, login: str) -> None:
    """Else whoever types an address owns what was meant for its owner."""
    identity.create("unconfirmed")
    with pytest.raises(PersonNotFound):
        identity.ask(GrantRole, administrator(), login=login, role="auditor")


def admin_role(identity: IdentityRoom, name: str) -> str:
    """An administrator's role."""
    identity.account(name)
    return str(identity.ask(GrantRole, administrator(), login=name, role="administrator")["role_id"])


def test_last_administrator_stays(identity: IdentityRoom) -> None:
    """Also when an administrator asks for it."""
    first, second = admin_role(identity, "one"), admin_role(identity, "two")
    identity.ask(RevokeRole, administrator(), role_id=first)
    with pytest.raises(LastAdministrator):
        identity.ask(RevokeRole, administrator(), role_id=second)
    with pytest.raises(RoleNotFound):
        identity.ask(RevokeRole, administrator(), role_id=first)


def test_support_office_is_not_told_who_is_the_last_administrator(identity: IdentityRoom) -> None:
    """What is not its to take is refused before anything is looked at."""
    role = admin_role(identity, "one")
    with pytest.raises(RoleNotGrantable):
        identity.ask(RevokeRole, support_officer(), role_id=role)


def test_two_administrators_cannot_leave_at_once(identity: IdentityRoom) -> None:
    """One stays, whoever wins."""
    roles = [admin_role(identity, name) for name in ("one", "two")]
    at_once(*[lambda role=role: identity.ask(RevokeRole, administrator(), role_id=role) for role in roles])  # type: ignore[misc]
    assert len(identity.room.facts("role_revoked")) <= 1


@pytest.mark.parametrize("event", [OrganisationFounded, RepresentativeJoined])
def test_founder_and_joiner_represent_the_organisation(identity: IdentityRoom, event: type[OrganisationFounded]) -> None:
    """By what registry announces; once, however often it is heard."""
    person_id, organisation = identity.account(), uuid4()
    fact = event.of(organisation, organisation_id=organisation, person_id=person_id)
    event_id = identity.room.hear(fact)
    identity.room.hear(fact, event_id)
    identity.room.hear(fact)
    assert identity.principal(identity.log_in()).roles == frozenset({("representative", organisation)})
    assert len(identity.room.facts("role_granted")) == 1


def test_founder_whom_nobody_knows_is_an_error(identity: IdentityRoom) -> None:
    """Parked for a person to look at, rather than lost."""
    with pytest.raises(PersonNotFound):
        identity.room.hear(OrganisationFounded.of(uuid4(), organisation_id=uuid4(), person_id=uuid4()))


@pytest.mark.parametrize(
    ("search", "found"),
    [({"text": "TEXT"}, ["textile"]), ({"text": "blue@ex"}, ["blue"]), ({"text": "first last"}, ["blue", "textile"]), ({"text": "%"}, []),
     ({"text": "_"}, []), ({"text": "nothing"}, []), ({"role": "auditor"}, ["blue"]), ({"place": PLACE}, ["textile"]),
     ({"role": "finance", "place": PLACE}, ["textile"]), ({"role": "finance", "place": UUID(int=1)}, [])],
    ids=str,
)  # fmt: skip
def test_persons_are_found_by_name_address_role_and_place(identity: IdentityRoom, search: dict[str, object], found: list[str]) -> None:
    """What looks like a pattern is text."""
    identity.account("textile", ("finance", PLACE))
    identity.account("blue", ("auditor", None))
    assert [each["username"] for each in identity.ask(ListPersons, support_officer(), **search)["items"]] == found


def test_revoked_roles_are_not_shown(identity: IdentityRoom) -> None:
    """Only what is held now."""
    role = admin_role(identity, "one")
    admin_role(identity, "two")
    identity.ask(RevokeRole, administrator(), role_id=role)
    shown = {each["username"]: [held["role"] for held in each["roles"]] for each in identity.ask(ListPersons, administrator())["items"]}
    assert shown == {"one": [], "two": ["administrator"]}


def test_refusals_of_roles_are_no_bugs() -> None:
    """Each tells what to do."""
    assert issubclass(LastAdministrator, Conflict)


def test_paying_officers_of_before_are_told_of_once_more(identity: IdentityRoom) -> None:
    """As the migration plans it: each role that such a person still holds, and nothing of others."""
    place, plan = uuid4(), importlib.import_module("services.identity.migrations.0003_tell_roles").OFFICERS
    officer = identity.account("officer", ("finance", place), ("agreements", place), ("registrations", place))
    identity.account("other", ("agreements", place))
    room = identity.room
    with room.unit() as unit:
        unit.session.execute(update(Role).where(Role.role == "registrations").values(revoked_at=A_MONDAY))
        unit.session.execute(text(plan))
    assert room.run_due() == 1
    told = room.facts("role_held")
    assert sorted((each.data["person_id"], each.data["role"], each.data["place"]) for each in told) == [
        (str(officer), role, str(place)) for role in ("agreements", "finance")
    ]
    assert room.run_due() == 0
