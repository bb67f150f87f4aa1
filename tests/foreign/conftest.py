"""What the tests with packages from npm share: their installation."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.foreign.servers import FOLDER

PATIENCE = 600


@pytest.fixture(scope="session", autouse=True)
def installed() -> None:
    """Install the packages, once for all processes; skip where npm is absent."""
    if shutil.which("npm") is None:
        pytest.skip("npm is absent: the packages come from there")
    lock = FOLDER / "node_modules.lock"
    _take(lock)
    try:
        subprocess.run([str(FOLDER / "install")], check=True, timeout=PATIENCE)
    finally:
        lock.unlink(missing_ok=True)


def _take(lock: Path) -> None:
    for _ in range(PATIENCE):
        try:
            lock.touch(exist_ok=False)
        except FileExistsError:
            time.sleep(1)
        else:
            return
    raise TimeoutError(f"{lock} is held by another process: remove it if that is gone")
