"""Partnership systems on the whole system: what an exchange tells them, over both ways; commands; and what is kept from them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from uuid import uuid4

import kombu
import pytest
from amqp.exceptions import AccessRefused
from joserfc import jwt
from joserfc.jwk import ECKey
from jsonschema import Draft202012Validator

from chassis.bare.message import ANYONE
from chassis.bare.principal import PERSON, SYSTEM, Principal, Signer
from chassis.bare.protocol import call_headers
from contracts.partners.events import partner_events
from contracts.registry import CreatePartnership
from contracts.registry.partner_access import PARTNER_SYSTEM
from deploy.local.broker_rights import OF_PARTNERS
from deploy.local.people.entrance import Entrance, wait_for
from deploy.local.people.offices import Offices
from deploy.local.system import Running
from tests.gateway.operations import operations
from tests.gateway.plausible import plausible
from tests.journeys.partner_systems import PartnerSystem, about, by_hand, give_access, is_ready
from tests.journeys.played import Played

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ready(entrance: Entrance, offices: Offices) -> Iterator[tuple[Played, PartnerSystem, PartnerSystem]]:
    """An exchange with all signatures, played while both partnerships' systems had access; and those two systems."""
    played = Played(entrance, offices)
    visitors = give_access(played.visitor_desk, played.visitor_office.partnership_id)
    hosts = give_access(played.host_desk, played.host_office.partnership_id)
    played.ready()
    wait_for(lambda: "exchange_ready" in about(visitors.feed(), played.link) or None, "the last event")
    yield played, visitors, hosts
    for place in (played.visitor_office.partnership_id, played.host_office.partnership_id):
        played.support._ask("DELETE", f"/v1/partnerships/{place}/access")


def test_exchange_tells_both_partnerships_and_the_money_only_the_visitors(ready: tuple[Played, PartnerSystem, PartnerSystem]) -> None:
    """Each expected event once, in the order of the exchange."""
    played, visitors, hosts = ready
    text = "commitment_to_quality"
    shared = ["match_agreed", "commitment_submitted", "commitment_validated", *[f"signature_given {text}"] * 4, f"agreement_signed {text}"]
    money = [*["signature_given financial_agreement"] * 2, "agreement_signed financial_agreement"]
    assert sorted(about(visitors.feed(), played.link)) == sorted([*shared, *money, "exchange_ready"])
    assert sorted(about(hosts.feed(), played.link)) == sorted([*shared, "exchange_ready"])


def test_queue_and_http_bring_the_same_bytes(ready: tuple[Played, PartnerSystem, PartnerSystem]) -> None:
    """The same events, the same ids, in the same order; taking them from the one does not take them from the other."""
    _, visitors, _ = ready
    feed = visitors.feed()
    got: list[bytes] = []
    wait_for(lambda: got.extend(visitors.taken()) or (got[-1:] == feed[-1:]) or None, "all events since the access was opened")
    assert got == feed[-len(got) :] and len(got) >= 12


def test_schema_of_an_event_is_served_where_it_says(ready: tuple[Played, PartnerSystem, PartnerSystem]) -> None:
    """And describes what came."""
    _, visitors, _ = ready
    for event in map(json.loads, visitors.feed()):
        schema = visitors.ask("GET", event["dataschema"].removeprefix(visitors.entrance.url))
        Draft202012Validator(schema.json()).validate(event["data"])


def test_credentials_open_no_other_address(ready: tuple[Played, PartnerSystem, PartnerSystem]) -> None:
    """Every operation that is not open to anyone, asked plausibly with login and secret: 401."""
    played, visitors, _ = ready
    ours = {"exchange_id": played.link.rpartition("/")[2], "partnership_id": played.visitor_office.partnership_id}
    answers = {}
    for operation in operations(visitors.ask("GET", "/contracts/openapi.json").json()):
        if not {ANYONE, PARTNER_SYSTEM} & set(operation.allowed):
            sent = plausible(operation, ours)
            how = {"params": sent.query, "json": sent.body, "data": sent.form, "files": sent.files, "headers": sent.headers}
            answers[str(operation)] = visitors.ask(sent.method, sent.path, **how).status_code
    assert {name: status for name, status in answers.items() if status != 401} == {} and len(answers) > 100


def test_wrong_credentials_are_refused_alike(ready: tuple[Played, PartnerSystem, PartnerSystem]) -> None:
    """A wrong secret, an unknown login, a session's token as a secret; another's partnership is not there."""
    played, visitors, hosts = ready
    said = []
    for login, secret in ((visitors.access["login"], "wrong"), ("partner.nobody-000000000000", "wrong")):
        stranger = PartnerSystem(visitors.entrance, {**visitors.access, "login": login, "secret": secret})
        answer = stranger.ask("GET", "/v1/events")
        said.append((answer.status_code, answer.json()["code"], answer.json()["detail"]))
    assert said[0] == said[1] and said[0][:2] == (401, "partner_log_in_failed")
    foreign = hosts.ask("GET", "/v1/events", params={"partnership_id": played.visitor_office.partnership_id})
    assert foreign.status_code == 404


def test_rotation_goes_on_where_the_old_secret_stopped(running: Running, ready: tuple[Played, PartnerSystem, PartnerSystem]) -> None:
    """By a contact point over HTTP: the queue stays, the old secret is cut off from the broker."""
    played, visitors, _ = ready
    place = played.visitor_office.partnership_id
    desk = played.visitor_desk
    rotated = PartnerSystem(visitors.entrance, desk.post(f"/v1/partnerships/{place}/access/rotation").body)
    wait_for(lambda: is_ready(desk, place) or None, "the broker to know the new secret")
    assert rotated.taken() == [] and len(rotated.feed()) >= 12
    with pytest.raises(AccessRefused), kombu.Connection(visitors.amqp_url) as connection:
        connection.connect()
    ready[1].access.update(rotated.access)


def test_commands_give_show_rotate_and_revoke_an_access(running: Running) -> None:
    """As an operator types them, with the sandbox's events in the feed and the queue; refusals are one line and exit code 1."""
    assert "20 events are in the feed of SANDBOX" in by_hand(running, "sandbox-events").stdout
    given = by_hand(running, "partner-access", PARTNERSHIP="SANDBOX")
    assert given.returncode == 0, given.stderr
    first = dict(line.split(None, 1) for line in given.stdout.splitlines())
    again = by_hand(running, "partner-access", PARTNERSHIP="SANDBOX")
    assert (again.returncode, again.stdout) == (1, "") and "open already" in again.stderr and again.stderr.count("\n") == 1
    assert by_hand(running, "sandbox-events").returncode == 0
    rotated = dict(
        line.split(None, 1) for line in by_hand(running, "partner-access", PARTNERSHIP="SANDBOX", ROTATE="1").stdout.splitlines()
    )
    secret = rotated["secret"].split()[0]
    assert secret != first["secret"].split()[0]
    sandbox = PartnerSystem(
        Entrance(running.url), {"login": first["login"], "queue": first["queue"], "secret": secret, "amqp_address": first["amqp"]}
    )
    queued: list[bytes] = []
    wait_for(lambda: queued.extend(sandbox.taken()) or len(queued) >= 20 or None, "the sandbox's events")
    feed = sandbox.feed()
    assert (len(feed), queued) == (40, feed[20:])
    assert all(json.loads(each)["sandbox"] is True and json.loads(each)["source"] == "/sandbox" for each in feed)
    assert {json.loads(each)["type"] for each in queued} == {each.slug() for each in partner_events()}
    shown = by_hand(running, "partner-access", PARTNERSHIP="SANDBOX", SHOW="1")
    assert "ready" in shown.stdout and secret not in shown.stdout
    assert by_hand(running, "partner-access", PARTNERSHIP="SANDBOX", REVOKE="1").returncode == 0
    assert sandbox.ask("GET", "/v1/me").status_code == 401
    for wrong in ({}, {"PARTNERSHIP": "NOBODY"}):
        refused = by_hand(running, "partner-access", **wrong)
        assert refused.returncode == 1 and len(refused.stderr.strip().splitlines()) == 1


def test_no_secret_stands_in_a_log(running: Running, ready: tuple[Played, PartnerSystem, PartnerSystem]) -> None:
    """Of any process, the broker's own included: neither a partnership's, nor those of the logins that make and fill the queues."""
    secrets = [each.access["secret"] for each in ready[1:]] + [running.here.broker.password(login) for login in OF_PARTNERS]
    logs = list(running.here.logs.glob("*.log*"))
    assert [file.name for file in logs if any(secret in file.read_text(errors="replace") for secret in secrets)] == []


def test_only_the_registrys_worker_is_told_of_the_management(running: Running) -> None:
    """With that address one could make any login."""
    told = {each.name: each.program.environment for each in running.processes}
    assert {name for name, known in told.items() if "PARTNERS_MANAGEMENT_URI" in known or "PARTNERS_URI" in known} == {"registry-work-1"}


FORGED = ("none", "rubbish", "expired", "another audience", "another key", "alg none", "HS256 with the public key", "a service as a person",
          "a service as a system", "a system with a person's role")  # fmt: skip


@pytest.mark.parametrize("forgery", FORGED)
def test_call_without_a_valid_token_is_refused_by_the_callee(running: Running, forgery: str) -> None:
    """Published straight onto the registry's queue with a service's own broker login, past the gateway: nothing is done."""
    acronym = f"F-{uuid4().hex[:8]}"
    content = {**CreatePartnership.example, "acronym": acronym}
    outcome = _ask_directly(running, content, _forged(running, forgery))
    assert outcome["refusal"]["code"] == "log_in_required", outcome
    assert acronym not in str(Entrance(running.url).send("GET", "/v1/partnerships", query={"limit": 100}).body)


def _forged(running: Running, forgery: str) -> str:
    keys = running.here.keys
    now, chief = int(time.time()), Principal(PERSON, str(uuid4()), "Forger", frozenset({("administrator", None)}))
    claims = {
        "iss": "identity",
        "sub": chief.id,
        "kind": PERSON,
        "name": "",
        "roles": [["administrator", None]],
        "auth_time": now,
        "sid": None,
    }
    timed = claims | {"aud": "services", "iat": now, "exp": now + 60}
    matching = ECKey.import_key(keys.key_file("matching").read_bytes())
    identity = ECKey.import_key(keys.key_file("identity").read_bytes())
    head = {"alg": "ES256", "kid": "identity"}
    if forgery == "expired":
        return jwt.encode(head, timed | {"iat": now - 600, "exp": now - 300}, identity)
    if forgery == "another audience":
        return jwt.encode(head, timed | {"aud": "elsewhere"}, identity)
    if forgery == "another key":
        return jwt.encode(head, timed, matching)
    if forgery == "alg none":
        return f"{_part({'alg': 'none', 'kid': 'identity'})}.{_part(timed)}."
    if forgery == "HS256 with the public key":
        return _signed_with_the_public_key(timed, (keys.trust_folder / "identity.pem").read_bytes())
    if forgery == "a service as a person":
        return Signer("matching", keys.key_file("matching")).token(chief)
    if forgery == "a service as a system":
        role = frozenset({("partner_system", uuid4())})
        return Signer("matching", keys.key_file("matching")).token(Principal(SYSTEM, "partner.x", roles=role))
    if forgery == "a system with a person's role":
        return Signer("registry", keys.key_file("registry")).token(
            Principal(SYSTEM, "partner.x", roles=frozenset({("administrator", uuid4())}))
        )
    return "" if forgery == "none" else "rubbish"


def _part(value: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _signed_with_the_public_key(claims: dict[str, object], public: bytes) -> str:
    unsigned = f"{_part({'alg': 'HS256', 'kid': 'identity'})}.{_part(claims)}"
    signature = hmac.new(public, unsigned.encode(), hashlib.sha256).digest()
    return f"{unsigned}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def _ask_directly(running: Running, content: dict[str, object], token: str) -> dict[str, object]:
    replies: list[bytes] = []
    headers = call_headers(token, time.time() + 20, "forged-0001", str(uuid4()))
    if not token:
        del headers["token"]
    with kombu.Connection(running.here.broker.uri("matching")) as connection:
        channel = connection.channel()
        channel.basic_consume("amq.rabbitmq.reply-to", callback=lambda message: replies.append(message.body), no_ack=True)
        kombu.Producer(channel, auto_declare=False).publish(
            json.dumps(content), exchange="", routing_key="registry.rpc", reply_to="amq.rabbitmq.reply-to", correlation_id="1",
            type=CreatePartnership.slug(), content_type="application/json", headers=headers,
        )  # fmt: skip
        while not replies:
            connection.drain_events(timeout=20)
    return json.loads(replies[0])  # type: ignore[no-any-return]
