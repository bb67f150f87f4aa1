"""Judges a reference server in this process: a whole run, without the reports that pytest would write."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from pytest_reportconformance.http.server import Server
from pytest_reportconformance.judging import collection, evaluate
from pytest_reportconformance.judging.outcomes import Judgement
from pytest_reportconformance.run.run import Run, RunSettings
from pytest_reportconformance.run.target_argument import describe

API = "jasperreports_io"
VIOLATED = ("failed", "warned", "noted")


def judged(reference: Any) -> list[Judgement]:
    """All judgements of a run against a server that listens in this process."""
    with Server(reference) as server, tempfile.TemporaryDirectory() as folder:
        settings = RunSettings(describe(server), Path(folder))
        with Run.prepared(settings) as run:
            run.play(collection.all_needs(API))
            context = run.judging_context
            return evaluate.judge(API, context.transcript, context.facts, context.register)


def violated(judgements: list[Judgement]) -> set[str]:
    """The requirements that a server violates."""
    return {one.requirement for one in judgements if one.outcome in VIOLATED}


def unexplained(judgements: list[Judgement]) -> list[str]:
    """The checks that are blocked by a requirement which the server does not violate."""
    found = violated(judgements)
    return [one.check for one in judgements if one.outcome == "blocked" and one.by is not None and one.by not in found]
