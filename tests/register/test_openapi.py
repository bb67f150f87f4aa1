"""The OpenAPI documents are valid, name every requirement, and agree with what the checks know of each operation."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
from openapi_spec_validator.readers import read_from_filename

from pytest_reportconformance.judging.contract import Operation
from pytest_reportconformance.register import register
from tests import openapi

APIS = register.api_names()
METHODS = ("get", "post", "put", "delete")


def document(api: str) -> dict[str, Any]:
    """The OpenAPI document of an API."""
    found, _ = read_from_filename(str(openapi.path(api)))
    return dict(found)


def operations(api: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and description of each operation."""
    for path, item in document(api)["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method.upper(), item[method]


def references(value: Any) -> Iterator[str]:
    """The files that a part of a document refers to."""
    match value:
        case dict():
            yield from (text for key, text in value.items() if key in ("$ref", "x-xsd") and not text.startswith("#"))
            for inner in value.values():
                yield from references(inner)
        case list():
            for inner in value:
                yield from references(inner)


@pytest.mark.parametrize("api", APIS)
def test_the_document_is_valid(api: str) -> None:
    found, base = read_from_filename(str(openapi.path(api)))
    validate(found, base_uri=base, cls=OpenAPIV31SpecValidator)


@pytest.mark.parametrize("api", APIS)
def test_every_schema_exists_and_is_used(api: str) -> None:
    folder = openapi.path(api).parent
    used = set(references(document(api)))
    assert {name for name in used if not (folder / name).is_file()} == set()
    used |= {
        f"schemas/{name}" for path in folder.glob("schemas/*.json") for name in references(json.loads(path.read_text()))
    }
    assert {f"schemas/{path.name}" for path in folder.glob("schemas/*.json")} - used == set()


@pytest.mark.parametrize("api", APIS)
def test_the_requirements_of_each_operation_are_listed(api: str) -> None:
    """After a change of the register run `python -m tests.pin`."""
    assert openapi.updated(api) == openapi.path(api).read_text(encoding="utf-8")
    listed = [*document(api)["x-requirements"], *(id for *_, one in operations(api) for id in one["x-requirements"])]
    assert set(listed) == set(register.load(api).requirements)
    assert {one["operationId"] for *_, one in operations(api)} == set(openapi.FEATURES[api])
    assert all(one["x-requirements"] for *_, one in operations(api))


def known(api: str) -> dict[str, Operation]:
    """The operations that the checks know."""
    found: dict[str, Operation] = importlib.import_module(f"pytest_reportconformance.{api}.contract").OPERATIONS
    return found


def schemas(api: str, answer: dict[str, Any]) -> dict[str, str]:
    """The schema of each media type of an answer that has one."""
    contents = {media: content.get("schema", {}) for media, content in answer.get("content", {}).items()}
    files = {media: schema.get("$ref") or schema.get("x-xsd") for media, schema in contents.items()}
    return {media: PurePath(file).stem for media, file in files.items() if file}


@pytest.mark.parametrize("api", APIS)
def test_the_checks_know_the_operations_of_the_document(api: str) -> None:
    assert {one["operationId"] for *_, one in operations(api)} == set(known(api))
    for path, method, described in operations(api):
        operation = known(api)[described["operationId"]]
        assert (operation.method, operation.path) == (method, path)
        statuses = {int(status) for status in described["responses"] if status < "400"}
        assert set(operation.success) == statuses, path
        documented = schemas(api, described["responses"].get("200", {}))
        assert documented.items() <= operation.schemas.items()
