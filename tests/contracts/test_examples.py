"""Every contract's example is what the contract says, in code and in the published schema."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from chassis.bare.message import Contract, Nothing
from contracts.publish.schemas import all_contracts, path_of, schema

ALL = all_contracts()
METASCHEMA = Draft202012Validator(Draft202012Validator.META_SCHEMA)


def faults(contract: type[Contract], document: Any) -> list[str]:
    """What the published schema finds wrong with a document."""
    validator = Draft202012Validator(schema(contract), format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


def test_contracts_have_a_docstring() -> None:
    """One sentence says what each is."""
    assert [path_of(each) for each in ALL if not vars(each).get("__doc__")] == []


def test_contracts_have_an_example() -> None:
    """One without fields needs none; every other shows what it looks like."""
    assert [path_of(each) for each in ALL if not each.example and _required(each)] == []


def test_examples_load_and_dump_and_load_to_the_same() -> None:
    """What is written reads back as what it was; what was said stays said."""
    assert {path_of(each): back for each in ALL if (back := _back_and_forth(each)) != (_read(each), each.example)} == {}


def test_examples_fit_the_published_schema() -> None:
    """A client that validates what it sends and gets meets no surprise, with defaults filled in neither."""
    found = {path_of(each): faults(each, each.example) + faults(each, each.write(each.read(each.example))) for each in ALL}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("contract", ALL[::97], ids=path_of)
def test_what_does_not_fit_the_published_schema_is_found(contract: type[Contract]) -> None:
    """The check is none if it accepts anything."""
    assert faults(contract, ["no object"])


def test_published_schemas_are_json_schemas() -> None:
    """The metaschema of 2020-12 accepts each."""
    found = {path_of(each): [error.message for error in METASCHEMA.iter_errors(schema(each))] for each in ALL}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def _read(contract: type[Contract]) -> Any:
    return contract.read(contract.example) if contract is not Nothing else {}


def _back_and_forth(contract: type[Contract]) -> tuple[Any, dict[str, Any]]:
    dumped = contract.write(_read(contract))
    return contract.read(dumped), {key: dumped.get(key) for key in contract.example if key not in _only_shown(contract)}


def _required(contract: type[Contract]) -> list[str]:
    return [name for name, field in contract._declared_fields.items() if field.required]


def _only_shown(contract: type[Contract]) -> set[str]:
    return {name for name, field in contract._declared_fields.items() if field.dump_only}
