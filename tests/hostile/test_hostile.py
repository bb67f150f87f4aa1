"""A run survives every server: it ends in time, within its memory, says what happened, passes none by mistake."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_reportconformance import apis
from pytest_reportconformance.outcomes import EXIT
from tests.hostile.behaviours import APIS, Behaviour, all_of, endless_chunks, endless_gzip, later, ten_gigabytes
from tests.hostile.playing import LIMITS, Played, checks, describe, finish, start
from tests.hostile.wire import Canary, Hostile, Lie

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


def undiscovered(api: str, played: Played) -> set[str]:
    """Partial, for a server whose reports could not be found out: then nothing is judged, and nothing may pass."""
    return {"partial"} if api == "akamai_reporting" and "passed" not in played.outcomes else set()


@pytest.mark.parametrize(("api", "behaviour"), CASES)
def test_a_run_endures(
    api: str, behaviour: Behaviour, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    canary = Canary()
    reference = apis.load(api).reference(slow_seconds=0.3)
    with Hostile(reference, behaviour.lie, behaviour.when(api), canary.port) as server:
        played = finish(*start(tmp_path, describe(reference, server.url), *checks(api)), behaviour.seconds)
    endured(played, record_property)
    assert played.record["verdict"] in (*behaviour.verdicts, *undiscovered(api, played)), played.reasons
    assert played.code == EXIT[played.record["verdict"]]
    assert re.search(behaviour.says, played.reasons), played.reasons
    assert played.outcomes != {"passed"} or behaviour.says == ""
    assert not canary.visited
    canary.close()


@pytest.mark.parametrize("lie", [endless_chunks, endless_gzip, ten_gigabytes], ids=lambda lie: lie.__name__)
def test_memory_is_bounded_where_bodies_may_be_long(
    lie: Lie, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    limits = LIMITS.replace("body_bytes = 8388608", "").replace("answer_seconds = 1.5", "answer_seconds = 20")
    reference = apis.load("jasperserver").reference(slow_seconds=0.3)
    with Hostile(reference, lie, later("jasperserver")) as server:
        played = finish(*start(tmp_path, describe(reference, server.url, limits), *checks("jasperserver")), 120)
    endured(played, record_property)
    assert "longer than 67108864 bytes" in played.reasons
