"""Outcomes, verdicts and exit codes as pure functions."""

from __future__ import annotations

import pytest

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.judging.outcomes import Context, Judgement, judge, omitted, settled, worst
from pytest_reportconformance.judging.verdicts import verdict
from pytest_reportconformance.register import register
from pytest_reportconformance.transcript.exchange import Exchange, Request, Response
from pytest_reportconformance.transcript.failures import Broken, Missing, NotReached

JASPER = register.load("jasperserver")
MUST = JASPER.requirements["jasperserver.delete.unknown-id"]
SHOULD = next(one for one in JASPER.requirements.values() if one.level == "SHOULD" and not one.unchecked)
MAY = next(one for one in JASPER.requirements.values() if one.level == "MAY" and not one.unchecked)
PLAIN = Context("jasperserver")
VENDOR = Context("jasperserver", "JasperReports Server", "8.1.1", "CE")


def shown(status: int) -> Broken:
    """A violation that is shown by an answer with this status."""
    answer = Response(status, "", (), b"", 0, "")
    return Broken("404", str(status), Exchange("delete", "owner", Request("DELETE", "/x"), answer, 0.0, 0.0))


@pytest.mark.parametrize(
    ("requirement", "error", "outcome"),
    [
        (MUST, None, "passed"),
        (MUST, Broken("a", "b"), "failed"),
        (SHOULD, Broken("a", "b"), "warned"),
        (MAY, Missing("a", "b"), "noted"),
        (MUST, AssertionError("a"), "failed"),
        (MUST, NotReached("inconclusive", "too late"), "inconclusive"),
        (MUST, NotReached("blocked", "no id", "jasperserver.run.accepted"), "blocked"),
        (MUST, KeyError("ours"), "error"),
    ],
)
def test_each_error_has_its_outcome(
    requirement: register.Requirement, error: BaseException | None, outcome: str
) -> None:
    assert judge(requirement, "check", error, PLAIN, JASPER).outcome == outcome


def test_a_known_deviation_of_the_product_is_one() -> None:
    found = judge(MUST, "check", shown(204), VENDOR, JASPER)
    assert (found.outcome, found.deviation) == ("deviation", "delete-of-unknown-id")


def test_a_known_deviation_excuses_only_the_answers_that_show_it() -> None:
    found = judge(MUST, "check", shown(500), VENDOR, JASPER)
    assert (found.outcome, found.deviation) == ("failed", None)


def test_a_deviation_from_a_may_is_noted_and_counts_as_shown() -> None:
    noted = JASPER.requirements["jasperserver.errors.empty-body"]
    found = judge(noted, "check", shown(500), VENDOR, JASPER)
    assert (found.outcome, found.deviation) == ("noted", "run-with-empty-body-fails")


def test_a_requirement_that_is_declared_absent_is_not_applicable() -> None:
    context = Context("jasperserver", absent={"jasperserver.delete.*": "no deleting here"})
    assert judge(MUST, "check", Broken("a", "b"), context, JASPER).outcome == "not applicable"


def test_what_a_deviation_blocks_counts_as_that_deviation() -> None:
    cause = judge(MUST, "one", shown(204), VENDOR, JASPER)
    blocked = Judgement(SHOULD.id, "two", "blocked", "no 404", by=MUST.id)
    expected = ("deviation", "delete-of-unknown-id")
    assert [(one.outcome, one.deviation) for one in settled([cause, blocked])] == [expected, expected]


def test_the_worst_names_a_group() -> None:
    order = outcome_table.checked()
    for number, outcome in enumerate(order):
        others = [one for one in order[number:] if one != "untested" or outcome == "untested"]
        if outcome != "untested":
            assert worst(reversed(others)) == outcome


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (["blocked", "warned"], "warned"),
        (["blocked", "noted"], "noted"),
        (["not applicable", "passed"], "passed"),
        (["blocked", "passed"], "blocked"),
        (["untested", "passed"], "passed"),
        (["untested", "not applicable", "passed"], "passed"),
        (["untested", "failed"], "failed"),
        (["untested", "blocked"], "blocked"),
        (["untested", "not applicable"], "untested"),
        (["untested"], "untested"),
    ],
)
def test_what_was_judged_names_a_group_before_what_was_not(outcomes: list[str], expected: str) -> None:
    assert worst(outcomes) == expected
    assert worst(reversed(outcomes)) == expected


@pytest.mark.parametrize(
    ("outcomes", "name", "code"),
    [
        ({MUST.id: "passed", SHOULD.id: "passed"}, "conformant", 0),
        ({MUST.id: "passed", SHOULD.id: "warned"}, "conformant", 0),
        ({MUST.id: "passed", SHOULD.id: "untested"}, "conformant", 0),
        ({MUST.id: "failed"}, "not conformant", 1),
        ({MUST.id: "deviation"}, "not conformant", 1),
        ({MUST.id: "blocked"}, "incomplete", 6),
        ({MUST.id: "inconclusive"}, "incomplete", 6),
        ({MUST.id: "untested"}, "incomplete", 6),
        ({MUST.id: "not applicable"}, "incomplete", 6),
        ({}, "incomplete", 6),
        ({MUST.id: "error"}, "error", 7),
        ({MUST.id: "failed", SHOULD.id: "error"}, "not conformant", 1),
    ],
)
def test_the_verdict_and_its_exit_code(outcomes: dict[str, str], name: str, code: int) -> None:
    found = verdict(outcomes, JASPER)
    assert (found.name, found.exit_code) == (name, code)


def test_strict_treats_a_violated_should_as_a_failure() -> None:
    assert verdict({MUST.id: "passed", SHOULD.id: "warned"}, JASPER, strict=True).exit_code == 1


OTHER = next(
    one for one in JASPER.requirements.values() if one.level == "MUST" and not one.unchecked and one.id != MUST.id
)
KNOWN = {MUST.id: "deviation", OTHER.id: "passed"}


def test_known_deviations_fail_a_run_unless_they_are_accepted() -> None:
    found = verdict(KNOWN, JASPER)
    assert (found.name, found.says, found.exit_code) == ("not conformant", "1 known deviation, 0 new", 1)
    found = verdict(KNOWN, JASPER, accept_deviations=True)
    assert (found.name, found.exit_code) == ("conformant with known deviations", 0)


@pytest.mark.parametrize(
    ("outcome", "name", "code"),
    [
        ("failed", "not conformant", 1),
        ("error", "error", 7),
        ("blocked", "incomplete", 6),
        ("inconclusive", "incomplete", 6),
        ("untested", "incomplete", 6),
        ("waived", "conformant with known deviations", 0),
        ("not applicable", "conformant with known deviations", 0),
    ],
)
def test_accepted_deviations_excuse_nothing_else(outcome: str, name: str, code: int) -> None:
    found = verdict({**KNOWN, OTHER.id: outcome}, JASPER, accept_deviations=True)
    assert (found.name, found.exit_code) == (name, code)


@pytest.mark.parametrize("outcome", ["blocked", "inconclusive"])
def test_a_check_that_could_not_be_judged_is_not_hidden_by_a_deviation_of_the_same_requirement(outcome: str) -> None:
    judgements = [Judgement(MUST.id, "one", "deviation"), Judgement(MUST.id, "other", outcome)]
    assert omitted(judgements) == {MUST.id}
    found = verdict(KNOWN, JASPER, accept_deviations=True, omitted=omitted(judgements))
    assert (found.name, found.exit_code) == ("incomplete", 6)
    assert omitted([Judgement(MUST.id, "one", "deviation"), Judgement(MUST.id, "other", "untested")]) == set()


def test_accepted_deviations_excuse_no_trouble_and_make_no_selection_conformant() -> None:
    assert verdict(KNOWN, JASPER, accept_deviations=True, trouble="gone").exit_code == 7
    assert verdict(KNOWN, JASPER, accept_deviations=True, partial=True).name == "partial"
    assert verdict({**KNOWN, SHOULD.id: "warned"}, JASPER, accept_deviations=True, strict=True).exit_code == 1


def test_a_deviation_from_a_should_is_no_failure() -> None:
    found = verdict({MUST.id: "passed", SHOULD.id: "deviation"}, JASPER)
    assert (found.name, found.says, found.exit_code) == ("conformant", "1 deviation", 0)


def test_a_selection_is_never_conformant() -> None:
    found = verdict({MUST.id: "passed"}, JASPER, partial=True)
    assert (found.name, found.exit_code) == ("partial", 0)


def test_trouble_is_an_error_whatever_else_holds() -> None:
    assert verdict({MUST.id: "passed"}, JASPER, trouble="gone").exit_code == 7
