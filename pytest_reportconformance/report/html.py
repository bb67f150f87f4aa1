"""The HTML report: one file that opens from disk; causes first, then permissions, then requirements by operation.

Rule: what it shows fits into one page for a browser: each cause has its exchange, all others are in `exchanges.html`.
The script searches and counts; without it the filters work by CSS alone, and nothing is missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.report import cause_view, causes, change_groups, html_templates, matrix, requirement_view
from pytest_reportconformance.report.html_templates import SCRIPT, read, slug
from pytest_reportconformance.report.stored import Stored

LEVELS = ("MUST", "SHOULD", "MAY")


def prepare() -> None:
    """Compile what a page needs."""
    html_templates.prepare()


def render(stored: Stored) -> Iterator[str]:
    """The page, in pieces."""
    record, found = stored.record, causes.of(stored.record)
    totals = record["totals"]["requirements"]
    operations = _operations(requirement_view.rows(stored, found))
    shown = Counter(one["outcome"] for one in stored.requirements)
    yield from html_templates.page(
        html_templates.PAGE,
        rules=_rules(shown, [slug(name) for name, _ in operations]),
        script=read(SCRIPT),
        record=record,
        outcomes=[(outcome_table.find(name), count) for name, count in totals.items()],
        filters=[(outcome_table.find(name), shown[name]) for name in outcome_table.names() if shown[name]],
        levels=LEVELS,
        causes=cause_view.sections(stored, found),
        matrix=matrix.of(record),
        operations=operations,
        counted={name: Counter(one["outcome"] for one in rows) for name, rows in operations},
        comparison=change_groups.page(record.get("comparison")),
        absent=change_groups.ABSENT,
        bar=_bar(totals),
    )


def _operations(rows: Iterable[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The requirements of each operation, those first that are not fulfilled."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["operation"], []).append(row)
    order = outcome_table.names()
    return [(name, sorted(found, key=lambda row: order.index(row["outcome"]))) for name, found in groups.items()]


def _rules(outcomes: Iterable[str], operations: Iterable[str]) -> Iterator[str]:
    """A rule of the style sheet for each filter."""
    for name in map(slug, outcomes):
        yield f"body:has(#show-{name}:not(:checked)) .requirement.{name}{{display:none}}"
    for level in LEVELS:
        yield f"body:has(#level-{level}:not(:checked)) .requirement.{level}{{display:none}}"
    for operation in operations:
        chosen = f'body:has(#operation option[value="{operation}"]:checked)'
        yield f"{chosen} section.operation:not(#operation-{operation}){{display:none}}"


def _bar(totals: dict[str, int]) -> list[tuple[str, int, float, float]]:
    """The pieces of the bar of outcomes: outcome, count, place and width in percent; judged requirements alone."""
    counted = [(outcome, totals[outcome]) for outcome in outcome_table.checked() if outcome in totals]
    total = sum(count for _, count in counted) or 1
    places = [sum(count for _, count in counted[:number]) for number in range(len(counted))]
    return [
        (outcome, count, round(100 * place / total, 3), round(100 * count / total, 3))
        for (outcome, count), place in zip(counted, places, strict=True)
    ]
