"""Make the first administrator: `python -m services.identity.administrator --e-mail X --username Y`, in identity's own environment.

The account is confirmed at once, by the rules everybody's goes through, and leaves the same journal rows. Its password is that of
the environment variable ADMINISTRATOR_PASSWORD, or one made here and printed once. Refuses (one line, exit code 1) when there is
an administrator, unless `--another` is said: later ones are made by administrators, with their names in the journal.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from typing import Any

from chassis.bare.config import WrongSetting, read_config
from chassis.bare.message import Fact, new_id
from chassis.bare.principal import Signer
from chassis.bare.refusals import Conflict, InvalidFields, Refusal, Unavailable
from chassis.running.calls import BrokerAsker
from chassis.running.frame import make_frame
from chassis.running.occasions import Occasion
from chassis.running.unit import Unit, open_unit
from contracts.identity.accounts import SHORTEST_PASSWORD, ConfirmAccount, CreateAccount
from contracts.identity.refusals import UsernameTaken
from contracts.words import TITLES
from services.identity import queries
from services.identity.model import Account, Role
from services.identity.passwords import hash_password
from services.identity.service import Identity


class AdministratorThere(Conflict):
    """There is an administrator already; let that person give the role, or say --another."""


class AddressTaken(Conflict):
    """There is an account with that address already: ask an administrator to give it the role."""


def make_administrator(unit: Unit, form: dict[str, Any], password: str, *, another: bool = False) -> Account:
    """A confirmed account with the role; raises AdministratorThere, AddressTaken, UsernameTaken, PasswordTooWeak."""
    if queries.administrators(unit) and not another:
        raise AdministratorThere
    if queries.account_of_address(unit, form["e_mail"]) is not None:
        raise AddressTaken
    if queries.has_username(unit, form["username"]):
        raise UsernameTaken
    account, created = Account.create(form, unit.now)
    confirmed = account.choose_password(password, hash_password(password), unit.now)
    unit.session.add(account)
    unit.session.flush()
    unit.announce([*created, *confirmed, *_grant(unit, account)])
    return account


def _grant(unit: Unit, account: Account) -> list[Fact]:
    role, facts = Role.grant(account.id, "administrator", None, unit.who, unit.now)
    unit.session.add(role)
    return facts


def read_form(asked: argparse.Namespace) -> dict[str, Any]:
    """What the account's form would hold, checked by its contract; raises InvalidFields."""
    content = {
        "username": asked.username or asked.e_mail.partition("@")[0],
        "e_mail": asked.e_mail,
        "confirm_e_mail": asked.e_mail,
        "organisation_name": asked.organisation,
        "country": asked.country,
        "title": asked.title,
        "first_name": asked.first_name,
        "last_name": asked.last_name,
        "privacy_policy_accepted": True,
    }
    return CreateAccount.read(content)


def read_password() -> tuple[str, bool]:
    """The password, and whether it was made here; raises InvalidFields for one that is too short."""
    given = os.environ.get("ADMINISTRATOR_PASSWORD")
    if given is None:
        return secrets.token_urlsafe(SHORTEST_PASSWORD), True
    return str(ConfirmAccount.read({"secret": "none", "password": given})["password"]), False


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="administrator", description="Make the first administrator.")
    parser.add_argument("address", nargs="?", help="the e-mail address, as --e-mail")
    parser.add_argument("--e-mail", dest="e_mail")
    parser.add_argument("--username", help="without it, what stands before the @")
    parser.add_argument("--title", default="Mx", choices=TITLES)
    parser.add_argument("--first-name", default="First")
    parser.add_argument("--last-name", default="Administrator")
    parser.add_argument("--organisation", default="Programme office")
    parser.add_argument("--country", default="BE")
    parser.add_argument("--another", action="store_true", help="though there is one already")
    asked = parser.parse_args()
    asked.e_mail = asked.e_mail or asked.address
    if not asked.e_mail:
        parser.error("--e-mail is missing")
    return asked


def main() -> None:
    """Read the command line and the environment, make the account, and print its sign-in."""
    asked = _arguments()
    try:
        config, form = read_config(), read_form(asked)
        password, made_here = read_password()
        asker = BrokerAsker(config.amqp_uri, Signer(Identity.name, config.key_file), config.call_timeout_s)
        frame = make_frame(Identity, config, asker)
        with open_unit(frame, Occasion(frame.itself, f"administrator-{new_id()}")) as unit:
            make_administrator(unit, form, password, another=asked.another)
    except InvalidFields as refused:
        sys.exit("; ".join(f"{name}: {' '.join(map(str, said))}" for name, said in refused.details["fields"].items()))
    except (Refusal, WrongSetting, Unavailable) as reason:
        sys.exit(str(reason))
    print(f"administrator {form['username']} <{form['e_mail']}>" + (f" with password {password}" if made_here else ""))


if __name__ == "__main__":
    main()
