"""Common Test Report Format (CTRF 0.0.0 and later): one test for each check."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.report import card
from pytest_reportconformance.report.stored import Stored
from pytest_reportconformance.transcript import strict_json

SPEC_VERSION = "0.0.0"


def render(stored: Stored) -> list[str]:
    """The report as JSON."""
    return [strict_json.dumps(build(stored.record), indent=1) + "\n"]


def build(record: dict[str, Any]) -> dict[str, Any]:
    """The report as JSON values."""
    tests = [
        _test(record, requirement, check) for requirement in record["requirements"] for check in requirement["checks"]
    ]
    target = record["target"]
    return {
        "reportFormat": "CTRF",
        "specVersion": SPEC_VERSION,
        "reportId": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{target['url']} {record['started']}")),
        "timestamp": record["finished"],
        "generatedBy": f"{record['suite']['name']} {record['suite']['version']}",
        "results": {
            "tool": {"name": record["suite"]["name"], "version": record["suite"]["version"]},
            "summary": _summary(record, len(tests)),
            "tests": tests,
            "environment": {
                "appName": target["product"] or target["api"],
                "appVersion": target["version"] or "unknown",
                "testEnvironment": target["name"],
                "extra": {"url": target["url"], "verdict": record["verdict"], "set": record["set"]},
            },
        },
    }


def _summary(record: dict[str, Any], tests: int) -> dict[str, Any]:
    statuses = dict.fromkeys(("passed", "failed", "skipped", "pending", "other"), 0)
    for outcome, count in record["totals"]["checks"].items():
        statuses[outcome_table.find(outcome).ctrf] += count
    start, stop = _millis(record["started"]), _millis(record["finished"])
    suites = len({requirement["operation"] for requirement in record["requirements"] if requirement["checks"]})
    return {"tests": tests, **statuses, "suites": suites, "start": start, "stop": stop, "duration": stop - start}


def _test(record: dict[str, Any], requirement: dict[str, Any], check: dict[str, Any]) -> dict[str, Any]:
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
    if check["reason"]:
        test["message"] = check["reason"]
    if check["expected"]:
        test["trace"] = card.plain(card.rows(requirement, check))
    return test


def _millis(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)
