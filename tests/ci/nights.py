"""What the nights of every CI system have in common: an environment, and a server that is upgraded."""

from __future__ import annotations

import os
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from pytest_reportconformance.http.server import Server
from pytest_reportconformance.register import apis

BASELINE = "conformance-baseline.json"
REPORT = "conformance-report"
SELECTED = "status-default-xml"
"""A requirement that holds in 6.4.2, and from which 8.1.1 deviates (json-by-default)."""
WORSE = ("worse than the baseline", "JasperReports Server 6.4.2 → 8.1.1", "json-by-default")


def environment(folder: Path) -> dict[str, str]:
    """The environment of a job: without the index, and with the dependencies of this process."""
    return {
        "HOME": str(folder),
        "PATH": os.environ["PATH"],
        "PIP_NO_BUILD_ISOLATION": "0",  # pip's way to say yes to an option that begins with no-
        "PIP_NO_DEPS": "1",
        "PIP_NO_INDEX": "1",
        "PYTEST_ADDOPTS": f"-k {SELECTED}",
        "PYTHONPATH": sysconfig.get_path("purelib"),
        "XDG_STATE_HOME": str(folder / "state"),
    }


@contextmanager
def served(workspace: Path, version: str, url: str = "http://127.0.0.1:0") -> Iterator[str]:
    """A reference server of an edition, described in the workspace; its URL. An upgraded one keeps that of the old."""
    reference = apis.load("jasperserver").reference(edition=version, slow_seconds=1.0)
    with Server(reference, urlsplit(url).port or 0) as server:
        (workspace / "target.toml").write_text(reference.target_toml(server.url), encoding="utf-8")
        yield server.url
