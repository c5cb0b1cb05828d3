"""A service on a real, clean database, with its doors at hand: no broker, no other service, a clock that stands still."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Engine, select
from sqlalchemy.orm import sessionmaker

from chassis.bare.blobs import Blobs
from chassis.bare.clock import StillClock
from chassis.bare.envelope import Envelope
from chassis.bare.message import Fact, Request, View
from chassis.bare.principal import Principal, Signer, Verifier, anonymous
from chassis.bare.tables import JournalRow, WaitingRow
from chassis.running import background, jobs
from chassis.running.doors import Answers, Listens
from chassis.running.frame import Frame
from chassis.running.occasions import Call, Hearing, NotYet
from chassis.running.unit import Unit, open_unit
from tests.builders import A_MONDAY

Answer = Callable[[Principal, dict[str, Any]], Any]


class StandInAsker:
    """Answers in the place of other services, with what the test laid down; anything else is an error of the test."""

    def __init__(self) -> None:
        self.answers: dict[type[Request], Answer] = {}
        self.asked: list[tuple[type[Request], dict[str, Any]]] = []

    def ask(self, contract: type[Request], content: dict[str, Any], correlation_id: str) -> dict[str, Any]:
        """Load the request as the other side would, and dump the answer as it would."""
        self.asked.append((contract, content))
        answer = self.answers[contract](Principal("service", "asker"), contract.read(content))
        view: type[View] = contract.answers
        return json.loads(json.dumps(view.write(answer)))  # type: ignore[no-any-return]


class Room:
    """One service under test."""

    def __init__(self, service_class: type, engine: Engine, folder: Path) -> None:
        self.clock, self.asker, self.engine = StillClock(A_MONDAY), StandInAsker(), engine
        name = service_class.name  # type: ignore[attr-defined]
        self.frame = Frame(
            service_class, sessionmaker(engine, expire_on_commit=False), self.clock, Blobs(folder / "blobs", name),
            Signer(name, make_key(folder, name)), Verifier(folder / "trust"), self.asker,
        )  # fmt: skip

    def ask(
        self,
        contract: type[Request],
        who: Principal | None = None,
        /,
        *,
        key: str | None = None,
        if_match: int | None = None,
        **fields: Any,
    ) -> dict[str, Any]:
        """Send a request as that principal (anonymous without one); the dumped view, or the refusal raised."""
        content = json.loads(json.dumps(contract.write(fields) | _undeclared(contract, fields), default=str))
        call = Call(who or anonymous(), f"test-{uuid4()}", content, key or str(uuid4()), if_match)
        return self.frame.carry_out(self.frame.doors(Answers)[contract.slug()], call)  # type: ignore[no-any-return]

    def page_by_page(self, contract: type[Request], who: Principal | None = None, /, **fields: Any) -> list[Any]:
        """All items of a list, asked for one at a time."""
        items: list[Any] = []
        after = None
        while True:
            page = self.ask(contract, who, limit=1, after=after, **fields)
            assert len(page["items"]) <= 1
            items, after = items + page["items"], page["next"]
            if after is None:
                return items

    def hear(self, fact: Fact, event_id: UUID | None = None, subject_version: int = 1) -> UUID:
        """Deliver a fact as an event; the same id again is a repeat. What is not ready waits, as in life."""
        event_id, announcer = event_id or uuid4(), self.frame.doors(Listens)[fact.type].contract.service
        envelope = json.loads(json.dumps(Envelope.write({
            "specversion": "1.0", "id": event_id, "source": f"/{announcer}", "type": fact.type, "subject": fact.subject,
            "subjectversion": subject_version, "time": self.clock.now(), "actor": "service:test", "audience": fact.audience,
            "correlationid": "test", "datacontenttype": "application/json", "data": fact.data,
        })))  # fmt: skip
        hearing = Hearing(self.frame.itself, "test", envelope, fact.type)
        try:
            self.frame.carry_out(self.frame.doors(Listens)[fact.type], hearing)
        except NotYet as reason:
            hearing.wait(self.frame, str(reason))
        return event_id

    def waiting(self) -> list[WaitingRow]:
        """The events that wait for their precondition."""
        with self.frame.sessions() as session:
            return list(session.scalars(select(WaitingRow)))

    def try_waiting(self) -> int:
        """Try the waiting events now, whatever their next date; returns how many were applied."""
        with self.frame.sessions.begin() as session:
            for row in session.scalars(select(WaitingRow)):
                row.next_try_at = row.since
        return background.try_waiting(self.frame)

    def run_due(self) -> int:
        """Do all work that is due at the clock's time; returns how much was done."""
        done = 0
        while round_done := background.do_due(self.frame):
            done += round_done
        return done

    def run_jobs(self) -> int:
        """Do all jobs; returns how many."""
        done = 0
        while jobs.do_job(self.frame):
            done += 1
        return done

    def facts(self, type: str | None = None) -> list[Fact]:
        """What was announced, in order; of one type if named (`agreement_signed`)."""
        with self.frame.sessions() as session:
            rows = session.scalars(select(JournalRow).order_by(JournalRow.position)).all()
        return [Fact(row.type, row.subject, row.data, tuple(row.audience)) for row in rows if type in (None, row.type)]

    def answers_from(self, answers: dict[type[Request], Answer]) -> None:
        """Lay down what other services answer."""
        self.asker.answers |= answers

    def unit(self, who: Principal | None = None) -> Any:
        """A unit for looking into the database or arranging something that no door can."""
        return open_unit(self.frame, Call(who or self.frame.itself, "test", {}))


def make_key(folder: Path, issuer: str) -> Path:
    """A key pair for an issuer: the private key's file; the public one goes to `folder/trust`."""
    private = ec.generate_private_key(ec.SECP256R1())
    trust, key_file = folder / "trust", folder / f"{issuer}.key"
    trust.mkdir(parents=True, exist_ok=True)
    key_file.write_bytes(private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    public = private.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (trust / f"{issuer}.pem").write_bytes(public)
    return key_file


def _undeclared(contract: type[Request], fields: dict[str, Any]) -> dict[str, Any]:
    """Fields the contract does not know, passed on so that a test sees them refused."""
    return {name: value for name, value in fields.items() if name not in contract._declared_fields}


__all__ = ["Room", "StandInAsker", "Unit", "make_key"]
