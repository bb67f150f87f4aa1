"""The mutation testing of transcripts: documents are changed in one place, and rules explain lawful survivors."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.mutation import documents, lawful
from tests.mutation.answer_changes import other_values
from tests.mutation.documents import Document
from tests.mutation.lawful import Rule
from tests.mutation.survivors import Result, sampled
from tests.survivors import unused

JSON = b'{"id": "a", "exports": [{"id": "b"}, {"id": "c"}]}'
XML = b'<run><id>a</id><exports><export id="b"/><export id="c"/></exports></run>'


def read(body: bytes) -> Document:
    """The document of a body."""
    found = documents.of(body)
    assert found is not None
    return found


def test_the_members_of_a_document_are_paths_without_indexes() -> None:
    assert [member for member, _, _ in read(JSON).places()] == [
        "id",
        "exports",
        "exports",
        "exports.id",
        "exports",
        "exports.id",
    ]
    assert [member for member, _, _ in read(XML).places()] == [
        "id",
        "exports",
        "exports.export",
        "exports.export@id",
        "exports.export",
        "exports.export@id",
    ]


def test_one_place_of_a_document_is_changed() -> None:
    document = read(JSON)
    assert json.loads(document.dropped(("exports", 0))) == {"id": "a", "exports": [{"id": "c"}]}
    assert json.loads(document.replaced(("exports", 1, "id"), "x"))["exports"] == [{"id": "b"}, {"id": "x"}]
    assert json.loads(document.rearranged(("exports",), lambda found: found[::-1]))["exports"][0] == {"id": "c"}
    assert json.loads(document.dropped(("id",))) == {"exports": [{"id": "b"}, {"id": "c"}]}
    assert read(XML).dropped((1, 0)) == b'<run><id>a</id><exports><export id="c" /></exports></run>'
    assert read(XML).replaced((1, 1, "@id"), "x").endswith(b'<export id="x" /></exports></run>')


@pytest.mark.parametrize("value", ["ready", "17", "true", "/reports/a", 17, True, ["a"], {"a": 1}])
def test_other_values_differ_from_the_value(value: object) -> None:
    found = other_values(value, "json")
    assert len(found) >= 2
    assert all(other != value or isinstance(other, bool) != isinstance(value, bool) for other in found.values())


@pytest.mark.parametrize("api", ["jasperserver", "akamai_reporting"])
def test_every_rule_has_known_places_and_a_reason(api: str) -> None:
    found = lawful.load(api)
    assert found.operations
    assert all(rule.reason.endswith(".") and rule.patterns for rule in found.rules)


def test_a_rule_explains_what_all_its_patterns_match() -> None:
    result = Result("reference", "details", "finished.details", 200, "json", "dropped", "exports.id", "survived")
    assert Rule({"operation": ("details",), "member": ("exports.*",)}, "Why.").explains(result)
    assert not Rule({"operation": ("details",), "operator": ("null",)}, "Why.").explains(result)


def test_a_rule_that_explains_no_survivor_is_unused(monkeypatch: pytest.MonkeyPatch) -> None:
    killed, survived = (
        Result("reference", "run", "finished.run", 200, "json", "dropped", member, fate)
        for member, fate in (("id", "killed"), ("status", "survived"))
    )
    rules = tuple(Rule({"member": (member,)}, "Why.") for member in ("id", "status", "status"))
    monkeypatch.setattr(lawful, "load", lambda api: lawful.Lawful({}, (), (), rules, False))
    assert unused("any", [killed, survived]) == ["member=id", "member=status"]


@pytest.mark.parametrize("rule", [{"operation": "details"}, {"reason": "Why."}, {"steps": "a", "reason": "Why."}])
def test_a_rule_without_a_reason_or_with_an_unknown_place_is_refused(rule: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="a rule of lawful changes"):
        lawful._rule(rule)


def test_an_unknown_server_is_an_error() -> None:
    command = [sys.executable, "-m", "tests.survivors", "jasperserver", "--server", "other"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "invalid choice: 'other'" in done.stderr


SAMPLES = [("jasperserver", 200, 8), ("akamai_reporting", 400, 1)]


@pytest.mark.parametrize(("api", "size", "seed"), SAMPLES)
def test_every_survivor_of_the_operations_that_are_explained_has_a_rule(api: str, size: int, seed: int) -> None:
    results = sampled(api, "reference", seed, size)
    found = lawful.load(api)
    survivors = [one for one in results if one.fate == "survived" and one.operation in found.explained]
    assert survivors
    assert sum(one.fate == "killed" for one in results) > len(results) / 5
    assert [one for one in survivors if found.rule(one) is None] == []
    assert {one.fate for one in results} <= {"killed", "excused", "survived"}  # no check ends with an exception
