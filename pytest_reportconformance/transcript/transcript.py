"""What one scenario recorded: its exchanges in order, its waits, its facts, and why it ended early if it did.

Rule: frozen data without I/O. A step that is absent raises the reason of its absence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from pytest_reportconformance.transcript import usage
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import NotReached, Outcome, UnknownStep

Found = TypeVar("Found")


@dataclass(frozen=True)
class Wait:
    """A pause between two steps. `server` is true if the server made us wait, false if we chose to."""

    started: float
    seconds: float
    reason: str
    server: bool = True


@dataclass(frozen=True)
class Ending:
    """Why a scenario ended before its last step; `by` is the requirement that its last step was to establish."""

    outcome: Outcome
    reason: str
    by: str | None = None


@dataclass(frozen=True)
class Transcript:
    """The record of one scenario: its exchanges by name, its waits, and facts about the target that the checks need.

    `transcript["cancel"]` is an exchange; if the step was not reached, it raises NotReached.
    `transcript.all("poll")` is every exchange of that name, in order; empty if there is none. A check that
    inspected no exchange, or none of a scenario that ended early, does not pass (see `usage`).
    """

    api: str
    scenario: str
    exchanges: tuple[Exchange, ...] = ()
    waits: tuple[Wait, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    absent: Mapping[str, Ending] = field(default_factory=dict)
    ended: Ending | None = None
    started: float = 0.0
    seconds: float = 0.0
    exclusive: bool = False

    def __getitem__(self, name: str) -> Exchange:
        __tracebackhide__ = True
        self._require_known(name)
        found = [exchange for exchange in self.exchanges if exchange.name == name]
        if found:
            return found[-1]
        raise self.not_reached(name)

    def begun(self) -> Transcript:
        """Itself; raises NotReached if it has no exchange, because every requirement would hold for none."""
        if self.ended is not None and not self.exchanges:
            raise NotReached(self.ended.outcome, self.ended.reason, self.ended.by)
        return self

    def __contains__(self, name: str) -> bool:
        __tracebackhide__ = True
        self._require_known(name)
        there = any(exchange.name == name for exchange in self.exchanges)
        usage.for_steps(name, None if there else self.not_reached(name), cut_short=False)
        return there

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self.exchanges)

    def once(self, key: object, find: Callable[[Transcript], Found]) -> Found:
        """What a function finds in it, kept under a key: many checks ask for the same."""
        held = self._found.get(key)
        if held is None or held[0] is not self.exchanges:
            held = self._found[key] = self.exchanges, find(self)
        found: Found = held[1]
        return found

    @cached_property
    def _found(self) -> dict[object, tuple[tuple[Exchange, ...], Any]]:
        return {}

    def all(self, name: str) -> list[Exchange]:
        """Every exchange of a name, in order of time."""
        __tracebackhide__ = True
        self._require_known(name)
        return self._sought(name, [exchange for exchange in self.exchanges if exchange.name == name])

    def starting(self, prefix: str) -> list[Exchange]:
        """Every exchange whose name begins with a prefix, in order of time."""
        __tracebackhide__ = True
        self._require_known(name=prefix, whole=False)
        return self._sought(prefix, [exchange for exchange in self.exchanges if exchange.name.startswith(prefix)])

    def _require_known(self, name: str, *, whole: bool = True) -> None:
        """Raises UnknownStep for a step that the scenario cannot have, if a test of the user's own asks for it."""
        __tracebackhide__ = True
        known = usage.known_steps(self.api, self.scenario)
        if known is None:
            return
        names = {*(exchange.name for exchange in self.exchanges), *self.absent}
        wanted = numbered(name)
        if not any(one == wanted if whole else one.startswith(wanted) for one in {*known, *map(numbered, names)}):
            raise UnknownStep(self.scenario, name, names or known)

    def _sought(self, name: str, found: list[Exchange]) -> list[Exchange]:
        absent = next((one for one in self.absent if one.startswith(name)), name)
        cut_short = self.ended is not None or absent in self.absent
        usage.for_steps(name, None if found else self.not_reached(absent), cut_short=cut_short)
        return found

    def fact(self, name: str) -> Any:
        """A fact that the scenario recorded; raises NotReached."""
        if name in self.facts:
            usage.at_something()
            return self.facts[name]
        raise self.not_reached(name)

    def not_reached(self, name: str) -> NotReached:
        """Why a step or fact is absent."""
        ending = self.absent.get(name) or self.ended
        if ending is None:
            return NotReached("not applicable", f"{self.scenario}: {name} did not arise on this target")
        return NotReached(ending.outcome, ending.reason, ending.by)


def numbered(name: str) -> str:
    """The name of a step with each number written N: names that differ in a number alone are one."""
    return re.sub(r"\d+", "N", name)


def cut_short(transcripts: Sequence[Transcript]) -> Transcript:
    """The transcript that states why something is absent from all: the first that ended early, if there is one."""
    begun = [one for one in transcripts if one.exchanges]
    early = [one for one in begun if one.ended is not None and one.ended.outcome != "not applicable"]
    return next(iter([*early, *begun, *transcripts]))


def untested(api: str, scenario: str, outcome: Outcome, reason: str) -> Transcript:
    """A transcript of a scenario that was not played."""
    return Transcript(api, scenario, ended=Ending(outcome, reason))


def begun(transcripts: Sequence[Transcript]) -> Sequence[Transcript]:
    """Transcripts themselves; raises NotReached, with the first one's reason, if none of them has an exchange."""
    if transcripts and not any(one.exchanges for one in transcripts):
        transcripts[0].begun()
    return transcripts
