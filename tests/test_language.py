"""Words that the house avoids stand nowhere in prose or names."""

from __future__ import annotations

import re

from tests.tracked import ROOT, tracked

AVOIDED = re.compile(r"\b(t[o]ld|n[o]body|l[i]ar|l[e]t alone|str[a]nger|h[u]rried)\b", re.IGNORECASE)
"""Figures of speech that a reader of technical English stumbles over; the brackets keep this line from matching."""


def test_avoided_words_stand_nowhere() -> None:
    files = [ROOT / path for path in tracked() if path.suffix in (".md", ".toml", ".py", ".html")]
    assert len(files) > 300
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if AVOIDED.search(line)
    ]
    assert found == []
