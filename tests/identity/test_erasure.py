"""A person is erased: who may be, what is left, and that a restored database does not bring anybody back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text, update

from chassis.bare.principal import Principal, service
from chassis.bare.refusals import Conflict, Invalid, LogInAgain
from contracts.agreements.ties import ReadOpenExchanges
from contracts.identity.accounts import ReadPersons, RequestNewPassword
from contracts.identity.erasure import EraseMe
from contracts.identity.newsletters import Subscribe
from contracts.identity.refusals import (
    ExchangeGoesOn,
    LastAdministrator,
    LastContactPoint,
    LogInFailed,
    PaymentGoesOn,
    SessionEnded,
    UsernameDiffers,
)
from contracts.identity.roles import GrantRole, ListPersons
from contracts.identity.sessions import IssueToken
from contracts.payments.ties import ReadUnsettledPayments
from contracts.registry.events import OrganisationFounded
from deploy.local.erased import whom
from services.identity.erase_again import erase_again
from services.identity.model import Account
from tests.builders import administrator, person
from tests.faults.crash_points.books import books
from tests.identity.conftest import IdentityRoom

NAMES = ("Zebulon", "Quartermain")
PARTNERSHIP = uuid4()


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of the erased."""
    monkeypatch.setenv("ERASED_FILE", str(tmp_path / "erased"))
    return tmp_path / "erased"


@pytest.fixture
def unbound(identity: IdentityRoom) -> IdentityRoom:
    """Nobody has exchanges or payments."""
    bind(identity)
    return identity


def bind(identity: IdentityRoom, exchanges: tuple[str, ...] = (), payments: tuple[str, ...] = ()) -> None:
    """Lay down what agreements and payments say that binds whoever asks."""
    identity.room.answers_from({
        ReadOpenExchanges: lambda who, request: {"exchange_ids": exchanges},
        ReadUnsettledPayments: lambda who, request: {"exchange_ids": payments},
    })  # fmt: skip


def somebody(identity: IdentityRoom, name: str = "zebulon", *roles: tuple[str, UUID | None]) -> Principal:
    """Somebody with a name that nobody else has, logged in."""
    identity.create(name, first_name=NAMES[0], last_name=NAMES[1])
    identity.confirm(name)
    session = identity.log_in(name)
    for role, place in roles:
        identity.ask(GrantRole, administrator(), login=name, role=role, place=place)
    return identity.principal(session)


def erase(identity: IdentityRoom, who: Principal, username: str = "zebulon") -> None:
    """Ask for it, and let the worker do it once the last tokens hold no more."""
    identity.ask(EraseMe, who, username=username)
    let_tokens_run_out(identity)
    identity.room.run_jobs()


def let_tokens_run_out(identity: IdentityRoom) -> None:
    """As if it had been asked for two minutes ago."""
    with identity.room.unit() as unit:
        unit.session.execute(
            update(Account)
            .where(Account.erasure_asked_at.is_not(None))
            .values(erasure_asked_at=Account.erasure_asked_at - timedelta(minutes=2))
        )


def everything(identity: IdentityRoom) -> str:
    """All rows of all tables, as one text."""
    with identity.room.engine.connect() as connection:
        tables = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        return "\n".join(str(row) for name in tables for row in connection.execute(text(f'SELECT * FROM "{name}"')))


def test_erased_person_is_named_nowhere_and_stands_in_the_register(unbound: IdentityRoom, relay: Any, register: Path) -> None:
    """Account, mails, letters, counts of wrong passwords and kept answers; the journal knows an id."""
    who = somebody(unbound)
    unbound.ask(Subscribe, e_mail="zebulon@example.org", letters=["monthly"])
    with pytest.raises(LogInFailed):
        unbound.log_in("zebulon", "a wrong password")
    erase(unbound, who)
    assert whom(register) == [who.person]
    held = everything(unbound)
    assert [word for word in (*NAMES, "zebulon") if word.lower() in held.lower()] == []
    assert [fact.type for fact in unbound.room.facts() if fact.subject == f"person/{who.person}"][-2:] == ["erasure_asked", "person_erased"]


def test_erased_person_cannot_come_in_or_be_found(unbound: IdentityRoom, relay: Any, register: Path) -> None:
    """From the moment of asking on; the name is free for somebody else afterwards."""
    who, session = somebody(unbound), unbound.log_in("zebulon")
    unbound.ask(EraseMe, who, username="zebulon")
    with pytest.raises(LogInFailed):
        unbound.log_in("zebulon")
    with pytest.raises(SessionEnded):
        unbound.ask(IssueToken, service("gateway"), secret=session["token"])
    let_tokens_run_out(unbound)
    unbound.room.run_jobs()
    assert unbound.ask(ListPersons, administrator(), text="erased")["items"] == []
    assert unbound.ask(ReadPersons, service("matching"), person_ids=[who.person])["items"] == []
    before = len(unbound.mails())
    unbound.ask(RequestNewPassword, login=f"erased-{who.person.hex}")
    assert len(unbound.mails()) == before
    unbound.account("zebulon")


def test_wish_that_arrives_again_after_the_erasure_has_the_answer_it_had(unbound: IdentityRoom, relay: Any, register: Path) -> None:
    """A message may come late and twice; nothing is asked of who is gone, and nobody is written to."""
    who, key = somebody(unbound), str(uuid4())
    answer = unbound.ask(EraseMe, who, username="zebulon", key=key)
    let_tokens_run_out(unbound)
    unbound.room.run_jobs()
    before = books(unbound.room.engine)
    assert unbound.ask(EraseMe, who, username="zebulon", key=key) == answer
    assert books(unbound.room.engine) == before


def test_what_is_typed_to_log_in_lies_nowhere_in_the_clear(identity: IdentityRoom) -> None:
    """A name may be that of somebody erased, and is a password now and then; attempts under it are counted all the same."""
    with pytest.raises(LogInFailed):
        identity.log_in("Zebulon Quartermain", "a wrong password")
    assert "quartermain" not in everything(identity).lower()


def test_nobody_is_erased_while_the_last_tokens_hold(unbound: IdentityRoom, relay: Any, register: Path) -> None:
    """Whoever was let in a moment ago could still write something under the name."""
    who = somebody(unbound)
    unbound.ask(EraseMe, who, username="zebulon")
    unbound.room.run_jobs()
    assert not register.exists() and unbound.room.facts("person_erased") == []


@pytest.mark.parametrize(
    ("exchanges", "payments", "username", "refusal"),
    [
        ((str(uuid4()),), (), "zebulon", ExchangeGoesOn),
        ((), (str(uuid4()),), "zebulon", PaymentGoesOn),
        ((), (), "zebulon2", UsernameDiffers),
    ],
)
def test_whom_something_binds_is_not_erased(
    identity: IdentityRoom, exchanges: tuple[str, ...], payments: tuple[str, ...], username: str, refusal: type[Conflict | Invalid]
) -> None:
    """The refusal names it; nothing has happened, and the session goes on."""
    bind(identity, exchanges, payments)
    who = somebody(identity)
    with pytest.raises(refusal):
        identity.ask(EraseMe, who, username=username)
    assert identity.room.facts("erasure_asked") == []
    assert identity.log_in("zebulon")


def test_password_has_to_be_given_again(unbound: IdentityRoom) -> None:
    """An open session is not enough to end an account."""
    somebody(unbound)
    with pytest.raises(LogInAgain):
        unbound.ask(EraseMe, person(fresh=False), username="zebulon")


@pytest.mark.parametrize(
    ("role", "place", "refusal"),
    [("administrator", None, LastAdministrator), ("finance", PARTNERSHIP, LastContactPoint), ("agreements", PARTNERSHIP, LastContactPoint)],
)
def test_nobody_leaves_an_office_empty(
    unbound: IdentityRoom, relay: Any, register: Path, role: str, place: UUID | None, refusal: Any
) -> None:
    """With a successor one may go; one who is going, too, is none."""
    who = somebody(unbound, "zebulon", (role, place))
    with pytest.raises(refusal):
        unbound.ask(EraseMe, who, username="zebulon")
    second = unbound.logged_in("second", (role, place))
    erase(unbound, who)
    assert [fact.data["role"] for fact in unbound.room.facts("role_revoked")] == [role]
    with pytest.raises(refusal):
        unbound.ask(EraseMe, second, username="second")


def test_last_representative_is_bound_by_the_organisation_s_exchanges(identity: IdentityRoom) -> None:
    """Agreements is asked about the organisations that nobody else represents."""
    asked: list[Any] = []
    bind(identity)
    identity.room.answers_from({ReadOpenExchanges: lambda who, request: asked.append(request) or {"exchange_ids": []}})
    alone, shared = uuid4(), uuid4()
    who = somebody(identity, "zebulon", ("representative", alone), ("representative", shared))
    identity.account("second", ("representative", shared))
    identity.ask(EraseMe, who, username="zebulon")
    assert asked == [{"person_id": who.person, "organisation_ids": [alone]}]


def test_who_is_back_with_a_restored_database_is_erased_again(unbound: IdentityRoom, relay: Any, register: Path) -> None:
    """Whatever office or exchange the person has there: it was erased. Others, and who is unknown, are left alone."""
    who = somebody(unbound, "zebulon", ("administrator", None))
    other = unbound.account("second")
    register.write_text(f"{who.person}\n{uuid4()}\n")
    assert erase_again(unbound.room.frame) == 1
    assert [fact.data["person_id"] for fact in unbound.room.facts("person_erased")] == [str(who.person)]
    assert erase_again(unbound.room.frame) == 0
    assert unbound.log_in("second")["person_id"] == str(other)
    with pytest.raises(LogInFailed):
        unbound.log_in("zebulon")


def test_erased_person_is_told_nothing_any_more(unbound: IdentityRoom, relay: Any, register: Path) -> None:
    """Not even when a fact of before comes late and gives a role."""
    who = somebody(unbound)
    erase(unbound, who)
    place, before = uuid4(), len(unbound.mails())
    unbound.room.hear(OrganisationFounded.of(place, organisation_id=place, person_id=who.person))
    with unbound.room.unit() as unit:
        from services.identity.queries import holders

        assert holders(unit, "representative", place) == []
    assert len(unbound.mails()) == before
