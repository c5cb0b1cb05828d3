"""An account's life: from the form to the new password."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from sqlalchemy import select

from chassis.bare.message import real_now
from chassis.bare.principal import anonymous, service
from chassis.bare.refusals import Conflict, InvalidFields, NotFound, StaleVersion
from contracts.identity.accounts import ChangeMe, ConfirmAccount, ReadMe, ReadPersons, RequestNewPassword, SetNewPassword
from contracts.identity.refusals import (
    EMailsDiffer,
    LinkNotGood,
    LogInFailed,
    PasswordTooWeak,
    SessionEnded,
    TooManyAttempts,
    UsernameTaken,
)
from contracts.identity.sessions import IssueToken
from services.identity.model import Account
from tests.builders import person
from tests.chassis.conftest import at_once
from tests.identity.conftest import PASSWORD, IdentityRoom

OTHER = "quite another row of words"


def accounts(identity: IdentityRoom) -> list[Account]:
    """All accounts."""
    with identity.room.frame.sessions() as session:
        return list(session.scalars(select(Account)))


def test_account_works_from_its_confirmation_on(identity: IdentityRoom) -> None:
    """The mail goes to the address of the form; until its link is followed there is nothing to log in to."""
    identity.create()
    assert [mail.title for mail in identity.mails("textile@example.org")] == ["Please confirm your account"]
    with pytest.raises(LogInFailed):
        identity.log_in()
    identity.confirm()
    assert identity.log_in()["name"] == "First Last"
    assert [fact.type for fact in identity.room.facts() if fact.type != "mails_queued"] == ["account_created", "account_confirmed"]


def test_known_address_gets_the_same_answer_and_a_mail_that_says_so(identity: IdentityRoom) -> None:
    """Nobody learns from the form who has an account; its owner does, by mail."""
    first = identity.create()
    identity.confirm()
    again = identity.create("somebody.else", e_mail="Textile@Example.org", confirm_e_mail="textile@example.ORG")
    assert first == again and len(accounts(identity)) == 1
    last = identity.mails()[-1]
    assert (last.e_mail, last.title) == ("textile@example.org", "You have an account already") and "textile" in last.text


def test_address_waiting_for_confirmation_gets_another_link(identity: IdentityRoom) -> None:
    """The first mail was lost; both links work, until one is used."""
    identity.create()
    first = identity.secret("textile@example.org")
    identity.create()
    second = identity.secret("textile@example.org")
    identity.ask(ConfirmAccount, anonymous(), secret=second, password=PASSWORD)
    with pytest.raises(LinkNotGood):
        identity.ask(ConfirmAccount, anonymous(), secret=first, password=OTHER)
    assert identity.log_in() and len(accounts(identity)) == 1


@pytest.mark.parametrize("username", ["textile", "TEXTILE", " textile "[1:-1], "Textile"])
def test_username_is_taken_whatever_its_case(identity: IdentityRoom, username: str) -> None:
    """Usernames are public, so this may be said."""
    identity.create()
    with pytest.raises(UsernameTaken):
        identity.create("other", username=username)
    assert identity.mails("other@example.org") == []


def test_same_username_at_once_makes_one_account(identity: IdentityRoom) -> None:
    """The other is refused, and it is no bug of ours."""
    outcomes = at_once(*[lambda name=name: identity.create(name, username="textile") for name in ("one", "two")])  # type: ignore[misc]
    assert sum(isinstance(outcome, dict) for outcome in outcomes) == len(accounts(identity)) == 1
    assert all(isinstance(outcome, (dict, Conflict)) for outcome in outcomes)


def test_same_address_at_once_makes_one_account(identity: IdentityRoom) -> None:
    """Both get the same answer."""
    outcomes = at_once(*[lambda name=name: identity.create("textile", username=name) for name in ("one", "two")])  # type: ignore[misc]
    assert outcomes[0] == outcomes[1] and len(accounts(identity)) == 1


def test_addresses_that_differ_are_refused(identity: IdentityRoom) -> None:
    """The form asks twice for a reason."""
    with pytest.raises(EMailsDiffer):
        identity.create(confirm_e_mail="texile@example.org")


@pytest.mark.parametrize(
    "changes",
    [
        {"username": "two@signs"}, {"username": " leading"}, {"username": "line\nbreak"}, {"username": ""}, {"username": "x" * 61},
        {"e_mail": "nobody"}, {"country": "XX"}, {"title": "Lord"}, {"first_name": ""}, {"newsletters": ["daily"]}, {"newsletters": ["monthly"] * 2},
        {"privacy_policy_accepted": False}, {"privacy_policy_accepted": None}, {"organisation_name": "x" * 201}, {"confirmed_at": "2026-01-01"}, {"roles": []},
    ],
    ids=str,
)  # fmt: skip
def test_form_that_is_not_acceptable_is_refused(identity: IdentityRoom, changes: dict[str, Any]) -> None:
    """Each field by its rule; what belongs to the server cannot be sent."""
    with pytest.raises(InvalidFields) as refused:
        identity.create(**changes)
    assert set(refused.value.details["fields"]) == set(changes)


@pytest.mark.parametrize("username", ["Textile Cluster", "o'neill", "a", "Müller_2", "ΐ" * 60])
def test_username_may_hold_spaces_and_a_little_punctuation(identity: IdentityRoom, username: str) -> None:
    """As the form says; letters that grow when compared included."""
    identity.create(username=username)
    identity.confirm()
    assert identity.log_in(username.upper())


def test_link_works_once(identity: IdentityRoom) -> None:
    """Whoever finds the mail later gets nothing by it."""
    identity.account()
    with pytest.raises(LinkNotGood):
        identity.confirm(password=OTHER)


@pytest.mark.parametrize(("hours", "good"), [(23, True), (25, False)])
def test_link_runs_out_after_a_day_of_real_time(identity: IdentityRoom, hours: int, good: bool) -> None:
    """Whatever the domain clock says."""
    identity.create()
    identity.room.clock.advance(days=300)
    with time_machine.travel(real_now() + timedelta(hours=hours)):
        if good:
            assert identity.confirm()
        else:
            with pytest.raises(LinkNotGood):
                identity.confirm()


@pytest.mark.parametrize("contract", [ConfirmAccount, SetNewPassword])
def test_link_is_good_for_its_own_purpose_only(identity: IdentityRoom, contract: type) -> None:
    """A link made up, or mailed for something else."""
    identity.create()
    secret = "made-up" if contract is ConfirmAccount else identity.secret("textile@example.org")
    with pytest.raises(LinkNotGood):
        identity.ask(contract, anonymous(), secret=secret, password=PASSWORD)


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("fourteen words", InvalidFields),
        ("x" * 201, InvalidFields),
        ("aaaaaaaaaaaaaaa", PasswordTooWeak),
        ("abababababababab", PasswordTooWeak),
        ("AaAaBbBbAaAaBbBb", PasswordTooWeak),
        ("my name is TEXTILE", PasswordTooWeak),
        ("write textile@example.org", PasswordTooWeak),
        ("passwordpassword", PasswordTooWeak),
        ("Password12345678", PasswordTooWeak),
        ("123456789012345", PasswordTooWeak),
        ("clusterxchange2026", PasswordTooWeak),
    ],
)
def test_weak_password_is_refused_and_the_link_stays_good(identity: IdentityRoom, password: str, refusal: type[Exception]) -> None:
    """Short, repetitive, the account's own names, or what everybody tries first."""
    identity.create()
    with pytest.raises(refusal):
        identity.confirm(password=password)
    assert identity.confirm()


@pytest.mark.parametrize(
    "password", ["plain words make long passwords", "пятнадцать букв", "spaces at the end ", "🌀🌁🌂🌃🌄🌅🌆🌇🌈🌉🌊🌋🌌🌍🌎"]
)
def test_password_may_be_anything_long(identity: IdentityRoom, password: str) -> None:
    """No rules of composition; what is typed is what counts."""
    identity.create()
    identity.confirm(password=password)
    assert identity.log_in(password=password)


def test_short_username_does_not_forbid_its_letters(identity: IdentityRoom) -> None:
    """A username of one letter stands in every password by chance."""
    identity.create(username="a")
    assert identity.confirm()


def test_new_password_ends_every_session_and_every_other_link(identity: IdentityRoom) -> None:
    """Whoever had got in is out."""
    identity.account()
    sessions = [identity.log_in() for _ in range(2)]
    for _ in range(2):
        identity.ask(RequestNewPassword, anonymous(), login="textile@example.org")
    first, second = (mail.text.split("Secret: ")[1].split()[0] for mail in identity.mails()[-2:])
    identity.ask(SetNewPassword, anonymous(), secret=first, password=OTHER)
    for session in sessions:
        with pytest.raises(SessionEnded):
            identity.ask(IssueToken, service("gateway"), secret=session["token"])
    with pytest.raises(LinkNotGood):
        identity.ask(SetNewPassword, anonymous(), secret=second, password=PASSWORD)
    with pytest.raises(LogInFailed):
        identity.log_in()
    assert identity.log_in(password=OTHER)
    assert identity.room.facts("password_changed")


def test_request_for_a_new_password_says_the_same_to_known_and_unknown(identity: IdentityRoom) -> None:
    """And mails only to the account's own address."""
    identity.account()
    before = len(identity.mails())
    known, unknown = (identity.ask(RequestNewPassword, anonymous(), login=login) for login in ("TEXTILE", "nobody@example.org"))
    assert known == unknown
    assert [mail.e_mail for mail in identity.mails()[before:]] == ["textile@example.org"]


def test_forgotten_confirmation_can_be_asked_for_as_a_new_password(identity: IdentityRoom) -> None:
    """An account that was never confirmed gets its first link again."""
    identity.create()
    identity.ask(RequestNewPassword, anonymous(), login="textile")
    assert identity.mails()[-1].title == "Please confirm your account"
    identity.confirm()
    assert identity.log_in()


def test_nobody_can_flood_a_mailbox(identity: IdentityRoom) -> None:
    """After a few requests the next has to wait, longer each time; then it works again."""
    identity.account()
    with time_machine.travel(real_now() + timedelta(hours=2)) as clock:
        for _ in range(4):
            identity.ask(RequestNewPassword, anonymous(), login="textile")
        with pytest.raises(TooManyAttempts) as refused:
            identity.ask(RequestNewPassword, anonymous(), login="textile")
        clock.shift(refused.value.details["retry_after"] + 1)
        assert identity.ask(RequestNewPassword, anonymous(), login="textile")


def test_own_account_is_read_and_changed(identity: IdentityRoom) -> None:
    """What is left out stays; the version guards it."""
    who = identity.logged_in()
    me = identity.ask(ReadMe, who)
    changed = identity.ask(ChangeMe, who, if_match=me["version"], last_name="Other", newsletters=[])
    assert me["unread_notices"] == 0
    assert changed == me | {"last_name": "Other", "newsletters": [], "version": me["version"] + 1}
    with pytest.raises(StaleVersion):
        identity.ask(ChangeMe, who, if_match=me["version"], last_name="Third")


@pytest.mark.parametrize("field", ["username", "e_mail", "roles", "person_id", "version", "confirmed_at"])
def test_what_is_not_mine_to_change_is_refused(identity: IdentityRoom, field: str) -> None:
    """No mass assignment."""
    with pytest.raises(InvalidFields):
        identity.ask(ChangeMe, person(), if_match=1, **{field: "x"})


def test_persons_are_read_by_services_only(identity: IdentityRoom) -> None:
    """For everybody else the request does not exist; unknown ids are left out."""
    person_id = identity.account()
    cards = identity.ask(ReadPersons, service("matching"), person_ids=[person_id, uuid4()])
    assert cards == {"items": [{"person_id": str(person_id), "name": "First Last", "e_mail": "textile@example.org"}]}
    for who in (person(), person(("administrator", None)), anonymous()):
        with pytest.raises(NotFound):
            identity.ask(ReadPersons, who, person_ids=[person_id])


def test_account_answers_to_its_own_person_only(identity: IdentityRoom) -> None:
    """There is no address by which another's account is read: mine is found by who I am."""
    mine, other = identity.logged_in("one"), identity.logged_in("two")
    assert UUID(identity.ask(ReadMe, mine)["person_id"]) == mine.person != other.person


def test_account_speaks_the_language_of_the_page_it_was_made_on(identity: IdentityRoom) -> None:
    """From the first mail on; the person changes it, and a language that the tool does not speak is refused."""
    identity.create(language="fr")
    (mail,) = identity.mails("textile@example.org")
    assert (mail.title, mail.language) == ("Veuillez confirmer votre compte", "fr") and mail.text.startswith("Bonjour Mme Last,")
    secret = mail.text.split("Secret : ")[1].split()[0]
    identity.ask(ConfirmAccount, anonymous(), secret=secret, password=PASSWORD)
    who = identity.principal(identity.log_in())
    me = identity.ask(ReadMe, who)
    assert me["language"] == "fr"
    identity.ask(ChangeMe, who, if_match=me["version"], language="en")
    identity.ask(RequestNewPassword, anonymous(), login="textile")
    assert identity.mails()[-1].title == "Your new password"
    with pytest.raises(InvalidFields):
        identity.create("other", language="tlh")
