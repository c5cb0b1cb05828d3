"""Logging in, staying in, logging out, and guessing."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import select

from chassis.bare.message import real_now
from chassis.bare.principal import ANONYMOUS, Principal, anonymous, service
from chassis.bare.refusals import NotFound, Unavailable
from chassis.bare.tables import JournalRow
from contracts.identity.live import ListenLive
from contracts.identity.refusals import LogInFailed, SessionEnded, TooManyAttempts
from contracts.identity.sessions import ConfirmPassword, IssueToken, LogOut
from services.identity.model import Guess
from services.identity.passwords import MOST_AT_ONCE, MOST_WAITING, in_line
from tests.builders import person
from tests.chassis.conftest import at_once
from tests.identity.conftest import PASSWORD, IdentityRoom

HERE, THERE = Principal(ANONYMOUS, "address-one"), Principal(ANONYMOUS, "address-two")


@pytest.mark.parametrize("login", ["textile", "TEXTILE", "textile@example.org", "Textile@EXAMPLE.org", " textile "])
def test_log_in_by_username_or_address_in_any_case(identity: IdentityRoom, login: str) -> None:
    """The session belongs to the account whichever was typed."""
    person_id = identity.account()
    assert identity.log_in(login)["person_id"] == str(person_id)


@pytest.mark.parametrize("password", [PASSWORD.upper(), PASSWORD.title(), f"{PASSWORD} ", "wrong"])
def test_password_is_case_sensitive_and_taken_as_typed(identity: IdentityRoom, password: str) -> None:
    """As the form says."""
    identity.account()
    with pytest.raises(LogInFailed):
        identity.log_in(password=password)


def test_unknown_login_is_refused_like_a_wrong_password(identity: IdentityRoom) -> None:
    """Same refusal, same words; and letters that grow when compared are no error."""
    identity.account()
    said = []
    for login in ("textile", "nobody", "ΐ" * 254):
        with pytest.raises(LogInFailed) as refused:
            identity.log_in(login, "wrong")
        said.append(refused.value.as_message())
    assert said[0] == said[1] == said[2]


def test_session_is_exchanged_for_a_token_with_the_present_roles(identity: IdentityRoom) -> None:
    """The token speaks for the person, with the log-in's time."""
    who = identity.logged_in("textile", ("auditor", None))
    assert who.roles == frozenset({("auditor", None)}) and who.is_fresh() and who.name == "First Last"


def test_tokens_are_issued_to_services_only(identity: IdentityRoom) -> None:
    """A session's secret is exchanged by the gateway, for nobody else."""
    identity.account()
    session = identity.log_in()
    for who in (anonymous(), person(("administrator", None))):
        with pytest.raises(NotFound):
            identity.ask(IssueToken, who, secret=session["token"])


def test_log_out_ends_this_session_and_no_other(identity: IdentityRoom) -> None:
    """The other browser stays logged in."""
    identity.account()
    one, other = identity.log_in(), identity.log_in()
    identity.ask(LogOut, identity.principal(one))
    with pytest.raises(SessionEnded):
        identity.principal(one)
    assert identity.principal(other)


def test_whoever_listens_hears_for_itself_and_its_roles_until_the_session_is_over(identity: IdentityRoom) -> None:
    """Or until the time that was asked for; a session that ended is refused, and every end is announced once."""
    place = uuid4()
    who = identity.logged_in("textile", ("representative", place), ("auditor", None))
    listener = identity.ask(ListenLive, who)
    assert set(listener["hears"]) == {f"person@{who.id}", f"representative@{place}", "auditor@"}
    lasts = datetime.fromisoformat(listener["ends_at"]) - real_now()
    assert timedelta(hours=11) < lasts <= timedelta(hours=12)
    assert datetime.fromisoformat(identity.ask(ListenLive, who, seconds=5)["ends_at"]) - real_now() <= timedelta(seconds=5)
    for _ in range(2):
        identity.ask(LogOut, who)
    with pytest.raises(SessionEnded):
        identity.ask(ListenLive, who)
    with identity.room.frame.sessions() as session:
        told = session.scalars(select(JournalRow.data).where(JournalRow.type == "logged_out")).all()
    assert [each["session_id"] for each in told] == [who.session]


def test_logging_out_twice_changes_nothing(identity: IdentityRoom) -> None:
    """A repeat is harmless."""
    who = identity.logged_in()
    assert identity.ask(LogOut, who) == identity.ask(LogOut, who) == {}


@pytest.mark.parametrize(("hours", "open_"), [(11, True), (13, False)])
def test_session_runs_out_after_half_a_day(identity: IdentityRoom, hours: int, open_: bool) -> None:
    """Of real time."""
    identity.account()
    session = identity.log_in()
    identity.room.clock.advance(days=30)
    with time_machine.travel(real_now() + timedelta(hours=hours)):
        if open_:
            assert identity.principal(session)
        else:
            with pytest.raises(SessionEnded):
                identity.principal(session)


def test_made_up_secret_is_no_session(identity: IdentityRoom) -> None:
    """Only its hash is kept, so nothing but the secret itself opens it."""
    with pytest.raises(SessionEnded):
        identity.ask(IssueToken, service("gateway"), secret="made up")


def test_password_given_again_makes_the_session_fresh(identity: IdentityRoom) -> None:
    """As signing, bank details and payments ask."""
    identity.account()
    session = identity.log_in()
    with time_machine.travel(real_now() + timedelta(minutes=10)):
        stale = identity.principal(session)
        assert not stale.is_fresh()
        with pytest.raises(LogInFailed):
            identity.ask(ConfirmPassword, stale, password="wrong")
        assert not identity.principal(session).is_fresh()
        assert identity.ask(ConfirmPassword, stale, password=PASSWORD)["token"] is None
        assert identity.principal(session).is_fresh()


def test_password_cannot_be_given_again_in_an_ended_session(identity: IdentityRoom) -> None:
    """A token that outlived its session opens nothing."""
    who = identity.logged_in()
    identity.ask(LogOut, who)
    with pytest.raises(SessionEnded):
        identity.ask(ConfirmPassword, who, password=PASSWORD)


def test_guessing_one_account_waits_ever_longer_and_never_locks(identity: IdentityRoom) -> None:
    """The owner too waits, at most a quarter of an hour, and then is in."""
    identity.account()
    waits = []
    with time_machine.travel(real_now(), tick=False) as clock:
        for _ in range(5):
            with pytest.raises(LogInFailed):
                identity.log_in(password="wrong", who=HERE)
        for _ in range(14):
            with pytest.raises(LogInFailed):
                identity.log_in(password="wrong", who=HERE)
            with pytest.raises(TooManyAttempts) as refused:
                identity.log_in(who=THERE)
            waits.append(refused.value.details["retry_after"])
            clock.shift(waits[-1])
        assert waits[:4] == [2, 3, 5, 9] and waits == sorted(waits) and waits[-1] == 901
        assert identity.log_in(who=THERE)
        with pytest.raises(LogInFailed):
            identity.log_in(password="wrong", who=HERE)


def test_guessing_is_counted_for_names_that_do_not_exist(identity: IdentityRoom) -> None:
    """Else the wait would tell who has an account."""
    for _ in range(6):
        with pytest.raises(LogInFailed):
            identity.log_in("nobody", "wrong")
    with pytest.raises(TooManyAttempts):
        identity.log_in("nobody", "wrong")


def test_guessing_at_once_counts_each_attempt(identity: IdentityRoom) -> None:
    """A hundred connections are no way around the count."""
    identity.account()
    outcomes = [type(outcome) for outcome in at_once(*[lambda: identity.log_in(password="wrong")] * 12)]
    assert outcomes.count(LogInFailed) <= 6 and outcomes.count(TooManyAttempts) + outcomes.count(Unavailable) >= 6


def test_log_in_that_finds_the_line_full_is_told_to_come_again_and_not_counted(identity: IdentityRoom) -> None:
    """Whoever was not even looked at has not guessed; and the line is as long as before when it empties."""
    identity.account()
    with contextlib.ExitStack() as line:
        for _ in range(MOST_AT_ONCE + MOST_WAITING):
            line.enter_context(in_line())
        for _ in range(10):
            with pytest.raises(Unavailable):
                identity.log_in(password="wrong")
    assert identity.log_in()["token"]


def test_guessing_many_accounts_from_one_address_has_to_wait(identity: IdentityRoom) -> None:
    """Another address goes on; a good log-in in between does not cover the guesses."""
    identity.account()
    for number in range(Guess.FREE["address"] + 1):
        with pytest.raises(LogInFailed):
            identity.log_in(f"name-{number}", "wrong", who=HERE)
        if number == 25:
            identity.log_in(who=HERE)
    with pytest.raises(TooManyAttempts):
        identity.log_in("yet-another", "wrong", who=HERE)
    assert identity.log_in(who=THERE)


def test_good_log_in_forgets_the_failures_of_its_name(identity: IdentityRoom) -> None:
    """Typing errors do not add up over days."""
    identity.account()
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(LogInFailed):
                identity.log_in(password="wrong")
        assert identity.log_in()


def test_failures_are_forgotten_after_an_hour_of_peace(identity: IdentityRoom) -> None:
    """The count begins anew."""
    identity.account()
    with time_machine.travel(real_now(), tick=False) as clock:
        for _ in range(6):
            with pytest.raises(LogInFailed):
                identity.log_in(password="wrong")
        clock.shift(3601)
        for _ in range(5):
            with pytest.raises(LogInFailed):
                identity.log_in(password="wrong")
        assert identity.log_in()
