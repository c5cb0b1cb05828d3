"""A walk over all routes as everybody: who may not is refused, who is a stranger gets nothing, and nothing breaks.

`walk` sends one plausible request per route and visitor to a running system and returns what it finds wrong. Visitors are named by
role; the foreign ones hold the same role at another organisation or partnership than the one that `ours` belongs to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import httpx

from chassis.bare.message import ANYONE, SIGNED_IN
from gateway.routes import Route
from tests.gateway.plausible import Sent, plausible

ANONYMOUS, NOBODY = "anonymous", "person"
"""Not logged in; logged in without any role."""
AT_HOME = ("representative", "registrations", "agreements", "finance", "support_officer", "administrator", "auditor")
FOREIGN = {f"foreign_{role}": role for role in ("representative", "registrations", "agreements", "finance")}
VISITORS = (ANONYMOUS, NOBODY, *AT_HOME, *FOREIGN)

Headers = dict[str, str]
SignIn = Callable[[str], Headers]


@dataclass(frozen=True)
class Finding:
    """Something that is not as it must be."""

    visitor: str
    route: str
    status: int
    expected: str
    answer: str

    def __str__(self) -> str:
        return f"{self.visitor}: {self.route} gave {self.status}, expected {self.expected}: {self.answer[:200]}"


@dataclass
class Visits:
    """The sessions of a walk, opened as they are needed and again when one was ended on the way."""

    client: httpx.Client
    sign_in: SignIn
    kept: dict[str, Headers] = field(default_factory=dict)

    def send(self, visitor: str, sent: Sent) -> httpx.Response:
        """The answer to a request by that visitor."""
        response = self._once(visitor, sent)
        if response.status_code == 401 and visitor != ANONYMOUS:
            del self.kept[visitor]
            response = self._once(visitor, sent)
        return response

    def _once(self, visitor: str, sent: Sent) -> httpx.Response:
        if visitor != ANONYMOUS and visitor not in self.kept:
            self.kept[visitor] = self.sign_in(visitor)
        headers = sent.headers | self.kept.get(visitor, {})
        try:
            return self._request(sent, headers)
        except httpx.RemoteProtocolError:
            # An idle connection was let go in the moment it was used; nothing was answered on it.
            return self._request(sent, headers)

    def _request(self, sent: Sent, headers: Headers) -> httpx.Response:
        return self.client.request(
            sent.method, sent.path, params=sent.query, json=sent.body, data=sent.form, files=sent.files, headers=headers
        )


def walk(
    base_url: str,
    sign_in: SignIn,
    routes: Iterable[Route],
    ours: dict[str, str] | None = None,
    visitors: Iterable[str] = VISITORS,
    transport: httpx.BaseTransport | None = None,
) -> list[Finding]:
    """Ask every route as every visitor, and judge the answers.

    `ours` gives, by field name (`exchange_id`), the ids of things that belong to the visitors at home and to no foreign one.
    """
    known = ours or {}
    with httpx.Client(base_url=base_url, transport=transport, timeout=30) as client:
        visits = Visits(client, sign_in)
        return [
            finding
            for route in routes
            for visitor in visitors
            for finding in _visit(visits, visitor, route, known)
        ]  # fmt: skip


def _visit(visits: Visits, visitor: str, route: Route, ours: dict[str, str]) -> list[Finding]:
    sent = plausible(route, ours)
    response = visits.send(visitor, sent)
    wrong = judged(visitor, route, sent, response, ours)
    name = f"{route.method} {route.path}"
    return [Finding(visitor, name, response.status_code, wrong, response.text)] if wrong else []


def judged(visitor: str, route: Route, sent: Sent, response: httpx.Response, ours: dict[str, str]) -> str:
    """What was expected instead, or nothing if all is well."""
    status = response.status_code
    if status >= 500:
        return "no failure, whatever is sent"
    if not may_ask(visitor, route):
        expected = 401 if visitor == ANONYMOUS else 403
        return "" if status == expected else str(expected)
    # A wrong password, say, is refused under 401 by the contract itself.
    if status == 401 and _code(response) not in {each.code() for each in route.contract.refusals}:
        return "to be known"
    if status == 403 and _code(response) == "role_required":
        return "no refusal for want of a role that the contract lets in"
    return _judged_of_stranger(sent, response, ours) if visitor in FOREIGN else ""


def may_ask(visitor: str, route: Route) -> bool:
    """Whether the contract lets that visitor ask at all."""
    allowed = route.contract.allowed
    if visitor == ANONYMOUS:
        return ANYONE in allowed
    return ANYONE in allowed or SIGNED_IN in allowed or FOREIGN.get(visitor, visitor) in allowed


def _judged_of_stranger(sent: Sent, response: httpx.Response, ours: dict[str, str]) -> str:
    is_list = sent.method == "GET" and not any(id_ in sent.path for id_ in ours.values())
    if sent.names_ours and not (is_list and response.is_success):
        return "" if response.status_code in (403, 404) else "403 or 404 on what belongs to others"
    # A list searched for another's thing finds nothing, and so tells nothing.
    if response.is_success and (told := [name for name, id_ in ours.items() if id_ in response.text]):
        return f"no word of another's {', '.join(told)}"
    return ""


def _code(response: httpx.Response) -> str:
    try:
        return str(response.json().get("code", ""))
    except ValueError:
        return ""
