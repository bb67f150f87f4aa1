"""`summary.md`: verdict, counts, and a card for each violated requirement; short enough for a CI job's summary."""

from __future__ import annotations

import re
from typing import Any

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.report import card, change_groups, diff
from pytest_reportconformance.report.markdown_text import code, escaped
from pytest_reportconformance.report.stored import Stored
from pytest_reportconformance.transcript.parsing import visible

MOST = 100
LONGEST_CURL = 1000
LINKED = ("requirement", "says", "source", "url")
"""Rows of the card that stand in the head and in the link."""


def render(stored: Stored) -> list[str]:
    """The record as Markdown."""
    record = stored.record
    target = record["target"]
    lines = [
        f"# {escaped(target['name'])}: {escaped(record['verdict'])}",
        "",
        f"{escaped(record['says'])}. {escaped(target['api'])} at `{code(target['url'])}`, "
        f"suite {escaped(record['suite']['version'])}, "
        f"{escaped(record['finished'])}, {record['seconds']:.1f} s, {record['requests_sent']} requests.",
        "",
        *_comparison(record.get("comparison")),
        *_table(record["counts"]),
        "",
    ]
    for outcome in outcome_table.names("violated", "accepted", "noted", "undecided"):
        found = [one for one in record["requirements"] if one["outcome"] == outcome]
        lines += _section(outcome, found, record["totals"]["requirements"].get(outcome, 0))
    return ["\n".join(lines).rstrip() + "\n"]


def _comparison(found: dict[str, Any] | None) -> list[str]:
    """What changed since the baseline, and the verdict without it."""
    if found is None:
        return []
    alone, old = found["alone"], found["baseline"]
    return [
        f"Compared with the baseline of {escaped(old['started'])}: {escaped(change_groups.sentence(found))}. "
        f"Without the baseline the verdict is {escaped(alone['verdict'])} ({escaped(alone['says'])}).",
        "",
        *diff.markdown_lines(found),
        "",
        "## Outcomes",
        "",
    ]


def _table(counts: dict[str, dict[str, int]]) -> list[str]:
    outcomes = [name for name in outcome_table.names() if any(name in row for row in counts.values())]
    rows = ["| | " + " | ".join(outcomes) + " |", "|---|" + "---|" * len(outcomes)]
    for level, row in counts.items():
        rows.append(f"| {level} | " + " | ".join(str(row.get(name, 0)) for name in outcomes) + " |")
    return rows


def _section(outcome: str, found: list[dict[str, Any]], total: int) -> list[str]:
    if not found:
        return []
    entries = [line for one in found[:MOST] for line in _entry(outcome, one)]
    more = [f"- and {len(found) - MOST} more"] if len(found) > MOST else []
    return [f"## {outcome} ({total})", "", outcome_table.find(outcome).means, "", *entries, *more, ""]


def _entry(outcome: str, requirement: dict[str, Any]) -> list[str]:
    """A requirement: with the card of its first check of that outcome if pytest shows it as failed or xfailed."""
    head = f"- `{code(requirement['id'])}` ({escaped(requirement['level'])}): {escaped(requirement['says'])}"
    checks = [check for check in requirement["checks"] if check["outcome"] == outcome]
    checks.sort(key=lambda check: "\ncurl " in (check["curl"] or ""))  # one exchange says more than a walk
    if not checks or not checks[0]["expected"]:
        return [f"{head} {escaped(requirement['reason'])}"]
    rows = [
        (label, value) for label, value in card.rows(requirement, checks[0]) if label not in ("requirement", "says")
    ]
    return [head, *(_row(label, value) for label, value in rows)]


def _row(label: str, value: str) -> str:
    if label != "curl":
        return f"  - {label}: {escaped(value)}"
    text = " ".join(visible(value.replace("\ncurl ", " ; curl ")).split())
    if len(text) > LONGEST_CURL:
        return "  - curl: the line is too long for a summary, see report.html"
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"  - curl: {fence} {text} {fence}"
