"""A run against a faulty server, as its user reads it: the terminal and the Allure results name causes."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pytest_reportconformance.http.server import Server
from tests.hooks.test_command_line import ALONE_AND_PARALLEL, run
from tests.jasperserver.mutants.status import KnowsNoStatus

pytestmark = [ALONE_AND_PARALLEL, pytest.mark.sampled(0.5)]
ROOT = "jasperserver.status.known"


@pytest.fixture
def done(tmp_path: Path, processes: list[str]) -> subprocess.CompletedProcess[str]:
    """A run of a part of the checks against a server that knows no status, with Allure."""
    reference = KnowsNoStatus(slow_seconds=1)
    with Server(reference) as server:
        path = tmp_path / "served.toml"
        path.write_text(reference.target_toml(server.url), encoding="utf-8")
        options = ["--target", "served.toml", "-k", "jasperserver.status or jasperserver.cancel"]
        return run(tmp_path, *options, "--alluredir", "A", "--conformance-report", "report", *processes)


def test_the_terminal_and_allure_name_the_cause(done: subprocess.CompletedProcess[str], tmp_path: Path) -> None:
    assert done.returncode == 1
    _terminal(done.stdout.partition("causes of what was found")[2], tmp_path)
    found = [json.loads(path.read_text(encoding="utf-8")) for path in (tmp_path / "A").glob("*-result.json")]
    categories = json.loads((tmp_path / "A" / "categories.json").read_text(encoding="utf-8"))
    _categories(categories, found)
    _attachments(found, tmp_path / "A")
    environment = (tmp_path / "A" / "environment.properties").read_text(encoding="utf-8")
    assert "contract=jasperserver\n" in environment
    assert re.search(r"^verdict=not conformant: ", environment, re.MULTILINE)


def _terminal(text: str, folder: Path) -> None:
    assert text.count(f"failed: {ROOT} (MUST)") == 1
    assert re.search(r"\n      blocks \d+ checks of \d+ requirements\n", text)
    assert f"the page shows each cause with its exchange: {folder / 'report' / 'report.html'}" in text


def _categories(categories: list[dict[str, Any]], found: list[dict[str, Any]]) -> None:
    """Every result that did not pass is in a category, most in that of the cause."""
    cause = categories[0]
    assert cause["name"] == f"failed: {ROOT} (MUST)"
    undone = [one for one in found if one["status"] != "passed"]
    for one in undone:
        message = one["statusDetails"]["message"]
        assert [each for each in categories if re.fullmatch(each["messageRegex"], message)], message
        assert one["status"] in cause["matchedStatuses"]
    blocked = [one for one in undone if re.fullmatch(cause["messageRegex"], one["statusDetails"]["message"])]
    assert len(blocked) > len(undone) / 2


def _attachments(found: list[dict[str, Any]], folder: Path) -> None:
    """The result of the violated requirement has the exchange that shows it, as HAR."""
    failed = next(
        one for one in found if one.get("statusDetails", {}).get("message", "").startswith(f"failed: {ROOT}: ")
    )
    names = [one["source"] for one in failed["attachments"] if one["source"].endswith(".har")]
    log = json.loads((folder / names[0]).read_text(encoding="utf-8"))["log"]
    assert log["version"] == "1.2"
    assert log["entries"][0]["response"]["status"] == 404
