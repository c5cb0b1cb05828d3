"""The document that a running system serves, taken at its word: whatever fits it or does not, is answered as it says, for every role.

`CONTRACT_EXAMPLES` is the number of requests per operation and kind (fitting, not fitting); `CONTRACT_SEED` repeats a run.
"""

from __future__ import annotations

import contextlib
import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis import checks as wanted
from schemathesis.core.failures import FailureGroup

from chassis.bare.message import ANYONE, SIGNED_IN
from deploy.local.people.acts.registering import get_account
from deploy.local.people.entrance import Entrance
from deploy.local.people.offices import Offices, make_administrator, make_offices, sign_in
from deploy.local.people.partnerships import for_tour
from deploy.local.people.person import Person
from deploy.local.settings import Settings
from deploy.local.system import system
from gateway.publish import document
from tests.faults.corpus import QUERIES
from tests.journeys.played import Played

pytestmark = pytest.mark.slow

EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", "3"))
SEED = int(os.environ.get("CONTRACT_SEED", random.randrange(10**6)))
NOBODY, WITHOUT_ROLE = "anonymous", "without a role"
AS_ANNOUNCED = [
    wanted.status_code_conformance,
    wanted.content_type_conformance,
    wanted.response_schema_conformance,
    wanted.response_headers_conformance,
]
STREAMS = {"/v1/live"}
MANY = 200
"""So many answers come of more than a single operation."""
"""What answers for as long as one listens, and would be waited for: tests of its own read it."""
OPERATIONS = [f"{method.upper()} {path}" for path, methods in document()["paths"].items() for method in methods if path not in STREAMS]
LISTS = [
    path
    for path, methods in document()["paths"].items()
    if any(each["name"] == "after" for each in methods.get("get", {}).get("parameters", []))
]


@dataclass
class Served:
    """A running system in which an exchange was played, with somebody of every role, and the document that it serves."""

    url: str
    people: dict[str, Person]
    ours: dict[str, str]
    schema: Any
    tokens: dict[str, str] = field(default_factory=dict)
    answered: Counter[int] = field(default_factory=Counter)

    def headers(self, visitor: str) -> dict[str, str]:
        """How a visitor is known."""
        if visitor == NOBODY:
            return {}
        if visitor not in self.tokens:
            person = self.people[visitor]
            person.log_in()
            self.tokens[visitor] = str(person._token)
        return {"Authorization": f"Bearer {self.tokens[visitor]}"}

    def call(self, case: Any, visitor: str) -> Any:
        """The answer to a visitor; a session that was ended on the way is begun anew."""
        response = case.call(base_url=self.url, headers=self.headers(visitor), timeout=60)
        if response.status_code == 401 and self.tokens.pop(visitor, None):
            response = case.call(base_url=self.url, headers=self.headers(visitor), timeout=60)
        return response

    def visitors(self, allowed: list[str]) -> list[str]:
        """Those who may ask, then one who may not and nobody at all."""
        may = [role for role in self.people if {ANYONE, SIGNED_IN, role} & set(allowed)]
        return [*may, WITHOUT_ROLE, NOBODY]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The system, with an exchange that is ready to be paid."""
    print(f"\nCONTRACT_SEED={SEED} CONTRACT_EXAMPLES={EXAMPLES}")
    state = tmp_path_factory.mktemp("contract")
    with system(state, Settings(state)) as running:
        entrance = Entrance(running.url)
        administrator = make_administrator(running.environment("identity"), "contract.administrator")
        offices = make_offices(entrance, administrator, for_tour()[:2], "contract.")
        played = Played(entrance, offices).payable()
        schema = schemathesis.openapi.from_dict(httpx.get(f"{running.url}/contracts/openapi.json", timeout=60).json())
        yield Served(running.url, _people(entrance, offices, played), _ours(played), schema)
        entrance.close()


def _people(entrance: Entrance, offices: Offices, played: Played) -> dict[str, Person]:
    """One person for each role, at home in the exchange that was played."""
    nobody = sign_in("contract.nobody", "somebody").person(entrance)
    get_account(nobody, "Elsewhere", "BE")
    return {
        "representative": played.visitor, "registrations": played.visitor_desk, "agreements": played.host_desk, "finance": played.paying_officer,
        "support_officer": played.support, "administrator": offices.administrator.person(entrance), "auditor": played.auditor,
        WITHOUT_ROLE: nobody,
    }  # fmt: skip


def _ours(played: Played) -> dict[str, str]:
    """The ids of what was played, by the names of the parameters that carry them."""
    return {
        "exchange_id": played.link.rpartition("/")[2],
        "participation_id": played.registrations["visitor"].rpartition("/")[2],
        "contact_id": next(iter(played.visitor.all("/v1/contacts")))["contact_id"],
        "conversation_id": next(iter(played.visitor.all("/v1/conversations")))["conversation_id"],
        "evidence_id": played.visitor.get(f"{played.link}/evidence").body["items"][0]["evidence_id"],
        "payment_id": played.paying_officer.get(f"{played.link}/payment").body["payment_id"],
    }


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fitting", "not fitting"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_is_one_that_the_document_announces(served: Served, name: str, mode: GenerationMode) -> None:
    """Status, media type, headers and shape; and never a failure."""
    method, _, path = name.partition(" ")
    operation = served.schema[path][method]
    ours = {each: served.ours[each] for each in served.ours if f"{{{each}}}" in path}
    strategy = operation.as_strategy(mode, path_parameters=ours if ours and mode is GenerationMode.POSITIVE else None)

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    @given(case=strategy, visitor=st.sampled_from(served.visitors(operation.definition.raw["x-allowed"])))
    def ask(case: Any, visitor: str) -> None:
        response = served.call(case, visitor)
        served.answered[response.status_code] += 1
        is_early = response.status_code == 503 and int(response.headers["retry-after"][0]) > 0
        try:
            case.validate_response(response, checks=AS_ANNOUNCED if is_early else [wanted.not_a_server_error, *AS_ANNOUNCED])
        except FailureGroup as failed:
            said = "; ".join(f"{each.title}: {each.message}" for each in failed.exceptions)  # type: ignore[attr-defined]
            pytest.fail(f"{visitor}: {case.as_curl_command()}\n{response.status_code} {response.text[:500]}\n{said[:1500]}")

    # Where nothing is asked for, nothing can be asked wrongly.
    with contextlib.suppress(Unsatisfiable):
        ask()


def test_hardly_anybody_was_told_to_come_again(served: Served) -> None:
    """A system that answers nothing but 503 would have passed all of the above; runs after it."""
    print(f"answered: {dict(sorted(served.answered.items()))}")
    asked = served.answered.total()
    assert served.answered[503] <= asked / 2
    assert asked < MANY or {200, 401, 422} <= set(served.answered)


@pytest.mark.parametrize("path", LISTS)
def test_absurd_cursor_or_limit_is_refused_by_every_list(served: Served, path: str) -> None:
    """By whoever may read it: as the sender's error, or with a page where it has a meaning after all."""
    allowed = document()["paths"][path]["get"]["x-allowed"]
    address = path
    for name, id_ in served.ours.items():
        address = address.replace(f"{{{name}}}", id_)
    headers = served.headers(served.visitors(allowed)[0])
    with httpx.Client(base_url=served.url, headers=headers, timeout=60) as client:
        for name, query in QUERIES.items():
            answer = client.get(f"{address}?{query}")
            assert answer.status_code == 200 or 400 <= answer.status_code < 500, (name, answer.status_code, answer.text[:300])
