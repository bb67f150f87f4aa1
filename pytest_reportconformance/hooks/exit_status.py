"""The exit code of a session: that of the worst verdict, and that of whatever else failed in it.

Rule: failures are counted from pytest's reports, whatever terminal plugin there is. What our checks cannot explain
stays.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import Any

import pytest

from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.register import own
from pytest_reportconformance.run import standard_output

WORST_FIRST = (ExitCode.FAILED, ExitCode.ERROR, ExitCode.INCOMPLETE)


def guarded_output() -> standard_output.Output:
    """Standard output, whose reader may go away before the run ends."""
    try:
        return standard_output.replaced()
    except standard_output.Closed as error:
        print(f"ERROR: {error}", file=sys.stderr, flush=True)
        os._exit(ExitCode.USAGE)  # pytest fails with a traceback if it ends by itself without standard output


class Failures:
    """The failed reports of a session, as pytest counts them."""

    def __init__(self) -> None:
        self.of_checks = 0
        self.own = 0

    def count(self, report: Any, of_check: bool) -> None:
        """Count a report of a test, if it failed."""
        if report.failed and not hasattr(report, "wasxfail"):
            found = getattr(report, "conformance", None)
            if of_check or (found is not None and not own.is_own(found["requirement"])):
                self.of_checks += 1
            else:
                self.own += 1

    def exit_code(self, verdicts: Iterable[int], session: pytest.Session, exitstatus: int) -> int:
        """The worst of the verdicts' codes and of what else failed: the user's own tests, pytest, other plugins."""
        codes = set(verdicts)
        found = int(exitstatus if session.exitstatus == exitstatus else session.exitstatus)
        explained = self.of_checks > 0 and not self.own and session.testsfailed <= self.of_checks
        if found == pytest.ExitCode.TESTS_FAILED and explained:
            found = 0
        if found == pytest.ExitCode.TESTS_FAILED:
            codes.add(ExitCode.FAILED)
        return next((code for code in WORST_FIRST if code in codes), found)


def check_plugins(config: pytest.Config) -> None:
    """Refuse what other plugins do to processes: checks in forks of their own, an end with 1 and without clean-up."""
    if config.getoption("forked", False):
        raise pytest.UsageError("--forked: checks need the process that plays the scenarios: run without --forked")
    seconds = getattr(config, "_env_timeout", None) or config.getoption("timeout", None)
    method = getattr(config, "_env_timeout_method", None) or config.getoption("timeout_method", None)
    if seconds and method == "thread":
        raise pytest.UsageError(
            "--timeout-method: 'thread' ends the process before the target is cleaned up: use --timeout-method signal"
        )
