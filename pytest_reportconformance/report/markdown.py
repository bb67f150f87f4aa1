"""`summary.md`: verdict, counts, and the causes with a card each; short enough for the summary of a CI job."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.report import card, cause_text, causes, change_groups, diff
from pytest_reportconformance.report.causes import Cause, Part
from pytest_reportconformance.report.markdown_text import code, escaped, link
from pytest_reportconformance.report.stored import Stored
from pytest_reportconformance.transcript.parsing import visible

MOST = 100
"""How many causes of one outcome are listed."""
MOST_NAMED = 20
"""How many requirements a cause names."""
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
    lines += _causes(record)
    lines += _own(record.get("own_requirements", ()))
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


def _own(requirements: Iterable[dict[str, Any]]) -> list[str]:
    """The user's own requirements, a row each."""
    rows = [
        f"| {escaped(one['outcome'])} | {one['level']} | `{code(one['id'])}`: {escaped(one['says'])} "
        f"| {escaped(one['reason'])} |"
        for one in requirements
    ]
    if not rows:
        return []
    head = ["| outcome | level | requirement | reason |", "|---|---|---|---|"]
    return ["## Requirements of your own", "", "They do not count for the verdict.", "", *head, *rows, ""]


def _causes(record: dict[str, Any]) -> list[str]:
    """The causes by outcome, each with its card, what it explains and what it blocks."""
    found = causes.of(record)
    lines: list[str] = ["## Causes", ""] if found else []
    for outcome in dict.fromkeys(one.outcome for one in found):
        group = [one for one in found if one.outcome == outcome]
        lines += [f"### {escaped(outcome)} ({len(group)})", "", escaped(outcome_table.find(outcome).means), ""]
        lines += [line for one in group[:MOST] for line in _cause(one)]
        lines += [f"- and {len(group) - MOST} more", ""] if len(group) > MOST else [""]
    return lines


def _cause(cause: Cause) -> Iterator[str]:
    violation = cause.violation
    level = f" ({escaped(violation['level'])})" if violation is not None else ""
    yield f"- `{code(cause.name)}`{level}: {escaped(cause.says)}" if cause.name else f"- {escaped(cause.says)}"
    shown = cause.shown
    if shown is not None:
        left_out = LINKED if violation is not None else ("says", "source", "url")
        source = shown[0]["source"]
        yield f"  - source: {link(', '.join((source['title'], source['section'])), source['url'])}"
        yield from (_row(label, value) for label, value in card.rows(*shown) if label not in left_out)
    more, texts = cause_text.consequences(cause), cause_text.counts(cause)
    if more:
        yield f"  - {texts[0]}: {_ids(more)}"
    if cause.blocks:
        yield f"  - {texts[-1]}: {_ids(cause.blocks)}"


def _ids(parts: Sequence[Part]) -> str:
    names = ", ".join(f"`{code(part.id)}`" for part in parts[:MOST_NAMED])
    return names + (f" and {len(parts) - MOST_NAMED} more" if len(parts) > MOST_NAMED else "")


def _row(label: str, value: str) -> str:
    if label != "curl":
        return f"  - {label}: {escaped(value)}"
    text = " ".join(visible(value.replace("\ncurl ", " ; curl ")).split())
    if len(text) > LONGEST_CURL:
        return "  - curl: the line is too long for a summary, see report.html"
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"  - curl: {fence} {text} {fence}"
