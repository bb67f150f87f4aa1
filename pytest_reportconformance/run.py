"""One run against one target: prepares it, plays the scenarios, gathers the judgements, writes the record.

Rule: knows nothing of pytest; `running` drives it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pytest_reportconformance import apis, har, register
from pytest_reportconformance.client import Client
from pytest_reportconformance.exchange import NotReached, Transcript, untested
from pytest_reportconformance.ledger import Ledger
from pytest_reportconformance.outcomes import Context, Judgement, Verdict, settled, verdict, worst
from pytest_reportconformance.recording import Need, Recorder, Scenario, Steps
from pytest_reportconformance.report import record
from pytest_reportconformance.target import Target

PROBE_SECONDS = 10.0


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
    context_options: dict[str, Any] = field(default_factory=dict)
    judgements: list[Judgement] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    trouble: str | None = None
    started: float = field(default_factory=time.time)
    recorder: Recorder | None = None

    def __post_init__(self) -> None:
        self.api = apis.load(self.target.api)
        self.register = register.load(self.target.api)
        self.client = Client(self.target)
        self.scenarios: dict[str, Scenario] = {}
        self.ledger: Ledger | None = None

    @property
    def seat(self) -> Seat:
        """What the judges need."""
        target = self.target
        context = Context(
            target.api, target.product, target.version, target.edition, dict(target.absent), **self.context_options
        )
        return Seat(target.api, target.url, self.folder, context)

    def prepare(self) -> None:
        """Ask whether the target is there, and complete what is known of it. Raises Unreachable."""
        for old in [*self.folder.glob("transcripts/*.har"), *self.folder.glob("results.json")]:
            old.unlink()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.ledger = Ledger.begin(self.target.api, self.target.url, self.folder)
        self.recorder = Recorder(self.target, self.api, self.client, self.ledger, self.folder)
        steps = Steps(self.recorder)
        probe = steps("probe", self.api.probe)
        if probe.response is None:
            assert probe.trouble is not None
            raise self._unreachable(f"the target {self.target.url} does not answer: {probe.trouble.text}")
        try:
            self.target = self.api.prepare(self.target, steps)
        except NotReached as error:
            raise self._unreachable(error.reason) from None
        self.client.target = self.recorder.target = self.target

    def _unreachable(self, text: str) -> Unreachable:
        self.trouble = text
        return Unreachable(text)

    def play(self, needs: Iterable[Need], progress: Callable[[Recorder], None] | None = None) -> None:
        """Play the scenarios that are needed. Raises KeyboardInterrupt after cleaning up."""
        assert self.recorder is not None
        self.scenarios = self.scenarios or apis.scenarios(self.target.api)
        self.recorder.play(self.scenarios, needs, progress)
        self.trouble = self.trouble or self.recorder.trouble

    def finish(self, *, partial: bool, strict: bool, accept_deviations: bool) -> Verdict:
        """The verdict over all judgements; writes results.json and summary.md."""
        self.judgements = settled(self.judgements)
        outcomes = {id: worst(found.outcome for found in group) for id, group in self.by_requirement().items()}
        found = verdict(
            outcomes, self.register, partial=partial, strict=strict, accept_deviations=accept_deviations,
            trouble=self.trouble,
        )  # fmt: skip
        record.write(self, found)
        return found

    def by_requirement(self) -> dict[str, list[Judgement]]:
        """The judgements of each requirement, in the order of the register."""
        groups: dict[str, list[Judgement]] = {}
        for judgement in self.judgements:
            groups.setdefault(judgement.requirement, []).append(judgement)
        return {id: groups[id] for id in self.register.requirements if id in groups}

    def close(self) -> None:
        """Close connections and the ledger."""
        self.client.close()
        if self.ledger is not None:
            self.ledger.end()
