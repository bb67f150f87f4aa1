"""The files of the repository: those that git tracks or would track, or all files of a source distribution."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
MADE = {".venv", "__pycache__", "build", "dist", "demo-report", "conformance", "site", "node_modules"}
"""Folders that a source distribution does not bring: they are made in it."""


@cache
def tracked() -> tuple[Path, ...]:
    """Their paths below the root, sorted."""
    if (ROOT / ".git").exists():
        command = ["git", "ls-files", "-co", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
        return tuple(sorted(path for path in map(Path, listed) if (ROOT / path).is_file()))
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return tuple(sorted(path for path in found if not any(_made(part) for part in path.parts)))


def _made(name: str) -> bool:
    return name in MADE or name.endswith((".egg-info", "_cache"))
