"""Scenarios: documented flows as functions, with what they need and how they are played.

Rule: declared facts; nothing is sent here.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_reportconformance.target.target import Target


Play = Callable[..., None]


@dataclass(frozen=True)
class Cost:
    """What a scenario sends if every wait ends with the first poll after it.

    `submits` are requests that make something on the target, `polls` those that poll whether it is ready, `others` all
    the rest; `waits` is how many times it waits for the target, one after another.
    """

    submits: int = 0
    polls: int = 0
    others: int = 0
    waits: int = 0

    @property
    def requests(self) -> int:
        """All requests."""
        return self.submits + self.polls + self.others

    def __add__(self, other: Cost) -> Cost:
        """Both, played together: requests add up, waits run side by side."""
        return Cost(
            self.submits + other.submits,
            self.polls + other.polls,
            self.others + other.others,
            max(self.waits, other.waits),
        )


@dataclass(frozen=True)
class Scenario:
    """One documented flow. `needs` are report purposes, `params` its variants (a list, in a stable order).

    An `exclusive` scenario is played while no other is, on all targets or on those for which the function is true. A
    `read_only` one does nothing that other users could notice. One with `priority` has to see a report while it runs:
    its requests are sent before those of others. A `late` one may take longer than all others: its checks are judged
    last. `cost` is what it sends, for the plan of a run. `api` is the API that one of the user's own is about;
    empty: that of the first target.
    """

    name: str
    play: Play
    module: str
    says: str
    needs: tuple[str, ...] = ()
    params: tuple[str, ...] = ()
    exclusive: bool | Callable[[Target], bool] = False
    read_only: bool = False
    priority: bool = False
    cost: Cost | None = None
    late: bool = False
    api: str = ""

    def exclusive_on(self, target: Target) -> bool:
        """Whether no other scenario is played on a target at the same time."""
        return self.exclusive(target) if callable(self.exclusive) else self.exclusive

    def exclusive_because(self, target: Target) -> str:
        """Why it is exclusive on a target; empty if it is not."""
        return self.because if self.exclusive_on(target) else ""

    @property
    def because(self) -> str:
        """Why it is exclusive, on targets where it is."""
        return inspect.getdoc(self.exclusive if callable(self.exclusive) else self.play) or self.name


def scenario(
    *,
    needs: Sequence[str] = (),
    params: Sequence[str] = (),
    exclusive: bool | Callable[[Target], bool] = False,
    read_only: bool = False,
    priority: bool = False,
    cost: Cost | None = None,
    late: bool = False,
    api: str = "",
) -> Callable[[Play], Scenario]:
    """Make a scenario of a function `(step, target)`, or `(step, target, param)` if it has params."""

    def make(play: Play) -> Scenario:
        says = inspect.getdoc(play) or ""
        return Scenario(
            play.__name__,
            play,
            play.__module__,
            says,
            tuple(needs),
            tuple(params),
            exclusive,
            read_only,
            priority,
            cost,
            late,
            api,
        )

    return make


@dataclass(frozen=True, order=True)
class Need:
    """A scenario that a check needs, with its variant."""

    scenario: str
    param: str | None = None

    @property
    def key(self) -> str:
        """Its name in evidence: `run[json]`."""
        return self.scenario if self.param is None else f"{self.scenario}[{self.param}]"

    def path(self, folder: Path) -> Path:
        """Its transcript in a conformance report."""
        safe = "".join(char if char.isalnum() or char in "._-[]" else "_" for char in self.key)
        return folder / "transcripts" / f"{safe}.har"
