"""Every change of outcome has one direction, and the way back is never worse as well."""

from __future__ import annotations

from itertools import product

import pytest

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.judging.directions import direction

NAMES: tuple[str | None, ...] = (None, *outcome_table.names())


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("passed", "failed", "worse"),
        ("passed", "warned", "worse"),
        ("passed", "deviation", "worse"),
        ("not applicable", "deviation", "worse"),
        ("passed", "inconclusive", "other"),
        ("passed", "blocked", "other"),
        ("passed", "error", "other"),
        ("inconclusive", "failed", "worse"),
        ("inconclusive", "deviation", "worse"),
        ("deviation", "failed", "worse"),
        ("failed", "passed", "better"),
        ("deviation", "passed", "better"),
        ("waived", "passed", "better"),
        ("untested", "passed", "better"),
        ("failed", "deviation", "other"),
        ("failed", "inconclusive", "other"),
        ("deviation", "blocked", "other"),
        ("warned", "failed", "other"),
        ("passed", "waived", "other"),
        ("waived", "failed", "other"),
        ("waived", "deviation", "other"),
        ("passed", "not applicable", "other"),
        ("passed", "noted", "other"),
        ("passed", "not selected", "other"),
        ("unchecked", "failed", "other"),
        (None, "failed", "other"),
        ("failed", None, "other"),
        ("not selected", "unchecked", None),
        (None, "not selected", None),
        ("deviation", "deviation", None),
    ],
)
def test_the_direction_of_a_change(before: str | None, after: str | None, expected: str | None) -> None:
    assert direction(before, after) == expected


@pytest.mark.parametrize(("before", "after"), list(product(NAMES, NAMES)))
def test_what_is_worse_one_way_is_not_worse_the_other_way(before: str | None, after: str | None) -> None:
    there, back = direction(before, after), direction(after, before)
    assert (there is None) == (back is None)
    assert there != "worse" or back in ("better", "other")
    assert there != "better" or back in ("worse", "other")


@pytest.mark.parametrize("before", NAMES)
@pytest.mark.parametrize("after", outcome_table.names("undecided"))
def test_what_was_not_observed_is_never_worse(before: str | None, after: str) -> None:
    assert direction(before, after) in (None, "other")
