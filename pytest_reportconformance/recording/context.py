"""What all scenarios of a run share.

Rule: scenarios know `Steps` alone; only the recorder and the steps see this.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pytest_reportconformance.api import Api
from pytest_reportconformance.cleanup.interrupted import PendingRequests
from pytest_reportconformance.cleanup.ledger import Ledger
from pytest_reportconformance.http.client import Client
from pytest_reportconformance.recording.reachability import Reachability
from pytest_reportconformance.target.target import Target

STEPS = 12
"""Random steps of a run by default: few enough to take no longer than the scenarios beside them."""


@dataclass(frozen=True)
class Exploration:
    """How many random steps a run makes beside its scenarios, and the seed of their choice.

    They are made with executions or queries of their own if they are `asked` for, else with those that exist anyway.
    """

    steps: int = 0
    seed: int = 0
    asked: bool = True


@dataclass
class RunContext:
    """The target as it is known by now, what sends requests to it, and what a run remembers.

    `log` reports an action to the user who started the run. `lateness` is by how many seconds the target was late at
    most, None as long as nothing was due. `withheld` is why no scenario is played at all; None if all may be.
    `explored` counts the steps of the exploration that are made. `measuring` counts the scenarios that poll something
    which is due, to the end: they will tell the lateness.
    """

    target: Target
    api: Api
    client: Client
    ledger: Ledger
    log: Callable[[str], None] = lambda text: None
    warnings: list[str] = field(default_factory=list)
    lateness: float | None = None
    withheld: str | None = None
    exploration: Exploration = field(default_factory=Exploration)
    explored: int = 0
    measuring: int = 0
    pending: PendingRequests = field(init=False)
    reachability: Reachability = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def __post_init__(self) -> None:
        self.pending = PendingRequests(self.api, self.ledger)
        self.reachability = Reachability(self.api, self.client)

    def adopt(self, target: Target) -> None:
        """Continue with a target of which more is known: its identities and their secrets, its reports."""
        self.target = target
        self.client.meet(target)

    def count_explored(self, steps: int) -> None:
        """Count steps of the exploration."""
        with self._lock:
            self.explored += steps

    @contextmanager
    def measures(self) -> Iterator[None]:
        """While a scenario polls something that is due."""
        with self._lock:
            self.measuring += 1
        try:
            yield
        finally:
            with self._lock:
                self.measuring -= 1

    def report_lateness(self, seconds: float) -> None:
        """Note by how many seconds the target was late with something that was due."""
        with self._lock:
            self.lateness = max(seconds, self.lateness or 0.0)
