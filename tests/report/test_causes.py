"""The causes of what a run found: each once, with what it explains and what it blocks."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.report import cause_text, causes
from pytest_reportconformance.report.causes import Cause
from pytest_reportconformance.report.stored import Stored


def check(outcome: str, name: str = "test", by: str | None = None, **more: Any) -> dict[str, Any]:
    """A check of a record."""
    found = {"name": name, "outcome": outcome, "reason": f"because {outcome}", "blocked_by": by, "deviation": None}
    return {**found, "curl": None, "expected": "", "actual": "", **more}


def requirement(id: str, *checks: dict[str, Any], level: str = "MUST") -> dict[str, Any]:
    """A requirement of a record."""
    return {"id": id, "level": level, "says": f"{id} holds.", "checks": list(checks)}


def ids(cause: Cause) -> tuple[list[str], list[str]]:
    """What a cause explains and blocks."""
    return [part.id for part in cause.explains], [part.id for part in cause.blocks]


def test_a_run_without_findings_has_no_cause() -> None:
    assert causes.build([requirement("a.b.c", check("passed"), check("not applicable"))]) == []
    assert cause_text.terminal([]) == []


def test_a_failure_is_one_cause_with_the_checks_that_it_blocks() -> None:
    (cause,) = causes.build(
        [
            requirement("a.b.root", check("failed")),
            requirement("a.b.one", check("blocked", "x", "a.b.root"), check("blocked", "y", "a.b.root")),
            requirement("a.b.two", check("passed"), check("blocked", "z", "a.b.root"), level="SHOULD"),
        ]
    )
    assert (cause.outcome, cause.name, cause.says) == ("failed", "a.b.root", "a.b.root holds.")
    assert ids(cause) == (["a.b.root"], ["a.b.one", "a.b.two"])
    assert cause_text.counts(cause) == ["blocks 3 checks of 2 requirements"]
    assert cause_text.title(cause) == "failed: a.b.root (MUST)"


def test_a_violation_that_another_one_implies_is_no_cause_of_its_own() -> None:
    found = [requirement(f"a.b.{name}", check("failed")) for name in ("last", "middle", "first", "other")]
    implied = {"a.b.last": ["a.b.middle", "a.b.absent"], "a.b.middle": ["a.b.first"]}
    first, other = causes.build(found, implied=implied)
    assert ids(first) == (["a.b.first", "a.b.last", "a.b.middle"], [])
    assert cause_text.counts(first) == ["2 more violations may follow from it (2 MUST)"]
    assert ids(other) == (["a.b.other"], [])


def test_violations_that_imply_each_other_are_one_cause() -> None:
    found = [requirement(f"a.b.{name}", check("failed")) for name in ("one", "two", "three")]
    implied = {"a.b.one": ["a.b.two"], "a.b.two": ["a.b.one"], "a.b.three": ["a.b.two"]}
    (cause,) = causes.build(found, implied=implied)
    assert ids(cause) == (["a.b.one", "a.b.two", "a.b.three"], [])


def test_a_deviation_is_one_cause_with_the_requirements_that_it_explains() -> None:
    known = check("deviation", deviation="json-by-default", reason="json-by-default: JSON")
    later = check("deviation", by="a.b.one", deviation="json-by-default", reason="blocked by a.b.one: …")
    (cause,) = causes.build(
        [
            requirement("a.b.one", known),
            requirement("a.b.two", known, known, level="SHOULD"),
            requirement("a.b.three", check("noted", deviation="json-by-default"), level="MAY"),
            requirement("a.b.four", later),
            requirement("a.b.five", check("blocked", by="a.b.three")),
        ],
        instead={"json-by-default": "The default is JSON."},
    )
    assert (cause.outcome, cause.name, cause.says) == ("deviation", "json-by-default", "The default is JSON.")
    assert ids(cause) == (["a.b.one", "a.b.two", "a.b.three"], ["a.b.four", "a.b.five"])
    assert cause_text.counts(cause)[0] == "explains 3 requirements (1 MUST, 1 SHOULD, 1 MAY)"


def test_a_waiver_is_one_cause() -> None:
    found = [requirement(f"a.b.{name}", check("waived", reason="fixed soon")) for name in ("one", "two")]
    waivers = [{"pattern": "a.b.*", "waives": ["a.b.one", "a.b.two"]}]
    (cause,) = causes.build(found, waivers)
    assert (cause.outcome, cause.name, cause.says) == ("waived", "a.b.*", "fixed soon")
    assert ids(cause) == (["a.b.one", "a.b.two"], [])


def test_what_nothing_violated_blocks_is_one_cause_for_each_reason() -> None:
    untested = check("untested", reason="the target has no 'admin'")
    found = causes.build(
        [
            requirement("a.b.one", untested),
            requirement("a.b.two", untested, check("inconclusive", reason="it was over")),
            requirement("a.b.three", check("error", reason="KeyError: 'x'")),
        ]
    )
    assert [(one.outcome, one.name, one.says) for one in found] == [
        ("error", "", "KeyError: 'x'"),
        ("inconclusive", "", "it was over"),
        ("untested", "", "the target has no 'admin'"),
    ]
    assert cause_text.counts(found[2]) == ["concerns 2 checks of 2 requirements"]


def test_violated_shoulds_are_named_and_come_after_failures() -> None:
    found = causes.build(
        [requirement("a.b.should", check("warned"), level="SHOULD"), requirement("a.b.must", check("failed"))]
    )
    assert [cause_text.title(one) for one in found] == ["failed: a.b.must (MUST)", "warned: a.b.should (SHOULD)"]


def test_every_check_that_did_not_pass_has_exactly_one_cause(stored: Stored) -> None:
    found = causes.of(stored.record)
    wanted = [
        (one["id"], check["name"])
        for one in stored.record["requirements"]
        for check in one["checks"]
        if check["outcome"] not in ("passed", "not applicable")
    ]
    parts = [part for cause in found for part in (*cause.explains, *cause.blocks)]
    assert sorted((part.id, check["name"]) for part in parts for check in part.checks) == sorted(wanted)
    assert cause_text.by_check(found).keys() == set(wanted)


def test_a_fault_that_blocks_most_checks_is_one_cause(blocking: Stored) -> None:
    failed = [one for one in causes.of(blocking.record) if one.outcome == "failed"]
    assert [one.name for one in failed] == ["jasperserver.status.known"]
    blocked = blocking.record["totals"]["checks"]["blocked"]
    assert sum(len(part.checks) for part in failed[0].blocks) >= blocked - 5


def test_the_terminal_has_80_columns_and_names_a_cause_once(blocking: Stored, bad: Stored) -> None:
    for stored in (blocking, bad):
        found = causes.of(stored.record)
        lines = cause_text.terminal(found)
        assert max(len(line) for line in lines if "http://" not in line) < 80
        for cause in cause_text.loud(found):
            assert sum(line.strip() == cause_text.title(cause) for line in lines) <= 1
    assert any("blocks" in line and "checks of" in line for line in cause_text.terminal(causes.of(blocking.record)))


def test_a_record_of_an_unknown_api_has_causes_as_well(blocking: Stored) -> None:
    record = {**blocking.record, "target": {**blocking.record["target"], "api": "unknown"}}
    assert [one.name for one in causes.of(record) if one.outcome == "failed"] == ["jasperserver.status.known"]
