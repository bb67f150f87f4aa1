"""One run against one target: prepares it, plays the scenarios, gathers the judgements, writes the record.

Rule: knows nothing of pytest; `running` drives it.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pytest_reportconformance.cleanup import killed
from pytest_reportconformance.cleanup.ledger import Entry, Ledger
from pytest_reportconformance.http.client import Client
from pytest_reportconformance.judging import waivers
from pytest_reportconformance.judging.outcomes import EXIT, Context, Judgement, Verdict, settled, verdict, worst
from pytest_reportconformance.judging.waivers import Waiver
from pytest_reportconformance.recording.recorder import Recorder
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.register import apis, register
from pytest_reportconformance.register.sets import RequirementSet
from pytest_reportconformance.report import record
from pytest_reportconformance.scenario import Need, Scenario
from pytest_reportconformance.secrets.redaction import SHORTEST
from pytest_reportconformance.secrets.scan import Leak
from pytest_reportconformance.target.target import ANONYMOUS, Target
from pytest_reportconformance.transcript import har
from pytest_reportconformance.transcript.failures import NotReached
from pytest_reportconformance.transcript.transcript import Transcript, untested

TARGET_FILE = "target.har"
"""The target's answers about itself, in the conformance report."""


class Unreachable(Exception):
    """The target does not answer, or cannot be prepared: one clear error for the whole run."""


@dataclass
class Seat:
    """What judging needs of a run, in the controller and in every worker: JSON both ways."""

    api: str
    url: str
    folder: Path
    context: Context

    def dump(self) -> dict[str, Any]:
        """As JSON values."""
        return {"api": self.api, "url": self.url, "folder": str(self.folder), "context": asdict(self.context)}

    @classmethod
    def read(cls, values: dict[str, Any]) -> Seat:
        """From JSON values."""
        return cls(values["api"], values["url"], Path(values["folder"]), Context.read(values["context"]))

    @property
    def register(self) -> register.Register:
        """The requirements of the API."""
        return register.load(self.api)

    def transcript(self, need: Need) -> Transcript:
        """A transcript of this run; one that was not played is untested."""
        path = need.path(self.folder)
        if not path.is_file():
            return untested(self.api, need.key, "error", f"{need.key} was not played: ask for it as an argument")
        return har.read(path)


@dataclass
class Run:
    """The state of one run; `finish` gives its verdict and writes `results.json`."""

    target: Target
    folder: Path
    waivers: tuple[Waiver, ...] = ()
    frozen: RequirementSet | None = None
    judgements: list[Judgement] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    trouble: str | None = None
    started: float = field(default_factory=time.time)
    recorder: Recorder | None = None
    leaks: list[Leak] = field(default_factory=list)
    options: dict[str, bool] = field(default_factory=dict)
    say: Callable[[str], None] = lambda text: None
    _steps: Steps | None = None
    _writer: har.Writer | None = None

    def __post_init__(self) -> None:
        for secret in self.target.secrets:
            if secret.public or len(secret.value) < SHORTEST:
                text = "a secret that is short or equals a user name is looked for only where credentials stand"
                self.warnings = [text]
        self.waivers = (*waivers.parse(self.target.waivers), *self.waivers)
        self.api = apis.load(self.target.api)
        self.register = register.load(self.target.api)
        self.client = Client(self.target)
        self.scenarios: dict[str, Scenario] = {}
        self.ledger: Ledger | None = None

    @property
    def seat(self) -> Seat:
        """What the judges need."""
        target = self.target
        waived = waivers.effective(self.waivers, target.version, self.today)
        context = Context(target.api, target.product, target.version, target.edition, dict(target.absent), waived)
        return Seat(target.api, target.url, self.folder, context)

    def meet(self, target: Target) -> None:
        """Go on with a target of which more is known."""
        self.target = target
        self.client.meet(target)

    def prepare(self) -> None:
        """Ask whether the target is there, and complete what is known of it. Raises Unreachable, TargetError."""
        self._ask(self.open())

    def open(self) -> Steps:
        """Begin: an empty conformance report, a ledger, and the hands that ask the target about itself."""
        for old in [*self.folder.glob("transcripts/*.har"), *self.folder.glob("results.json")]:
            old.unlink()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.ledger = Ledger.begin(self.target.api, self.target.url, self.folder)
        self.recorder = Recorder(self.target, self.api, self.client, self.ledger, self.folder)
        self.recorder.say = self.say
        self._writer = har.Writer(self.folder / TARGET_FILE)
        self._steps = Steps(self.recorder, self._writer)
        return self._steps

    def leave(self) -> list[str]:
        """Remove what was made for the whole run, however it ends; what turns out to be there still. Done once."""
        steps, self._steps = self._steps, None
        remaining: list[str] = []
        if steps is None or self._writer is None:
            return remaining
        try:
            with self.api.clean_up.deprovision(self.target, steps) as remaining:
                steps.clean()
            self.warnings += remaining
        except NotReached as error:
            self.warnings.append(f"what is left on the target could not be listed: {error.reason}")
        finally:
            self._written(steps)
        return remaining

    def _written(self, steps: Steps) -> None:
        assert self._writer is not None
        self._writer.close(Transcript(self.target.api, "target", (), tuple(steps.waits), started=self.started))

    @property
    def made(self) -> list[Entry]:
        """What was made and is still on the target, oldest first."""
        return self.ledger.open_entries() if self.ledger else []

    def keep(self) -> None:
        """Leave on the target what was made for the run: somebody else takes care of it from now on."""
        assert self.ledger is not None
        if self._steps is not None:
            self._written(self._steps)
        self._steps = None
        for entry in self.made:
            self.ledger.left(entry, "kept", settled=True)

    def take(self, made: Mapping[str, Iterable[str]], identity: str) -> None:
        """Take charge of what was made before, ids by kind, so that it is removed at the end."""
        assert self._steps is not None
        for kind, ids in made.items():
            for id in ids:
                self._steps.take(kind, id, identity)

    def _ask(self, steps: Steps) -> None:
        assert self.recorder is not None
        for identity in self.target.identities.values():
            self.client.open(identity)  # credentials that cannot be read are told before anything is sent
        probe = steps("probe", self.api.probe, identity=ANONYMOUS)
        if probe.response is None:
            assert probe.error is not None
            raise self._unreachable(probe.error.text)
        found = killed.earlier(self.target, self.client)
        self.warnings += [f"left by an earlier run: {left}" for left in found.left]
        try:
            self.target = self.api.prepare(self.target, steps)
        except NotReached as error:
            raise self._unreachable(error.reason) from None
        steps.adopt(self.target)

    def _unreachable(self, text: str) -> Unreachable:
        self.trouble = text
        return Unreachable(text)

    def play(self, needs: Iterable[Need], done: Callable[[Need], None] = lambda need: None) -> None:
        """Play the scenarios that are needed; `done` is told of each. Raises KeyboardInterrupt after cleaning up."""
        assert self.recorder is not None
        self.scenarios = self.scenarios or apis.scenarios(self.target.api)
        try:
            self.recorder.play(self.scenarios, needs, done)
        finally:
            self.leave()
        self.trouble = self.trouble or self.recorder.trouble
        self.warnings += self.recorder.warnings

    @property
    def today(self) -> datetime.date:
        """The day on which the run began."""
        return datetime.date.fromtimestamp(self.started)

    def counts(self, id: str) -> bool:
        """Whether a requirement counts for the verdict."""
        return self.frozen is None or id in self.frozen.ids

    def finish(self, *, partial: bool, strict: bool, accept_deviations: bool) -> Verdict:
        """The verdict over all judgements; writes the conformance report."""
        self.leave()
        self.options = {"partial": partial, "strict": strict, "accept_deviations": accept_deviations}
        self.judgements = settled(self.judgements)
        groups = self.by_requirement().items()
        outcomes = {id: worst(found.outcome for found in group) for id, group in groups if self.counts(id)}
        found = waivers.faulted(
            verdict(outcomes, self.register, trouble=self.trouble, **self.options), self.described_waivers()
        )
        record.write(self, found)
        return found

    def leaked(self, leaks: list[Leak]) -> Verdict:
        """The verdict of a run whose artifacts hold secrets; writes the conformance report once more."""
        self.leaks = leaks
        places = ", ".join(sorted({f"{leak.kind} in {leak.file}" for leak in leaks}))
        found = Verdict("error", f"secrets in the artifacts: {places}", EXIT["error"])
        record.write(self, found)
        return found

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

    def close(self) -> None:
        """Remove what was made for the run, and close connections and the ledger."""
        self.leave()
        self.client.close()
        if self.ledger is not None:
            self.ledger.end()
