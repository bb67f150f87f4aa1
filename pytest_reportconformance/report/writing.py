"""Text files that commands write where a user asked for them."""

from __future__ import annotations

from pathlib import Path

from pytest_reportconformance.transcript import files


def write(path: Path, text: str) -> None:
    """Write a file, and the folders that it is in; never through a link. Raises OSError."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise OSError(f"{path} is a link or no regular file: nothing is written there")
    with files.named(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="")
