"""`python -m tests.outcomes` compares an edition with the record of a run against a server of its version."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import outcomes
from tests.jasperserver.recorded.replay import VERSIONS

FACTS = Path(__file__).parent / "recorded" / "runs" / "outcomes.json"


def record(found: dict[str, str]) -> dict[str, object]:
    """A record with these outcomes, each of one check."""
    return {"requirements": [{"id": id, "checks": [{"outcome": outcome}]} for id, outcome in found.items()]}


def test_ids_of_an_earlier_suite_are_known() -> None:
    old = {"jasperserver.cancel.output-cancelled": "passed", "jasperserver.errors.odd-ids": "warned"}
    assert outcomes.of_record(record(old)) == {
        "jasperserver.cancel.output-not-delivered": "passed",
        "jasperserver.errors.unusual-ids": "warned",
    }


def test_an_excused_violation_equals_one_that_is_not() -> None:
    assert outcomes.differences({"a": "deviation", "b": "passed"}, {"a": "failed", "b": "passed"}) == {}
    assert outcomes.differences({"a": "passed"}, {"a": "failed"}) == {"a": ("passed", "failed", "")}
    listed = "jasperserver.output.ready"
    assert outcomes.differences({listed: "passed"}, {listed: "blocked"})[listed][2]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_outcomes_of_an_edition_are_those_of_the_server(
    version: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "results.json"
    path.write_text(json.dumps(record(json.loads(FACTS.read_text(encoding="utf-8"))[version])), encoding="utf-8")
    code = outcomes.main(["--edition", version, "--against", str(path)])
    printed = capsys.readouterr().out
    assert code == 0, printed
    assert "0 of them not listed" in printed
