"""A run compared with its baseline, requirement by requirement: what is worse, better, or changed otherwise.

Rule: pure functions over records. Each change of outcome is in exactly one list. A known deviation that the baseline
did not have is worse unless it is accepted: clients of the server notice it.
"""

from __future__ import annotations

import statistics
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from pytest_reportconformance.judging import directions
from pytest_reportconformance.judging.directions import DIRECTIONS, Direction
from pytest_reportconformance.judging.verdicts import Verdict, compared
from pytest_reportconformance.report import baseline, changed_facts

SLOWER_FACTOR = 2.0
SLOWER_SECONDS = 5.0
"""A scenario is slower if it takes so many times as long as before, and so many seconds longer: less is noise."""
PACED_SECONDS = 0.5
"""Scenarios of so many seconds at least say how fast the machine and the server are as a whole."""

Accepts = Literal["none", "baseline", "all"]
"""Which known deviations are accepted that a requirement did not have before: none, those of the baseline, or all."""
OPTIONS: Mapping[Accepts, str] = {"baseline": "--accept-deviations", "all": "--accept-new-deviations"}


@dataclass(frozen=True)
class Change:
    """One requirement before and after; an outcome is None if the requirement is not in that record.

    `had` and `deviations` are the known deviations that it showed before and shows now. `checks` are those that changed
    if the requirement has the same outcome as before. `note` says why the change is not worse.
    """

    id: str
    level: str
    before: str | None
    after: str | None
    had: tuple[str, ...] = ()
    deviations: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    reason: str = ""
    note: str = ""


@dataclass(frozen=True)
class Slower:
    """A scenario that took longer, in seconds."""

    scenario: str
    before: float
    after: float


@dataclass(frozen=True)
class Comparison:
    """What changed: facts about both runs, and every requirement whose outcome changed."""

    changed: tuple[str, ...]
    worse: tuple[Change, ...]
    better: tuple[Change, ...]
    other: tuple[Change, ...]
    slower: tuple[Slower, ...]


def accepts(*, accept_deviations: bool, accept_new_deviations: bool) -> Accepts:
    """What the options of a command line accept."""
    return "all" if accept_new_deviations else "baseline" if accept_deviations else "none"


def compare(old: Mapping[str, Any], record: Mapping[str, Any], accepted: Accepts) -> Comparison:
    """Compare a record with the summary of another one of the same API."""
    now = baseline.summary(record)
    had = baseline.shown(old) if accepted == "baseline" else set()
    rules = _Rules(accepted, had)
    before, after = ({one["id"]: one for one in side["requirements"]} for side in (old, now))
    reasons = {one["id"]: one["reason"] for one in record["requirements"]}
    found: dict[Direction, list[Change]] = {name: [] for name in DIRECTIONS}
    for id in dict.fromkeys([*after, *before]):
        change, direction = rules.change(before.get(id), after.get(id))
        if direction is not None:
            found[direction].append(replace(change, reason=reasons.get(id, "")))
    lists = {name: tuple(changes) for name, changes in found.items()}
    pace = _pace(old["scenarios"], now["scenarios"])
    changed = [*changed_facts.lines(old, now), *changed_facts.pace(pace, SLOWER_FACTOR)]
    return Comparison(tuple(changed), **lists, slower=_slower(old["scenarios"], now["scenarios"], pace))


@dataclass(frozen=True)
class _Rules:
    """The rules for one requirement, given which deviations are accepted."""

    accepts: Accepts
    had: Collection[str]

    def change(self, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> tuple[Change, Direction | None]:
        """The change of a requirement, and its direction; None if there is none."""
        change = _changed(old, new)
        found = directions.direction(change.before, change.after)
        if old is None or new is None:
            note = "not in the baseline" if old is None else "no longer among the requirements"
            return replace(change, note=note), found
        if found is None:
            found, checks = self._within(old, new)
            change = replace(change, checks=checks)
        if found == "worse" and (note := self._excuse(new, change.deviations)):
            return replace(change, note=note), "other"
        return change, found

    def _excuse(self, new: Mapping[str, Any], shown: Collection[str]) -> str:
        """Why a change for the worse does not count as one; empty if it does."""
        if new["level"] == "MAY":
            return "a MAY requirement decides nothing"
        if not new["counts"]:
            return "outside the set of requirements"
        if shown and all(self._accepted(id) for id in shown):
            return f"accepted by {OPTIONS[self.accepts]}"
        return ""

    def _accepted(self, deviation: str) -> bool:
        return self.accepts == "all" or deviation in self.had

    def _within(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Direction | None, tuple[str, ...]]:
        """Which checks of a requirement changed that is violated before and after."""
        known = {check["name"]: check for check in old["checks"]}
        found: dict[Direction, list[str]] = {name: [] for name in DIRECTIONS}
        for check in new["checks"]:
            direction = _of_check(known[check["name"]], check) if check["name"] in known else None
            if direction is not None:
                found[direction].append(check["name"])
        for name in DIRECTIONS[:2]:
            if found[name]:
                return name, tuple(found[name])
        return None, ()


def _of_check(old: Mapping[str, Any], new: Mapping[str, Any]) -> Direction | None:
    if old["outcome"] == new["outcome"]:
        return "worse" if old["deviation"] != new["deviation"] and directions.deviates(new["outcome"]) else None
    if directions.undecided(old["outcome"]) or directions.undecided(new["outcome"]):
        return None
    return directions.direction(old["outcome"], new["outcome"])


def _changed(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Change:
    """The change of a requirement, which is in one of both records at least."""
    one = new or old or {}
    before, after = (None if side is None else side["outcome"] for side in (old, new))
    return Change(one["id"], one["level"], before, after, _deviations(old), _deviations(new))


def _deviations(one: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The known deviations that give a requirement its outcome."""
    if one is None or not directions.deviates(one["outcome"]):
        return ()
    return tuple(sorted({check["deviation"] for check in one["checks"] if directions.deviates(check["outcome"])}))


def _pace(old: Mapping[str, float], new: Mapping[str, float]) -> float:
    """How many times as long scenarios take as before, as a rule: the median, 1.0 at least."""
    ratios = [new[name] / seconds for name, seconds in old.items() if name in new and seconds >= PACED_SECONDS]
    return max(1.0, statistics.median(ratios)) if ratios else 1.0


def _slower(old: Mapping[str, float], new: Mapping[str, float], pace: float) -> tuple[Slower, ...]:
    """The scenarios that are slower than the others explain."""
    pairs = [Slower(name, old[name], seconds) for name, seconds in new.items() if name in old]
    return tuple(
        one
        for one in pairs
        if one.after > one.before * pace * SLOWER_FACTOR and one.after > one.before * pace + SLOWER_SECONDS
    )


def member(old: Mapping[str, Any], record: Mapping[str, Any], accepted: Accepts, alone: Verdict) -> dict[str, Any]:
    """The comparison as a member of the record; `alone` is the verdict without the baseline."""
    said = {"verdict": alone.name, "says": alone.says, "exit_code": int(alone.exit_code)}
    return {"baseline": dict(old), "accepts": accepted, "alone": said, **as_json(compare(old, record, accepted))}


def as_json(found: Comparison) -> dict[str, Any]:
    """A comparison as JSON values."""
    lists = {name: [_listed(one) for one in getattr(found, name)] for name in (*DIRECTIONS, "slower")}
    return {"changed": list(found.changed), **lists}


def _listed(one: Change | Slower) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(one).items()}


def verdict(alone: Verdict, found: Mapping[str, Any]) -> Verdict:
    """The verdict of a run with a baseline, given its verdict without."""
    return compared(alone, len(found["worse"]), len(found["better"]))


def again(
    recorded: Mapping[str, Any] | None,
    record: Mapping[str, Any],
    requirements: Iterable[Mapping[str, Any]],
    alone: Verdict,
) -> dict[str, Any] | None:
    """The comparison of a record with other outcomes of its requirements, as when it is judged again."""
    if recorded is None:
        return None
    return member(recorded["baseline"], {**record, "requirements": list(requirements)}, recorded["accepts"], alone)
