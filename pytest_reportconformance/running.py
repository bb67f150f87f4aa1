"""The hooks of a run with a target: collection, play, judgement, verdict.

Rule: with `plugin` and `collecting` the only modules that know pytest. The controller plays, workers judge: under xdist
the needs of the nodes reach the controller as a file before the first test starts.
"""

from __future__ import annotations

import json
import signal
import tempfile
from collections.abc import Generator
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pytest_reportconformance import apis, asking, collecting, outcomes, planning, progress, sets, waivers
from pytest_reportconformance.choosing import Choice, choose
from pytest_reportconformance.documents import visible
from pytest_reportconformance.exchange import NotReached
from pytest_reportconformance.finishing import Finishing
from pytest_reportconformance.outcomes import Judgement, Verdict
from pytest_reportconformance.recording import Need
from pytest_reportconformance.report import card
from pytest_reportconformance.run import Run, Seat, Unreachable
from pytest_reportconformance.scanning import Secrets
from pytest_reportconformance.sets import RequirementSet, SetError
from pytest_reportconformance.target import TargetError

INPUT = "reportconformance"
SHOWN = ("longrepr", "sections", "user_properties", "wasxfail", "conformance")
"""What a report of pytest shows of a test."""
SKIPPED = ("blocked", "inconclusive", "untested", "not applicable")
XFAILED = ("warned", "waived", "deviation")


def register(config: pytest.Config) -> None:
    """Register the hooks: those of a controller or of a worker."""
    if hasattr(config, "workerinput"):
        given = config.workerinput.get(INPUT)
        if given is None:
            return
        values = json.loads(given)
        seats = [Seat.read(seat) for seat in values["seats"]]
        hooks: Judging = Worker(config, seats, values["secrets"], Path(values["needs"]))
    else:
        hooks = _controller(config)
    config.pluginmanager.register(hooks, "reportconformance-run")
    if isinstance(hooks, Controller):
        config.pluginmanager.register(Finishing(config, hooks.verdicts))
    config.pluginmanager.register(collecting.PackagedFiles([seat.api for seat in hooks.seats]))
    for seat in hooks.seats:
        _register_fixtures(config, seat)


def _controller(config: pytest.Config) -> Controller:
    try:
        target, api, live = (config.getoption(name) for name in ("--target", "--target-api", "--live"))
        return Controller(config, choose(target, api, live=live))
    except (TargetError, SetError) as error:
        raise pytest.UsageError(str(error)) from None


def _frozen(name: str | None, apis: list[str]) -> RequirementSet | None:
    found = sets.load(name) if name else None
    if found is not None and found.api not in apis:
        raise SetError(f"--set: found {name}, a set of {found.api}; allowed: a set of {' or '.join(apis)}")
    return found


def _register_fixtures(config: pytest.Config, seat: Seat) -> None:
    module = collecting.fixtures(seat.api, seat.transcript)
    config.pluginmanager.register(module, module.__name__)
    if (collecting.PACKAGE / seat.api / "fixtures.py").is_file():
        config.pluginmanager.import_plugin(f"{collecting.PACKAGE.name}.{seat.api}.fixtures")


class Judging:
    """What controller and workers share: collecting packaged checks and judging them."""

    def __init__(self, config: pytest.Config, seats: list[Seat], known: dict[str, str]) -> None:
        self.config = config
        self.seats = seats
        self.by_api = {seat.api: seat for seat in seats}
        self.strict = bool(config.getoption("--conformance-strict"))
        self.deselected = 0
        self.secrets = Secrets(known)
        self.allure = bool(config.getoption("allure_report_dir", None))
        if self.allure:
            allure().register(config, self.secrets)
        self._add_paths()

    def _add_paths(self) -> None:
        """Without paths on the command line, collect the packaged checks; testpaths keep working beside."""
        sources = pytest.Config.ArgsSource
        packaged = [str(file) for seat in self.seats for file in collecting.files(seat.api)]
        if self.config.args_source == sources.TESTPATHS:
            self.config.args = [*self.config.args, *packaged]
        elif self.config.args_source != sources.ARGS:
            self.config.args = packaged

    @pytest.fixture(scope="session")
    def target_url(self) -> str:
        """The base URL of the target (of the first one where there are several)."""
        return self.seats[0].url

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Make checks selectable by requirement id and level."""
        for item in items:
            id = collecting.requirement_of(item)
            if id is not None:
                item.extra_keyword_matches.add(id)
                requirement = self._requirement(id)
                item.add_marker(getattr(pytest.mark, requirement.level.lower()))
                if self.allure:
                    allure().mark(item, requirement, apis.load(requirement.api).title)

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        """Count packaged checks that the user left out."""
        self.deselected += sum(collecting.requirement_of(item) is not None for item in items)

    def needs(self, session: pytest.Session) -> dict[str, Any]:
        """What the selected tests ask for, as JSON values."""
        needs: dict[str, list[Need]] = {}
        for seat in self.seats:
            scenarios = apis.scenarios(seat.api)
            wanted = {need for item in session.items for need in collecting.needs(item, scenarios)}
            needs[seat.api] = sorted(wanted, key=lambda need: need.key)
        checks = {item.nodeid: id for item in session.items if (id := collecting.requirement_of(item))}
        return {
            "needs": {api: [[need.scenario, need.param] for need in found] for api, found in needs.items()},
            "checks": checks,
            "deselected": self.deselected,
        }

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
        """Turn what a check raised into a judgement, and the judgement into what pytest shows."""
        id = collecting.requirement_of(item)
        raised = call.excinfo
        call.excinfo = raised if id is None else _untraced(raised)
        report: Any = yield
        call.excinfo = raised
        error = raised.value if raised is not None else None
        if id is None:
            if isinstance(error, NotReached):
                _skip(report, item, f"{error.outcome}: {error.reason}")
            return self._scrubbed(report)
        if call.when == "call" or (call.when == "setup" and error is not None):
            judgement = self._judge(item, id, error, call.duration)
            report.conformance = vars(judgement)
            self._show(report, item, judgement)
        return self._scrubbed(report)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collectreport(self, report: Any) -> None:
        """Take secrets out of what went wrong while collecting."""
        self._scrubbed(report)

    def _scrubbed(self, report: Any) -> Any:
        """A report without secrets: whatever a test printed, raised or noted."""
        for name in SHOWN:
            if getattr(report, name, None):
                setattr(report, name, self.secrets.scrub(getattr(report, name)))
        return report

    def pytest_report_teststatus(self, report: Any) -> tuple[str, str, str] | None:
        """An error of ours is shown as an error, not as a failure of the server."""
        found = getattr(report, "conformance", None)
        return ("error", "E", "ERROR") if found and found["outcome"] == "error" else None

    def _requirement(self, id: str) -> Any:
        return self.by_api[id.partition(".")[0]].register.requirements[id]

    def _judge(self, item: pytest.Item, id: str, error: BaseException | None, seconds: float) -> Judgement:
        seat = self.by_api[id.partition(".")[0]]
        found = outcomes.judge(self._requirement(id), item.name, error, seat.context, seat.register)
        needs = collecting.needs(item, apis.scenarios(seat.api))
        return outcomes.evidenced(found, error, [need.key for need in needs], seconds)

    def _show(self, report: Any, item: pytest.Item, found: Judgement) -> None:
        requirement = self._requirement(found.requirement)
        shown = "failed" if found.outcome == "warned" and self.strict else found.outcome
        item.user_properties += [
            ("requirement", requirement.id), ("level", requirement.level), ("outcome", found.outcome),
        ]  # fmt: skip
        report.user_properties = list(item.user_properties)
        if shown in SKIPPED:
            _skip(report, item, f"{found.outcome}: {found.reason}")
        elif shown in XFAILED:
            report.outcome, report.wasxfail, report.longrepr = "skipped", f"{found.outcome}: {found.reason}", None
        elif shown in ("passed", "noted"):
            report.outcome, report.longrepr = "passed", None
        else:
            report.outcome, report.longrepr = "failed", card.text(found, requirement)


def _untraced(raised: pytest.ExceptionInfo[BaseException] | None) -> pytest.ExceptionInfo[BaseException] | None:
    """What a check raised, as pytest shows it without reading source files: the failure card says more than those."""
    if raised is None:
        return None
    plain = pytest.fail.Exception(str(raised.value), pytrace=False)
    return pytest.ExceptionInfo.from_exc_info((type(plain), plain, raised.tb))


def _skip(report: Any, item: pytest.Item, reason: str) -> None:
    path, line, _ = item.location
    report.outcome, report.longrepr = "skipped", (path, (line or 0) + 1, reason)


class Worker(Judging):
    """An xdist worker: says what it needs, and judges transcripts that the controller played."""

    def __init__(self, config: pytest.Config, seats: list[Seat], known: dict[str, str], folder: Path) -> None:
        super().__init__(config, seats, known)
        self.folder = folder

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Write the needs before xdist tells the controller that collection is done."""
        path = self.folder / f"{self.config.workerinput['workerid']}.json"  # type: ignore[attr-defined]  # xdist's
        path.write_text(json.dumps(self.needs(session)), encoding="utf-8")


class Controller(Judging):
    """The process that plays: alone, or with xdist's workers."""

    def __init__(self, config: pytest.Config, choice: Choice) -> None:
        self.choice = choice
        several = len(choice.targets) > 1
        given = config.getoption("--conformance-report")
        base = config.invocation_params.dir
        given_waivers = config.getoption("--conformance-waivers")
        accepted = waivers.read(base / given_waivers, TargetError) if given_waivers else ()
        frozen = _frozen(config.getoption("--set"), [target.api for target in choice.targets])
        self.runs = []
        for target in choice.targets:
            folder = base / "conformance" / target.name
            if given:
                folder = base / given / target.api if several else base / given
            own = frozen if frozen and frozen.api == target.api else None
            self.runs.append(Run(target, folder, waivers=accepted, frozen=own))
        super().__init__(config, [run.seat for run in self.runs], self.known)
        self.folder = Path(tempfile.mkdtemp(prefix="reportconformance-"))
        self.checks: dict[str, str] = {}
        self.judged: set[str] = set()
        self.played = False
        self.interrupted = False
        self.verdicts: list[tuple[Run, Verdict]] = []
        self.plans: list[planning.Plan] = []
        self._sigterm: Any = None

    @property
    def known(self) -> dict[str, str]:
        """The secrets that the runs have met, each with its kind."""
        return {secret: kind for run in self.runs for secret, kind in run.client.redactor.known.items()}

    @property
    def dry(self) -> bool:
        """Whether nothing is to be sent."""
        return bool(self.config.getoption("collectonly"))

    def pytest_report_header(self) -> list[str]:
        """Who is under test."""
        return [line for run in self.runs for line in progress.header(run.target)]

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Ask whether the targets are there, before anything is collected."""
        self._sigterm = signal.signal(signal.SIGTERM, _interrupt)
        if self.dry:
            return
        reporter = self.config.pluginmanager.get_plugin("terminalreporter")
        for run, seat in zip(self.runs, self.seats, strict=True):
            if reporter is not None and self.config.get_verbosity() > 0:
                run.say = partial(self._say, reporter)
            try:
                if reporter is not None and reporter.isatty:
                    run.meet(asking.completed(run.target))
                run.prepare()
            except Unreachable as error:
                self._end_early(run, str(error))
            except TargetError as error:
                raise pytest.UsageError(str(error)) from None
            seat.context = run.seat.context

    def _say(self, reporter: Any, text: str) -> None:
        reporter.ensure_newline()
        reporter.write_line(visible(f"provisioning: {text}"))

    def _end_early(self, run: Run, text: str) -> None:
        verdict = run.finish(partial=False, strict=self.strict, accept_deviations=False)
        pytest.exit(f"{text}\nverdict: {verdict.name}; conformance report: {run.folder}", verdict.exit_code)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker what judging needs."""
        seats = [seat.dump() for seat in self.seats]
        node.workerinput[INPUT] = json.dumps({"seats": seats, "secrets": self.known, "needs": str(self.folder)})

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Play what the selected tests need; where nothing is to be sent, only plan it."""
        if session.items and not self.dry:
            self._play(self.needs(session))
        elif session.items and self.config.get_verbosity() > 0:
            self.plans = [self._plan(run, self.needs(session)["needs"]) for run in self.runs]

    def _plan(self, run: Run, asked: dict[str, Any]) -> planning.Plan:
        needs = [Need(*need) for need in asked[run.target.api]]
        return planning.plan(run.target, apis.scenarios(run.target.api), needs, run.api.preparation(run.target))

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any) -> None:
        """Play when the first node has collected: all nodes collect the same."""
        if not self.played:
            path = self.folder / f"{node.gateway.id}.json"
            self._play(json.loads(path.read_text(encoding="utf-8")))

    def _play(self, asked: dict[str, Any]) -> None:
        self.played = True
        self.checks = asked["checks"]
        self.deselected = asked["deselected"]
        line = progress.Line(self.config.pluginmanager.get_plugin("terminalreporter"))
        try:
            for run in self.runs:
                needs = [Need(*need) for need in asked["needs"][run.target.api]]
                run.play(needs, line.show)
        finally:
            line.clear()
            self.secrets.learn(self.known)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Gather the judgements."""
        found = getattr(report, "conformance", None)
        if found is not None:
            self.judged.add(report.nodeid)
            judgement = Judgement(**{**found, "transcripts": tuple(found["transcripts"])})
            self._run_of(judgement.requirement).judgements.append(judgement)
        elif report.nodeid in self.checks and report.failed and report.nodeid not in self.judged:
            self.judged.add(report.nodeid)
            id = self.checks[report.nodeid]
            text = str(report.longrepr).strip().splitlines()[-1]
            self._run_of(id).judgements.append(Judgement(id, report.nodeid, "error", text))

    def _run_of(self, id: str) -> Run:
        return next(run for run in self.runs if run.target.api == id.partition(".")[0])

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Remember whether a person ended the run (pytest's own -x comes here as well)."""
        self.interrupted = excinfo.type is KeyboardInterrupt
        if self.interrupted:
            for run in self.runs:
                run.trouble = run.trouble or "the run was interrupted"

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Give the verdicts, and the exit code that follows."""
        if self.dry or not self.checks:
            return
        for run in self.runs:
            verdict = run.finish(
                partial=self._partial(run),
                strict=self.strict,
                accept_deviations=bool(self.config.getoption("--accept-deviations")),
            )
            self.verdicts.append((run, verdict))
        if not self.interrupted and exitstatus not in (pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR):
            session.exitstatus = self._exit_code(exitstatus)

    def _partial(self, run: Run) -> bool:
        collected = {id for id in self.checks.values() if id.partition(".")[0] == run.target.api}
        everything = set(collecting.checks(run.target.api))
        return bool(self.deselected) or len(self.judged) < len(self.checks) or bool(everything - collected)

    def _exit_code(self, exitstatus: int) -> int:
        """The worst of the verdicts; where all are fine, failures of the user's own tests count."""
        codes = [verdict.exit_code for _, verdict in self.verdicts]
        worst = next((code for code in (1, 7, 6) if code in codes), 0)
        own = [report for report in self._failed_reports() if not hasattr(report, "conformance")]
        return worst or (int(exitstatus) if own or exitstatus != pytest.ExitCode.TESTS_FAILED else 0)

    def _failed_reports(self) -> list[Any]:
        reporter = self.config.pluginmanager.get_plugin("terminalreporter")
        return [] if reporter is None else [*reporter.stats.get("failed", []), *reporter.stats.get("error", [])]

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say the verdicts, or the plans."""
        for run, verdict in self.verdicts:
            progress.summary(terminalreporter, run, verdict)
        for plan in self.plans:
            terminalreporter.write_line(visible("\n".join(["", *planning.lines(plan)])))

    def pytest_unconfigure(self) -> None:
        """Close what was opened."""
        for run in self.runs:
            run.close()
        self.choice.close()
        for path in self.folder.glob("*.json"):
            path.unlink()
        self.folder.rmdir()
        if self._sigterm is not None:
            signal.signal(signal.SIGTERM, self._sigterm)


def allure() -> ModuleType:
    """The module of Allure's results, imported by those who write them."""
    from pytest_reportconformance.report import allure

    return allure


def _interrupt(_number: int, _frame: Any) -> None:
    raise KeyboardInterrupt
