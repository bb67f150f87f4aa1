"""A run survives every server: it ends in time and within its memory, and passes nothing by mistake."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from pytest_reportconformance.judging.verdicts import EXIT
from pytest_reportconformance.register import apis
from pytest_reportconformance.report import rejudge
from pytest_reportconformance.report.stored import Stored
from tests.hostile.behaviour import APIS, Behaviour, later
from tests.hostile.behaviours import all_of
from tests.hostile.hostile_run import LIMITS, Played, checks, describe, finish, start
from tests.hostile.wire import Canary, Fault, Hostile
from tests.hostile.wire_behaviours import endless_chunks, endless_gzip, ten_gigabytes

MOST_MEGABYTES = 300
CASES = [pytest.param(api, one, id=f"{api}: {one.name}") for api in APIS for one in all_of(api)]


def endured(played: Played, record: Callable[[str, object], None]) -> None:
    """What holds whatever the server does."""
    record("peak_mb", played.peak)
    record("seconds", played.seconds)
    assert played.peak < MOST_MEGABYTES
    assert "Traceback" not in played.output + played.reasons, played.output
    assert "INTERNALERROR" not in played.output, played.output
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", played.output), "control characters reach the terminal"
    assert not re.search(r" in scenario ", played.reasons), played.reasons


@pytest.mark.sampled(0.07)
@pytest.mark.parametrize(("api", "behaviour"), CASES)
def test_a_run_endures(
    api: str, behaviour: Behaviour, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    reference = apis.load(api).reference(slow_seconds=0.3 if behaviour.reason else 1.0)
    limits = LIMITS.replace("answer_seconds = 1.5", f"answer_seconds = {behaviour.answer_seconds}")
    with closing(Canary()) as canary, Hostile(reference, behaviour.fault, behaviour.when(api), canary.port) as server:
        played = finish(*start(tmp_path, describe(reference, server.url, limits), *checks(api)), behaviour.seconds)
        assert not canary.visited
    endured(played, record_property)
    assert played.record["verdict"] == behaviour.verdict, played.reasons
    assert played.code == EXIT[behaviour.verdict]
    assert re.search(behaviour.expected_reason(api), played.reasons), played.reasons
    if behaviour.reason:
        assert played.outcomes != {"passed"}
    else:  # a busy machine may leave something unjudged
        assert {"passed"} <= played.outcomes <= {"passed", "inconclusive", "not applicable"}, played.reasons
    again = rejudge.judge(Stored.read(tmp_path / "report")) if played.outcomes else None
    assert again is None or again.differences == ()


@pytest.mark.sampled(0.4)
@pytest.mark.parametrize("fault", [endless_chunks, endless_gzip, ten_gigabytes], ids=lambda fault: fault.__name__)
def test_memory_is_bounded_where_bodies_may_be_long(
    fault: Fault, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    limits = LIMITS.replace("body_bytes = 8388608", "").replace("answer_seconds = 1.5", "answer_seconds = 20")
    reference = apis.load("jasperserver").reference(slow_seconds=0.3)
    with Hostile(reference, fault, later("jasperserver")) as server:
        played = finish(*start(tmp_path, describe(reference, server.url, limits), *checks("jasperserver")), 120)
    endured(played, record_property)
    assert "longer than 67108864 bytes" in played.reasons
