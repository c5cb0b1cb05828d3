"""Every contract's example is what the contract says, in code and in the published schema."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from chassis.bare.message import Contract, Nothing
from contracts.publish.schemas import all_contracts, path_of, schema

ALL = all_contracts()
each_contract = pytest.mark.parametrize("contract", ALL, ids=path_of)


def faults(contract: type[Contract], document: Any) -> list[str]:
    """What the published schema finds wrong with a document."""
    validator = Draft202012Validator(schema(contract), format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


@each_contract
def test_contract_has_a_docstring_and_an_example(contract: type[Contract]) -> None:
    """A contract without fields needs no example; every other shows what it looks like."""
    assert vars(contract).get("__doc__"), "one sentence says what it is"
    assert contract.example or not contract._declared_fields or not _required(contract)


@each_contract
def test_example_loads_and_dumps_and_loads_to_the_same(contract: type[Contract]) -> None:
    """What is written reads back as what it was; what was said stays said."""
    loaded = contract.read(contract.example) if contract is not Nothing else {}
    dumped = contract.write(loaded)
    assert contract.read(dumped) == loaded
    assert {key: dumped.get(key) for key in contract.example if key not in _only_shown(contract)} == contract.example


@each_contract
def test_example_fits_the_published_schema(contract: type[Contract]) -> None:
    """A client that validates what it sends and gets meets no surprise, with defaults filled in neither."""
    assert faults(contract, contract.example) == []
    assert faults(contract, contract.write(contract.read(contract.example))) == []


@each_contract
def test_published_schema_is_a_json_schema(contract: type[Contract]) -> None:
    """The metaschema of 2020-12 accepts it."""
    Draft202012Validator.check_schema(schema(contract))


def _required(contract: type[Contract]) -> list[str]:
    return [name for name, field in contract._declared_fields.items() if field.required]


def _only_shown(contract: type[Contract]) -> set[str]:
    return {name for name, field in contract._declared_fields.items() if field.dump_only}
