"""Packages that bring an API, as if they were installed: a package and the metadata of its distribution."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pytest_reportconformance.api import Api
from pytest_reportconformance.register import apis


def installed_package(
    folder: Path, api: str, code: str | None, distribution: str = "", group: str = "reportconformance.apis"
) -> None:
    """Write the package `<api>_package` with this code (None: no package) and metadata that register it."""
    name = distribution or f"{api}-distribution"
    module = f"{name.partition('-')[0]}_package"
    if code is not None:
        (folder / module).mkdir()
        (folder / module / "__init__.py").write_text(code + "\n", encoding="utf-8")
    metadata = folder / f"{name.replace('-', '_')}-1.5.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.5\n", encoding="utf-8")
    points = f"[{group}]\n{api} = {module}:API\n"
    (metadata / "entry_points.txt").write_text(points, encoding="utf-8")


def named(name: str) -> Api:
    """An API of that name, otherwise like one of ours."""
    return replace(apis.load("akamai_reporting"), name=name)
