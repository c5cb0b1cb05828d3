"""A person gets all that is held of that person, and nothing of anybody else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from chassis.bare.refusals import LogInAgain, LogInRequired, Unavailable
from contracts.identity.accounts import RequestNewPassword
from contracts.identity.export import ExportMe
from services.identity.doors.export import OTHERS
from services.identity.model import Session
from tests.identity.conftest import PASSWORD, IdentityRoom


@pytest.fixture
def answering(identity: IdentityRoom) -> IdentityRoom:
    """The other services hold one thing each."""
    for contract in OTHERS:
        held = {"tables": {"things": [{"of": contract.service}]}, "files": []}
        identity.room.answers_from({contract: lambda who, request, held=held: held})
    return identity


def exported(identity: IdentityRoom, who: Any) -> dict[str, Any]:
    """The file, read."""
    file = identity.ask(ExportMe, who)
    content: dict[str, Any] = json.loads(file["content"])
    assert (file["media_type"], file["size"]) == ("application/json", len(file["content"].encode()))
    return content


def test_export_holds_the_account_and_what_the_others_say(answering: IdentityRoom) -> None:
    """Account, roles, mails, sessions, and what the person did; of each service its part."""
    who = answering.logged_in("textile")
    content = exported(answering, who)
    held = content["held"]
    assert content["person_id"] == str(who.person)
    assert {name: part["tables"]["things"] for name, part in held.items() if name != "identity"} == {
        contract.service: [{"of": contract.service}] for contract in OTHERS
    }
    mine = held["identity"]["tables"]
    assert [row["e_mail"] for row in mine["account"]] == ["textile@example.org"]
    assert {row["e_mail"] for row in mine["mail"]} == {"textile@example.org"}
    with answering.room.unit() as unit:
        opened = unit.session.scalars(select(Session.id).where(Session.person_id == who.person)).all()
    assert len(opened) >= 2 and {row["id"] for row in mine["session"]} == set(map(str, opened))


def test_export_holds_no_secret_and_nobody_else(answering: IdentityRoom) -> None:
    """Neither a hash of a password or session nor another person's row."""
    who = answering.logged_in("textile")
    answering.account("somebody.else")
    answering.log_in("textile", PASSWORD)
    whole = json.dumps(exported(answering, who))
    assert "somebody.else" not in whole
    assert not [name for name in ("password_hash", "secret_hash", "argon2") if name in whole]


def test_export_holds_no_link_that_was_mailed(answering: IdentityRoom) -> None:
    """Whoever has the session alone must not get at a new password with it."""
    who = answering.logged_in("textile")
    answering.ask(RequestNewPassword, None, login="textile")
    assert not [word for word in ("secret=", "Secret:") if word in json.dumps(exported(answering, who))]


def test_export_asks_for_the_password_again(answering: IdentityRoom) -> None:
    """A session that was left open somewhere gives nothing away."""
    who = replace(answering.logged_in("textile"), authenticated_at=datetime.now(UTC) - timedelta(hours=1))
    with pytest.raises(LogInAgain):
        answering.ask(ExportMe, who)


def test_export_is_whole_or_not_given(identity: IdentityRoom) -> None:
    """While a service is away one comes again later; without a person there is nothing to give."""
    who = identity.logged_in("textile")

    def away(who: Any, request: Any) -> Any:
        raise Unavailable("The matching service is not running just now.")

    identity.room.answers_from(dict.fromkeys(OTHERS, away))
    with pytest.raises(Unavailable):
        identity.ask(ExportMe, who)
    with pytest.raises(LogInRequired):
        identity.ask(ExportMe)
