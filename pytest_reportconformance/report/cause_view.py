"""Causes as the page shows them: by outcome, each with its card, its exchange, what it explains and what it blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.judging.outcome_table import Outcome
from pytest_reportconformance.report import card, cause_text, exchange_view
from pytest_reportconformance.report.causes import Cause, Part
from pytest_reportconformance.report.exchange_view import Sizes
from pytest_reportconformance.report.html_templates import short
from pytest_reportconformance.report.stored import Stored

MOST_WITH_EXCHANGE = 30
"""How many causes have their exchange on the page itself; of the others it is in `exchanges.html`."""
MOST_OPEN = 5
"""How many causes are open at first."""
MOST_NAMED = 60
"""How many requirements a cause names that it explains, and that it blocks."""
LONGEST = 1500
SIZES = Sizes(body=1500, field=200, fields=20)
LEFT_OUT = ("requirement", "says", "source", "url")
"""Rows of a card that stand elsewhere on the page."""

Section = tuple[Outcome, list[dict[str, Any]]]


def sections(stored: Stored, causes: Iterable[Cause]) -> list[Section]:
    """The causes of each outcome, numbered over all of them."""
    found: dict[str, list[dict[str, Any]]] = {}
    for number, cause in enumerate(causes):
        found.setdefault(cause.outcome, []).append(_cause(stored, number, cause))
    return [(outcome_table.find(name), group) for name, group in found.items()]


def _cause(stored: Stored, number: int, cause: Cause) -> dict[str, Any]:
    shown = cause.shown
    exchange = None if shown is None or number >= MOST_WITH_EXCHANGE else stored.shown_by(shown[1])
    return {
        "number": number,
        "outcome": cause.outcome,
        "name": cause.name,
        "says": cause.says,
        "violation": cause.violation,
        "counts": cause_text.counts(cause),
        "open": number < MOST_OPEN and outcome_table.find(cause.outcome).pytest == "failed",
        "requirement": shown[0] if shown is not None else cause.violation,
        "rows": list(_rows(cause)),
        "exchange": None if exchange is None else exchange_view.view(exchange, SIZES),
        "place": None if shown is None else exchange_view.link(stored, shown[1]),
        "explains": _named(cause_text.consequences(cause)),
        "blocks": _named(cause.blocks),
        "blocked": cause_text.blocked(cause) if cause.blocks else "",
    }


def _rows(cause: Cause) -> Iterator[tuple[str, str]]:
    """The card of the check that shows a cause best, without what the page shows beside it."""
    shown = cause.shown
    if shown is None and cause.explains:
        part = cause.explains[0]
        shown = part.requirement, part.checks[0]
    if shown is not None:
        for label, value in card.rows(*shown):
            if label not in LEFT_OUT:
                yield label, short(value, LONGEST)


def _named(parts: tuple[Part, ...]) -> dict[str, Any]:
    shown = [(part.requirement["level"], part.id) for part in parts[:MOST_NAMED]]
    return {"shown": shown, "more": len(parts) - len(shown), "count": len(parts)}
