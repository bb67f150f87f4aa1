"""Common Test Report Format (CTRF 0.0.0 and later): a test for each check, and one for the comparison."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.judging.directions import DIRECTIONS
from pytest_reportconformance.judging.outcome_table import WORSE
from pytest_reportconformance.report import card, cause_text, causes, change_groups, diff
from pytest_reportconformance.report.causes import Cause
from pytest_reportconformance.report.stored import Stored, all_requirements
from pytest_reportconformance.transcript import strict_json

SPEC_VERSION = "0.0.0"


def render(stored: Stored) -> list[str]:
    """The report as JSON."""
    return [strict_json.dumps(build(stored.record), indent=1) + "\n"]


def build(record: dict[str, Any]) -> dict[str, Any]:
    """The report as JSON values."""
    found = causes.of(record)
    why = cause_text.by_check(found)
    tests = [
        _test(record, requirement, check, why.get((requirement["id"], check["name"])))
        for requirement in all_requirements(record)
        for check in requirement["checks"]
    ]
    tests += _baseline(record)
    target = record["target"]
    return {
        "reportFormat": "CTRF",
        "specVersion": SPEC_VERSION,
        "reportId": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{target['url']} {record['started']}")),
        "timestamp": record["finished"],
        "generatedBy": f"{record['suite']['name']} {record['suite']['version']}",
        "results": {
            "tool": {"name": record["suite"]["name"], "version": record["suite"]["version"]},
            "summary": _summary(record, tests),
            "tests": tests,
            "environment": {
                "appName": target["product"] or target["api"],
                "appVersion": target["version"] or "unknown",
                "testEnvironment": target["name"],
                "extra": {"url": target["url"], "verdict": record["verdict"], "set": record["set"]},
            },
            "extra": {"causes": [_cause(cause) for cause in found]},
        },
    }


def _summary(record: dict[str, Any], tests: list[dict[str, Any]]) -> dict[str, Any]:
    statuses = dict.fromkeys(("passed", "failed", "skipped", "pending", "other"), 0)
    for test in tests:
        statuses[test["status"]] += 1
    start, stop = _millis(record["started"]), _millis(record["finished"])
    suites = len({tuple(test["suite"]) for test in tests})
    return {"tests": len(tests), **statuses, "suites": suites, "start": start, "stop": stop, "duration": stop - start}


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "title": cause_text.title(cause),
        "says": cause.says,
        "explains": [part.id for part in cause.explains],
        "blocks": [part.id for part in cause.blocks],
        "blockedChecks": sum(len(part.checks) for part in cause.blocks),
    }


def _test(
    record: dict[str, Any], requirement: dict[str, Any], check: dict[str, Any], cause: Cause | None
) -> dict[str, Any]:
    name = f"{requirement['id']}: {check['name']}"
    test: dict[str, Any] = {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{record['target']['api']} {name}")),
        "name": name,
        "status": outcome_table.find(check["outcome"]).ctrf,
        "duration": round(check["seconds"] * 1000),
        "rawStatus": check["outcome"],
        "suite": [record["target"]["api"], requirement["operation"]],
        "tags": [requirement["level"], requirement["operation"]],
        "type": "conformance",
        "extra": {
            "requirement": requirement["id"],
            "level": requirement["level"],
            "says": requirement["says"],
            "source": requirement["source"]["url"],
            "curl": check["curl"],
        },
    }
    if cause is not None:
        test["extra"]["cause"] = cause_text.title(cause)
    if check["reason"]:
        test["message"] = check["reason"]
    if check["expected"]:
        test["trace"] = card.plain(card.rows(requirement, check))
    return test


def _baseline(record: dict[str, Any]) -> list[dict[str, Any]]:
    """The comparison with the baseline, if there is one: a test that fails if anything is worse."""
    found, api = record.get("comparison"), record["target"]["api"]
    if found is None:
        return []
    test: dict[str, Any] = {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{api} {change_groups.CASE}")),
        "name": change_groups.CASE,
        "status": "failed" if found["worse"] else "passed",
        "duration": 0,
        "suite": [api, "baseline"],
        "type": "conformance",
        "message": change_groups.counted(found),
        "extra": {name: found[name] for name in ("changed", *DIRECTIONS, "slower")},
    }
    if found["worse"]:
        test |= {"rawStatus": WORSE, "trace": diff.text(found)}
    return [test]


def _millis(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)
