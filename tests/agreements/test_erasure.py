"""What binds a person to exchanges, and what agreements forgets and keeps of one who is erased."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from chassis.bare.principal import service
from chassis.bare.refusals import NotFound
from contracts import agreements as asks
from contracts.agreements import COMMITMENT, ReadHeld, ReadOpenExchanges
from contracts.identity.events import PersonErased
from services.agreements.model.text import digest
from tests.agreements.exchanges import NO_REASON
from tests.agreements.rooms import FOUR, Stage
from tests.builders import person
from tests.room import Room

IDENTITY = service("identity")
TRAVELLER = {"name": "Zebulon Quartermain", "function": "Ringmaster"}


@pytest.fixture
def stage(rooms: Callable[[str], Room]) -> Stage:
    """An opened exchange in a room."""
    return Stage(rooms("agreements")).open()


def held(stage: Stage) -> str:
    """All rows of all tables, as one text."""
    with stage.room.engine.connect() as connection:
        tables = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        return "\n".join(str(row) for name in tables for row in connection.execute(text(f'SELECT * FROM "{name}"')))


def open_exchanges(stage: Stage, **about: Any) -> list[str]:
    """What identity is told."""
    found: list[str] = stage.room.ask(ReadOpenExchanges, IDENTITY, **about)["exchange_ids"]
    return found


def erased(stage: Stage) -> None:
    """Identity announces that the visitor's person is erased."""
    person_id = stage.cast.visitor["person_id"]
    stage.room.hear(PersonErased.of(person_id, person_id=person_id))


def test_exchange_binds_both_persons_and_their_last_representatives_until_it_is_over(stage: Stage) -> None:
    """And nobody else; only services may ask."""
    mine = [str(stage.exchange_id)]
    assert open_exchanges(stage, person_id=stage.cast.visitor["person_id"]) == mine
    assert open_exchanges(stage, person_id=stage.cast.host["person_id"]) == mine
    assert open_exchanges(stage, person_id=uuid4(), organisation_ids=[stage.cast.host["organisation_id"]]) == mine
    assert open_exchanges(stage, person_id=uuid4(), organisation_ids=[uuid4()]) == []
    with pytest.raises(NotFound):
        stage.room.ask(ReadOpenExchanges, person(), person_id=uuid4())
    stage.ask(asks.CancelExchange, "visitor", **NO_REASON | {"reason": "illness"})
    assert open_exchanges(stage, person_id=stage.cast.visitor["person_id"]) == []


def test_travellers_of_a_visit_that_was_never_signed_are_forgotten(stage: Stage) -> None:
    """In the draft, in every version, and in the answers that were kept; the rest of the plan stays, under a digest of its own."""
    stage.submit(travellers=[TRAVELLER])
    stage.ask(asks.CancelExchange, "visitor", **NO_REASON | {"reason": "illness"})
    assert TRAVELLER["name"] in held(stage)
    erased(stage)
    with stage.room.engine.connect() as connection:
        (row,) = connection.execute(text("SELECT text, text_digest FROM agreement")).all()
    assert TRAVELLER["name"] not in row.text and "(erased)" in row.text and digest(row.text) == row.text_digest
    assert TRAVELLER["name"] not in held(stage)


def test_what_was_signed_stays_as_it_was_signed(stage: Stage) -> None:
    """Text, travellers, signatures with their names: what public money is given for."""
    stage.submit(travellers=[TRAVELLER])
    stage.validate()
    before = stage.ask(asks.ReadAgreement, "visitor", kind=COMMITMENT)
    stage.sign(COMMITMENT, *FOUR)
    signed = stage.ask(asks.ReadAgreement, "host", kind=COMMITMENT)
    erased(stage)
    after = stage.ask(asks.ReadAgreement, "host", kind=COMMITMENT)
    assert after == signed and after["text_digest"] == before["text_digest"] and TRAVELLER["name"] in held(stage)


def test_person_is_told_all_that_is_held(stage: Stage) -> None:
    """The exchange, its plan and its agreements, and where their documents are; of signatures the own."""
    stage.ready(travellers=[TRAVELLER])
    stage.room.run_jobs()
    held = stage.room.ask(ReadHeld, IDENTITY, person_id=stage.cast.visitor["person_id"])
    assert [row["travellers"] for row in held["tables"]["draft"]] == [[TRAVELLER]]
    assert {row["kind"] for row in held["tables"]["agreement"]} == {"commitment_to_quality", "financial_agreement"}
    link = f"/v1/exchanges/{stage.exchange_id}/agreements"
    assert {each["link"] for each in held["files"]} == {
        f"{link}/{kind}/document" for kind in ("commitment-to-quality", "financial-agreement")
    }
    hosts = stage.room.ask(ReadHeld, IDENTITY, person_id=stage.cast.host["person_id"])
    assert {row["kind"] for row in hosts["tables"]["agreement"]} == {"commitment_to_quality"}
    signer = stage.cast["visitor"].person
    signatures = stage.room.ask(ReadHeld, IDENTITY, person_id=signer)["tables"]["signature"]
    assert {row["person_id"] for row in signatures} == {str(signer)} and len(signatures) == 2
