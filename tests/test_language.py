"""Words that the house avoids stand nowhere in prose or names."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
AVOIDED = re.compile(r"\b(t[o]ld|n[o]body|l[i]ar|l[e]t alone|str[a]nger|h[u]rried)\b", re.IGNORECASE)
"""Figures of speech that a reader of technical English stumbles over; the brackets keep this line from matching."""


def test_avoided_words_stand_nowhere() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "*.md", "*.toml", "*.py", "*.html"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert len(listed) > 300
    files = [ROOT / name for name in listed if (ROOT / name).is_file()]
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if AVOIDED.search(line)
    ]
    assert found == []
