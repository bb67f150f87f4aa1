"""The commands over stored reports: report, judge, requirements."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from pytest_reportconformance.cli import main
from pytest_reportconformance.cli.requirements import listing
from pytest_reportconformance.register import apis, sets
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
