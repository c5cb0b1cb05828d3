"""A walk over all operations as everybody: who may not is refused, who is a stranger gets nothing, and nothing breaks.

`walk` sends one plausible request per operation and visitor to a running system and returns what it finds wrong. Visitors are named
by role; the foreign ones hold the same role at another organisation or partnership than the one that `ours` belongs to.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import httpx

from chassis.bare.message import ANYONE, SIGNED_IN
from contracts.registry.partner_access import PARTNER_SYSTEM
from tests.gateway.operations import Operation
from tests.gateway.plausible import Sent, plausible

ANONYMOUS, NOBODY = "anonymous", "person"
"""Not logged in; logged in without any role."""
AT_HOME = ("representative", "registrations", "agreements", "finance", "support_officer", "administrator", "auditor", PARTNER_SYSTEM)
FOREIGN = {f"foreign_{role}": role for role in ("representative", "registrations", "agreements", "finance", PARTNER_SYSTEM)}
STRANGERS = (ANONYMOUS, NOBODY, *FOREIGN)
VISITORS = (*STRANGERS, *AT_HOME)
"""Strangers first: what is ours is all there then, and they change nothing of it."""
TRIES = 5

Headers = dict[str, str]
Note = Callable[[str, Operation, Sent, httpx.Response], None]
Open = Mapping[str, Iterable[str]]
"""Which of our ids strangers may name or read at an operation (`GET /v1/faqs`), since it is open to them."""
SignIn = Callable[[str], Headers]
NEVER_IN = {ANONYMOUS, *(each for each in (*AT_HOME, *FOREIGN) if FOREIGN.get(each, each) == PARTNER_SYSTEM)}
"""Who has no session that could have ended."""


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
        for _ in range(TRIES):
            if response.status_code == 401 and visitor not in NEVER_IN:
                del self.kept[visitor]
            elif response.status_code == 503:
                time.sleep(float(response.headers.get("Retry-After", 1)))
            else:
                break
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
    operations: Iterable[Operation],
    ours: dict[str, str] | None = None,
    visitors: Iterable[str] = VISITORS,
    transport: httpx.BaseTransport | None = None,
    is_open: Open | None = None,
    note: Note = lambda *_: None,
) -> list[Finding]:
    """Ask every operation as every visitor, first all as those who are strangers, and judge the answers.

    `ours` gives, by field name (`exchange_id`), the ids of things that belong to the visitors at home and to no foreign one; `note` hears
    of every answer.
    """
    known, asked, everybody = ours or {}, list(operations), list(visitors)
    rounds = [[each for each in everybody if each in STRANGERS], [each for each in everybody if each not in STRANGERS]]
    with httpx.Client(base_url=base_url, transport=transport, timeout=30) as client:
        visits = Visits(client, sign_in)
        return [
            finding
            for together in rounds
            for operation in asked
            for visitor in together
            for finding in _visit(visits, visitor, operation, known, is_open or {}, note)
        ]  # fmt: skip


def _visit(visits: Visits, visitor: str, operation: Operation, ours: dict[str, str], is_open: Open, note: Note) -> list[Finding]:
    sent = plausible(operation, ours)
    response = visits.send(visitor, sent)
    note(visitor, operation, sent, response)
    hidden = {name: id_ for name, id_ in ours.items() if name not in is_open.get(str(operation), ())}
    wrong = judged(visitor, operation, sent, response, hidden)
    return [Finding(visitor, str(operation), response.status_code, wrong, response.text)] if wrong else []


def judged(visitor: str, operation: Operation, sent: Sent, response: httpx.Response, hidden: dict[str, str]) -> str:
    """What was expected instead, or nothing if all is well; `hidden` are the ids that strangers may not learn anything about."""
    status = response.status_code
    if status >= 500:
        return "no failure, whatever is sent"
    if not may_ask(visitor, operation):
        expected = 401 if visitor in NEVER_IN else 403
        return "" if status == expected else str(expected)
    # A wrong password, say, is refused under 401 by the contract itself.
    if status == 401 and _code(response) not in operation.codes_of_401 - {"log_in_required"}:
        return "to be known"
    if status == 403 and _code(response) == "role_required":
        return "no refusal for want of a role that the contract lets in"
    return _judged_of_stranger(sent, response, hidden) if visitor in STRANGERS else ""


def may_ask(visitor: str, operation: Operation) -> bool:
    """Whether the contract lets that visitor ask at all."""
    allowed = operation.allowed
    if ANYONE in allowed or FOREIGN.get(visitor, visitor) in allowed:
        return True
    return SIGNED_IN in allowed and visitor not in NEVER_IN


def _judged_of_stranger(sent: Sent, response: httpx.Response, hidden: dict[str, str]) -> str:
    is_list = sent.method == "GET" and not any(id_ in sent.path for id_ in hidden.values())
    if sent.names & set(hidden) and not (is_list and response.is_success):
        return "" if response.status_code in (403, 404) else "403 or 404 on what belongs to others"
    # A list searched for another's thing finds nothing, and so tells nothing.
    if response.is_success and (told := [name for name, id_ in hidden.items() if id_ in response.text]):
        return f"no word of another's {', '.join(told)}"
    return ""


def _code(response: httpx.Response) -> str:
    try:
        return str(response.json().get("code", ""))
    except ValueError:
        return ""
