"""Memory stays flat over many runs in one process."""

from __future__ import annotations

import gc
import tracemalloc
from pathlib import Path

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.http.server import Server
from pytest_reportconformance.run.run import Run, RunSettings
from pytest_reportconformance.run.target_argument import describe
from pytest_reportconformance.scenarios import Need

RUNS, WARM = 20, 5
MOST_GROWTH = 1_000_000
"""Bytes by which the last fifteen runs may grow together; the evidence of one run takes more."""


def play(server: Server, folder: Path) -> None:
    """One run of one scenario, with its record."""
    with Run.prepared(RunSettings(describe(server), folder)) as run:
        run.play([Need("separated")])
        run.finish(partial=True, strict=False, accept_deviations=False)


def test_twenty_runs_take_no_more_memory_than_five(tmp_path: Path) -> None:
    with Server(Reference(slow_seconds=0.1)) as server:
        tracemalloc.start()
        try:
            for number in range(RUNS):
                play(server, tmp_path / str(number))
                gc.collect()
                if number == WARM:
                    before = tracemalloc.get_traced_memory()[0]
            grown = tracemalloc.get_traced_memory()[0] - before
        finally:
            tracemalloc.stop()
    assert grown < MOST_GROWTH, grown
