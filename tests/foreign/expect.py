"""What the foreign servers are expected to be found to be: `python -m tests.foreign.expect` writes it anew."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection
from pathlib import Path

from pytest_reportconformance.judging.outcomes import worst
from pytest_reportconformance.register import register
from pytest_reportconformance.target.target import Limits, Target
from tests.foreign.servers import FOLDER, REPORT, serving
from tests.mutation.kill_matrix import judged_target

API = "akamai_reporting"
EXPECTED = FOLDER / "expected"
PATH = REPORT.removeprefix("/reporting-api/v2/reports/")


def selection(name: str) -> Collection[str]:
    """The requirements that a server is judged by: those of polling, where it plays nothing else."""
    known = register.load(API)
    return list(known.requirements) if name == "prism" else known.match(f"{API}.poll.*")


def outcomes(name: str) -> dict[str, str]:
    """The outcome of each requirement on a foreign server."""
    with tempfile.TemporaryDirectory() as folder, serving(name, Path(folder)) as url:
        reports = {purpose: {"path": PATH} for purpose in ("paged", "slow", "sorted")}
        target = Target(API, url, name, reports=reports, limits=Limits(deadline_seconds=15, answer_seconds=10))
        judgements = judged_target(target, selection(name))
    found: dict[str, list[str]] = {}
    for one in judgements:
        found.setdefault(one.requirement, []).append(one.outcome)
    return {id: worst(group) for id, group in sorted(found.items())}


if __name__ == "__main__":
    for server in ("mountebank", "mockoon", "prism"):
        text = json.dumps(outcomes(server), indent=1) + "\n"
        (EXPECTED / f"{server}.json").write_text(text, encoding="utf-8")
