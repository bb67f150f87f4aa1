"""The snippets of README.md and docs/: code blocks with their page and language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@dataclass(frozen=True)
class Snippet:
    """A code block: the page, its number among those of its language, and its text."""

    page: str
    number: int
    text: str

    @property
    def name(self) -> str:
        """A name that fits into the name of a Python module."""
        return re.sub(r"\W", "_", f"{Path(self.page).stem.lower()}_{self.number}")


def of(language: str) -> Iterator[Snippet]:
    """All snippets of a language, in order of pages."""
    for page in PAGES:
        texts = re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
        for number, text in enumerate(texts, 1):
            yield Snippet(page.relative_to(ROOT).as_posix(), number, text)
