"""Doors of accounts: creating, confirming, passwords, one's own data."""

from __future__ import annotations

from typing import Any

from chassis.bare.message import real_now
from chassis.bare.principal import Principal
from chassis.running.doors import answers
from chassis.running.unit import Unit, Units
from contracts.identity.accounts import ChangeMe, ConfirmAccount, CreateAccount, ReadMe, ReadPersons, RequestNewPassword, SetNewPassword
from contracts.identity.refusals import UsernameTaken
from services.identity import queries
from services.identity.mail import public_address
from services.identity.model import Account, Guess, Link
from services.identity.passwords import hash_password
from services.identity.post import post_to
from services.identity.words import of_mail

CHECK_MAILBOX = {"sentence": "We have sent a mail to that address if it can have one. Follow its link within 24 hours."}
CONFIRMED = {"sentence": "Your address is confirmed and your password is set. You can log in now."}
PASSWORD_SET = {"sentence": "Your new password is set and every open session was ended. You can log in now."}


class AccountDoors:
    """Accounts, from the form to the new password."""

    unit = Units()

    @answers(CreateAccount)
    def create_account(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Make the account and mail its link; an address that has one is told so by mail only."""
        with self.unit() as unit:
            _count_mail(unit, request["e_mail"])
            if (known := queries.account_of_address(unit, request["e_mail"])) is not None:
                _remind_of_account(unit, known)
                return unit.reply(CHECK_MAILBOX)
            if queries.has_username(unit, request["username"]):
                raise UsernameTaken
            account, facts = Account.create(request, unit.now)
            unit.session.add(account)
            unit.announce(facts)
            _mail_link(unit, account, Link.CONFIRM)
            return unit.reply(CHECK_MAILBOX)

    @answers(ConfirmAccount)
    def confirm_account(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Use the mailed link up and take the first password."""
        password_hash = hash_password(request["password"])
        with self.unit() as unit:
            _choose_password(unit, request, Link.CONFIRM, password_hash)
            return unit.reply(CONFIRMED)

    @answers(RequestNewPassword)
    def request_new_password(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Mail a link to the account's own address, if there is an account."""
        with self.unit() as unit:
            _count_mail(unit, request["login"])
            account = queries.account_of_login(unit, request["login"])
            if account is not None:
                _mail_link(unit, account, Link.NEW_PASSWORD if account.confirmed else Link.CONFIRM)
            return unit.reply(CHECK_MAILBOX)

    @answers(SetNewPassword)
    def set_new_password(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Use the mailed link up, take the new password and end all sessions."""
        password_hash = hash_password(request["password"])
        with self.unit() as unit:
            account = _choose_password(unit, request, Link.NEW_PASSWORD, password_hash)
            for session in queries.open_sessions(unit, account.id):
                session.end(real_now())
            return unit.reply(PASSWORD_SET)

    @answers(ReadMe)
    def read_me(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """My account."""
        with self.unit() as unit:
            return unit.reply(queries.me(unit, who.person))

    @answers(ChangeMe)
    def change_me(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Change my account."""
        with self.unit() as unit:
            account = queries.account(unit, who.person, to_change=True)
            unit.expect(account)
            account.change(request)
            return unit.reply(queries.me(unit, who.person))

    @answers(ReadPersons)
    def read_persons(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Names and addresses, for other services."""
        with self.unit() as unit:
            return unit.reply({"items": queries.accounts(unit, request["person_ids"])})


def _choose_password(unit: Unit, request: dict[str, Any], purpose: str, password_hash: str) -> Account:
    link = queries.link(unit, request["secret"], purpose)
    link.use(real_now())
    account = queries.account(unit, link.person_id, to_change=True)
    # Whatever else was mailed before must not open the account with yet another password.
    for other in queries.open_links(unit, account.id):
        other.use_up(real_now())
    unit.announce(account.choose_password(request["password"], password_hash, unit.now))
    return account


def _count_mail(unit: Unit, name: str) -> None:
    """Let nobody flood a mailbox: every request counts, and soon the next one has to wait."""
    queries.guess(unit, Guess.key_of("mail", name), real_now()).attempt(real_now())


def _mail_link(unit: Unit, account: Account, purpose: str) -> None:
    link, secret = Link.make(account.id, purpose, real_now())
    unit.session.add(link)
    address = f"{public_address()}{PAGES[purpose]}?secret={secret}"
    post_to(unit, account, of_mail(account.language, purpose, address=address, secret=secret))


def _remind_of_account(unit: Unit, account: Account) -> None:
    if not account.confirmed:
        _mail_link(unit, account, Link.CONFIRM)
        return
    address = f"{public_address()}{PAGES[Link.NEW_PASSWORD]}"
    post_to(unit, account, of_mail(account.language, "already_there", username=account.username, address=address))


PAGES = {Link.CONFIRM: "/confirm", Link.NEW_PASSWORD: "/new-password"}
"""Where a mailed link leads to, by what it is for; the mail has the same name."""
