"""Reference servers with one fault each, and the requirements that each violates."""

from __future__ import annotations

from typing import Any

from mutants import endings, exports, runs

MUTANTS: list[Any] = [
    value
    for module in (runs, exports, endings)
    for value in vars(module).values()
    if isinstance(value, type) and "violates" in vars(value)
]
