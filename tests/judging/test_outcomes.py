"""Outcomes, verdicts and exit codes as pure functions."""

from __future__ import annotations

from typing import get_args

import pytest

from pytest_reportconformance.judging.outcomes import Context, Judgement, judge, settled, verdict, worst
from pytest_reportconformance.register import register
from pytest_reportconformance.transcript.failures import Broken, Missing, NotReached, Outcome

JASPER = register.load("jasperserver")
MUST = JASPER.requirements["jasperserver.delete.unknown-id"]
SHOULD = next(one for one in JASPER.requirements.values() if one.level == "SHOULD" and not one.unchecked)
MAY = next(one for one in JASPER.requirements.values() if one.level == "MAY" and not one.unchecked)
PLAIN = Context("jasperserver")
VENDOR = Context("jasperserver", "JasperReports Server", "8.1.1", "CE")


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
def test_whose_fault_it_is(requirement: register.Requirement, error: BaseException | None, outcome: str) -> None:
    assert judge(requirement, "check", error, PLAIN, JASPER).outcome == outcome


def test_a_known_deviation_of_the_product_is_one() -> None:
    found = judge(MUST, "check", Broken("404", "204"), VENDOR, JASPER)
    assert (found.outcome, found.deviation) == ("deviation", "delete-of-unknown-id")


def test_what_is_declared_absent_is_not_applicable() -> None:
    context = Context("jasperserver", absent={"jasperserver.delete.*": "no deleting here"})
    assert judge(MUST, "check", Broken("a", "b"), context, JASPER).outcome == "not applicable"


def test_what_a_deviation_blocks_counts_as_that_deviation() -> None:
    cause = judge(MUST, "one", Broken("404", "204"), VENDOR, JASPER)
    blocked = Judgement(SHOULD.id, "two", "blocked", "no 404", by=MUST.id)
    expected = ("deviation", "delete-of-unknown-id")
    assert [(one.outcome, one.deviation) for one in settled([cause, blocked])] == [expected, expected]


def test_the_worst_names_a_group() -> None:
    order = get_args(Outcome)
    for number, outcome in enumerate(order):
        told = [one for one in order[number:] if one != "untested" or outcome == "untested"]
        if outcome != "untested":
            assert worst(reversed(told)) == outcome


def test_a_variant_that_is_untested_hides_no_variant_that_was_judged() -> None:
    assert worst(["untested", "passed"]) == "passed"
    assert worst(["untested", "failed"]) == "failed"
    assert worst(["untested", "not applicable"]) == "untested"
    assert worst(["untested"]) == "untested"


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
def test_the_verdict_and_its_exit_code(outcomes: dict[str, Outcome], name: str, code: int) -> None:
    found = verdict(outcomes, JASPER)
    assert (found.name, found.exit_code) == (name, code)


def test_strict_counts_a_broken_should() -> None:
    assert verdict({MUST.id: "passed", SHOULD.id: "warned"}, JASPER, strict=True).exit_code == 1


def test_accepted_deviations_leave_what_is_new() -> None:
    known: dict[str, Outcome] = {MUST.id: "deviation"}
    assert verdict(known, JASPER, accept_deviations=True).exit_code == 0
    assert verdict({**known, SHOULD.id: "failed"}, JASPER, accept_deviations=True).exit_code == 1
    assert verdict(known, JASPER).says == "1 known deviations, 0 new"


def test_a_part_is_never_conformant() -> None:
    found = verdict({MUST.id: "passed"}, JASPER, partial=True)
    assert (found.name, found.exit_code) == ("partial", 0)


def test_trouble_is_an_error_whatever_else_holds() -> None:
    assert verdict({MUST.id: "passed"}, JASPER, trouble="gone").exit_code == 7
