"""The hooks of an xdist worker: it writes down what it needs, and judges what the controller recorded.

Rule: a worker sends nothing to the target: it asks the controller to.
"""

from __future__ import annotations

import json
import os
from functools import partial
from pathlib import Path

import pytest

from pytest_reportconformance.hooks.judging import JudgingHooks
from pytest_reportconformance.judging import evaluate
from pytest_reportconformance.judging.conformance import Conformance
from pytest_reportconformance.run.asking import Asking
from pytest_reportconformance.run.background import CompletionMarkers
from pytest_reportconformance.run.judging_context import JudgingContext
from pytest_reportconformance.scenarios import Need
from pytest_reportconformance.transcript.transcript import Transcript


class Worker(JudgingHooks):
    """An xdist worker: writes down what it needs, and judges the transcripts that the controller recorded."""

    def __init__(
        self, config: pytest.Config, contexts: list[JudgingContext], known: dict[str, str], folder: Path
    ) -> None:
        super().__init__(config, contexts, known)
        self.folder = folder
        self.markers = CompletionMarkers(folder)
        self._controller = os.getppid()
        worker = config.workerinput["workerid"]  # type: ignore[attr-defined]  # xdist's
        self.sender = Asking(folder, worker)
        self._checks: set[str] = set()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Write the needs before xdist reports to the controller that the collection is complete."""
        session.items.sort(key=self.comes_late)
        path = self.folder / f"{self.config.workerinput['workerid']}.json"  # type: ignore[attr-defined]  # xdist's
        needs = self.needs(session)
        self._checks = set(needs["checks"].values())
        path.write_text(json.dumps(needs), encoding="utf-8")

    def transcript(self, context: JudgingContext, need: Need) -> Transcript:
        """A transcript of a run, as soon as it is complete."""
        self.markers.wait(context.api, need)
        return super().transcript(context, need)

    def await_all(self) -> None:
        """Wait until the controller has played all scenarios."""
        self.markers.wait_for_all()

    def conformance(self, context: JudgingContext) -> Conformance:
        """The outcomes of a run: this worker judges the transcripts itself, whatever the others have judged by now."""
        only = [id for id in self._checks if id.startswith(f"{context.api}.")]
        every = self.played.get(context.api, ())
        read = partial(self.transcript, context)
        found = evaluate.judge(context.api, read, context.facts, context.register, only, every) if only else []
        return Conformance(context.register, found)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """End without a word if the controller has ended before, as no process receives the results."""
        if os.getppid() != self._controller:
            os._exit(pytest.ExitCode.INTERRUPTED)
