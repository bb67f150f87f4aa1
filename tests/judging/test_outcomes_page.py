"""docs/outcomes.md explains every outcome and every verdict of the table."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_reportconformance.judging.outcome_table import OUTCOMES, VERDICTS, Outcome

TEXT = (Path(__file__).parents[2] / "docs" / "outcomes.md").read_text(encoding="utf-8")
CHECKED = [one for one in OUTCOMES if one.group != "unjudged"]


def section(name: str) -> str:
    """The text below the heading of an outcome."""
    return TEXT.partition(f"\n## {name}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("outcome", CHECKED, ids=lambda one: one.name)
def test_every_outcome_has_its_meaning_an_example_and_advice(outcome: Outcome) -> None:
    for piece in (outcome.means, "**Example.** ", "**What to do.** "):
        assert piece in section(outcome.name)


def test_outcomes_of_requirements_without_a_check_are_listed() -> None:
    for outcome in OUTCOMES:
        assert outcome.group != "unjudged" or f"- **{outcome.name}**: {outcome.means}" in TEXT


def test_outcomes_are_listed_in_their_order_with_what_pytest_shows() -> None:
    rows = [row.split("|")[1:3] for row in TEXT.splitlines() if row.startswith("| [")]
    assert [row[0].split("]")[0].strip(" [") for row in rows] == [one.name for one in CHECKED]
    for row, outcome in zip(rows, CHECKED, strict=True):
        shown = "error" if outcome.name == "error" else outcome.pytest
        assert row[1].strip().partition(";")[0] == shown


def test_every_verdict_has_its_exit_code() -> None:
    for verdict in VERDICTS:
        assert f"| `{verdict.name}` | {verdict.exit_code} |" in TEXT
