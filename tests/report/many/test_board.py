"""What a board says of requirements, deviations and versions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.report import runs
from pytest_reportconformance.report.board import columns as of_runs
from pytest_reportconformance.report.board import rows as of_columns
from pytest_reportconformance.report.board import spans
from pytest_reportconformance.report.board.columns import Column
from pytest_reportconformance.report.board.deviations import deviations
from tests.report.many.records import PRODUCT, check, record, stored

ID, OTHER = "jasperserver.run.must-hold", "jasperserver.cancel.must-stop"
VERSIONS = ("6.4.2", "7.8.1", "8.0.2", "8.1.1", "10.0")
KNOWN = ("deviation", "json-by-default")


def columns(folder: Path, *records: Any) -> tuple[Column, ...]:
    """The columns of the one API of these records."""
    (found,) = of_runs.columns(runs.find([stored(folder, *records)])).values()
    return found


def versions(folder: Path, outcomes: tuple[Any, ...]) -> tuple[Column, ...]:
    """A column for each version, with the outcome of one requirement."""
    pairs = zip(VERSIONS[: len(outcomes)], outcomes, strict=True)
    return columns(folder, *(record({ID: outcome}, version=version) for version, outcome in pairs))


@pytest.mark.parametrize(
    ("flags", "text"),
    [
        ("xx...", "up to 7.8.1"),
        ("x....", "up to 6.4.2"),
        ("..xxx", "since 8.0.2"),
        ("....x", "since 10.0"),
        (".xxx.", "from 7.8.1 to 8.1.1"),
        ("..x..", "on 8.0.2"),
        ("x.xxx", "except on 7.8.1"),
        ("x.x.x", "except on 7.8.1 and 8.1.1"),
        ("x..x.", "on 6.4.2 and 8.1.1"),
        ("xxxxx", ""),
        (".....", ""),
    ],
)
def test_a_span_of_versions(flags: str, text: str, tmp_path: Path) -> None:
    found = versions(tmp_path, ("passed",) * 5)
    assert spans.text(found, [flag == "x" for flag in flags]) == text


def test_targets_that_are_no_versions_of_one_product_are_named(tmp_path: Path) -> None:
    found = columns(
        tmp_path,
        record({ID: "passed"}, product=None, version=None, name="beta"),
        record({ID: "passed"}, product=None, version=None, name="alpha"),
        record({ID: "passed"}, name="third"),
    )
    assert [column.head for column in found] == ["alpha", "beta", "6.4.2"]
    assert spans.text(found, [True, False, False]) == "on alpha"
    assert spans.text(found, [True, False, True]) == "except on beta"


def test_two_targets_of_one_version_that_disagree_are_named(tmp_path: Path) -> None:
    pairs = (("6.4.2", "one"), ("8.1.1", "one"), ("8.1.1", "two"))
    found = columns(tmp_path, *(record({ID: "passed"}, version=version, name=name) for version, name in pairs))
    assert [column.head for column in found] == ["6.4.2", "8.1.1 one", "8.1.1 two"]
    assert spans.text(found, [False, True, True]) == "since 8.1.1"
    assert spans.text(found, [False, False, True]) == "on 8.1.1 two"


def test_versions_are_ordered_as_numbers_and_each_target_has_its_last_run(tmp_path: Path) -> None:
    found = columns(
        tmp_path,
        record({ID: "failed"}, version="8.10.0", day=3),
        record({ID: "passed"}, version="8.2.0", day=2),
        record({ID: "passed"}, version="8.10.0", day=1),
        record({ID: "passed"}, version="9" * 5000, day=2),
    )
    assert [column.target.version for column in found][:2] == ["8.2.0", "8.10.0"]
    assert [len(column.runs) for column in found] == [1, 2, 1]
    assert found[1].run.requirements[0].outcome == "failed"


@pytest.mark.parametrize(
    ("outcomes", "kind", "answer"),
    [
        (("passed", "passed", "passed"), "holds", "yes"),
        (("passed", "not applicable", "passed"), "holds", "yes"),
        (("not applicable", "not applicable"), "holds", "not applicable"),
        (("passed", KNOWN, KNOWN), "differs", "no since 7.8.1"),
        (("failed", "passed", "passed"), "differs", "no up to 6.4.2"),
        (("passed", "waived", "blocked"), "differs", "no on 7.8.1, unknown since 8.0.2"),
        (("noted", "warned", "failed"), "violated", "no"),
        ((KNOWN, "passed", KNOWN), "differs", "no, except on 7.8.1"),
        (("failed", "blocked"), "violated", "no up to 6.4.2, unknown since 7.8.1"),
        (("passed", "inconclusive"), "undecided", "yes, but unknown since 7.8.1"),
        (("unchecked", "not selected"), "undecided", "unknown"),
    ],
)
def test_may_a_client_rely_on_it(outcomes: tuple[Any, ...], kind: str, answer: str, tmp_path: Path) -> None:
    (row,) = of_columns.rows(versions(tmp_path, outcomes))
    assert (row.kind, row.answer) == (kind, answer)


def test_what_another_deviation_blocks_is_unknown_and_not_violated(tmp_path: Path) -> None:
    blocked = check("deviation", f"blocked by {OTHER}: json-by-default: x", "json-by-default", OTHER)
    direct = check("deviation", "json-by-default: x", "json-by-default")
    records = [record({ID: "passed"}), record({ID: KNOWN}, version="7.8.1"), record({ID: KNOWN}, version="8.0.2")]
    records[1]["requirements"][0]["checks"] = [check("passed"), blocked]
    records[2]["requirements"][0]["checks"] = [check("passed"), blocked, direct]
    (row,) = of_columns.rows(columns(tmp_path, *records))
    assert [cell.answer for cell in row.cells] == ["yes", "unknown", "no"]
    assert (row.kind, row.answer) == ("differs", "no since 8.0.2, unknown on 7.8.1")


@pytest.mark.parametrize("outcome", outcome_table.names())
def test_every_outcome_is_an_answer(outcome: str) -> None:
    held = outcome_table.find(outcome).group == "held"
    assert (of_columns.answer(outcome) in ("yes", "not applicable")) is held


def test_what_differs_comes_first_and_must_before_should(tmp_path: Path) -> None:
    ids = ("a.x.must-a", "a.x.may-b", "a.x.should-c", "a.x.must-d", "a.x.must-e", "a.x.must-f")
    first = dict.fromkeys(ids, "passed") | {"a.x.must-e": "failed", "a.x.must-f": "blocked"}
    last = {**first, "a.x.may-b": "noted", "a.x.should-c": "warned", "a.x.must-d": "failed"}
    found = of_columns.rows(columns(tmp_path, record(first), record(last, version="8.1.1")))
    assert [row.id.partition("-")[2] for row in found] == ["d", "c", "b", "e", "f", "a"]


def test_a_requirement_that_a_report_lacks_is_unknown_there(tmp_path: Path) -> None:
    found = of_columns.rows(
        columns(tmp_path, record({ID: "passed"}), record({OTHER: "failed"}, version="8.1.1", day=2))
    )
    assert {row.id: row.answer for row in found} == {
        ID: "yes, but unknown since 8.1.1",
        OTHER: "no since 8.1.1, unknown up to 6.4.2",
    }
    assert [cell.outcome for cell in found[0].cells] == [of_columns.ABSENT, "failed"]


def test_a_deviation_says_since_when_and_what_happens_instead(tmp_path: Path) -> None:
    found = columns(
        tmp_path,
        record({ID: "passed", OTHER: "passed"}),
        record({ID: KNOWN, OTHER: "passed"}, version="7.8.1"),
        record({ID: KNOWN, OTHER: KNOWN}, version="8.1.1"),
    )
    (one,) = deviations(found)
    assert (one.id, one.since) == ("json-by-default", "since 7.8.1")
    assert one.instead == "Without Accept the answer is JSON."
    assert one.states == ("not shown", "shown", "shown")
    assert one.requirements == ((), (ID,), (ID, OTHER))


def test_a_deviation_is_unknown_where_its_requirements_were_not_decided(tmp_path: Path) -> None:
    (one,) = deviations(versions(tmp_path, (KNOWN, "blocked", "not selected", "passed")))
    assert one.states == ("shown", "unknown", "unknown", "not shown")


def test_the_text_of_a_deviation_comes_from_the_check_that_shows_it(tmp_path: Path) -> None:
    first = record({"a.x.must-a": KNOWN, "a.x.must-b": KNOWN})
    check = first["requirements"][0]["checks"][0]
    check["reason"] = f"blocked by a.x.must-b: {check['reason']} And more"
    (one,) = deviations(columns(tmp_path, first))
    assert (one.instead, one.since) == ("Without Accept the answer is JSON.", "everywhere")


def test_a_deviation_without_a_text_names_the_sentence_that_is_not_met(tmp_path: Path) -> None:
    first = record({ID: ("noted", "executions-bound-to-session")})
    first["requirements"][0]["checks"][0]["reason"] = "expected status 200; actual: 404"
    (one,) = deviations(columns(tmp_path, first))
    assert one.instead == f"Not met: The sentence of {ID}."


def test_a_reference_server_is_never_called_the_product(tmp_path: Path) -> None:
    reference = record({ID: "passed"}, name="embedded-jasperserver-6.4.2")
    found = columns(tmp_path, record({ID: "passed"}), reference)
    assert [column.title for column in found] == [f"{PRODUCT} 6.4.2 CE", f"{PRODUCT} 6.4.2 CE (reference server)"]
    assert [column.head for column in found] == ["6.4.2 acme", "6.4.2 reference server"]
