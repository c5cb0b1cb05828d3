"""Access of partnership systems: opened by its own contact points, the secret shown once and kept nowhere."""

from __future__ import annotations

import base64
import hashlib
from uuid import uuid4

import pytest
from sqlalchemy import text

from chassis.bare.message import real_now
from chassis.bare.principal import SYSTEM, Principal, service
from chassis.bare.refusals import LogInAgain, MoveNotAllowed, NotFound, RoleRequired, TooManyAttempts
from contracts.registry import (
    IssueSystemToken,
    ListPartnerAccesses,
    NoPartnerAccess,
    OpenPartnerAccess,
    PartnerAccessOpen,
    PartnerLogInFailed,
    PartnershipNotFound,
    RevokePartnerAccess,
    RotatePartnerAccess,
)
from services.registry.model.secrets import fits, hashed
from tests.builders import administrator, auditor, contact_point, person, support_officer
from tests.partners.conftest import Partners


def log_in(partners: Partners, login: str, secret: str, address: str = "a") -> Principal:
    """Exchange login and secret for a token, and see for whom it speaks."""
    token = partners.room.ask(IssueSystemToken, service("gateway"), login=login, secret=secret, address=address)["token"]
    return partners.room.frame.verifier.principal(token)


def test_contact_point_opens_the_access_and_sees_its_secret_once(partners: Partners) -> None:
    """In the answer to the opening, and in no other."""
    opened = partners.open(partners.visitors)
    assert len(opened["secret"]) == 48 and opened["login"].startswith("partner.visit-") and not opened["ready"]
    (listed,) = partners.room.ask(ListPartnerAccesses, contact_point(partners.visitors))["items"]
    assert listed == {name: value for name, value in opened.items() if name != "secret"}


def test_secret_lies_in_no_table(partners: Partners) -> None:
    """Neither beside a key, nor in the journal, nor anywhere else in the database."""
    secrets = [partners.open(partners.visitors)["secret"]]
    who = contact_point(partners.visitors)
    secrets.append(partners.room.ask(RotatePartnerAccess, who, partnership_id=partners.visitors, key="k")["secret"])
    tables = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    with partners.room.frame.sessions() as session:
        kept = [str(session.execute(text(f'SELECT * FROM "{name}"')).all()) for name in session.scalars(tables)]
    assert [secret for secret in secrets if any(secret in each for each in kept)] == []


def test_opening_repeated_late_changes_nothing_and_shows_no_secret(partners: Partners) -> None:
    """Not even after the access was revoked: under its own key it is the opening of then."""
    who, asked = contact_point(partners.visitors), {"partnership_id": partners.visitors, "key": "once"}
    first = partners.room.ask(OpenPartnerAccess, who, **asked)
    assert partners.room.ask(OpenPartnerAccess, who, **asked) == first | {"secret": None}
    partners.room.ask(RevokePartnerAccess, who, partnership_id=partners.visitors)
    assert partners.room.ask(OpenPartnerAccess, who, **asked) == first | {"secret": None}
    (listed,) = partners.room.ask(ListPartnerAccesses, who)["items"]
    assert listed["state"] == "revoked"


def test_hash_is_the_one_that_rabbitmq_takes_for_a_password() -> None:
    """base64(salt + SHA-256(salt + password)), the example of RabbitMQ's documentation of password hashes."""
    salt = bytes.fromhex("908dc60a")
    wanted = base64.b64encode(salt + hashlib.sha256(salt + b"test12").digest()).decode()
    assert hashed("test12", salt) == wanted == "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR"
    assert fits("test12", wanted) and not fits("test13", wanted) and not fits("test12", None)


def test_only_the_partnerships_own_contact_points_open_and_rotate(partners: Partners) -> None:
    """Strangers learn nothing; an administrator gets no secret of a partnership."""
    partners.open(partners.visitors)
    for contract in (OpenPartnerAccess, RotatePartnerAccess):
        for who in (person(), administrator(), support_officer(), auditor()):
            with pytest.raises(RoleRequired):
                partners.room.ask(contract, who, partnership_id=partners.visitors)
        with pytest.raises(NotFound):
            partners.room.ask(contract, contact_point(partners.hosts), partnership_id=partners.visitors)
        with pytest.raises(LogInAgain):
            partners.room.ask(contract, contact_point(partners.visitors, fresh=False), partnership_id=partners.visitors)
    with pytest.raises(PartnershipNotFound):
        partners.room.ask(OpenPartnerAccess, contact_point(nowhere := uuid4()), partnership_id=nowhere)


def test_access_is_opened_once(partners: Partners) -> None:
    """A second opening is refused and changes nothing."""
    opened = partners.open(partners.visitors)
    with pytest.raises(PartnerAccessOpen):
        partners.open(partners.visitors)
    assert log_in(partners, opened["login"], opened["secret"]).kind == SYSTEM


def test_rotation_replaces_the_secret_and_nothing_else(partners: Partners) -> None:
    """Login and queue stay; the old secret opens nothing any more."""
    opened, who = partners.open(partners.visitors), contact_point(partners.visitors)
    rotated = partners.room.ask(RotatePartnerAccess, who, partnership_id=partners.visitors)
    assert (rotated["login"], rotated["queue"], rotated["opened_at"]) == (opened["login"], opened["queue"], opened["opened_at"])
    assert rotated["secret"] != opened["secret"]
    with pytest.raises(PartnerLogInFailed):
        log_in(partners, opened["login"], opened["secret"])
    assert log_in(partners, rotated["login"], rotated["secret"]).has("partner_system", partners.visitors)


def test_revoked_access_opens_nothing_until_it_is_opened_anew(partners: Partners) -> None:
    """By the partnership itself, or by the programme's offices where a secret leaked."""
    opened, who = partners.open(partners.visitors), contact_point(partners.visitors)
    assert partners.room.ask(RevokePartnerAccess, support_officer(), partnership_id=partners.visitors)["state"] == "revoked"
    with pytest.raises(PartnerLogInFailed):
        log_in(partners, opened["login"], opened["secret"])
    for contract in (RevokePartnerAccess, RotatePartnerAccess):
        with pytest.raises(MoveNotAllowed):
            partners.room.ask(contract, who, partnership_id=partners.visitors)
    again = partners.open(partners.visitors)
    assert again["login"] == opened["login"] and again["queue"] != opened["queue"] and not again["ready"]
    assert log_in(partners, again["login"], again["secret"])
    assert [each.type for each in partners.room.facts() if "access" in each.type] == [
        "partner_access_opened", "partner_access_revoked", "partner_access_opened",
    ]  # fmt: skip


def test_nobody_revokes_or_lists_anothers_access(partners: Partners) -> None:
    """Contact points have their own; the offices see all."""
    partners.open(partners.visitors)
    with pytest.raises(NoPartnerAccess):
        partners.room.ask(RevokePartnerAccess, contact_point(partners.hosts), partnership_id=partners.visitors)
    assert partners.room.ask(ListPartnerAccesses, contact_point(partners.hosts))["items"] == []
    assert len(partners.room.ask(ListPartnerAccesses, administrator(), state=["open"])["items"]) == 1
    assert partners.room.ask(ListPartnerAccesses, administrator(), state=["revoked"])["items"] == []


def test_wrong_secret_and_unknown_login_are_refused_alike(partners: Partners) -> None:
    """The same code and sentence, after the same work."""
    login = partners.open(partners.visitors)["login"]
    said = []
    for name in (login, "partner.nobody-000000000000"):
        with pytest.raises(PartnerLogInFailed) as refused:
            log_in(partners, name, "wrong")
        said.append(refused.value.as_message())
    assert said[0] == said[1]


def test_guessing_waits_ever_longer_where_it_comes_from_and_keeps_nobody_else_waiting(partners: Partners) -> None:
    """Who knows a login cannot keep its owner out."""
    opened = partners.open(partners.visitors)
    for _ in range(6):
        with pytest.raises(PartnerLogInFailed):
            log_in(partners, opened["login"], "wrong", address="guesser")
    with pytest.raises(TooManyAttempts) as refused:
        log_in(partners, opened["login"], opened["secret"], address="guesser")
    assert refused.value.details["retry_after"] >= 1
    assert log_in(partners, opened["login"], opened["secret"], address="owner")


def test_token_of_a_system_is_asked_for_by_services_alone(partners: Partners) -> None:
    """For anybody else there is no such door."""
    opened = partners.open(partners.visitors)
    with pytest.raises(NotFound):
        partners.room.ask(IssueSystemToken, administrator(), login=opened["login"], secret=opened["secret"], address="a")


def test_access_is_younger_than_the_log_in_that_opened_it(partners: Partners) -> None:
    """Its times are real ones, like those of sessions."""
    assert partners.open(partners.visitors)["opened_at"] <= real_now().isoformat()
