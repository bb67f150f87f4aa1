"""`exchanges.html`: the timeline, and every scenario with its exchanges, folded; the page of a report links to it.

Rule: one file that opens from disk, without scripts and without the network.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pytest_reportconformance.report import html_templates, timeline
from pytest_reportconformance.report.exchange_view import anchor, view
from pytest_reportconformance.report.stored import Stored
from pytest_reportconformance.transcript.transcript import Transcript

MOST_EXCHANGES = 40
"""How many exchanges of a scenario are shown besides those that a check points at."""


def render(stored: Stored) -> Iterator[str]:
    """The file, in pieces."""
    yield from html_templates.page(
        html_templates.EXCHANGES,
        record=stored.record,
        timeline=timeline.build(stored),
        scenarios=[_scenario(stored, scenario, transcript) for scenario, transcript in stored.outlines()],
    )


def _scenario(stored: Stored, scenario: dict[str, Any], transcript: Transcript) -> dict[str, Any]:
    shown = [
        (anchor(scenario["name"], number), view(one))
        for number, one in enumerate(transcript.exchanges)
        if number < MOST_EXCHANGES or stored.is_shown(one)
    ]
    return {**scenario, "exchanges": shown, "more": len(transcript.exchanges) - len(shown)}
