"""Identity's reads."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased, selectinload, with_expression

from chassis.bare.principal import Principal
from chassis.running.unit import Unit
from contracts.identity.refusals import LinkNotGood, NoticeNotFound, PersonNotFound, RoleNotFound, SessionEnded
from contracts.words import TOOL_LANGUAGES
from services.identity.model import Account, Guess, Link, Mail, Notice, Role, Session, Subscription
from services.identity.model.accounts import key_of
from services.identity.model.secrets import hashed


def account(unit: Unit, person_id: UUID, *, to_change: bool = False) -> Account:
    """An account with its roles; raises PersonNotFound."""
    statement = select(Account).where(Account.id == person_id).options(selectinload(Account.roles))
    return unit.one(statement.with_for_update(of=Account) if to_change else statement, PersonNotFound)


def me(unit: Unit, person_id: UUID) -> Account:
    """An account as its owner reads it, with the number of unread notices; raises PersonNotFound."""
    unread = select(func.count()).where(Notice.person_id == Account.id, Notice.read_at.is_(None)).correlate(Account).scalar_subquery()
    counted = (
        select(Account).where(Account.id == person_id).options(selectinload(Account.roles), with_expression(Account.unread_notices, unread))
    )
    return unit.one(counted.execution_options(populate_existing=True), PersonNotFound)


def account_of_login(unit: Unit, login: str) -> Account | None:
    """The account with that username or e-mail address, if any."""
    key = key_of(login)
    named = select(Account).where(or_(Account.username_key == key, Account.e_mail_key == key), Account.erasure_asked_at.is_(None))
    # Somebody may have chosen another's address as a username: the owner of the address wins.
    return unit.session.scalars(named.order_by((Account.e_mail_key == key).desc()).limit(1)).first()


def confirmed_account(unit: Unit, login: str) -> Account:
    """The confirmed account under that login; raises PersonNotFound."""
    found = account_of_login(unit, login)
    if found is None or not found.confirmed:
        raise PersonNotFound
    return found


def has_username(unit: Unit, username: str) -> bool:
    """Whether the username is taken."""
    return unit.session.scalar(select(Account.id).where(Account.username_key == key_of(username))) is not None


def account_of_address(unit: Unit, e_mail: str) -> Account | None:
    """The account of an address, if any."""
    return unit.session.scalar(select(Account).where(Account.e_mail_key == key_of(e_mail)))


def link(unit: Unit, secret: str, purpose: str) -> Link:
    """The mailed link with that secret, locked; raises LinkNotGood."""
    statement = select(Link).where(Link.secret_hash == hashed(secret), Link.purpose == purpose)
    return unit.one(statement.with_for_update(), LinkNotGood)


def open_links(unit: Unit, person_id: UUID) -> list[Link]:
    """A person's links that nobody used."""
    return list(unit.session.scalars(select(Link).where(Link.person_id == person_id, Link.used_at.is_(None)).with_for_update()))


def session(unit: Unit, session_id: UUID, *, to_change: bool = True) -> Session:
    """A session, locked if it is to be changed; raises SessionEnded."""
    found = select(Session).where(Session.id == session_id)
    return unit.one(found.with_for_update() if to_change else found, SessionEnded)


def session_of_secret(unit: Unit, secret: str) -> Session:
    """The session with that secret; raises SessionEnded."""
    return unit.one(select(Session).where(Session.secret_hash == hashed(secret)), SessionEnded)


def open_sessions(unit: Unit, person_id: UUID) -> list[Session]:
    """The sessions of a person that nobody ended."""
    return list(unit.session.scalars(select(Session).where(Session.person_id == person_id, Session.ended_at.is_(None))))


def guess(unit: Unit, key: str, at: Any) -> Guess:
    """The count of failures under a key, locked; made at its first use."""
    unit.session.execute(insert(Guess).values(key=key, failures=0, last_at=at).on_conflict_do_nothing())
    return unit.session.scalars(select(Guess).where(Guess.key == key).with_for_update()).one()


def role(unit: Unit, role_id: UUID) -> Role:
    """A role, to change it; raises RoleNotFound."""
    return unit.one(select(Role).where(Role.id == role_id).with_for_update(), RoleNotFound)


def held_role(unit: Unit, person_id: UUID, role: str, place: UUID | None) -> Role | None:
    """The role a person holds at that place, if any."""
    same_place = Role.place.is_(None) if place is None else Role.place == place
    held = (Role.person_id == person_id, Role.role == role, same_place, Role.revoked_at.is_(None))
    return unit.session.scalar(select(Role).where(*held))


def administrators(unit: Unit) -> int:
    """How many administrators there are and stay; their rows are locked, so that two cannot leave at once."""
    stays = select(Account.id).where(Account.id == Role.person_id, Account.erasure_asked_at.is_(None)).exists()
    held = select(Role).where(Role.role == "administrator", Role.revoked_at.is_(None), stays)
    return len(unit.session.scalars(held.with_for_update()).all())


def holders(unit: Unit, role: str, place: UUID | None = None) -> list[Account]:
    """The persons who hold a role at a place (or everywhere)."""
    held = select(Role.person_id).where(Role.role == role, Role.revoked_at.is_(None))
    held = held.where(Role.place.is_(None) if place is None else Role.place == place)
    return list(unit.session.scalars(select(Account).where(Account.id.in_(held), Account.erased_at.is_(None)).order_by(Account.id)))


def accounts(unit: Unit, person_ids: list[UUID]) -> list[Account]:
    """Accounts by their ids; unknown and erased ones are left out."""
    found = select(Account).where(Account.id.in_(person_ids), Account.erased_at.is_(None))
    return list(unit.session.scalars(found.order_by(Account.id)))


def language_of(unit: Unit, person_id: UUID | None) -> str:
    """The language that a person chose; the first one where the account is gone while its last token still holds."""
    return next((account.language for account in accounts(unit, [person_id] if person_id else [])), TOOL_LANGUAGES[0])


def persons(unit: Unit, request: dict[str, Any]) -> dict[str, Any]:
    """A page of accounts by a part of a name or address, or by role and place."""
    statement = select(Account).where(Account.erased_at.is_(None)).options(selectinload(Account.roles))
    if request["text"]:
        searched = (Account.username_key, Account.e_mail_key, func.lower(Account.first_name + " " + Account.last_name))
        statement = statement.where(or_(*(text.contains(key_of(request["text"]), autoescape=True) for text in searched)))
    if request["role"] or request["place"]:
        held = select(Role.person_id).where(Role.revoked_at.is_(None))
        for column, value in ((Role.role, request["role"]), (Role.place, request["place"])):
            held = held.where(column == value) if value is not None else held
        statement = statement.where(Account.id.in_(held))
    return unit.page(statement, (Account.username_key, Account.id), request)


def notices(unit: Unit, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """A page of a person's notices, the newest first, and the number of unread ones."""
    mine = select(Notice).where(Notice.person_id == who.person)
    if request["unread"] is not None:
        mine = mine.where(Notice.read_at.is_(None) if request["unread"] else Notice.read_at.is_not(None))
    if request["type"]:
        mine = mine.where(Notice.type == request["type"])
    unread = select(func.count()).where(Notice.person_id == who.person, Notice.read_at.is_(None))
    return unit.page(mine, (Notice.at.desc(), Notice.id), request) | {"unread": unit.session.scalar(unread)}


def notice(unit: Unit, who: Principal, notice_id: UUID) -> Notice:
    """One of a person's notices; raises NoticeNotFound."""
    return unit.one(select(Notice).where(Notice.id == notice_id, Notice.person_id == who.person), NoticeNotFound)


def subscription(unit: Unit, e_mail: str) -> Subscription | None:
    """The newsletter subscription of an address, if any."""
    return unit.session.get(Subscription, key_of(e_mail), with_for_update=True)


def subscription_of_secret(unit: Unit, secret: str) -> Subscription:
    """The subscription that a mailed link confirms; raises LinkNotGood."""
    return unit.one(select(Subscription).where(Subscription.secret_hash == hashed(secret)).with_for_update(), LinkNotGood)


def open_mails(unit: Unit, mail_ids: list[UUID]) -> list[Mail]:
    """Those of the mails that are still to be sent."""
    return [mail for mail in unit.session.scalars(select(Mail).where(Mail.id.in_(mail_ids))) if mail.is_open]


def held_roles(unit: Unit, person_id: UUID) -> list[Role]:
    """All roles that a person holds, to change them."""
    held = (Role.person_id == person_id, Role.revoked_at.is_(None))
    return list(unit.session.scalars(select(Role).where(*held).order_by(Role.id).with_for_update()))


def unshared_roles(unit: Unit, person_id: UUID, among: list[str], *, to_change: bool = False) -> list[Role]:
    """Those of a person's roles that nobody else holds at the same place; with `to_change` nobody else can leave one meanwhile."""
    other = aliased(Role)
    same = and_(other.role == Role.role, other.place.is_not_distinct_from(Role.place), other.revoked_at.is_(None))
    if to_change:
        mine = select(Role.id).where(Role.person_id == person_id, Role.role.in_(among), Role.revoked_at.is_(None), same).exists()
        unit.session.execute(select(other.id).where(mine).order_by(other.id).with_for_update())
    stays = select(Account.id).where(Account.id == other.person_id, Account.erasure_asked_at.is_(None)).exists()
    shared = select(other.id).where(same, other.person_id != person_id, stays).exists()
    held = (Role.person_id == person_id, Role.role.in_(among), Role.revoked_at.is_(None), ~shared)
    return list(unit.session.scalars(select(Role).where(*held).order_by(Role.id)))


def account_to_erase(unit: Unit, person_id: UUID) -> Account | None:
    """The account of somebody who is not erased yet, locked."""
    return unit.session.scalar(select(Account).where(Account.id == person_id, Account.erased_at.is_(None)).with_for_update())


def not_erased(unit: Unit, person_ids: list[UUID]) -> list[UUID]:
    """Those of the persons who have an account that is not erased."""
    found = select(Account.id).where(Account.id.in_(person_ids), Account.erased_at.is_(None))
    return list(unit.session.scalars(found.order_by(Account.id)))


def forget(unit: Unit, account: Account) -> None:
    """Remove all that is kept beside the account and only for it: sessions, links, notices, mails, letters, counts of guesses."""
    names = (account.username, account.e_mail)
    keys = [f"login {account.id}", *(Guess.key_of(kind, name) for kind in ("login", "mail") for name in names)]
    for statement in (
        delete(Session).where(Session.person_id == account.id),
        delete(Link).where(Link.person_id == account.id),
        delete(Notice).where(Notice.person_id == account.id),
        delete(Mail).where(or_(Mail.person_id == account.id, func.lower(Mail.e_mail) == account.e_mail_key)),
        delete(Subscription).where(Subscription.e_mail_key == account.e_mail_key),
        delete(Guess).where(Guess.key.in_(keys)),
    ):
        unit.session.execute(statement)
