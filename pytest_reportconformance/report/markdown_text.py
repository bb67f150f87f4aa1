"""Text of a record in Markdown: without markup of its own, in one line."""

from __future__ import annotations

from pytest_reportconformance.secrets.redaction import MARKDOWN
from pytest_reportconformance.transcript.parsing import visible

LONGEST = 400


def escaped(text: str) -> str:
    """A text, cut if it is long."""
    text = " ".join(visible(text).split())
    text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    text = text.translate(MARKDOWN)
    return text.replace("://", "\\://").replace("www.", "www\\.")  # GitHub makes links of them, escapes included


def link(text: str, url: str) -> str:
    """A link to an address on the web; the text alone for every other address."""
    if not url.startswith(("http://", "https://")):
        return escaped(text)
    return f"[{escaped(text)}](<{''.join(char for char in visible(url) if char not in '<>')}>)"


def code(text: str) -> str:
    """A text that stands between backticks."""
    return " ".join(visible(text).split()).replace("`", "'")
