"""The steps that each scenario of an API can have: `steps.json` in its folder, written by `tests.steps`.

Rule: they help users' own tests and the documentation; no check depends on them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pytest_reportconformance.register import installed

FILE = "steps.json"


def file(api: str) -> Path:
    """The file of an API."""
    return installed.package(api).folder / FILE


@cache
def of(api: str) -> Mapping[str, tuple[str, ...]]:
    """The steps of each scenario by its name, in the order of a run, numbers written N; empty if there is no file."""
    if not file(api).is_file():
        return {}
    found = json.loads(file(api).read_text(encoding="utf-8"))
    return {scenario: tuple(names) for scenario, names in found.items()}
