"""Every rendering is what it claims to be: CTRF, EARL, HAR, JUnit, CSV, badge, Markdown."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from jsonschema import Draft7Validator

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.report import renderings
from pytest_reportconformance.report.stored import Stored
from tests.report.stored_runs import HOSTILE


def rendered(name: str, stored: Stored) -> str:
    """A rendering as one text."""
    return "".join(renderings.render(name, stored))


def checks(stored: Stored) -> list[dict[str, Any]]:
    """All checks of a report."""
    return [check for requirement in stored.record["requirements"] for check in requirement["checks"]]


def ctrf_validator() -> Draft7Validator:
    """The published schema of CTRF, formats such as date-time included."""
    path = Path(__file__).with_name("ctrf_schema") / "ctrf-schema-0.0.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER)


def test_ctrf_fits_its_published_schema_and_counts_every_check(stored: Stored) -> None:
    report = json.loads(rendered("ctrf", stored))
    assert [error.message for error in ctrf_validator().iter_errors(report)] == []
    summary, tests = report["results"]["summary"], report["results"]["tests"]
    assert len(tests) == summary["tests"] == len(checks(stored))
    assert sum(summary[name] for name in ("passed", "failed", "skipped", "pending", "other")) == summary["tests"]
    assert len({test["id"] for test in tests}) == len(tests)
    failed = sum(check["outcome"] in ("failed", "error") for check in checks(stored))
    assert summary["failed"] == failed


def test_earl_is_json_ld_with_one_assertion_for_each_requirement(stored: Stored) -> None:
    report = json.loads(rendered("earl", stored))
    assertions = [node for node in report["@graph"] if node["@type"] == "earl:Assertion"]
    ids = {node["@id"] for node in report["@graph"] if "@id" in node}
    found = {}
    for assertion in assertions:
        assert {assertion["earl:assertedBy"], assertion["earl:subject"], assertion["earl:test"]} <= ids
        found[assertion["earl:test"].removeprefix("requirement:")] = assertion["earl:result"]["earl:outcome"]
    wanted = {one["id"]: f"earl:{outcome_table.find(one['outcome']).earl}" for one in stored.record["requirements"]}
    assert found == wanted


def test_earl_uses_no_prefix_that_its_context_does_not_know(good: Stored) -> None:
    report = json.loads(rendered("earl", good))
    context = report["@context"]
    for node in report["@graph"]:
        for name in node:
            prefix, colon, _ = name.partition(":")
            assert name.startswith("@") or (colon and str(context[prefix]).startswith("http"))


def test_earl_separates_what_was_not_decided_from_what_does_not_apply() -> None:
    names = {one.name: one.earl for one in outcome_table.OUTCOMES}
    assert {names[name] for name in ("blocked", "inconclusive", "error")} == {"cantTell"}
    assert (names["not applicable"], names["untested"], names["noted"]) == ("inapplicable", "untested", "passed")


def test_har_is_har_1_2(stored: Stored) -> None:
    log = json.loads(rendered("har", stored))["log"]
    assert log["version"] == "1.2"
    pages = [page["id"] for page in log["pages"]]
    assert len(set(pages)) == len(pages) == len(stored.record["scenarios"])
    assert len(log["entries"]) == sum(scenario["requests"] for scenario in stored.record["scenarios"])
    for entry in log["entries"]:
        assert datetime.fromisoformat(entry["startedDateTime"]).tzinfo is not None
        assert entry["pageref"] in pages
        assert entry["time"] >= 0
        assert {"cache", "timings"} <= set(entry)
        assert {"method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"} <= set(
            entry["request"]
        )
        assert {"status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL"} <= set(
            entry["response"]
        )
        assert {"size", "mimeType"} <= set(entry["response"]["content"])


def test_junit_has_properties_and_failures(stored: Stored) -> None:
    root = ElementTree.fromstring(rendered("junit", stored))
    cases = list(root.iter("testcase"))
    assert len(cases) == len(checks(stored)) == int(root.get("tests", "0"))
    causes = 0
    for case in cases:
        names = [one.get("name") for one in case.iter("property")]
        assert names[:3] == ["requirement", "level", "outcome"]
        assert names[3:] in ([], ["cause"])
        causes += len(names) - 3
    assert causes == sum(check["outcome"] not in ("passed", "not applicable") for check in checks(stored))
    failed = [check for check in checks(stored) if check["outcome"] == "failed"]
    assert len(list(root.iter("failure"))) == len(failed) == int(root.get("failures", "0"))


def test_csv_has_a_line_for_each_check_and_no_formula(bad: Stored) -> None:
    rows = list(csv.DictReader(io.StringIO(rendered("csv", bad), newline="")))
    bare = [one for one in bad.record["requirements"] if not one["checks"]]
    assert len(rows) == len(checks(bad)) + len(bare)
    assert not [value for row in rows for value in row.values() if value.startswith(("=", "+", "-", "@"))]


def test_the_badge_shows_verdict_and_counts(bad: Stored) -> None:
    root = ElementTree.fromstring(rendered("badge", bad))
    label = root.get("aria-label", "")
    assert label.startswith("jasperserver not conformant: ")
    assert "failed" in label


def test_markdown_is_short_and_holds_no_markup_of_the_server(bad: Stored) -> None:
    text = rendered("markdown", bad)
    assert text.startswith("# bad: not conformant\n")
    assert len(text.encode()) < 1024 * 1024
    assert "<script>" not in text
    assert "\x1b" not in text


@pytest.mark.parametrize("name", renderings.FORMATS)
def test_half_a_surrogate_pair_is_written_as_an_escape(name: str, good: Stored, tmp_path: Path) -> None:
    record = json.loads(json.dumps(good.record))
    record["says"] = record["requirements"][0]["checks"][0]["reason"] = "half \ud83d, whole \U0001f600"
    record["requirements"][0]["checks"][0]["outcome"] = "failed"
    renderings.write(name, Stored(good.folder, record), tmp_path / name)
    assert (tmp_path / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", renderings.FORMATS)
def test_no_rendering_holds_control_characters(name: str, bad: Stored) -> None:
    assert HOSTILE[:8] in json.dumps(bad.record)
    assert "\x1b" not in rendered(name, bad)
