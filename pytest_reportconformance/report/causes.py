"""The causes of what a run found: each once, with the requirements that it explains and the checks that it blocks.

Rule: a value made of the record's requirements; it renders nothing. A violated requirement is the cause of violations
that the register names as its consequences (`implied_by`) and of the checks that it blocks; a known deviation and a
waiver are causes of what they accept; checks that nothing violated blocks have their reason in common.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.register import register

Requirement = Mapping[str, Any]
Check = Mapping[str, Any]
Key = tuple[str, str]
"""The outcome of a cause, and what names it: an ID of a requirement or deviation, a waiver's pattern, or a reason."""


@dataclass(frozen=True)
class Part:
    """Checks of one requirement that have the same cause."""

    requirement: Requirement
    checks: tuple[Check, ...]

    @property
    def id(self) -> str:
        """The requirement's ID."""
        return str(self.requirement["id"])


@dataclass(frozen=True)
class Cause:
    """Why checks have an outcome other than passed.

    `name` is the ID of the violated requirement or of the deviation, the pattern of a waiver, or empty; `says` is one
    sentence. `explains` has the violated checks by requirement, that of a violated requirement first; `blocks` those
    that could not be judged because of it.
    """

    outcome: str
    name: str
    says: str
    explains: tuple[Part, ...]
    blocks: tuple[Part, ...]

    @property
    def shown(self) -> tuple[Requirement, Check] | None:
        """The requirement and the check that show the cause best: one exchange says more than a walk of many.

        A violation that no exchange shows is shown by its first check.
        """
        found = [(part.requirement, check) for part in self.explains for check in part.checks if check["curl"]]
        own = [(part.requirement, check) for part in self.explains if part.id == self.name for check in part.checks]
        return min(found or own, key=lambda pair: "\ncurl " in (pair[1]["curl"] or ""), default=None)

    @property
    def violation(self) -> Requirement | None:
        """The violated requirement that is the cause itself; None if it is a deviation, a waiver or a reason."""
        return next((part.requirement for part in self.explains if part.id == self.name), None)


def of(record: Mapping[str, Any]) -> list[Cause]:
    """The causes of a record: in the order of outcomes, those that explain and block most first."""
    try:
        known = register.load(record["target"]["api"])
    except register.RegisterError:  # a record of an API that this version of the suite does not know
        return build(record["requirements"], record["waivers"])
    implied = {one.id: one.implied_by for one in known.requirements.values()}
    instead = {one.id: one.instead for one in known.deviations.values()}
    return build(record["requirements"], record["waivers"], implied, instead)


def build(
    requirements: Iterable[Requirement],
    waivers: Iterable[Mapping[str, Any]] = (),
    implied: Mapping[str, Collection[str]] | None = None,
    instead: Mapping[str, str] | None = None,
) -> list[Cause]:
    """The causes in requirements of a record.

    `implied` names for each ID those whose violation may violate it, `instead` what the product does by deviation.
    """
    waived = {id: one for one in waivers for id in one["waives"]}
    return _Found(list(requirements), waived, implied or {}, instead or {}).causes()


class _Found:
    """The checks of a record, sorted by their cause."""

    def __init__(
        self,
        requirements: list[Requirement],
        waived: Mapping[str, Mapping[str, Any]],
        implied: Mapping[str, Collection[str]],
        instead: Mapping[str, str],
    ) -> None:
        self.requirements = requirements
        self.waived = waived
        self.instead = instead
        self.by_id = {str(one["id"]): one for one in requirements}
        self.violated = dict(self._violated())
        self.roots = {id: _root(id, self.violated, implied) for id in self.violated}
        self.direct = {(one["id"], check["outcome"]): check for one, check in self._checks() if not check["blocked_by"]}
        self.explains: dict[Key, dict[str, list[Check]]] = {}
        self.blocks: dict[Key, dict[str, list[Check]]] = {}

    def causes(self) -> list[Cause]:
        """All of them."""
        for one, check in self._checks():
            key = self._key(one, check)
            if key is not None:
                blocked = check["blocked_by"] or outcome_table.find(check["outcome"]).group == "undecided"
                kind = self.blocks if blocked else self.explains
                kind.setdefault(key, {}).setdefault(one["id"], []).append(check)
        keys = dict.fromkeys([*self.explains, *self.blocks])
        return sorted((self._cause(key) for key in keys), key=_rank)

    def _checks(self) -> Iterator[tuple[Requirement, Check]]:
        return ((one, check) for one in self.requirements for check in one["checks"])

    def _violated(self) -> Iterator[tuple[str, str]]:
        """The requirements with a check that is violated and not accepted, with its outcome."""
        names = outcome_table.names("violated")
        for one, check in self._checks():
            if check["outcome"] in names:
                yield one["id"], check["outcome"]

    def _key(self, one: Requirement, check: Check) -> Key | None:
        """What the cause of a check is; None if it has none."""
        outcome, by = check["outcome"], check["blocked_by"]
        group = outcome_table.find(outcome).group
        if check["deviation"] and group in ("accepted", "noted"):
            return outcome_table.find("deviation").name, check["deviation"]
        if group == "violated":
            return self._violation(one["id"])
        if group == "accepted":
            return outcome, self._waiver(by or one["id"], check)
        if group == "noted":
            return outcome, one["id"]
        return self._undecided(outcome, by, check) if group == "undecided" else None

    def _violation(self, id: str) -> Key:
        root = self.roots[id]
        return self.violated[root], root

    def _waiver(self, id: str, check: Check) -> str:
        return str(self.waived[id]["pattern"]) if id in self.waived else str(check["reason"])

    def _undecided(self, outcome: str, by: str | None, check: Check) -> Key:
        """What blocks a check: a violated requirement, its deviation, one that is noted, or a reason alone."""
        if by in self.violated:
            return self._violation(by)
        noted = next((name for name in outcome_table.names("noted") if (by, name) in self.direct), None)
        if noted is not None:
            found = self.direct[by, noted]["deviation"]
            return (outcome_table.find("deviation").name, found) if found else (noted, str(by))
        return outcome, str(by or check["reason"])

    def _cause(self, key: Key) -> Cause:
        outcome, name = key
        explains = self._parts(self.explains.get(key, {}), first=name)
        blocks = self._parts(self.blocks.get(key, {}))
        says = self._says(key, [*explains, *blocks])
        outcomes = {str(check["outcome"]) for part in explains for check in part.checks}
        if not blocks and outcomes == set(outcome_table.names("noted")):
            (outcome,) = outcomes
        return Cause(outcome, "" if says == name else name, says, explains, blocks)

    def _parts(self, found: Mapping[str, list[Check]], first: str = "") -> tuple[Part, ...]:
        ids = sorted(found, key=lambda one: one != first)
        return tuple(Part(self.by_id[id], tuple(found[id])) for id in ids)

    def _says(self, key: Key, parts: list[Part]) -> str:
        """A cause in a sentence: what the requirement says, what the product does instead, or the common reason."""
        outcome, name = key
        if name in self.by_id:
            return str(self.by_id[name]["says"])
        if name in self.instead:
            return self.instead[name]
        accepted = outcome_table.find(outcome).group == "accepted"
        return str(parts[0].checks[0]["reason"]) if accepted else name


def _root(id: str, violated: Collection[str], implied: Mapping[str, Collection[str]]) -> str:
    """The violated requirement that a violation follows from: itself if no other one is named."""
    seen = [id]
    while True:
        above = [one for one in implied.get(seen[-1], ()) if one in violated]
        nearest = next((one for one in violated if one in above), None)
        if nearest is None:
            return seen[-1]
        if nearest in seen:  # they name each other: the first in the register's order
            circle = seen[seen.index(nearest) :]
            return next(one for one in violated if one in circle)
        seen.append(nearest)


def _rank(cause: Cause) -> tuple[int, int]:
    checks = sum(len(part.checks) for part in (*cause.explains, *cause.blocks))
    return outcome_table.names().index(cause.outcome), -checks
