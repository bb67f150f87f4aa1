"""Sentence, check, mutant: every requirement has a check or a reason, every check a requirement and a mutant."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_reportconformance.judging import collection
from pytest_reportconformance.register import register
from tests.mutation.kill_matrix import mutants, unkilled

APIS = register.api_names()
PINNED = Path(__file__).parent / "ids.json"


@pytest.mark.parametrize("api", APIS)
def test_every_requirement_has_a_check_or_a_reason(api: str) -> None:
    checked = collection.checks(api)
    known = register.load(api).requirements.values()
    assert [one.id for one in known if one.id not in checked and not one.unchecked] == []


@pytest.mark.parametrize("api", APIS)
def test_no_requirement_has_both_a_check_and_a_reason(api: str) -> None:
    checked = collection.checks(api)
    assert [one.id for one in register.load(api).requirements.values() if one.id in checked and one.unchecked] == []


@pytest.mark.parametrize("api", APIS)
def test_every_check_names_a_known_requirement(api: str) -> None:
    assert sorted(set(collection.checks(api)) - set(register.load(api).requirements)) == []


def _text(folder: str) -> str:
    """All Python and TOML of a folder of the repository."""
    root = Path(__file__).parents[1]
    paths = [path for path in (root / folder).rglob("*") if path.suffix in (".py", ".toml")]
    copied = root / "pytest_reportconformance" / "specs"
    return "\n".join(path.read_text(encoding="utf-8") for path in paths if not path.is_relative_to(copied))


@pytest.mark.parametrize("folder", ["specs", "pytest_reportconformance", "tests"])
@pytest.mark.parametrize("api", APIS)
def test_every_checked_id_is_found_by_a_search_for_its_text(api: str, folder: str) -> None:
    """One `grep -rn <id>` finds the requirement, its checks and its mutants: no id is put together at run time."""
    words = set(re.findall(r"[\w-]+(?:\.[\w-]+)+", _text(folder)))
    assert sorted(set(collection.checks(api)) - words) == []


@pytest.mark.parametrize("api", APIS)
def test_nearly_every_should_is_checked(api: str) -> None:
    should = [one for one in register.load(api).requirements.values() if one.level == "SHOULD"]
    unchecked = [one.id for one in should if one.unchecked]
    assert len(unchecked) <= 0.05 * len(should), unchecked


@pytest.mark.parametrize("api", APIS)
def test_every_checked_requirement_is_killed_by_a_mutant(api: str) -> None:
    assert unkilled(api, f"tests.{api}.mutants") == []


@pytest.mark.parametrize("api", APIS)
def test_mutants_name_known_requirements_and_describe_their_fault(api: str) -> None:
    known = register.load(api).requirements
    for mutant in mutants(f"tests.{api}.mutants"):
        assert set(mutant.kills) <= set(known), mutant.__name__
        assert (mutant.__doc__ or "").strip().endswith("."), f"{mutant.__name__} does not describe its fault"


@pytest.mark.parametrize("api", APIS)
def test_mutants_of_one_api_have_names_of_their_own(api: str) -> None:
    names = [mutant.__name__ for mutant in mutants(f"tests.{api}.mutants")]
    assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.parametrize("api", APIS)
def test_ids_are_pinned(api: str) -> None:
    """An id is never reused and never removed unnoticed; after an intended change run `python -m tests.pin`."""
    pinned = json.loads(PINNED.read_text(encoding="utf-8"))[api]
    assert {one.id: one.level for one in register.load(api).requirements.values()} == pinned


def test_scenarios_of_all_apis_have_names_of_their_own() -> None:
    from pytest_reportconformance.register import apis

    names = [name for api in APIS for name in apis.scenarios(api)]
    assert sorted({name for name in names if names.count(name) > 1}) == []


SHOWN_BY = {"expect.equal": 3, "expect.among": 3, "expect.that": 3, "Broken": 2, "Missing": 2}
"""What reports a violation, and the index of the argument that is the exchange which shows it."""


def _without_exchange(file: Path) -> Iterator[str]:
    """The calls in a file that report a violation without the exchange that shows it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        at = SHOWN_BY.get(ast.unparse(node.func)) if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Call) and at is not None:
            given = [*node.args[at : at + 1], *(word.value for word in node.keywords if word.arg == "exchange")]
            if not given or ast.unparse(given[0]) == "None":
                yield f"{file.name}:{node.lineno}: {ast.unparse(node)}"


@pytest.mark.parametrize("api", APIS)
def test_every_violation_is_reported_with_the_exchange_that_shows_it(api: str) -> None:
    """Reports show status, media type and body of that exchange."""
    folder = Path(__file__).parents[1] / "pytest_reportconformance" / api
    files = [path for path in folder.rglob("*.py") if "reference" not in path.relative_to(folder).parts]
    assert len(files) > 20
    assert [call for file in files for call in _without_exchange(file)] == []
