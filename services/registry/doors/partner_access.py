"""Doors of partnership systems' access: opened, rotated and revoked by contact points; and the token behind a system's call."""

from __future__ import annotations

from typing import Any

from chassis.bare.message import real_now
from chassis.bare.principal import LIFETIME_S, SYSTEM, Principal
from chassis.running.doors import answers
from chassis.running.keys import Keys
from chassis.running.unit import Unit, Units
from contracts.registry import (
    IssueSystemToken,
    ListPartnerAccesses,
    OpenPartnerAccess,
    PartnerAccessOpen,
    PartnerLogInFailed,
    RevokePartnerAccess,
    RotatePartnerAccess,
)
from contracts.registry.partner_access import PARTNER_SYSTEM
from services.registry.model import PartnerAccess, Partnership
from services.registry.model.secrets import fits
from services.registry.partner_queues import public_address
from services.registry.queries import feed, partner_access


class PartnerAccessDoors:
    """Logins of partnership systems. Their times are real ones, like everything that guards."""

    unit = Units()
    keys = Keys()

    @answers(OpenPartnerAccess)
    def open_partner_access(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Open a partnership's access, for the first time or again."""
        with self.unit() as unit:
            partnership = partner_access.own_partnership(unit, who, request["partnership_id"])
            access, secret = open_access(unit, partnership)
            return unit.reply(access, secret=secret, amqp_address=public_address())

    @answers(RotatePartnerAccess)
    def rotate_partner_access(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Replace the secret."""
        with self.unit() as unit:
            access = partner_access.access(unit, who, request["partnership_id"])
            secret, fact = access.rotate(by=who, at=real_now())
            unit.announce(fact)
            return unit.reply(access, secret=secret, amqp_address=public_address())

    @answers(RevokePartnerAccess)
    def revoke_partner_access(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """End it."""
        with self.unit() as unit:
            access = partner_access.access(unit, who, request["partnership_id"])
            unit.announce(access.revoke(by=who, at=real_now()))
            return unit.reply(access, amqp_address=public_address())

    @answers(ListPartnerAccesses)
    def list_partner_accesses(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """List those the person may see."""
        with self.unit() as unit:
            page = partner_access.accesses(unit, who, request)
            for each in page["items"]:
                each.amqp_address = public_address()
            return unit.reply(page)

    @answers(IssueSystemToken)
    def issue_system_token(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """A token for the system with the right secret; a wrong one counts, and the count is kept though the call is refused."""
        guarded = (f"system {request['login']} {request['address']}", f"address {request['address']}")
        with self.unit() as unit:
            for key in sorted(guarded):
                partner_access.guess(unit, key, real_now()).attempt(real_now())
            access = partner_access.open_access_of_login(unit, request["login"])
        if not fits(request["secret"], access.secret_hash if access else None) or access is None:
            raise PartnerLogInFailed
        with self.unit() as unit:
            for key in sorted(guarded):
                partner_access.guess(unit, key, real_now()).succeed()
            return unit.reply({"token": self.keys.token(_principal(access)), "lifetime_s": LIFETIME_S})


def open_access(unit: Unit, partnership: Partnership) -> tuple[PartnerAccess, str]:
    """The partnership's access, open from now on, and its secret; raises PartnerAccessOpen where it is already."""
    access, newest = partner_access.access_of(unit, partnership.id), feed.newest(unit)
    if access is None:
        access, secret, fact = PartnerAccess.open(partnership, newest, real_now())
        unit.session.add(access)
    elif access.is_open:
        raise PartnerAccessOpen
    else:
        secret, fact = access.reopen(unit.who, newest, real_now())
    unit.announce(fact)
    return access, secret


def _principal(access: PartnerAccess) -> Principal:
    return Principal(SYSTEM, access.login, access.login, frozenset({(PARTNER_SYSTEM, access.partnership_id)}))
