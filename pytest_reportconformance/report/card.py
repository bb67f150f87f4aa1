"""The failure card: requirement, source, expected, actual, the exchange that shows it, its answer, and a curl line.

Rule: one place chooses and names the rows, for the terminal and for every rendering.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

from pytest_reportconformance.judging.outcomes import Judgement
from pytest_reportconformance.register.register import Requirement
from pytest_reportconformance.report import record_members
from pytest_reportconformance.transcript.parsing import visible

WIDTH = 79
INDENT = 13
UNWRAPPED = ("curl", "url")


def rows(requirement: Mapping[str, Any], check: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The rows of a card, from a requirement and a check of the record; rows without a value are left out."""
    source, evidence = requirement["source"], check["evidence"]
    found = [
        ("requirement", f"{requirement['id']} ({requirement['level']})"),
        ("says", requirement["says"]),
        ("source", f"{source['title']}, {source['section']}"),
        ("url", source["url"]),
        ("expected", check["expected"] or requirement["says"]),
        ("actual", check["actual"] or check["reason"]),
        ("exchange", evidence["exchange"]),
        ("answer", check["answer"]),
        ("scenario", "" if evidence["exchange"] else ", ".join(evidence["transcripts"])),
        ("curl", check["curl"]),
    ]
    return [(label, value) for label, value in found if value]


def text(judgement: Judgement, requirement: Requirement) -> str:
    """The card for a terminal of 80 columns; curl lines stay in one piece."""
    return plain(rows(record_members.described(requirement), record_members.check(judgement)))


def plain(rows: list[tuple[str, str]]) -> str:
    """Rows as plain text, safe for a terminal."""
    return "\n".join(_row(label, visible(value)) for label, value in rows)


def _row(label: str, value: str) -> str:
    if label in UNWRAPPED:
        return f"{label:<{INDENT}}{value}".replace("\n", "\n" + " " * INDENT)
    lines = textwrap.wrap(value, WIDTH - INDENT, break_long_words=False, break_on_hyphens=False) or [""]
    return "\n".join(f"{label if i == 0 else '':<{INDENT}}{line}" for i, line in enumerate(lines))
