"""The suite as the action installs it, once for all tests; and a checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ci.local_action import Job, Runner, temporary
from tests.ci.nights import environment


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """A run of the action that installs the suite, and that certifies nothing.

    Its dependencies are those of this process, which are not installed again: their command `pytest` is added.
    """
    folder = tmp_path_factory.mktemp("installed")
    (folder / "workspace").mkdir()
    one = Runner(folder / "store", folder / "workspace", environment(folder))
    one.skipped = {"Certify"}
    job = one.run({"target": "embedded", "baseline": ""})
    commands = temporary(job) / "reportconformance" / "bin"
    (commands / "pytest").write_text(f'#!/bin/sh\nexec "{commands}/python" -P -m pytest "$@"\n', encoding="utf-8")
    (commands / "pytest").chmod(0o755)
    return job


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A checkout whose own tests cannot even be imported."""
    found = tmp_path / "workspace"
    found.mkdir()
    for name in ("conftest.py", "test_own.py"):
        (found / name).write_text("import a_package_that_is_not_there\n", encoding="utf-8")
    return found
