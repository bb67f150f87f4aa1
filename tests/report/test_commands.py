"""The commands over stored reports: report, judge, diff, requirements."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from pytest_reportconformance.cli import main
from pytest_reportconformance.cli.requirements import listing
from pytest_reportconformance.register import apis, sets
from pytest_reportconformance.report import diff
from pytest_reportconformance.report.renderings import FORMATS
from pytest_reportconformance.report.stored import Stored

APIS = apis.names()


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_written_and_named(name: str, good: Stored, tmp_path: Path) -> None:
    path = tmp_path / "rendering"
    assert main(["report", str(good.folder), "--format", name, "-o", str(path)]) == 0
    assert path.stat().st_size > 100


def test_a_rendering_goes_to_standard_output(good: Stored, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(good.folder), "--format", "markdown", "-o", "-"]) == 0
    assert capsys.readouterr().out.startswith("# good: ")


@pytest.mark.parametrize("command", [["report"], ["judge"], ["bundle", "x.zip"], ["diff", "."]])
def test_a_folder_without_a_record_is_a_usage_error(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command[0], str(tmp_path), *command[1:]]) == 4
    assert "not a conformance report (a folder with results.json)" in capsys.readouterr().err


def test_unknown_formats_are_usage_errors(good: Stored) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["report", str(good.folder), "--format", "pdf"])
    assert caught.value.code == 4


def test_judging_again_gives_the_same_outcomes(stored: Stored, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["judge", str(stored.folder), "--format", "json"]) == stored.record["exit_code"]
    found = json.loads(capsys.readouterr().out)
    assert found["differences"] == []
    assert found["verdict"]["name"] == stored.record["verdict"]
    recorded = sum(len(one["checks"]) for one in stored.record["requirements"])
    assert len(found["judgements"]) == recorded > 0


def test_judging_again_without_a_transcript_says_so(
    good: Stored, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "results.json").write_text(json.dumps(good.record), encoding="utf-8")
    assert main(["judge", str(tmp_path)]) == 4
    assert "the stored transcripts cannot be judged" in capsys.readouterr().err


def changed(stored: Stored, **outcomes: str) -> dict[str, Any]:
    """A record in which the first requirements that passed have other outcomes."""
    record: dict[str, Any] = json.loads(json.dumps(stored.record))
    passed = [one for one in record["requirements"] if one["outcome"] == "passed"]
    for one, outcome in zip(passed, outcomes.values(), strict=False):
        one["outcome"] = outcome
    return record


def test_nothing_changed(good: Stored, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(good.folder), str(good.folder / "results.json")]) == 0
    assert "nothing changed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("outcome", "kind", "code"),
    [
        ("failed", "newly_failing", 1),
        ("warned", "newly_failing", 1),
        ("inconclusive", "newly_inconclusive", 1),
        ("blocked", "newly_inconclusive", 1),
        ("error", "newly_inconclusive", 1),
        ("not selected", "gone", 0),
    ],
)
def test_a_regression_exits_1(
    good: Stored, tmp_path: Path, outcome: str, kind: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "results.json"
    path.write_text(json.dumps(changed(good, first=outcome)), encoding="utf-8")
    assert main(["diff", str(good.folder), str(path), "--format", "json"]) == code
    found = json.loads(capsys.readouterr().out)
    assert [one["after"] for one in found[kind]] == [outcome]
    assert found["worse"] is bool(code)


def test_what_was_fixed_and_what_appeared(good: Stored) -> None:
    changes = diff.compare(changed(good, first="failed", second="not selected"), good.record)
    assert [one.before for one in changes.fixed] == ["failed"]
    assert [one.before for one in changes.appeared] == ["not selected"]
    assert not changes.worse


def test_slower_scenarios_are_listed(good: Stored) -> None:
    slow = json.loads(json.dumps(good.record))
    slow["scenarios"][0]["seconds"] += 5
    changes = diff.compare(good.record, slow)
    assert [one.name for one in changes.slower] == [slow["scenarios"][0]["name"]]
    assert not changes.worse


@pytest.mark.parametrize("render", diff.FORMATS.values(), ids=diff.FORMATS)
def test_every_format_of_a_comparison_names_what_got_worse(good: Stored, render: Any) -> None:
    new = changed(good, first="failed")
    (worse,) = [one["id"] for one in new["requirements"] if one["outcome"] == "failed"]
    assert worse in render(diff.compare(good.record, new))


def test_reports_of_two_apis_cannot_be_compared(good: Stored, tmp_path: Path) -> None:
    record = json.loads(json.dumps(good.record))
    record["target"]["api"] = "akamai_reporting"
    (tmp_path / "results.json").write_text(json.dumps(record), encoding="utf-8")
    assert main(["diff", str(good.folder), str(tmp_path)]) == 4


@pytest.mark.parametrize("api", APIS)
def test_the_register_is_listed_with_counts(api: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = listing(api)
    bare = [one for one in found["requirements"] if not one["checks"] and not one["unchecked"]]
    assert main(["requirements", api]) == (1 if bare else 0)
    text = capsys.readouterr().out
    assert all(one["id"] in text and one["says"] in text for one in found["requirements"])
    counts = found["counts"]["MUST"]
    assert counts["checked"] + counts["unchecked"] == counts["requirements"] > 10


@pytest.mark.parametrize("name", ["json", "markdown", "set"])
def test_every_format_of_the_register_is_what_it_claims(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["requirements", "jasperserver", "--format", name])
    text = capsys.readouterr().out
    if name == "json":
        assert json.loads(text)[0]["api"] == "jasperserver"
    elif name == "set":
        assert tomllib.loads(text)["api"] == "jasperserver"
    else:
        assert text.startswith("# jasperserver\n")


def test_a_requirement_with_neither_check_nor_reason_exits_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("pytest_reportconformance.judging.collection.checks", lambda api: {})
    assert main(["requirements", "jasperserver"]) == 1
    assert "neither a check nor a reason" in capsys.readouterr().err


@pytest.mark.parametrize("name", sets.names())
def test_frozen_sets_name_known_requirements(name: str) -> None:
    found = sets.load(name)
    assert name.startswith(found.api)
    assert len(set(found.ids)) == len(found.ids) > 100
