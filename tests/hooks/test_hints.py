"""What a run advises below its causes: an option, a command, the page; nothing that does not help."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from pytest_reportconformance.hooks import progress
from pytest_reportconformance.report.causes import Cause


def hints(folder: Path, outcomes: list[str], *, verdict: str = "not conformant", accepted: bool = False) -> list[str]:
    """The hints of a run with causes of these outcomes."""
    record = {"options": {"accept_deviations": accepted}, "verdict": verdict}
    found = [Cause(outcome, "a-name", "says", (), ()) for outcome in outcomes]
    run = SimpleNamespace(folder=folder, record=record)
    return list(progress.hints(run, found, "my target.toml"))  # type: ignore[arg-type]  # what it reads


def test_known_deviations_can_be_accepted(tmp_path: Path) -> None:
    (hint,) = hints(tmp_path, ["failed", "deviation"])
    assert hint.startswith("--accept-deviations ")
    assert hints(tmp_path, ["deviation"], accepted=True) == []
    assert hints(tmp_path, ["failed"]) == []


@pytest.mark.parametrize("outcome", ["blocked", "inconclusive", "untested"])
def test_doctor_shows_what_the_target_lacks(tmp_path: Path, outcome: str) -> None:
    (hint,) = hints(tmp_path, [outcome], verdict="incomplete")
    assert hint.startswith("reportconformance doctor 'my target.toml' ")


def test_the_page_is_named_if_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("", encoding="utf-8")
    (hint,) = hints(tmp_path, ["failed"])
    assert hint.endswith(str(tmp_path / "report.html"))
