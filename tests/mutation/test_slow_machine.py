"""Outcomes do not depend on how slow the machine of a target is. Larger factors: `python -m tests.slow_machine`."""

from __future__ import annotations

import pytest

from pytest_reportconformance.judging.outcomes import Judgement
from pytest_reportconformance.register import apis
from tests import slow_machine
from tests.mutation.kill_matrix import judged_in_process

FACTOR = 5.0
SECONDS = 0.6


@pytest.mark.parametrize("api", apis.names())
def test_outcomes_are_the_same_on_a_slow_machine(api: str) -> None:
    kind = type(apis.load(api).reference())
    quick, slow = (
        judged_in_process(slow_machine.slowed(kind, factor)(slow_seconds=SECONDS)) for factor in (1.0, FACTOR)
    )
    assert slow_machine.problems(slow, slow_machine.outcomes(quick), FACTOR) == []


@pytest.mark.parametrize(
    ("before", "after", "factor", "wrong"),
    [
        ("passed", "passed", 5, False),
        ("passed", "failed", 5, True),
        ("failed", "failed", 5, True),
        ("passed", "error", 50, True),
        ("passed", "blocked", 50, True),
        ("deviation", "passed", 5, True),
        ("passed", "inconclusive", 20, True),
        ("passed", "inconclusive", 50, False),
    ],
)
def test_what_is_a_problem(before: str, after: str, factor: float, wrong: bool) -> None:
    found = Judgement("jasperserver.cancel.json", "a check", after)
    assert bool(slow_machine.problems([found], {"jasperserver.cancel.json": before}, factor)) is wrong
