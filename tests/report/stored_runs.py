"""Conformance reports to render: runs against servers in this process."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from pytest_reportconformance.http.server import Call, Server
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.judging import evaluate
from pytest_reportconformance.report.stored import Stored
from pytest_reportconformance.run.run import Run, RunSettings
from pytest_reportconformance.run.target_argument import describe
from tests.mutation.kill_matrix import needs

HOSTILE = '<script>alert("1")</script>]]>&\x1b[31m\u202e=1+1'


class Hostile(Reference):
    """Answers 500 with a hostile text to every DELETE and to every cancellation."""

    def answer(self, call: Call) -> Any:
        """Answer one request."""
        found = super().answer(call)
        if call.method == "DELETE" or (call.method == "PUT" and call.path.rstrip("/").endswith("/status")):
            found.status, found.body = 500, HOSTILE.encode()
        return found


def play(reference: Any, folder: Path, **options: Any) -> Stored:
    """The report of a whole run against a server, in `folder`; options are those of RunSettings."""
    with (
        Server(reference) as server,
        Run.prepared(RunSettings(replace(describe(server), name=folder.name), folder, **options)) as run,
    ):
        run.play(needs(run.target.api))
        context = run.judging_context
        run.judgements = evaluate.judge(context.api, context.transcript, context.facts, context.register)
        run.finish(partial=False, strict=False, accept_deviations=False)
    return Stored.read(folder)
