"""The page of outcomes in every format."""

from __future__ import annotations

from collections.abc import Iterator

from docs.generator.markdown import Page, code, prose, table
from pytest_reportconformance.judging.outcome_table import OUTCOMES

FORMATS = ("pytest", "JUnit", "EARL", "CTRF")


def pages() -> Iterator[Page]:
    """The page."""
    rows = [
        (
            f"[{one.name}](../outcomes.md#{one.name.replace(' ', '-')})" if one.group != "unjudged" else one.name,
            prose(one.means),
            one.verdict or "",
            code(one.pytest),
            code(one.junit) if one.junit else "",
            code(one.earl),
            code(one.ctrf),
        )
        for one in OUTCOMES
    ]
    columns = ("outcome", "meaning", "verdict, if it is of a MUST requirement", *FORMATS)
    yield Page(
        "reference/outcome-names",
        "# Outcomes in every format\n\nWorst first: a requirement with several checks has the worst of their outcomes. "
        "[Outcomes and verdicts](../outcomes.md) explains each one.\nIn JUnit, a test case without an element is a "
        f"passed one.\n\n{table(columns, rows)}",
    )
