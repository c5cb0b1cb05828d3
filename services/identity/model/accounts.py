"""Accounts and the mailed links that confirm them."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from chassis.bare.message import Fact, new_id
from chassis.bare.tables import Versioned
from contracts.identity.accounts import NOTICE_VERSION
from contracts.identity.events import AccountConfirmed, AccountCreated, ErasureAsked, PasswordChanged, PersonErased
from contracts.identity.refusals import ExchangeGoesOn, LinkNotGood, PasswordTooWeak, PaymentGoesOn, UsernameDiffers
from contracts.words import TOOL_LANGUAGES
from services.identity.model.base import GUARDING, LETTERS, Base, personal
from services.identity.model.roles import Role
from services.identity.model.secrets import hashed, new_secret

FEWEST_DIFFERENT_LETTERS = 5
SHORTEST_KNOWN = 4
"""A username of a letter or two stands in every other password by chance."""
ERASED_NAME = ("Erased", "person")
TRIED_FIRST = ("clusterxchange", "cluster", "exchange", "password", "passwort", "welcome", "letmein", "iloveyou", "administrator", "admin",
               "qwertyuiop", "qwerty", "qwertz", "azerty", "asdfgh", "zxcvbn", "abcdef", "abc", "123456789", "12345", "67890", "098765", "54321", "123")  # fmt: skip
"""What is guessed first, our own name included; what is left of a password without them has to be enough."""


class Account(Versioned, Base):
    """A person with an account. It works once its address is confirmed, which is when the password is chosen."""

    __tablename__ = "account"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(String(60), info=personal("logging in"))
    username_key: Mapped[str] = mapped_column(String(180), unique=True, info=personal("finding the account at log-in"))
    e_mail: Mapped[str] = mapped_column(String(254), info=personal("writing to the person"))
    e_mail_key: Mapped[str] = mapped_column(String(762), unique=True, info=personal("finding the account at log-in"))
    organisation_name: Mapped[str] = mapped_column(String(200), info=personal("knowing for whom the person asks"))
    country: Mapped[str] = mapped_column(String(2), info=personal("knowing from where the person asks"))
    title: Mapped[str] = mapped_column(String(10), info=personal("addressing the person"))
    first_name: Mapped[str] = mapped_column(String(80), info=personal("naming the person in messages and signatures"))
    last_name: Mapped[str] = mapped_column(String(80), info=personal("naming the person in messages and signatures"))
    language: Mapped[str] = mapped_column(
        String(8), default=TOOL_LANGUAGES[0], info=personal("speaking the person's language in notices and mails")
    )
    newsletters: Mapped[list[str]] = mapped_column(info=personal("sending letters that the person wants", LETTERS))
    notice_version: Mapped[str] = mapped_column(String(20), info=personal("proving what was consented to", LETTERS))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    password_hash: Mapped[str | None] = mapped_column(info=personal("logging in", GUARDING))
    erasure_asked_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    roles: Mapped[list[Role]] = relationship(
        lazy="raise", primaryjoin="and_(Account.id == Role.person_id, Role.revoked_at.is_(None))", viewonly=True, order_by="Role.granted_at"
    )

    unread_notices: Mapped[int | None] = query_expression()
    """Counted where the person reads the own account, and nowhere else."""

    CHANGEABLE: ClassVar = ("title", "first_name", "last_name", "organisation_name", "country", "language", "newsletters")

    @classmethod
    def create(cls, form: dict[str, Any], at: datetime) -> tuple[Account, list[Fact]]:
        """An account out of the seed's form, not confirmed yet."""
        plain = {name: form[name] for name in (*cls.CHANGEABLE, "username", "e_mail")}
        account = cls(
            id=new_id(), **plain, username_key=key_of(form["username"]), e_mail_key=key_of(form["e_mail"]),
            notice_version=NOTICE_VERSION, created_at=at,
        )  # fmt: skip
        return account, [AccountCreated.of(account.id, person_id=account.id)]

    @property
    def name(self) -> str:
        """First and last name, as documents and conversations show it."""
        return f"{self.first_name} {self.last_name}"

    @property
    def confirmed(self) -> bool:
        """Whether the address was confirmed."""
        return self.confirmed_at is not None

    def choose_password(self, password: str, password_hash: str, at: datetime) -> list[Fact]:
        """Take a new password (its hash); the first one confirms the account. Raises PasswordTooWeak."""
        self.check_password(password)
        first, self.password_hash = self.confirmed_at is None, password_hash
        self.confirmed_at = self.confirmed_at or at
        event = AccountConfirmed if first else PasswordChanged
        return [event.of(self.id, person_id=self.id)]

    def check_password(self, password: str) -> None:
        """Refuse a password that is easy to guess for this account (source: NIST SP 800-63B-4, no composition rules)."""
        typed = key_of(password)
        if len(set(typed)) < FEWEST_DIFFERENT_LETTERS:
            raise PasswordTooWeak(reason="it repeats too few different letters")
        for known in (self.username_key, self.e_mail_key):
            if len(known) >= SHORTEST_KNOWN and known in typed:
                raise PasswordTooWeak(reason="it contains your username or address")
        for word in TRIED_FIRST:
            typed = typed.replace(word, "")
        if len(set(typed)) < FEWEST_DIFFERENT_LETTERS:
            raise PasswordTooWeak(reason="it is made of what everybody tries first")

    def change(self, changes: dict[str, Any]) -> None:
        """Change what the person may change."""
        for name in self.CHANGEABLE:
            if name in changes:
                setattr(self, name, changes[name])

    def ask_erasure(self, username: str, exchanges: list[str], payments: list[str], at: datetime) -> list[Fact]:
        """Close the account to have it erased; `exchanges` and `payments` are those that bind the person. `at` is real time.

        Raises UsernameDiffers, ExchangeGoesOn, PaymentGoesOn.
        """
        if key_of(username) != self.username_key:
            raise UsernameDiffers
        if exchanges:
            raise ExchangeGoesOn(exchange_ids=", ".join(exchanges))
        if payments:
            raise PaymentGoesOn(exchange_ids=", ".join(payments))
        if self.erasure_asked_at is not None:
            return []
        self.erasure_asked_at = at
        return [ErasureAsked.of(self.id, person_id=self.id)]

    def erase(self, at: datetime) -> list[Fact]:
        """Say nothing of the person any more; what is left is an id."""
        self.username = self.username_key = f"erased-{self.id.hex}"
        self.e_mail = self.e_mail_key = f"{self.id.hex}@erased.invalid"
        self.title, self.first_name, self.last_name = "Mx", *ERASED_NAME
        self.organisation_name, self.country, self.newsletters, self.password_hash = "", "", [], None
        self.language = TOOL_LANGUAGES[0]
        self.erasure_asked_at, self.erased_at = self.erasure_asked_at or at, at
        return [PersonErased.of(self.id, person_id=self.id)]

    @property
    def telling(self) -> list[str]:
        """What the person is known by, and hardly anybody else."""
        return [self.name, self.username, self.e_mail]

    @property
    def known(self) -> list[str]:
        """What others may be called, too."""
        return [self.first_name, self.last_name]

    def leave_newsletters(self, letters: list[str]) -> None:
        """Receive these letters no longer."""
        self.newsletters = [letter for letter in self.newsletters if letter not in letters]


class Link(Base):
    """A mailed link: good once, for a while, for one purpose. A GET never uses it up."""

    __tablename__ = "link"

    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id"), index=True, info=personal("confirming the address, choosing a password")
    )
    purpose: Mapped[str] = mapped_column(String(20))
    runs_out_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    CONFIRM, NEW_PASSWORD = "confirm", "new_password"
    LIFETIME: ClassVar = timedelta(hours=24)

    @classmethod
    def make(cls, person_id: UUID, purpose: str, at: datetime) -> tuple[Link, str]:
        """A link and the secret that goes into the mail; `at` is real time, as for all secrets."""
        secret = new_secret()
        return cls(secret_hash=hashed(secret), person_id=person_id, purpose=purpose, runs_out_at=at + cls.LIFETIME), secret

    def use(self, at: datetime) -> None:
        """Use the link up; raises LinkNotGood when it was used or has run out."""
        if self.used_at is not None or at > self.runs_out_at:
            raise LinkNotGood
        self.use_up(at)

    def use_up(self, at: datetime) -> None:
        """Make the link good for nothing any more."""
        self.used_at = at


def key_of(name: str) -> str:
    """Usernames and addresses compare without case and outer or repeated spaces; up to three times as long as what was typed."""
    return " ".join(unicodedata.normalize("NFC", name.casefold()).split())
