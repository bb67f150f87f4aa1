"""The permission matrix says what the server does, and accuses it of nothing that no check showed."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_reportconformance.register.permissions import Permission
from pytest_reportconformance.report import matrix

ACTION = Permission(
    "Cancel it", allowed=("a.p.admin-cancel",), refused=("a.p.other-user-cancel", "a.p.other-user-stop")
)


def requirement(id: str, outcome: str, by: str | None = None) -> dict[str, Any]:
    """A requirement of a record with one check."""
    return {"id": id, "outcome": outcome, "says": "It.", "checks": [{"outcome": outcome, "blocked_by": by}]}


def words(*found: dict[str, Any]) -> list[str | None]:
    """The words of the one row."""
    built = matrix.build([ACTION], found)
    assert built is not None
    ((says, cells),) = built.rows
    assert says == "Cancel it"
    return [None if cell is None else cell.word for cell in cells]


@pytest.mark.parametrize(
    ("outcome", "by", "allowed", "refused"),
    [
        ("passed", None, "allowed", "refused"),
        ("failed", None, "differs from the document", "differs from the document"),
        ("warned", None, "differs from the document", "differs from the document"),
        ("deviation", None, "differs from the document", "differs from the document"),
        ("deviation", "a.p.other", "not judged", "not judged"),
        ("blocked", "a.p.other", "not judged", "not judged"),
        ("untested", None, "not judged", "not judged"),
        ("not applicable", None, "not applicable", "not applicable"),
        ("noted", None, "refused", "allowed"),
    ],
)
def test_a_cell_says_what_the_server_does(outcome: str, by: str | None, allowed: str, refused: str) -> None:
    found = words(requirement("a.p.other-user-cancel", outcome, by), requirement("a.p.admin-cancel", outcome, by))
    assert found == [refused, allowed]


def test_a_cell_of_several_requirements_has_the_worst() -> None:
    found = words(requirement("a.p.other-user-cancel", "passed"), requirement("a.p.other-user-stop", "failed"))
    assert found == ["differs from the document"]


def test_an_api_without_actions_has_no_matrix() -> None:
    assert matrix.build([], [requirement("a.p.admin-cancel", "passed")]) is None
