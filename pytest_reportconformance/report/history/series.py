"""The runs of one target as a series: the outcomes of each requirement over time, since when a failure stands, what is
flaky.

Rule: a run that did not judge a requirement says nothing about it. A requirement is flaky if its outcome changed and
changed back while version, suite and requirements were the same: what a change of these explains is no flakiness.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from pytest_reportconformance.judging import directions, outcome_table
from pytest_reportconformance.report.runs import LEVELS, Judged, Run
from pytest_reportconformance.report.stored import NotAReport


@dataclass(frozen=True)
class Track:
    """One requirement over all runs: its outcome in each, None if the run does not have it."""

    last: Judged
    outcomes: tuple[str | None, ...]
    conditions: tuple[tuple[str | None, ...], ...]
    """Version, suite and requirements of each run."""

    @property
    def id(self) -> str:
        """The ID of the requirement."""
        return self.last.id

    @cached_property
    def judged(self) -> list[tuple[int, str]]:
        """The runs that judged it, with the outcome."""
        return [(run, name) for run, name in enumerate(self.outcomes) if name is not None and directions.judged(name)]

    @cached_property
    def changed(self) -> bool:
        """Whether runs judged it differently."""
        return len({_group(outcome) for _, outcome in self.judged}) > 1

    @property
    def now(self) -> str | None:
        """The outcome in the last run that judged it."""
        return self.judged[-1][1] if self.judged else None

    @property
    def violated(self) -> bool:
        """Whether the last run that judged it found it violated, accepted or not."""
        return self.now is not None and directions.violated(self.now)

    @property
    def failed(self) -> bool:
        """Whether the last run that judged it found it violated, and nothing accepts it."""
        return self.now is not None and _group(self.now) == "violated"

    @cached_property
    def since(self) -> int | None:
        """The run since which its violation stands: no later run shows that the requirement holds. None without one."""
        first = None
        for run, outcome in reversed(self.judged):
            if directions.violated(outcome):
                first = run
            elif not directions.undecided(outcome):
                break
        return first if self.violated else None

    @property
    def lasts(self) -> int | None:
        """The run since which every run that judged it had an outcome of the same group; None if none judged it."""
        first = None
        for run, outcome in reversed(self.judged):
            if _group(outcome) != _group(self.judged[-1][1]):
                break
            first = run
        return first

    @cached_property
    def flaky(self) -> bool:
        """Whether its outcome changed back and forth, and nothing but the server can be the reason."""
        for condition in dict.fromkeys(self.conditions):
            seen = [_group(outcome) for run, outcome in self.judged if self.conditions[run] == condition]
            steps = [seen[0], *(after for before, after in pairwise(seen) if before != after)] if seen else []
            if len(steps) > len(set(steps)):
                return True
        return False


def _group(outcome: str) -> str:
    return outcome_table.find(outcome).group


@dataclass(frozen=True)
class Series:
    """The runs of one target, earliest first, and a track for each requirement, in the order of the last run."""

    runs: tuple[Run, ...]
    tracks: tuple[Track, ...]

    @property
    def standing(self) -> list[Track]:
        """The tracks that never changed and stand violated, accepted or not."""
        return sorted((one for one in self.tracks if one.violated and not one.changed), key=_weight)

    @property
    def changed(self) -> list[Track]:
        """The tracks that changed: what is violated now first."""
        return sorted((one for one in self.tracks if one.changed), key=_weight)


def _weight(track: Track) -> tuple[bool, int, int]:
    """Violated first, the worst outcome and the highest level first."""
    worst = outcome_table.names().index(track.now) if track.now else len(outcome_table.names())
    return not track.violated, worst, LEVELS.index(track.last.level)


def series(runs: Iterable[Run]) -> Series:
    """The series of runs of one target. Raises NotAReport if they are of several."""
    ordered = tuple(sorted(runs, key=lambda run: run.started))
    _require_one(ordered)
    conditions = tuple((run.target.version, run.suite, run.specs) for run in ordered)
    known: dict[str, Judged] = {one.id: one for run in reversed(ordered) for one in run.requirements}
    last = {one.id: one for run in ordered for one in run.requirements}
    tracks = (Track(last[id], tuple(_outcomes(ordered, id)), conditions) for id in known)
    return Series(ordered, tuple(tracks))


def _outcomes(runs: Iterable[Run], id: str) -> Iterator[str | None]:
    for run in runs:
        one = run.by_id.get(id)
        yield None if one is None else one.outcome


def _require_one(runs: Sequence[Run]) -> None:
    """Refuse runs of several targets: their outcomes are no history."""
    first = runs[0]
    for run in runs:
        for what in ("api", "product", "name"):
            old, new = (str(getattr(one.target, what)) for one in (first, run))
            if old != new:
                raise NotAReport(
                    f"{first.file} and {run.file} are reports of different targets ({what} {old} and {new}): "
                    "name reports of one target, or choose one with --target NAME"
                )


def as_json(found: Series) -> dict[str, Any]:
    """A series as JSON values; `since` is the number of a run, counted from 0."""
    return {
        "target": found.runs[-1].target.__dict__,
        "runs": [_run(one) for one in found.runs],
        "requirements": [
            {
                **{name: getattr(one.last, name) for name in ("id", "level", "operation", "says")},
                **{name: getattr(one, name) for name in ("changed", "violated", "flaky", "since")},
                "outcomes": list(one.outcomes),
            }
            for one in found.tracks
        ],
    }


def _run(run: Run) -> dict[str, Any]:
    return {
        "file": str(run.file),
        "started": run.started.isoformat(),
        "seconds": run.seconds,
        "version": run.target.version,
        "suite": run.suite,
        "specs": run.specs,
        "verdict": run.verdict,
        "says": run.says,
    }
