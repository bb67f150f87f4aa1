"""The table of outcomes is whole, and the one place that an outcome is added to."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.judging.outcome_table import OUTCOMES, VERDICTS, Outcome
from pytest_reportconformance.judging.outcomes import worst
from pytest_reportconformance.register import register
from pytest_reportconformance.report import diff, renderings
from pytest_reportconformance.report.stored import Stored
from pytest_reportconformance.transcript import failures
from tests.report.stored_runs import play_cached

SCHEMA = json.loads((register.specs_folder() / "results.schema.json").read_text(encoding="utf-8"))
PACKAGE = Path(renderings.__file__).parents[1]
NEW = Outcome(
    name="flickering",
    group="undecided",
    means="The server answered differently each time.",
    pytest="xfailed",
    junit="failure",
    earl="cantTell",
    ctrf="other",
    tone="doubt",
    color="yellow",
    verdict="incomplete",
)


def test_the_order_is_worst_first() -> None:
    assert ", ".join(outcome_table.checked()) == (
        "failed, error, warned, waived, deviation, noted, blocked, inconclusive, untested, passed, not applicable"
    )


def test_names_are_unique_and_every_level_has_its_violation() -> None:
    assert len({one.name for one in OUTCOMES}) == len(OUTCOMES)
    assert [outcome_table.violation(level) for level in ("MUST", "SHOULD", "MAY")] == ["failed", "warned", "noted"]


def test_the_schema_of_the_record_knows_the_same_outcomes_and_verdicts() -> None:
    assert SCHEMA["$defs"]["checked"]["enum"] == list(outcome_table.checked())
    assert SCHEMA["$defs"]["outcome"]["anyOf"][1]["enum"] == list(outcome_table.names("unjudged"))
    assert SCHEMA["properties"]["verdict"]["enum"] == [one.name for one in VERDICTS]
    assert set(SCHEMA["properties"]["exit_code"]["enum"]) == {one.exit_code for one in VERDICTS}


def test_what_can_arise_while_recording_is_in_the_table() -> None:
    assert set(get_args(failures.Outcome)) <= set(outcome_table.checked())


def test_no_other_module_of_the_package_holds_a_list_of_outcomes() -> None:
    name = "|".join(f'"{name}"' for name in outcome_table.names())
    several = re.compile(rf"[(\[{{]\s*({name})\s*[,:][^()\[\]]*({name})[^()\[\]]*[)\]}}]")
    files = [path for path in PACKAGE.rglob("*.py") if path.name != "outcome_table.py"]
    found = {path.name: match[0] for path in files if (match := several.search(path.read_text(encoding="utf-8")))}
    assert sorted(found) == ["failures.py", "outcomes.py"], found


@pytest.fixture
def flickering(monkeypatch: pytest.MonkeyPatch) -> Stored:
    """A stored report in which one requirement has an outcome that was added to the table, and to nothing else."""
    stored = play_cached()
    record: dict[str, Any] = json.loads(json.dumps(stored.record))
    one = next(one for one in record["requirements"] if one["outcome"] == "passed")
    one["outcome"] = one["checks"][0]["outcome"] = NEW.name
    one["checks"][0]["reason"] = "first 200, then 404"
    for counts in record["totals"].values():
        counts["passed"] -= 1
        counts[NEW.name] = 1
    record["counts"][one["level"]][NEW.name] = 1
    monkeypatch.setattr(outcome_table, "OUTCOMES", (*OUTCOMES[:3], NEW, *OUTCOMES[3:]))
    return Stored(stored.folder, record)


@pytest.mark.parametrize("name", [name for name in renderings.FORMATS if name not in ("har", "badge")])
def test_every_rendering_shows_an_outcome_that_was_added_to_the_table(name: str, flickering: Stored) -> None:
    text = "".join(renderings.render(name, flickering))
    assert NEW.name in text
    if name == "html":
        for piece in ('id="show-flickering"', "section.outcome.flickering", ".flickering{--tone:var(--doubt)", NEW.means):
            assert piece in text


def test_renderings_without_outcomes_do_not_mind(flickering: Stored) -> None:
    assert all("".join(renderings.render(name, flickering)) for name in ("har", "badge"))


def test_rules_follow_the_table(flickering: Stored) -> None:
    assert worst(["blocked", NEW.name, "passed"]) == NEW.name
    assert worst(["warned", NEW.name]) == "warned"
    old = play_cached().record
    assert [one.after for one in diff.compare(old, flickering.record).newly_inconclusive] == [NEW.name]
