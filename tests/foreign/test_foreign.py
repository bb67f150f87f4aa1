"""Servers that nobody here wrote are found to be what they are."""

from __future__ import annotations

import json

import pytest

from tests.foreign.expect import API, EXPECTED, outcomes


def expected(name: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((EXPECTED / f"{name}.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("name", ["mountebank", "mockoon", "prism"])
def test_a_foreign_server_is_found_to_be_what_it_is(name: str) -> None:
    assert outcomes(name) == expected(name)


def test_one_that_keeps_the_flow_passes_every_must_of_polling() -> None:
    from pytest_reportconformance import register

    known = register.load(API).requirements
    musts = {id: outcome for id, outcome in expected("mountebank").items() if known[id].level == "MUST"}
    assert "failed" not in musts.values()
    assert musts[f"{API}.poll.pending-status"] == "passed"
    assert musts[f"{API}.poll.becomes-ready"] == "passed"
    assert musts[f"{API}.poll.stays-ready"] == "passed"


def test_one_that_begins_anew_is_not_ready_for_good() -> None:
    assert expected("mockoon") == {f"{API}.poll.stays-ready": "failed"}


def test_one_without_a_memory_breaks_what_needs_one() -> None:
    failed = {id for id, outcome in expected("prism").items() if outcome == "failed"}
    assert f"{API}.submit.accepted" not in failed
    assert any(id.startswith((f"{API}.links.", f"{API}.pages.")) for id in failed)
