"""An outcome is added by one edit: a new row of the table shows up in every rendering, rule and summary."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_reportconformance.hooks import progress
from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.judging.outcome_table import OUTCOMES, Outcome
from pytest_reportconformance.judging.outcomes import worst
from pytest_reportconformance.judging.verdicts import Verdict, verdict
from pytest_reportconformance.register import register
from pytest_reportconformance.report import baseline, comparison, renderings
from pytest_reportconformance.report.stored import Stored

JASPER = register.load("jasperserver")
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


WITHOUT = ("har", "badge", "exchanges")
"""Renderings that show no outcome."""


@pytest.fixture
def flickering(good: Stored, monkeypatch: pytest.MonkeyPatch) -> Stored:
    """A stored report in which one requirement has an outcome that was added to the table, and to nothing else."""
    record: dict[str, Any] = json.loads(json.dumps(good.record))
    one = next(one for one in record["requirements"] if one["outcome"] == "passed")
    one["outcome"] = one["checks"][0]["outcome"] = NEW.name
    one["checks"][0]["reason"] = "first 200, then 404"
    for counts in record["totals"].values():
        counts["passed"] -= 1
        counts[NEW.name] = 1
    record["counts"][one["level"]][NEW.name] = 1
    monkeypatch.setattr(outcome_table, "OUTCOMES", (*OUTCOMES[:3], NEW, *OUTCOMES[3:]))
    return Stored(good.folder, record)


@pytest.mark.parametrize("name", [name for name in renderings.FORMATS if name not in WITHOUT])
def test_every_rendering_shows_an_outcome_that_was_added_to_the_table(name: str, flickering: Stored) -> None:
    text = "".join(renderings.render(name, flickering))
    assert NEW.name in text
    if name == "html":
        for piece in (
            'id="show-flickering"',
            ".requirement.flickering",
            ".flickering{--tone:var(--doubt)",
            NEW.means,
        ):
            assert piece in text


def test_renderings_without_outcomes_do_not_mind(flickering: Stored) -> None:
    assert all("".join(renderings.render(name, flickering)) for name in WITHOUT)


def test_rules_follow_the_table(good: Stored, flickering: Stored) -> None:
    assert worst(["blocked", NEW.name, "passed"]) == NEW.name
    assert worst(["warned", NEW.name]) == "warned"
    compared = comparison.compare(baseline.summary(good.record), flickering.record, "none")
    assert {one.after for one in (*compared.worse, *compared.other)} == {NEW.name}
    requirement = next(one for one in JASPER.requirements.values() if one.level == "MUST")
    assert verdict({requirement.id: NEW.name}, JASPER).exit_code == 6


def test_the_terminal_names_it(flickering: Stored, tmp_path: Path) -> None:
    (tmp_path / "results.json").write_text(json.dumps(flickering.record), encoding="utf-8")
    lines: list[str] = []
    reporter = SimpleNamespace(
        write_line=lambda text, **_markup: lines.append(text), write_sep=lambda _sep, text: lines.append(text)
    )
    run = SimpleNamespace(
        folder=tmp_path,
        comparison=None,
        record=flickering.record,
        ledger=SimpleNamespace(open_entries=list),
        target=SimpleNamespace(name="good"),
        client=SimpleNamespace(sent=1),
        recorder=SimpleNamespace(context=SimpleNamespace(withheld=None)),
        preparation=SimpleNamespace(skipped=()),
        own=SimpleNamespace(requirements=()),
    )
    progress.summary(reporter, run, Verdict.named("incomplete", "1"))  # type: ignore[arg-type]  # what it reads
    assert any(re.search(rf"1 {NEW.name} +{re.escape(NEW.means)}", line) for line in lines)
