"""Allure and JUnit as pytest writes them: labelled, one result for each check, and none merges with another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.hooks.test_command_line import ALONE_AND_PARALLEL, results, run

pytestmark = [ALONE_AND_PARALLEL, pytest.mark.sampled(0.5)]


@pytest.fixture
def folder(tmp_path: Path, processes: list[str]) -> Path:
    """A run of a part of the checks, with Allure and JUnit."""
    options = ["--target", "embedded:jasperserver", "-k", "jasperserver.cancel or jasperserver.status"]
    done = run(tmp_path, *options, "--alluredir", "A", "--junitxml", "junit.xml", *processes)
    assert done.returncode in (0, 1), done.stdout
    return tmp_path


def checks(folder: Path) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Every check of the record with its requirement."""
    return [(one, check) for one in results(folder)["requirements"] for check in one["checks"]]


def test_every_check_is_one_result_that_merges_with_no_other(folder: Path) -> None:
    found = [json.loads(path.read_text(encoding="utf-8")) for path in (folder / "A").glob("*-result.json")]
    assert len(found) == len(checks(folder)) > 30
    assert len({one["historyId"] for one in found}) == len(found)
    by_name = {check["name"]: requirement for requirement, check in checks(folder)}
    severities = {"MUST": "critical", "SHOULD": "normal", "MAY": "minor"}
    for one in found:
        labels = {label["name"]: label["value"] for label in one["labels"]}
        requirement = by_name[one["name"]]
        assert labels["requirement"] == requirement["id"]
        assert labels["epic"] == "JasperReports Server: reportExecutions"
        assert labels["feature"] == requirement["operation"]
        assert labels["severity"] == severities[requirement["level"]]
        assert [link["url"] for link in one["links"]] == [requirement["source"]["url"]]


def test_junit_has_requirement_level_and_outcome_of_every_check(folder: Path) -> None:
    cases = list(ElementTree.parse(folder / "junit.xml").getroot().iter("testcase"))
    found_in = {}
    for case in cases:
        found = {one.get("name"): one.get("value") for one in case.iter("property")}
        found_in[case.get("name")] = (found["requirement"], found["level"], found["outcome"])
    wanted = {check["name"]: (one["id"], one["level"], check["outcome"]) for one, check in checks(folder)}
    assert found_in == wanted


def test_failures_are_failures_in_junit(folder: Path) -> None:
    failed = [check for _, check in checks(folder) if check["outcome"] == "failed"]
    assert len(list(ElementTree.parse(folder / "junit.xml").getroot().iter("failure"))) == len(failed)
