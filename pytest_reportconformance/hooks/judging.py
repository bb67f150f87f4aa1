"""The hooks of judging, in the controller and in xdist workers: collect packaged checks, judge them, show the result.

Rule: nothing is sent here.
"""

from __future__ import annotations

from collections.abc import Generator
from types import ModuleType
from typing import Any

import pytest

from pytest_reportconformance.hooks.own import OwnTests
from pytest_reportconformance.judging import collection, evaluate, outcome_table, outcomes
from pytest_reportconformance.judging.conformance import Conformance
from pytest_reportconformance.judging.outcomes import Context, Judgement
from pytest_reportconformance.register import apis, own
from pytest_reportconformance.report import card
from pytest_reportconformance.run.judging_context import JudgingContext
from pytest_reportconformance.scenarios import Need
from pytest_reportconformance.secrets import logs
from pytest_reportconformance.secrets.scan import Secrets
from pytest_reportconformance.target import schemes
from pytest_reportconformance.transcript import usage
from pytest_reportconformance.transcript.failures import NotReached
from pytest_reportconformance.transcript.transcript import Transcript

INPUT = "reportconformance"

SHOWN = ("longrepr", "sections", "user_properties", "wasxfail")
"""The attributes of a pytest report that are shown."""
TEXTS = ("reason", "expected", "actual", "exchange", "answer", "curl")
"""The members of a judgement that may hold texts of the target; the others hold our own names."""
OURS = (("requirement",), ("level",), ("outcome",))
"""Our own properties of a report."""


class JudgingHooks:
    """What controller and workers share: collecting packaged checks and judging them."""

    def __init__(self, config: pytest.Config, contexts: list[JudgingContext], known: dict[str, str]) -> None:
        self.config = config
        self.contexts = contexts
        self.by_api = {context.api: context for context in contexts}
        self.strict = bool(config.getoption("--conformance-strict"))
        self.deselected = 0
        self.played: dict[str, list[Need]] = {}
        self._read: dict[tuple[str, Need], Transcript] = {}
        self.own = OwnTests(config, contexts, self.transcript)
        self.secrets = Secrets(known)
        config.add_cleanup(logs.redact(self._without_secrets, schemes.loggers()))
        folder = config.getoption("allure_report_dir", None)
        self.allure = allure().register(config, self.secrets) if folder else None
        self._add_paths()

    def _add_paths(self) -> None:
        """Without paths on the command line, collect the packaged checks, in addition to testpaths."""
        sources = pytest.Config.ArgsSource
        packaged = [str(apis.folder(context.api)) for context in self.contexts]
        if self.config.args_source == sources.TESTPATHS:
            self.config.args = [*self.config.args, *packaged]
        elif self.config.args_source != sources.ARGS:
            self.config.args = packaged

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Make checks selectable by requirement id and level."""
        for item in items:
            id = _judged(item)
            if id is not None:
                item.extra_keyword_matches.add(id)
                requirement = self.own.load(item, id) if own.is_own(id) else self._requirement(id)
                item.add_marker(getattr(pytest.mark, requirement.level.lower()))
                if self.allure is not None:
                    title = apis.load(self._context(id).api).title
                    allure().mark(item, requirement, title)

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        """Count packaged checks that the user left out."""
        self.deselected += sum(collection.requirement_of(item) is not None for item in items)

    def needs(self, session: pytest.Session) -> dict[str, Any]:
        """What the selected tests need, as JSON values."""
        needs: dict[str, list[Need]] = {}
        for context in self.contexts:
            scenarios = apis.scenarios(context.api)
            wanted = {need for item in session.items for need in collection.needs(item, scenarios)}
            if not wanted and any(collection.reads_all(item, context.api) for item in session.items):
                wanted = set(collection.all_needs(context.api))
            needs[context.api] = self.played[context.api] = sorted(wanted, key=lambda need: need.key)
        checks = {item.nodeid: id for item in session.items if (id := collection.requirement_of(item))}
        return {
            "needs": {api: [[need.scenario, need.param] for need in found] for api, found in needs.items()},
            "checks": checks,
            "deselected": self.deselected,
            "own": self.own.asked(session.items),
        }

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Fail tests of the user's own that ask for a step which no such scenario has."""
        if collection.requirement_of(item) is not None:
            return (yield)
        with usage.require_known_steps(self.own.known_steps):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
        """Fail checks that inspected no evidence."""
        own_check = collection.own_requirement_of(pyfuncitem) is not None and bool(self.own.needs(pyfuncitem))
        if collection.requirement_of(pyfuncitem) is None and not own_check:
            return (yield)
        with usage.require_evidence():
            return (yield)

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
        """Turn what a check raised into a judgement, and the judgement into what pytest shows."""
        id = _judged(item)
        raised = call.excinfo
        call.excinfo = raised if collection.requirement_of(item) is None else _untraced(raised)
        report: Any = yield
        call.excinfo = raised
        error = raised.value if raised is not None else None
        if id is None:
            if isinstance(error, NotReached) and error.outcome != "error":
                _skip(report, item, f"{error.outcome}: {error.reason}")
            return self._scrubbed(report)
        if call.when == "call" or (call.when == "setup" and error is not None):
            judgement = self._judge(item, id, error, call.duration)
            report.conformance = vars(judgement)
            if self.allure is not None:
                self.allure.judge(judgement, error)
            self._show(report, item, judgement)
        return self._scrubbed(report)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collectreport(self, report: Any) -> None:
        """Redact secrets in errors of the collection."""
        self._scrubbed(report)

    @property
    def known(self) -> dict[str, str]:
        """The secrets that became known since the start, each with its kind."""
        return {}

    def _without_secrets(self, text: str) -> str:
        self.secrets.learn(self.known)
        return self.secrets.text(text)

    def _scrubbed(self, report: Any) -> Any:
        """A report with redacted secrets, whatever a test printed, raised or noted. IDs and names of files stay."""
        for name in SHOWN:
            if getattr(report, name, None):
                setattr(report, name, self._scrub(getattr(report, name)))
        found = getattr(report, "conformance", None)
        if found:
            report.conformance = {**found, **{name: self.secrets.scrub(found[name]) for name in TEXTS if found[name]}}
        return report

    def _scrub(self, value: Any) -> Any:
        match value:
            case (str() as path, int() as line, text):
                return path, line, self.secrets.scrub(text)
            case list():
                return [one if one[:1] in OURS else self.secrets.scrub(one) for one in value]
        return self.secrets.scrub(value)

    def pytest_report_teststatus(self, report: Any) -> tuple[str, str, str] | None:
        """Name the requirement wherever pytest lists a failed check; an error of the suite is not a failure."""
        found = getattr(report, "conformance", None)
        if found is None or not report.failed:
            return None
        if found["outcome"] == "error":
            return "error", "E", f"ERROR {found['requirement']}"
        return "failed", "F", f"FAILED {found['requirement']}"

    def transcript(self, context: JudgingContext, need: Need) -> Transcript:
        """A transcript of a run, read once."""
        key = context.api, need
        if key not in self._read:
            self._read[key] = context.transcript(need)
        return self._read[key]

    def transcripts(self, context: JudgingContext) -> tuple[Transcript, ...]:
        """The transcripts of all scenarios that a run plays, as soon as they are complete."""
        return tuple(self.transcript(context, need) for need in self.played.get(context.api, ()))

    def await_all(self) -> None:
        """Wait until all scenarios are played."""
        raise NotImplementedError

    def conformance(self, context: JudgingContext) -> Conformance:
        """The outcomes of a run."""
        raise NotImplementedError

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Run tests of the user's own only when all scenarios are played."""
        if collection.requirement_of(item) is None:
            self.await_all()

    def comes_late(self, item: pytest.Item) -> tuple[bool, bool, bool]:
        """A sort key: checks of short scenarios first, then those of long ones, of all, then the user's own tests."""
        id = collection.requirement_of(item)
        if id is None:
            return True, True, True
        api = id.partition(".")[0]
        known = apis.scenarios(api)
        played = [known[need.scenario] for need in collection.needs(item, known)]
        long = any(one.priority or bool(one.exclusive) for one in played)
        return False, collection.reads_all(item, api) or any(one.late for one in played), long

    def _context(self, id: str) -> JudgingContext:
        """The run that a requirement is judged in."""
        return self.own.context_of(id) if own.is_own(id) else self.by_api[id.partition(".")[0]]

    def _requirement(self, id: str) -> Any:
        return self.own.requirement(id) if own.is_own(id) else self._context(id).register.requirements[id]

    def _judge(self, item: pytest.Item, id: str, error: BaseException | None, seconds: float) -> Judgement:
        context = self._context(id)
        facts = Context(context.api) if own.is_own(id) else context.facts
        name = item.nodeid if own.is_own(id) else item.name
        found = outcomes.judge(self._requirement(id), name, error, facts, context.register)
        known = {**apis.scenarios(context.api), **self.own.scenarios}
        keys = [need.key for need in collection.needs(item, known)]
        every = getattr(item, "funcargs", {}).get(collection.all_transcripts(context.api), ())
        return outcomes.evidenced(found, error, [*keys, *evaluate.holding(error, every)], seconds)

    def _show(self, report: Any, item: pytest.Item, found: Judgement) -> None:
        requirement = self._requirement(found.requirement)
        item.user_properties += [
            ("requirement", requirement.id),
            ("level", requirement.level),
            ("outcome", found.outcome),
        ]
        report.user_properties = list(item.user_properties)
        reason = f"{found.outcome}: {requirement.id}: {found.reason}"
        match self._shown(found.outcome):
            case "skipped":
                _skip(report, item, reason)
            case "xfailed":
                report.outcome, report.wasxfail, report.longrepr = "skipped", reason, None
            case "passed":
                report.outcome, report.longrepr = "passed", None
            case "failed":
                report.outcome, report.longrepr = "failed", card.text(found, requirement)

    def _shown(self, outcome: str) -> str:
        """What pytest shows: `--conformance-strict` treats violated SHOULD requirements as failures."""
        known = outcome_table.find(outcome)
        return "failed" if self.strict and known.level == "SHOULD" else known.pytest


def _judged(item: pytest.Item) -> str | None:
    """The requirement that a test asserts, ours or the user's own; None for any other test."""
    return collection.requirement_of(item) or collection.own_requirement_of(item)


def _untraced(raised: pytest.ExceptionInfo[BaseException] | None) -> pytest.ExceptionInfo[BaseException] | None:
    """What a check raised, as pytest shows it without reading source files: the failure card replaces them."""
    if raised is None:
        return None
    plain = pytest.fail.Exception(str(raised.value), pytrace=False)
    return pytest.ExceptionInfo.from_exc_info((type(plain), plain, raised.tb))


def _skip(report: Any, item: pytest.Item, reason: str) -> None:
    path, line, _ = item.location
    report.outcome, report.longrepr = "skipped", (path, (line or 0) + 1, reason)


def allure() -> ModuleType:
    """The module of Allure's results, imported only if they are written."""
    from pytest_reportconformance.report import allure

    return allure
