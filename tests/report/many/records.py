"""Records of many runs, as small as the views over them read: written to results.json files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PRODUCT = "JasperReports Server"
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>\x1b[31m\u202e'
INSTEAD = {"json-by-default": "Without Accept the answer is JSON.", "slow-cancel": "A cancel answers late."}
LEVELS = {"must": "MUST", "should": "SHOULD", "may": "MAY"}


def check(
    outcome: str, reason: str = "", deviation: str | None = None, blocked_by: str | None = None
) -> dict[str, Any]:
    """A check."""
    return {
        "name": "test_it",
        "outcome": outcome,
        "reason": reason,
        "deviation": deviation,
        "blocked_by": blocked_by,
    }


def requirement(id: str, outcome: str = "passed", deviation: str | None = None, **members: Any) -> dict[str, Any]:
    """A requirement with one check; its level is the third part of its ID, MUST by default."""
    reason = f"{deviation}: {INSTEAD.get(deviation, deviation)}" if deviation else ""
    return {
        "id": id,
        "level": LEVELS.get(id.split(".")[2].partition("-")[0], "MUST"),
        "operation": id.split(".")[1],
        "says": f"The sentence of {id}.",
        "source": {"title": "The manual", "section": "Section 1", "url": "https://vendor.example/manual"},
        "outcome": outcome,
        "reason": reason,
        "checks": [check(outcome, reason, deviation)],
        **members,
    }


def record(outcomes: Mapping[str, Any], day: int = 1, version: str | None = "6.4.2", **members: Any) -> dict[str, Any]:
    """A record: an outcome for each ID, or outcome and deviation; members replace those of the record or its target."""
    target = {"name": "acme", "api": "jasperserver", "product": PRODUCT, "version": version, "edition": "CE"}
    target |= {name: members.pop(name) for name in list(members) if name in target}
    return {
        "format": 1,
        "suite": {"name": "pytest-reportconformance", "version": "0.1.0"},
        "specs": {"api": target["api"], "digest": "0" * 64},
        "target": target,
        "started": f"2026-11-{day:02}T02:17:00.000+00:00",
        "seconds": 10.0 + day,
        "verdict": "conformant",
        "says": "every judged requirement holds",
        "set": None,
        "requirements": [
            requirement(id, *((found,) if isinstance(found, str) else found)) for id, found in outcomes.items()
        ],
        **members,
    }


def stored(folder: Path, *records: Mapping[str, Any]) -> Path:
    """The folder, with a conformance report for each record."""
    for number, one in enumerate(records):
        (folder / f"run-{number}").mkdir(parents=True)
        (folder / f"run-{number}" / "results.json").write_text(json.dumps(one), encoding="utf-8")
    return folder
