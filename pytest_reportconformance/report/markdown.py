"""`summary.md`: the verdict, the counts, and what is broken; short enough for a CI job's summary."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.report.stored import Stored
from pytest_reportconformance.secrets.redaction import MARKDOWN

MOST = 100
LONGEST = 400


def render(stored: Stored) -> list[str]:
    """The record as Markdown."""
    record = stored.record
    target = record["target"]
    lines = [
        f"# {target['name']}: {record['verdict']}",
        "",
        f"{record['says']}. {target['api']} at `{_code(target['url'])}`, suite {record['suite']['version']}, "
        f"{record['finished']}, {record['seconds']:.1f} s, {record['requests_sent']} requests.",
        "",
        *_table(record["counts"]),
        "",
    ]
    for outcome in outcome_table.names("violated", "accepted", "noted", "undecided"):
        lines += _section(outcome, [found for found in record["requirements"] if found["outcome"] == outcome])
    return ["\n".join(lines).rstrip() + "\n"]


def _table(counts: dict[str, dict[str, int]]) -> list[str]:
    outcomes = [name for name in outcome_table.names() if any(name in row for row in counts.values())]
    rows = ["| | " + " | ".join(outcomes) + " |", "|---|" + "---|" * len(outcomes)]
    for level, row in counts.items():
        rows.append(f"| {level} | " + " | ".join(str(row.get(name, 0)) for name in outcomes) + " |")
    return rows


def _section(outcome: str, found: list[dict[str, Any]]) -> list[str]:
    if not found:
        return []
    rows = [f"- `{one['id']}` ({one['level']}): {one['says']} {_escaped(one['reason'])}" for one in found[:MOST]]
    more = [f"- and {len(found) - MOST} more"] if len(found) > MOST else []
    return [f"## {outcome} ({len(found)})", "", *rows, *more, ""]


def _escaped(text: str) -> str:
    text = " ".join(text.split())
    text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return text.translate(MARKDOWN)


def _code(text: str) -> str:
    return text.replace("`", "'")
