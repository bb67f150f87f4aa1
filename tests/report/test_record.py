"""The record fits its schema, however a run ends."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.judging.waivers import Waiver
from pytest_reportconformance.register import installed, register, sets
from pytest_reportconformance.report.stored import NotAReport, Stored
from pytest_reportconformance.run.preparation import Unreachable
from pytest_reportconformance.run.run import Run, RunSettings
from pytest_reportconformance.secrets.scan import Leak
from pytest_reportconformance.target.target import Target
from tests.report.stored_runs import Hostile, play

SCHEMA = json.loads((installed.specs_folder() / "results.schema.json").read_text(encoding="utf-8"))


def faults(record: dict[str, Any]) -> list[str]:
    """The places at which a record does not fit the schema."""
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(SCHEMA).iter_errors(record)]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_a_whole_run_fits(stored: Stored) -> None:
    assert faults(stored.record) == []


def test_every_requirement_is_in_the_record(good: Stored) -> None:
    assert [one["id"] for one in good.record["requirements"]] == list(register.load("jasperserver").requirements)


def test_a_run_against_an_unreachable_target_fits(tmp_path: Path) -> None:
    with Run.opened(
        RunSettings(Target("jasperserver", "http://127.0.0.1:9/jasperserver", "anonymous"), tmp_path)
    ) as run:
        with pytest.raises(Unreachable):
            run.prepare()
        assert run.finish(partial=False, strict=False, accept_deviations=False).exit_code == 7
    assert faults(Stored.read(tmp_path).record) == []


def test_a_leak_is_an_error_whatever_else_was_found(tmp_path: Path) -> None:
    with Run.opened(
        RunSettings(Target("jasperserver", "http://127.0.0.1:9/jasperserver", "anonymous"), tmp_path)
    ) as run:
        verdict = run.leaked([Leak("junit.xml", "a credential")])
    assert (verdict.name, verdict.exit_code) == ("error", 7)
    assert "a credential in junit.xml" in verdict.says
    assert faults(Stored.read(tmp_path).record) == []


def test_waivers_and_sets_fit(tmp_path: Path) -> None:
    waiver = Waiver("jasperserver.delete.*", "old", "operator", datetime.date(2999, 1, 1))
    frozen = sets.RequirementSet("small", "jasperserver", ("jasperserver.delete.unknown-id",))
    record = play(Hostile(slow_seconds=0.6), tmp_path, waivers=(waiver,), frozen=frozen).record
    assert faults(record) == []
    outcomes = {one["id"]: one["outcome"] for one in record["requirements"]}
    assert "waived" in {outcomes[id] for id in outcomes if id.startswith("jasperserver.delete.")}
    assert record["waivers"][0]["problem"] is None
    assert [one["id"] for one in record["requirements"] if one["counts"]] == ["jasperserver.delete.unknown-id"]


def test_what_is_beside_the_set_does_not_count(tmp_path: Path) -> None:
    frozen = sets.RequirementSet("small", "jasperserver", ("jasperserver.run.accepted",))
    record = play(Hostile(slow_seconds=0.6), tmp_path, frozen=frozen).record
    assert record["verdict"] == "conformant", record["says"]
    assert any(one["outcome"] == "failed" for one in record["requirements"])


@pytest.mark.parametrize("text", ["", "[]", '{"format": 99}', "{"])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "results.json").write_text(text, encoding="utf-8")
    with pytest.raises(NotAReport, match="not a conformance report"):
        Stored.read(tmp_path)


def test_no_secret_of_the_reference_is_in_the_configuration(good: Stored) -> None:
    passwords = [identity.password for identity in Reference().identities.values()]
    assert not [one for one in passwords if f'"{one}"' in json.dumps(good.record["configuration"])]
