"""An identity room with a real mail relay's stand-in beside it, and people in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select

from chassis.bare.principal import Principal, Verifier, anonymous, service
from contracts.identity.accounts import ConfirmAccount, CreateAccount
from contracts.identity.sessions import IssueToken, LogIn
from deploy.local.ports import Ports
from services.identity.doors.roles import give_role
from services.identity.model import Mail
from tests.room import Room

PASSWORD = "plain words make long passwords"


@dataclass
class Relay:
    """Takes mails; `answers` says what an address gets instead of 250."""

    port: int
    answers: dict[str, str] = field(default_factory=dict)
    taken: list[tuple[str, str]] = field(default_factory=list)

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        """Refuse whom we are told to."""
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep recipient and content."""
        self.taken.append((envelope.rcpt_tos[0], (envelope.content or b"").decode()))  # type: ignore[union-attr]
        return "250 OK"


@pytest.fixture
def relay(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Relay]:
    """A relay on loopback, running."""
    made = Relay(Ports(tmp_path).of("mail"))
    monkeypatch.setenv("SMTP_URL", f"smtp://127.0.0.1:{made.port}")
    controller = Controller(made, hostname="127.0.0.1", port=made.port)
    controller.start()
    yield made
    controller.stop()


class IdentityRoom:
    """The room, and the steps that most tests begin with."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def ask(self, contract: Any, who: Principal | None = None, **fields: Any) -> dict[str, Any]:
        """Ask, a second later each time, so that mails have an order."""
        self.room.clock.advance(seconds=1)
        return self.room.ask(contract, who, **fields)

    def mails(self, to: str | None = None) -> list[Mail]:
        """The mails queued, the oldest first."""
        with self.room.frame.sessions() as session:
            rows = session.scalars(select(Mail).order_by(Mail.made_at)).all()
        return [mail for mail in rows if to in (None, mail.e_mail)]

    def secret(self, to: str) -> str:
        """The secret of the newest link mailed there."""
        found = [re.search(r"Secret: (\S+)", mail.text) for mail in self.mails(to)]
        return [match[1] for match in found if match][-1]

    def create(self, name: str = "textile", **changes: Any) -> dict[str, Any]:
        """Ask for an account with the form; its address is `<name>@example.org`."""
        address = f"{name}@example.org"
        form = CreateAccount.example | {"username": name, "e_mail": address, "confirm_e_mail": address}
        return self.ask(CreateAccount, anonymous(), **(form | changes))

    def confirm(self, name: str = "textile", password: str = PASSWORD) -> dict[str, Any]:
        """Follow the newest link."""
        return self.ask(ConfirmAccount, anonymous(), secret=self.secret(f"{name}@example.org"), password=password)

    def account(self, name: str = "textile", *roles: tuple[str, UUID | None]) -> UUID:
        """A confirmed account with roles; its id."""
        self.create(name)
        self.confirm(name)
        person_id = UUID(self.log_in(name)["person_id"])
        with self.room.unit(service("identity")) as unit:
            for role, place in roles:
                give_role(unit, person_id, role, place)
        return person_id

    def log_in(self, login: str = "textile", password: str = PASSWORD, who: Principal | None = None) -> dict[str, Any]:
        """Open a session."""
        return self.ask(LogIn, who or anonymous(), login=login, password=password)

    def principal(self, session: dict[str, Any]) -> Principal:
        """Whom the session's token speaks for: exchanged and verified as in life."""
        token = self.ask(IssueToken, service("gateway"), secret=session["token"])["token"]
        verifier: Verifier = self.room.frame.verifier
        return verifier.principal(token)

    def logged_in(self, name: str = "textile", *roles: tuple[str, UUID | None]) -> Principal:
        """Somebody with a confirmed account, logged in."""
        self.account(name, *roles)
        return self.principal(self.log_in(name))


@pytest.fixture
def identity(rooms: Callable[[str], Room], monkeypatch: pytest.MonkeyPatch) -> IdentityRoom:
    """A room with nobody in it."""
    monkeypatch.setenv("PUBLIC_URL", "https://tool.example.org")
    return IdentityRoom(rooms("identity"))
