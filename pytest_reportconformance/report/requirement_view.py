"""A requirement as the page shows it: its checks, those with one finding together, with their causes and exchanges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.report import cause_text, exchange_view
from pytest_reportconformance.report.causes import Cause
from pytest_reportconformance.report.html_templates import short
from pytest_reportconformance.report.stored import Stored

LONGEST = 400
MOST_GROUPS = 4
"""How many findings of one requirement are shown whole."""
MOST_SCENARIOS = 3
"""How many scenarios a requirement links to."""
SAME = ("outcome", "expected", "actual", "reason", "blocked_by")
"""What checks with one finding have in common."""


def rows(stored: Stored, causes: Sequence[Cause]) -> Iterator[dict[str, Any]]:
    """The requirements of a record, in its order."""
    numbers = {id(cause): number for number, cause in enumerate(causes)}
    blamed = {key: numbers[id(cause)] for key, cause in cause_text.by_check(causes).items()}
    played = {one["name"] for one in stored.played}
    for requirement in stored.requirements:
        yield _row(stored, requirement, blamed, played)


def _row(
    stored: Stored, requirement: Mapping[str, Any], blamed: Mapping[tuple[str, str], int], played: set[str]
) -> dict[str, Any]:
    checks = requirement["checks"]
    keys = [key for key in dict.fromkeys(_transcripts(checks)) if key in played]
    groups = [
        {**_finding(stored, found), "cause": blamed.get((requirement["id"], found[0]["name"]))}
        for found in _together(checks)
    ]
    return {
        **requirement,
        "passed": [check["name"] for check in checks if check["outcome"] == "passed"],
        "groups": groups[:MOST_GROUPS],
        "more": sum(len(group["names"]) for group in groups[MOST_GROUPS:]),
        "scenarios": keys[:MOST_SCENARIOS],
        "more_scenarios": len(keys[MOST_SCENARIOS:]),
    }


def _transcripts(checks: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for check in checks:
        yield from check["evidence"]["transcripts"]


def _together(checks: Iterable[Mapping[str, Any]]) -> list[Sequence[Mapping[str, Any]]]:
    """The checks that did not pass, those with one finding together, the worst first."""
    groups: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for check in checks:
        if check["outcome"] != "passed":
            groups.setdefault(tuple(check[name] for name in SAME), []).append(check)
    order = outcome_table.names()
    return sorted(groups.values(), key=lambda found: order.index(found[0]["outcome"]))


def _finding(stored: Stored, found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What some checks found: expected and actual if they were judged, the reason if nothing else says it."""
    first = found[0]
    pairs = [(label, first[label]) for label in ("expected", "actual", "answer")] if first["expected"] else []
    accepted = outcome_table.find(first["outcome"]).group == "accepted"
    said = bool(first["blocked_by"]) or (bool(pairs) and not accepted)
    return {
        "outcome": first["outcome"],
        "blocked": bool(first["blocked_by"]),
        "names": [check["name"] for check in found],
        "reason": "" if said else short(first["reason"], LONGEST),
        "pairs": [(label, short(value, LONGEST)) for label, value in pairs if value],
        "exchange": exchange_view.link(stored, first),
    }
