"""Text of a record in Markdown: without markup of its own, in one line."""

from __future__ import annotations

from pytest_reportconformance.secrets.redaction import MARKDOWN
from pytest_reportconformance.transcript.parsing import visible

LONGEST = 400


def escaped(text: str) -> str:
    """A text, cut if it is long."""
    text = " ".join(visible(text).split())
    text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return text.translate(MARKDOWN)


def code(text: str) -> str:
    """A text that stands between backticks."""
    return " ".join(visible(text).split()).replace("`", "'")
