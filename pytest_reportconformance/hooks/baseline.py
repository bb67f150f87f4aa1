"""The baseline of a session: read before anything is sent, created at the end if it was asked for.

Rule: what cannot be compared is a usage error, in one sentence that says what to do.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from pytest_reportconformance.judging.outcome_table import ERROR
from pytest_reportconformance.judging.verdicts import Verdict
from pytest_reportconformance.report import baseline
from pytest_reportconformance.report.stored import MALFORMED, NotAReport, Stored
from pytest_reportconformance.run.run import Run
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript import files

OPTION, CREATE, NEW = "--conformance-baseline", "--conformance-baseline-create", "--accept-new-deviations"


def path(config: pytest.Config) -> Path | None:
    """The file of the baseline; None without the option."""
    given = config.getoption(OPTION)
    return None if given is None else config.invocation_params.dir / given


def read(config: pytest.Config, targets: Sequence[Target]) -> dict[str, Any] | None:
    """The summary of the baseline; None if there is none, or if the run creates it. Raises UsageError."""
    file = path(config)
    if file is None:
        for option in (CREATE, NEW):
            if config.getoption(option):
                raise pytest.UsageError(f"{option}: there is no baseline: name its file with {OPTION} FILE")
        return None
    if len(targets) != 1:
        raise pytest.UsageError(f"{OPTION}: a baseline is of one target, and this run has {len(targets)}: name one")
    if not file.exists():
        _check_absent(config, file)
        return None
    try:
        found = baseline.summary(Stored.read(file).record)
    except NotAReport as error:
        raise pytest.UsageError(f"{OPTION}: {error}") from None
    except MALFORMED as error:
        raise pytest.UsageError(f"{OPTION}: {file}: not a record of this suite: {error!r}") from None
    if (why := baseline.incomparable(found, targets[0].api, targets[0].product)) is not None:
        raise pytest.UsageError(f"{OPTION}: {config.getoption(OPTION)}: {why}: name a baseline of this target")
    return found


def _check_absent(config: pytest.Config, file: Path) -> None:
    """Refuse a file that is not there, unless the run can create it."""
    given = config.getoption(OPTION)
    if not config.getoption(CREATE):
        raise pytest.UsageError(f"{OPTION}: there is no file {given}: add {CREATE} to write it at the end of this run")
    if not file.parent.is_dir():
        raise pytest.UsageError(f"{OPTION}: {given} is in a folder that does not exist: create the folder first")


def create(config: pytest.Config, run: Run, verdict: Verdict) -> str | None:
    """Create the baseline from the record of a run; a line for the terminal, or None if nothing is to be done."""
    file = path(config)
    if file is None or run.settings.baseline is not None or not config.getoption(CREATE):
        return None
    given = config.getoption(OPTION)
    if verdict.name == ERROR:
        return f"baseline not created, because the verdict is {ERROR}: {given}"
    source = run.folder / "results.json"
    if source.resolve() != file.resolve():
        with files.named(file):
            shutil.copyfile(source, file)
    return f"baseline created: {given}"
