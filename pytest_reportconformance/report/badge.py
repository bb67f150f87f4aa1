"""A badge, SVG: the API, the verdict and the counts."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.report.stored import Stored
from pytest_reportconformance.transcript.parsing import visible

COLORS = {
    "good": "#2e7d4f",
    "note": "#2a6f8a",
    "none": "#5b6b7c",
    "doubt": "#9a6700",
    "bad": "#b3372f",
    "ours": "#7a4fa3",
}
"""The page's tones on white text."""
CHARACTER = 6.6
HEIGHT = 20


def render(stored: Stored) -> list[str]:
    """The badge of a report."""
    record = stored.record
    left = f"{record['target']['api']} {record['set'] or ''}".strip()
    return drawn(left, f"{record['verdict']}: {counts(record['totals']['requirements'])}", record["verdict"])


def drawn(left: str, right: str, verdict: str) -> list[str]:
    """A badge with two texts, in the color of a verdict; its width follows from its texts."""
    left, right = visible(left), visible(right)
    first, second = (round(len(text) * CHARACTER + 16) for text in (left, right))
    color = COLORS[outcome_table.tone(verdict)]
    title = escape(f"{left} {right}")
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{first + second}" height="{HEIGHT}" role="img" '
        f'aria-label="{title}"><title>{title}</title>'
        f'<rect width="{first + second}" height="{HEIGHT}" rx="4" fill="{color}"/>'
        f'<path d="M4 0h{first - 4}v{HEIGHT}H4a4 4 0 0 1-4-4V4a4 4 0 0 1 4-4z" fill="#3b4350"/>'
        f'<g fill="#fff" font-family="DejaVu Sans,Verdana,sans-serif" font-size="11" text-anchor="middle">'
        f'<text x="{first / 2}" y="14">{escape(left)}</text>'
        f'<text x="{first + second / 2}" y="14">{escape(right)}</text></g></svg>\n'
    ]


def counts(totals: Mapping[str, int]) -> str:
    """How many requirements are violated, and how many passed."""
    shown = [name for name in outcome_table.names("violated") if totals.get(name)]
    return ", ".join(f"{totals.get(name, 0)} {name}" for name in [*shown, "passed"])
