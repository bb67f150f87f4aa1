"""The repository that the site describes: its root and its APIs. Those of other packages may be installed as well."""

from __future__ import annotations

from pathlib import Path

from pytest_reportconformance.register import apis

ROOT = Path(__file__).parents[2]


def names() -> list[str]:
    """The APIs of this repository, sorted."""
    return [api for api in apis.names() if (ROOT / "tests" / api / "mutants").is_dir()]
