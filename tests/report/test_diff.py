"""`reportconformance diff`, and the renderings of a run that was compared with a baseline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from pytest_reportconformance.cli import main
from pytest_reportconformance.report import baseline, comparison, diff, record_schema, renderings
from pytest_reportconformance.report.stored import Stored
from tests.report.stored_runs import Hostile, play
from tests.report.test_comparison import NEW, PRODUCT, copy, deviate, musts
from tests.report.test_formats import ctrf_validator


def stored(folder: Path, record: dict[str, Any]) -> Path:
    """A file with a record."""
    folder.mkdir(exist_ok=True)
    (folder / "results.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def worse(good: Stored, tmp_path_factory: pytest.TempPathFactory) -> Stored:
    """The report of a hostile server, with the reference server as the baseline."""
    folder = tmp_path_factory.mktemp("compared") / "worse"
    return play(Hostile(slow_seconds=0.6), folder, baseline=baseline.summary(good.record))


def test_nothing_changed(good: Stored, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(good.folder), str(good.folder / "results.json")]) == 0
    assert capsys.readouterr().out == "nothing changed\n"


@pytest.mark.parametrize(
    ("outcome", "direction", "code"),
    [
        ("failed", "worse", 1),
        ("warned", "worse", 1),
        ("inconclusive", "other", 0),
        ("blocked", "other", 0),
        ("error", "other", 0),
        ("waived", "other", 0),
        ("not selected", "other", 0),
    ],
)
def test_what_is_worse_exits_1(
    good: Stored, tmp_path: Path, outcome: str, direction: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    record = copy(good)
    musts(record)[0]["outcome"] = outcome
    old, new = stored(tmp_path / "old", copy(good)), stored(tmp_path / "new", record)
    assert main(["diff", str(old), str(new), "--format", "json"]) == code
    found = json.loads(capsys.readouterr().out)
    assert [one["after"] for one in found[direction]] == [outcome]


def test_new_deviations_are_accepted_on_request_alone(
    good: Stored, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = copy(good, version="8.1.1")
    deviate(musts(record)[0], NEW)
    command = ["diff", str(stored(tmp_path / "old", copy(good))), str(stored(tmp_path / "new", record))]
    assert main(command) == main([*command, "--accept-deviations"]) == 1
    capsys.readouterr()
    assert main([*command, "--accept-new-deviations"]) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"{PRODUCT} 6.4.2 → 8.1.1\n")
    assert f"passed → deviation {NEW} (accepted by --accept-new-deviations)" in text
    assert text.endswith("\n1 changed otherwise\n")


@pytest.mark.parametrize("render", diff.FORMATS.values(), ids=diff.FORMATS)
def test_every_format_names_what_got_worse(good: Stored, render: Any) -> None:
    new = copy(good)
    one = musts(new)[0]
    one["outcome"] = "failed"
    compared = comparison.compare(baseline.summary(copy(good)), new, "none")
    assert one["id"] in render(comparison.as_json(compared))


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ({"api": "akamai_reporting"}, "it is a report of jasperserver, and the target is one of akamai_reporting"),
        ({"product": "Another Server"}, f"it is a report of {PRODUCT}, and the target is Another Server"),
    ],
)
def test_reports_of_other_servers_cannot_be_compared(
    good: Stored, tmp_path: Path, target: dict[str, str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = stored(tmp_path / "old", copy(good)), stored(tmp_path / "new", copy(good, **target))
    assert main(["diff", str(old), str(new)]) == 4
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1


def test_a_run_is_worse_than_its_baseline_and_says_so_everywhere(worse: Stored) -> None:
    record = worse.record
    assert (record["verdict"], record["exit_code"]) == ("worse than the baseline", 1)
    assert record["comparison"]["alone"]["verdict"] == "not conformant"
    assert record_schema.fault(record) is None
    first = record["comparison"]["worse"][0]["id"]
    for name in ("markdown", "html", "junit", "ctrf"):
        text = "".join(renderings.render(name, worse))
        assert record["verdict"] in text.lower()
        assert first in text
    assert record["verdict"] in "".join(renderings.render("badge", worse))


def test_judging_again_compares_again(worse: Stored, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["judge", str(worse.folder), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["comparison"] == worse.record["comparison"]
    assert found["verdict"]["name"] == "worse than the baseline"


def test_junit_and_ctrf_have_one_failed_case_for_the_comparison(worse: Stored) -> None:
    root = ElementTree.fromstring("".join(renderings.render("junit", worse)))
    (suite,) = [one for one in root if one.get("name") == "jasperserver.baseline"]
    assert (suite.get("tests"), suite.get("failures")) == ("1", "1")
    assert int(root.get("tests", "0")) == len(root.findall(".//testcase"))
    report = json.loads("".join(renderings.render("ctrf", worse)))
    assert [error.message for error in ctrf_validator().iter_errors(report)] == []
    (test,) = [one for one in report["results"]["tests"] if one["suite"][1] == "baseline"]
    assert test["status"] == "failed"
    assert report["results"]["summary"]["tests"] == len(report["results"]["tests"])


def test_the_page_lists_the_comparison_before_the_requirements(worse: Stored) -> None:
    text = "".join(renderings.render("html", worse))
    assert text.index('id="baseline"') < text.index('id="requirements"')
    assert 'class="notice worse" open' in text
