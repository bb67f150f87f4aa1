"""The hooks of the process that plays the scenarios, with or without xdist: preparation, play, verdict, exit code.

Rule: the controller plays, workers judge. Under xdist the controller reads what the workers need from a file before
the first test starts. Checks whose transcripts are complete late are judged last.
"""

from __future__ import annotations

import atexit
import datetime
import gc
import json
import shutil
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import pytest

from pytest_reportconformance.hooks import progress, progress_line, settings
from pytest_reportconformance.hooks.end_of_run import searched
from pytest_reportconformance.hooks.exit_status import Failures, check_plugins, guarded_output
from pytest_reportconformance.hooks.faults import of_the_machine
from pytest_reportconformance.hooks.interrupts import Interrupts
from pytest_reportconformance.hooks.judging import INPUT, JudgingHooks
from pytest_reportconformance.hooks.own_runs import OwnRuns
from pytest_reportconformance.judging import collection
from pytest_reportconformance.judging.conformance import Conformance
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.judging.outcomes import Judgement
from pytest_reportconformance.judging.verdicts import Verdict
from pytest_reportconformance.recording.recorder import Recorder
from pytest_reportconformance.register import own
from pytest_reportconformance.report import renderings
from pytest_reportconformance.run import prompts, standard_output
from pytest_reportconformance.run.background import BackgroundRun, CompletionMarkers
from pytest_reportconformance.run.judging_context import JudgingContext
from pytest_reportconformance.run.plan import Plan, lines
from pytest_reportconformance.run.preparation import Unreachable
from pytest_reportconformance.run.run import Run, RunSettings
from pytest_reportconformance.run.target_argument import Targets
from pytest_reportconformance.scenarios import Need
from pytest_reportconformance.target import vocabulary
from pytest_reportconformance.target.target import TargetError
from pytest_reportconformance.transcript import files
from pytest_reportconformance.transcript.parsing import visible
from pytest_reportconformance.transcript.transcript import Transcript


class Controller(JudgingHooks):
    """The process that plays the scenarios, with or without xdist's workers."""

    def __init__(self, config: pytest.Config, targets: Targets) -> None:
        self.targets = targets
        self.settings = settings.run_settings(config, targets.targets)
        self.runs: list[Run] = []
        self.open_runs = ExitStack()
        today = datetime.date.today()
        super().__init__(config, [one.judging_context(one.target, today) for one in self.settings], self.known)
        self.folder = Path(tempfile.mkdtemp(prefix="reportconformance-"))
        self.checks, self.own_checks = dict[str, str](), dict[str, str]()
        self.judged: set[str] = set()
        self.background: BackgroundRun | None = None
        self.interrupts = Interrupts(config, self.runs, self.folder, embedded=bool(targets.servers))
        self.only_checks = True
        self.failures = Failures()
        self.verdicts: list[tuple[Run, Verdict]] = []
        self.plans: list[Plan] = []
        self.sender, self.shown = OwnRuns(self.own, self.runs), False
        self.fault: str | None = None
        self.output = guarded_output()
        atexit.register(gc.freeze)  # skip freeing all transcripts when the process ends

    @property
    def known(self) -> dict[str, str]:
        """The secrets of the targets and those that the runs have met, each with its kind."""
        met = {secret: kind for run in self.runs for secret, kind in run.client.redactor.known.copy().items()}
        return self._declared | met

    @cached_property
    def _declared(self) -> dict[str, str]:
        return vocabulary.known(one.target for one in self.settings)

    @cached_property
    def line(self) -> progress_line.Line:
        """The line that shows the progress of the scenarios."""
        return progress_line.Line(self.config)

    @property
    def dry(self) -> bool:
        """Whether nothing is sent (`--collect-only`, `--fixtures`)."""
        return any(self.config.getoption(name) for name in ("collectonly", "showfixtures", "show_fixtures_per_test"))

    def pytest_report_header(self) -> list[str]:
        """The version of the suite, and the targets under test."""
        targets = [run.target for run in self.runs] or [one.target for one in self.settings]
        return [progress.SUITE, *(line for target in targets for line in progress.header(target))]

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Reach and prepare the targets before anything is collected."""
        check_plugins(self.config)
        self.interrupts.install()
        if self.dry:
            return
        for asked, context in zip(self.settings, self.contexts, strict=True):
            try:
                run = self.open_runs.enter_context(Run.opened(self._at_terminal(asked)))
                self.runs.append(run)
                run.prepare()
            except Unreachable as error:
                fault = self.targets.fault
                self._end_early(run, str(error) if fault is None else files.sentence(fault))
            except TargetError as error:
                raise pytest.UsageError(str(error)) from None
            context.facts = run.judging_context.facts

    def _at_terminal(self, asked: RunSettings) -> RunSettings:
        """The settings, with what the user enters and with a log at the terminal, if there is one."""
        reporter = self.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None and self.config.get_verbosity() > 0:
            asked = replace(asked, say=partial(self._say, reporter))
        if reporter is not None and reporter.isatty:
            asked = replace(asked, target=prompts.completed(asked.target))
        return asked

    def _say(self, reporter: Any, text: str) -> None:
        reporter.ensure_newline()
        reporter.write_line(visible(f"provisioning: {text}"))

    def _end_early(self, run: Run, text: str) -> None:
        finished = run.finish(partial=False, strict=self.strict, accept_deviations=False)
        verdict = searched(self.config, run, finished)
        text = text if verdict is finished else f"{text}\n{verdict.says}"
        pytest.exit(f"{text}\nverdict: {verdict.name}; conformance report: {run.folder}", verdict.exit_code)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Send a worker what judging needs."""
        contexts = [context.dump() for context in self.contexts]
        node.workerinput[INPUT] = json.dumps({"contexts": contexts, "secrets": self.known, "needs": str(self.folder)})

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Play what the selected tests need; with `--collect-only`, plan it."""
        if session.items and not self.dry:
            session.items.sort(key=self.comes_late)
            self._play(self.needs(session))
        elif session.items and self.config.get_verbosity() > 0:
            asked = self.needs(session)["needs"]
            self.plans = [settings.plan(one.target, asked[one.target.api]) for one in self.settings]

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any) -> None:
        """Play when the first worker has collected: all workers collect the same tests."""
        if self.background is None:
            path = self.folder / f"{node.gateway.id}.json"
            self._play(json.loads(path.read_text(encoding="utf-8"))).watch()
            self.sender.answer_workers(self.folder)

    def _play(self, asked: dict[str, Any]) -> BackgroundRun:
        self.checks, self.own_checks = asked["checks"], asked["own"]["checks"]
        self.deselected = asked["deselected"]
        self.sender.prepare(asked["own"])
        plays = [(run, [Need(*need) for need in asked["needs"][run.target.api]]) for run in self.runs]
        self.background = BackgroundRun(plays, self._tick, renderings.prepare, CompletionMarkers(self.folder))
        return self.background

    def _await(self, run: Run | None = None, need: Need | None = None) -> None:
        """Wait until one scenario or all scenarios are played."""
        if self.background is None:
            return
        try:
            if run is not None and need is not None:
                self.background.wait(run, need)
            else:
                self.background.finish()
        except Exception as error:  # a full disk or memory has many types; all else goes on upwards
            if not of_the_machine(error):
                raise
            self.stop(files.sentence(error))
        finally:
            self.line.clear()
            self.secrets.learn(self.known)

    def transcript(self, context: JudgingContext, need: Need) -> Transcript:
        """A transcript of a run, as soon as it is complete."""
        self._await(self._run_of(context.api), need)
        self._end_if_exhausted()
        return super().transcript(context, need)

    def conformance(self, context: JudgingContext) -> Conformance:
        """The outcomes of a run: all its checks are judged before the user's own tests."""
        return Conformance(context.register, self._run_of(context.api).judgements)

    def await_all(self) -> None:
        """Wait until all scenarios are played."""
        self._await()
        self._end_if_exhausted()

    def _tick(self, recorder: Recorder) -> None:
        """While scenarios are played: show them, and see whether an embedded server can still answer."""
        if self.targets.fault is not None and self.fault is None:
            self.stop(files.sentence(self.targets.fault))
        self.line.show(recorder)

    def _end_if_exhausted(self) -> None:
        """Raises Exit if this machine has no more of what the run needs: no check is judged any more."""
        text = self.fault or next((run.recorder.fault for run in self.runs if run.recorder.fault), None)
        if text is not None:
            raise pytest.exit.Exception(text, ExitCode.ERROR)

    def stop(self, text: str) -> None:
        """End all runs because of a fault of this machine: their verdicts are errors."""
        self.fault = text
        for run in self.runs:
            run.error = text
            run.client.clock.stop()

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Collect the judgements."""
        self.line.clear()
        self.failures.count(report, report.nodeid in self.checks)
        found = getattr(report, "conformance", None)
        if report.outcome == "rerun":
            return  # of pytest-rerunfailures: the same transcripts are judged once more
        if found is not None:
            self._keep(report.nodeid, Judgement(**{**found, "transcripts": tuple(found["transcripts"])}))
        elif report.failed and report.nodeid not in self.judged:
            id = self.checks.get(report.nodeid) or self.own_checks.get(report.nodeid)
            if id is not None:
                text = str(report.longrepr).strip().splitlines()[-1]
                self._keep(report.nodeid, Judgement(id, report.nodeid, "error", text))
        self.only_checks = self.only_checks and report.nodeid in self.checks

    def _keep(self, nodeid: str, found: Judgement) -> None:
        self.judged.add(nodeid)
        if own.is_own(found.requirement):
            self.sender.keep(found)
        else:
            self._run_of(found.requirement.partition(".")[0]).judgements.append(found)

    def _run_of(self, api: str) -> Run:
        return next(run for run in self.runs if run.target.api == api)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Give the verdicts, and the exit code that follows from them."""
        if self.background is not None and len(self.judged) < len(self.checks) + len(self.own_checks):
            self.background.stop()
        self._await()
        self.sender.end()
        if self.dry or not (self.checks or self.own_checks):
            return
        for run in self.runs:
            verdict = run.finish(
                partial=self._partial(run),
                strict=self.strict,
                accept_deviations=bool(self.config.getoption("--accept-deviations")),
            )
            self.verdicts.append((run, verdict))
        final = (pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR)
        if not self.interrupts.interrupted and exitstatus not in final:
            codes = [verdict.exit_code for _, verdict in self.verdicts]
            if self.output.error is not None:
                codes.append(ExitCode.ERROR)
            session.exitstatus = self.failures.exit_code(codes, session, exitstatus)

    def _partial(self, run: Run) -> bool:
        collected = {id for id in self.checks.values() if id.partition(".")[0] == run.target.api}
        everything = set(collection.checks(run.target.api))
        return bool(self.deselected) or bool(self.checks.keys() - self.judged) or bool(everything - collected)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print the verdicts, or the plans."""
        self.shown = True
        for run, verdict in self.verdicts:
            progress.summary(terminalreporter, run, verdict, self.config.getoption("--target"))
        for plan in self.plans:
            terminalreporter.write_line(visible("\n".join(["", *lines(plan)])))

    def pytest_unconfigure(self) -> None:
        """Close what was opened; print the verdicts if no plugin for the terminal asked for them."""
        self.open_runs.close()
        for run, verdict in self.verdicts:
            if not self.shown:
                print(progress.line(run, verdict))
            elif run.comparison is not None:
                progress.last(self.config.pluginmanager.get_plugin("terminalreporter"), verdict, run.comparison)
        self.targets.close()
        standard_output.restored(self.output)
        if self.output.error is not None:
            print(f"ERROR: standard output cannot be written: {self.output.error.strerror}", file=sys.stderr)
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.only_checks:
            gc.freeze()  # pytest collects garbage of tests: checks leave none, and traversing transcripts takes long
