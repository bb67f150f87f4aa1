"""Which of the texts declared in target.toml an output shows.

Rule: pure functions over exchanges; if the text of a format cannot be read, nothing is concluded.
"""

from __future__ import annotations

import re
from typing import Any

from pytest_reportconformance.jasperserver import purposes
from pytest_reportconformance.judging import file_formats
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import NotReached

MOST_PAGES = 10_000
IN_ORDER = ("pdf", "html", "csv", "docx", "rtf", "odt", "ods")
"""The formats that hold texts in the order of the pages; strings of xlsx and slides of pptx are in any order."""


def text(output: Exchange) -> str:
    """The text of an output; raises NotReached if it cannot be read."""
    found = file_formats.of(output).text
    if found is None:
        raise NotReached("inconclusive", f"{output.line}: the text of the output cannot be read", output.establishes)
    return found


def shows(output: Exchange, wanted: str) -> bool:
    """Whether an output shows a text as a whole: no letter or digit adjoins it.

    Raises NotReached if it may stand in the rest of a long output, which is not looked at.
    """
    return bool(_places(output, wanted))


def _places(output: Exchange, wanted: str) -> list[int]:
    """Where an output shows a text, in characters from the beginning. Raises as `shows`."""
    looked_at = text(output)
    found = [match.start() for match in re.finditer(rf"(?<!\w){re.escape(wanted)}(?!\w)", looked_at)]
    if not found and len(looked_at) >= file_formats.LONGEST_TEXT:
        reason = f"{output.line}: the output is too long to find a text in it"
        raise NotReached("inconclusive", reason, output.establishes)
    return found


def value(output: Exchange, pattern: str) -> str | None:
    """What an output shows that matches a pattern; None if it shows nothing of it, or was not delivered."""
    found = re.search(pattern, file_formats.of(output).text or "") if output.status_code == 200 else None
    return found[0] if found else None


def pages(output: Exchange, facts: dict[str, Any]) -> list[int]:
    """The pages, counted from 1, whose text an output shows; `facts` are `pages` and `page_text` of the report.

    They are in the order of the output, if the order of the text in its file is that in which a reader sees it, and
    if the text of each page occurs once: one that occurs more often may also stand on other pages.
    """
    numbers = range(1, min(facts["pages"], MOST_PAGES) + 1)
    places = {page: _places(output, purposes.page_text(facts, page)) for page in numbers}
    found = {page: at for page, at in places.items() if at}
    in_order = file_formats.of(output).format in IN_ORDER and all(len(at) == 1 for at in found.values())
    return sorted(found, key=found.__getitem__) if in_order else list(found)
