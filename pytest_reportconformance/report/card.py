"""The failure card: requirement, source, expected, actual, exchange, and a curl line."""

from __future__ import annotations

import textwrap

from pytest_reportconformance.judging.outcomes import Judgement
from pytest_reportconformance.register.register import Requirement
from pytest_reportconformance.transcript.parsing import visible

WIDTH = 110
INDENT = 13


def text(judgement: Judgement, requirement: Requirement) -> str:
    """The card as plain text, safe for a terminal."""
    rows = [
        ("requirement", f"{requirement.id} ({requirement.level})"),
        ("", requirement.says),
        ("source", f"{requirement.document.title}, {requirement.section}"),
        ("", requirement.source_url),
        ("expected", judgement.expected or requirement.says),
        ("actual", judgement.actual or judgement.reason),
        ("exchange", judgement.exchange or ", ".join(judgement.transcripts)),
        ("curl", judgement.curl or ""),
    ]
    return "\n".join(_row(label, value) for label, value in rows if value)


def _row(label: str, value: str) -> str:
    value = visible(value)
    if label == "curl" or " " not in value:
        return f"{label:<{INDENT}}{value}"
    lines = textwrap.wrap(value, WIDTH, break_long_words=False, break_on_hyphens=False) or [""]
    return "\n".join(f"{label if i == 0 else '':<{INDENT}}{line}" for i, line in enumerate(lines))
