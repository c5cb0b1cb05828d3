"""Doors of sessions: logging in and out, and the token behind each call."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from chassis.bare.hints import hears
from chassis.bare.message import real_now
from chassis.bare.principal import LIFETIME_S, PERSON, Principal
from chassis.running.doors import answers
from chassis.running.keys import Keys
from chassis.running.unit import Unit, Units
from contracts.identity.live import ListenLive
from contracts.identity.refusals import LogInFailed, SessionEnded
from contracts.identity.sessions import ConfirmPassword, IssueToken, LogIn, LogOut
from services.identity import queries
from services.identity.model import Account, Guess, Session
from services.identity.passwords import in_line, is_password


class SessionDoors:
    """Logging in, staying in, logging out."""

    unit = Units()
    keys = Keys()

    @answers(LogIn)
    def log_in(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Open a session for the right password; a wrong one counts, and the count is kept though the call is refused."""
        guarded = (Guess.key_of("login", request["login"]), f"address {who.id}")
        with in_line():
            account = self._guarded_account(request["login"], guarded)
            if not self._password_fits(account, request["password"], guarded):
                raise LogInFailed
        with self.unit() as unit:
            session, secret = Session.begin(account.id, real_now())  # type: ignore[union-attr]
            unit.session.add(session)
            return unit.reply(_started(session, account, secret), transport=request["transport"])  # type: ignore[arg-type]

    @answers(ConfirmPassword)
    def confirm_password(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Note in the session that the password was just given again."""
        guarded = (f"login {who.id}",)
        with in_line():
            with self.unit() as unit:
                _attempt(unit, guarded)
                account = queries.account(unit, who.person)
            if not self._password_fits(account, request["password"], guarded):
                raise LogInFailed
        with self.unit() as unit:
            session = queries.session(unit, UUID(who.session))
            session.confirm(real_now())
            return unit.reply(_started(session, account, None))

    @answers(LogOut)
    def log_out(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """End the session the caller is in."""
        with self.unit() as unit:
            unit.announce(queries.session(unit, UUID(who.session)).log_out(real_now()))
            return unit.reply()

    @answers(ListenLive)
    def listen_live(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Who listens and for what; the gateway sends the words."""
        with self.unit() as unit:
            session = queries.session(unit, UUID(who.session), to_change=False)
            session.check(real_now())
            wanted = real_now() + timedelta(seconds=request["seconds"] or Session.LIFETIME.total_seconds())
            return unit.reply({
                "session_id": session.id, "person_id": session.person_id, "hears": hears(who), "ends_at": min(wanted, session.expires_at),
            })  # fmt: skip

    @answers(IssueToken)
    def issue_token(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """A token for the person of an open session, with the roles held now."""
        with self.unit() as unit:
            session = queries.session_of_secret(unit, request["secret"])
            session.check(real_now())
            account = queries.account(unit, session.person_id)
            if account.erasure_asked_at is not None:
                # Opened while the erasure was being asked for: it must not outlast the account.
                raise SessionEnded
            return unit.reply({"token": self.keys.token(_principal(account, session)), "lifetime_s": LIFETIME_S})

    def _guarded_account(self, login: str, guarded: tuple[str, ...]) -> Account | None:
        with self.unit() as unit:
            _attempt(unit, guarded)
            return queries.account_of_login(unit, login)

    def _password_fits(self, account: Account | None, password: str, guarded: tuple[str, ...]) -> bool:
        if not is_password(password, account.password_hash if account else None):
            return False
        with self.unit() as unit:
            for key in sorted(guarded):
                queries.guess(unit, key, real_now()).succeed()
        return True


def _attempt(unit: Unit, guarded: tuple[str, ...]) -> None:
    """Count one attempt under each key, locked in one order everywhere; raises TooManyAttempts."""
    for key in sorted(guarded):
        queries.guess(unit, key, real_now()).attempt(real_now())


def _started(session: Session, account: Account, secret: str | None) -> dict[str, Any]:
    return {
        "session_id": session.id, "person_id": account.id, "name": account.name, "token": secret, "expires_at": session.expires_at,
    }  # fmt: skip


def _principal(account: Account, session: Session) -> Principal:
    return Principal(
        PERSON, str(account.id), account.name, frozenset((role.role, role.place) for role in account.roles),
        session.authenticated_at, str(session.id),
    )  # fmt: skip
