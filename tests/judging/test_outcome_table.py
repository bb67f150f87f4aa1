"""The table of outcomes is whole, and no other module repeats it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.judging.outcome_table import OUTCOMES, VERDICTS
from pytest_reportconformance.register import installed
from pytest_reportconformance.transcript import failures

SCHEMA = json.loads((installed.specs_folder() / "results.schema.json").read_text(encoding="utf-8"))
PACKAGE = Path(outcome_table.__file__).parents[1]
OTHERS = {
    "ctrf.py": "the statuses of CTRF, which have names of their own",
    "failures.py": "a type: what can arise while recording",
    "outcomes.py": "the rule about checks that lack what they need",
}
"""Other files that name several outcomes at once, and why."""


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
    assert found.keys() == OTHERS.keys(), found
