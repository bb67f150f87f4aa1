"""A target that dies in the middle of a run ends the run early: one clear error, and no violation."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_reportconformance.judging.verdicts import EXIT
from pytest_reportconformance.register import apis
from tests.hooks.test_command_line import ALONE_AND_PARALLEL
from tests.hostile.behaviour import APIS
from tests.hostile.hostile_run import LIMITS, checks, describe, finish, start
from tests.hostile.wire import Mortal

ACCUSED = {"failed", "warned", "noted", "deviation", "waived"}


@pytest.mark.sampled(0.5)
@ALONE_AND_PARALLEL
@pytest.mark.parametrize("last", [12, 40, 60])
@pytest.mark.parametrize("api", APIS)
def test_a_target_that_dies_is_one_error_and_no_violation(
    api: str, last: int, processes: list[str], tmp_path: Path
) -> None:
    limits = LIMITS.replace("deadline_seconds = 4", "deadline_seconds = 60")
    with Mortal(apis.load(api).reference(slow_seconds=1.0), last) as server:
        target = describe(server.reference, server.url, limits)
        played = finish(*start(tmp_path, target, *checks(api), *processes), 60)
    assert server.closed.is_set()
    assert played.code == EXIT["error"], played.output
    assert played.record["verdict"] == "error"
    assert f"the target {server.url} is unreachable: " in played.record["says"]
    assert played.output.count("is unreachable") >= 1
    assert ACCUSED & played.outcomes == set(), played.reasons
    assert "Traceback" not in played.output
    assert "INTERNALERROR" not in played.output
    assert played.seconds < 30
