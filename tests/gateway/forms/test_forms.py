"""Every field of every form is a validated attribute: what is wrong in it is refused with 422, and the field is named."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from marshmallow import fields

from chassis.bare.files import Upload
from chassis.bare.message import Contract, Request
from gateway.all_routes import all_routes
from gateway.publish import document
from gateway.routes import Route
from tests.gateway.conftest import Empty
from tests.gateway.forms.fields import FILES, FORMS, Form
from tests.gateway.operations import Operation, operations
from tests.gateway.plausible import Sent, plausible

ALL = operations(document())
ROWS = [(form, words) for form in FORMS for words in form.fields]
each_field = pytest.mark.parametrize(("form", "words"), ROWS, ids=[f"{form.name}: {words}" for form, words in ROWS])


def route_of(contract: type[Request]) -> Route:
    """The address under which a form is sent."""
    return next(route for route in all_routes() if route.contract is contract)


def operation_of(contract: type[Request]) -> Operation:
    """The same as the document has it."""
    route = route_of(contract)
    return next(each for each in ALL if (each.method, each.path) == (route.method, route.path))


def send(gateway: Empty, sent: Sent, **how: Any) -> Any:
    """The answer of a gateway behind which nothing is: 404 where all was in order."""
    return gateway.ask(sent.method, sent.path, headers=sent.headers, **how)


def answer(gateway: Empty, form: Form, path: str, value: Any) -> Any:
    """What is answered to the form with that value at that place."""
    sent = plausible(operation_of(form.contract), {})
    body = deepcopy(form.base if form.base is not None else sent.body or {})
    *way, last = path.split(".")
    here: Any = body
    for part in way:
        here = here[int(part)] if part.isdigit() else here.setdefault(part, {})
    here[last] = value
    return send(gateway, sent, json=body)


def named(refused: Any, path: str) -> Any:
    """What is said about the field at that place; a list's own items may be named one by one."""
    here = refused["fields"]
    for part in path.split("."):
        here = here.get(part) if isinstance(here, dict) else None
    return here


@each_field
def test_right_value_is_taken(empty_gateway: Empty, form: Form, words: str) -> None:
    """Nothing is wrong with the form; a field that the contract does not have would be."""
    path, right, _ = form.fields[words]
    got = answer(empty_gateway, form, path, right)
    assert (got.status_code, got.json()["code"]) == (404, "not_found"), got.text


@each_field
def test_wrong_value_is_refused_naming_the_field(empty_gateway: Empty, form: Form, words: str) -> None:
    """422, and the sentence stands at the field that it is about, and nowhere else."""
    path, _, wrong = form.fields[words]
    got = answer(empty_gateway, form, path, wrong)
    assert got.status_code == 422, got.text
    assert named(got.json(), path), got.json()
    assert list(got.json()["fields"]) == [path.partition(".")[0]]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_table_and_contract_have_the_same_fields(form: Form) -> None:
    """A field that nobody tried is as bad as one that is not there."""
    asked = {path for path, _, _ in form.fields.values()}
    assert asked == set(leaves(form.contract)) - set(route_of(form.contract).path_fields)


@pytest.mark.parametrize("words", FILES)
def test_file_of_another_kind_is_refused(empty_gateway: Empty, words: str) -> None:
    """Judged by content, and the field is named."""
    contract, name = FILES[words]
    assert isinstance(contract._declared_fields[name], Upload)
    sent = plausible(operation_of(contract), {})
    right = send(empty_gateway, sent, data=sent.form, files=sent.files)
    wrong = send(empty_gateway, sent, data=sent.form, files={name: ("small.pdf", b"not a PDF", "application/pdf")})
    assert (right.status_code, wrong.status_code, wrong.json()["code"]) == (404, 422, "file_refused")
    assert list(wrong.json()["fields"]) == [name]


def leaves(contract: type[Contract]) -> Iterator[str]:
    """The paths of all fields that a client sends; items of a list stand at 0."""
    for name, field in contract._declared_fields.items():
        if not field.dump_only:
            yield from _leaves(name, field)


def _leaves(path: str, field: fields.Field) -> Iterator[str]:
    if isinstance(field, fields.List) and isinstance(field.inner, fields.Nested):
        path, field = f"{path}.0", field.inner
    if not isinstance(field, fields.Nested):
        yield path
        return
    for below in leaves(type(field.schema)):
        yield f"{path}.{below}"
