"""The Allure results of a run, rendered by Allure's own command line: no two checks merge."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.foreign.servers import BIN
from tests.hooks.test_command_line import run


@pytest.mark.sampled(0.5)
@pytest.mark.parametrize("api", ["akamai_reporting", "jasperserver"])
def test_allure_shows_as_many_results_as_there_are_checks(tmp_path: Path, api: str) -> None:
    done = run(tmp_path, "--target", f"embedded:{api}", "--alluredir", "allure", "--conformance-report", "report")
    assert done.returncode == 0, done.stdout
    command = [str(BIN / "allure"), "generate", "allure", "-o", "rendered"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    record = json.loads((tmp_path / "report" / "results.json").read_text(encoding="utf-8"))
    shown = list((tmp_path / "rendered" / "data" / "test-results").glob("*.json"))
    assert len(shown) == sum(len(one["checks"]) for one in record["requirements"])
