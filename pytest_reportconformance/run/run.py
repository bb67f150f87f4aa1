"""One run against one target: plays scenarios, collects judgements, gives the verdict and writes the record.

Rule: knows nothing of pytest; the hooks drive it. A run exists only while it is open, so that its client, its ledger
and its recorder are always there: `with Run.prepared(RunSettings(target, folder)) as run:`.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pytest_reportconformance.cleanup.ledger import Entry, Ledger
from pytest_reportconformance.cleanup.state import state_folder
from pytest_reportconformance.http.client import Client
from pytest_reportconformance.judging import waivers
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.judging.outcomes import Context, Judgement, omitted, settled, worst
from pytest_reportconformance.judging.verdicts import Verdict, verdict
from pytest_reportconformance.judging.waivers import Waiver
from pytest_reportconformance.recording.context import Exploration, RunContext
from pytest_reportconformance.recording.recorder import Recorder
from pytest_reportconformance.register import apis, register
from pytest_reportconformance.register.sets import RequirementSet
from pytest_reportconformance.report import baseline, comparison, record, record_members
from pytest_reportconformance.run import report_folder
from pytest_reportconformance.run.judging_context import JudgingContext
from pytest_reportconformance.run.own_part import OwnPart
from pytest_reportconformance.run.preparation import Preparation, Unreachable
from pytest_reportconformance.scenarios import Need
from pytest_reportconformance.secrets.forms import WEAK
from pytest_reportconformance.secrets.scan import Leak
from pytest_reportconformance.target.target import Target, TargetError
from pytest_reportconformance.transcript import files, har

TARGET_FILE = "target.har"
"""The target's answers about itself, in the conformance report."""
WORD = (
    "a secret that is short, equals a user name or is a word of the API is redacted and searched for only in places "
    "for credentials"
)


@dataclass(frozen=True)
class RunSettings:
    """What a run is to do: nothing is sent or written yet. `say` logs each action of the preparation.

    `baseline` is the summary of the record that the run is compared with (`report.baseline`).
    """

    target: Target
    folder: Path
    waivers: tuple[Waiver, ...] = ()
    frozen: RequirementSet | None = None
    say: Callable[[str], None] = lambda text: None
    exploration: Exploration = field(default_factory=Exploration)
    baseline: Mapping[str, Any] | None = None
    accept_new_deviations: bool = False

    def judging_context(self, target: Target, today: datetime.date) -> JudgingContext:
        """What judging needs, given what is known of the target by now."""
        waived = waivers.effective(self.all_waivers, target.version, today)
        facts = Context(target.api, target.product, target.version, target.edition, dict(target.absent), waived)
        return JudgingContext(target.api, target.url, self.folder, facts)

    @property
    def all_waivers(self) -> tuple[Waiver, ...]:
        """Those of the target, then those of the command line."""
        return (*waivers.parse(self.target.waivers), *self.waivers)


class Run:
    """An open run; `finish` gives its verdict and writes `results.json`."""

    def __init__(self, settings: RunSettings) -> None:
        self.settings = settings
        self.target, self.folder, self.frozen = settings.target, settings.folder, settings.frozen
        self.waivers = settings.all_waivers
        self.api = apis.load(self.target.api)
        self.register = register.load(self.target.api)
        self.started = time.time()
        self.judgements: list[Judgement] = []
        self.own = OwnPart()
        self.error: str | None = None
        self.leaks: list[Leak] = []
        self.options: dict[str, bool] = {}
        self.record: dict[str, Any] = {}
        self.comparison: dict[str, Any] | None = None
        self.client = Client(self.target)
        self.warnings = [WORD] if WEAK in self.client.redactor.known.values() else []
        self.ledger = _ledger(self.target, self.folder)
        context = RunContext(
            self.target, self.api, self.client, self.ledger, settings.say, exploration=settings.exploration
        )
        self.recorder = Recorder(context, self.folder)
        writer = har.Writer(self.folder / TARGET_FILE)
        self.preparation = Preparation(context, writer, self.warnings, self.started)

    @classmethod
    @contextmanager
    def opened(cls, settings: RunSettings) -> Iterator[Run]:
        """A run with an empty conformance report; at the end what it created is removed and connections are closed."""
        with report_folder.locked(settings.folder):
            run = cls(settings)
            try:
                yield run
            finally:
                run.preparation.remove()
                run.client.close()
                run.ledger.end()

    @classmethod
    @contextmanager
    def prepared(cls, settings: RunSettings) -> Iterator[Run]:
        """An open run whose target was reached and completed. Raises Unreachable, TargetError."""
        with cls.opened(settings) as run:
            run.prepare()
            yield run

    def prepare(self) -> None:
        """Reach the target and complete what is known of it. Raises Unreachable, TargetError."""
        try:
            self.target = self.preparation.complete()
        except Unreachable as error:
            self.error = str(error)
            raise
        old = self.settings.baseline
        if old is not None and (why := baseline.incomparable(old, self.target.api, self.target.product)) is not None:
            raise TargetError(f"--conformance-baseline: {why}: name a baseline of this target")

    @property
    def judging_context(self) -> JudgingContext:
        """What judging needs of this run."""
        return self.settings.judging_context(self.target, self.today)

    @property
    def created(self) -> list[Entry]:
        """What was created and is still on the target, oldest first."""
        return self.ledger.open_entries()

    def play(self, needs: Iterable[Need], done: Callable[[Need], None] = lambda need: None) -> None:
        """Play the needed scenarios; calls `done` after each. Raises KeyboardInterrupt after cleaning up."""
        scenarios = {**apis.scenarios(self.target.api), **self.own.scenarios}
        try:
            self.recorder.play(scenarios, [*needs, *self.own.needs], done)
        finally:
            if not self.own.sends:
                self.preparation.remove()
        self.error = self.error or self.recorder.error
        self.warnings += self.recorder.context.warnings

    @property
    def today(self) -> datetime.date:
        """The day on which the run began."""
        return datetime.date.fromtimestamp(self.started)

    def counts(self, id: str) -> bool:
        """Whether a requirement counts for the verdict."""
        return self.frozen is None or id in self.frozen.ids

    def finish(self, *, partial: bool, strict: bool, accept_deviations: bool) -> Verdict:
        """The verdict over all judgements, compared with the baseline; writes the conformance report."""
        self.preparation.remove()
        accept_deviations = accept_deviations or self.settings.accept_new_deviations
        self.options = {"partial": partial, "strict": strict, "accept_deviations": accept_deviations}
        self.judgements = settled(self.judgements)
        groups = self.by_requirement().items()
        outcomes = {id: worst(found.outcome for found in group) for id, group in groups if self.counts(id)}
        found = verdict(outcomes, self.register, trouble=self.error, omitted=omitted(self.judgements), **self.options)
        found = waivers.faulted(found, self.described_waivers())
        return self._recorded(self._compared(found))

    def _compared(self, alone: Verdict) -> Verdict:
        """The verdict beside the baseline, if there is one and anything was judged."""
        old = self.settings.baseline
        if old is None or not self.judgements:
            return alone
        accepted = comparison.accepts(
            accept_deviations=self.options["accept_deviations"],
            accept_new_deviations=self.settings.accept_new_deviations,
        )
        self.comparison = comparison.member(old, record.build(self, alone), accepted, alone)
        return comparison.verdict(alone, self.comparison)

    def _recorded(self, found: Verdict) -> Verdict:
        """Write the conformance report; one that cannot be written makes the verdict an error."""
        try:
            self.record = record.write(self, found)
        except (OSError, MemoryError) as error:
            (self.folder / "results.json").unlink(missing_ok=True)
            found = Verdict("error", f"no conformance report: {files.sentence(error)}", ExitCode.ERROR)
            self.record = record.build(self, found)
        return found

    def leaked(self, leaks: list[Leak]) -> Verdict:
        """The verdict of a run whose artifacts contain secrets; writes the conformance report again."""
        self.leaks = leaks
        found = Verdict("error", record_members.leaked([asdict(leak) for leak in leaks]), ExitCode.ERROR)
        return self._recorded(self._compared(found))

    def described_waivers(self) -> list[dict[str, Any]]:
        """The waivers with what they excuse, and what is wrong with them."""
        version = self.target.version
        return [waivers.described(one, self.judgements, self.register, version, self.today) for one in self.waivers]

    def by_requirement(self) -> dict[str, list[Judgement]]:
        """The judgements of each requirement, in the order of the register."""
        groups: dict[str, list[Judgement]] = {}
        for judgement in self.judgements:
            groups.setdefault(judgement.requirement, []).append(judgement)
        return {id: groups[id] for id in self.register.requirements if id in groups}


def _ledger(target: Target, folder: Path) -> Ledger:
    """A new ledger. Raises TargetError if the state folder cannot be written."""
    try:
        return Ledger.begin(target.api, target.url, folder)
    except OSError as error:
        raise TargetError(
            f"the state folder {state_folder()} cannot be written ({error.strerror}): "
            "set XDG_STATE_HOME to a folder that can"
        ) from None
