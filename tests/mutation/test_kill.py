"""The command that judges mutants: `python -m tests.kill`."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("jasperserver", "CancelInNameOnly"), "did you mean 'CancelsInNameOnly'?"),
        (("jasperserver", "CancelsInNameOnly", "Qwertz"), "jasperserver has no mutant 'Qwertz'"),
        (("jasper",), "invalid choice: 'jasper'"),
    ],
)
def test_an_unknown_name_is_an_error(arguments: tuple[str, ...], message: str) -> None:
    command = [sys.executable, "-m", "tests.kill", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""
