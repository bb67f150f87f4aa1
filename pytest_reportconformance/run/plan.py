"""What a run will cost its target: requests of each kind, waiting periods, minutes. Printed before anything is sent.

Rule: pure functions over what scenarios declare; this module knows neither pytest nor any API.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from pytest_reportconformance.scenarios import Cost

if TYPE_CHECKING:
    from pytest_reportconformance.scenarios import Need, Scenario
    from pytest_reportconformance.target.target import Target

RETRY_AFTER = 300.0
"""Seconds: the one example that is published."""


@dataclass(frozen=True)
class Plan:
    """The plan of a run. `unknown` are scenarios that do not declare what they cost, `lacking` those that the target
    has no report for; times in seconds."""

    target: str
    costs: Mapping[str, Cost]
    unknown: tuple[str, ...]
    lacking: tuple[str, ...]
    requests_per_minute: int | None
    retry_after: float

    @property
    def total(self) -> Cost:
        """Everything together."""
        return sum(self.costs.values(), Cost())

    @property
    def seconds(self) -> float:
        """How long the run takes at most: a bucket of one minute's worth, then the rate; and the waiting periods."""
        rate = self.requests_per_minute
        beyond = max(0, self.total.requests - rate) if rate else 0
        return beyond * 60 / (rate or 1) + self.total.waits * self.retry_after

    def values(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "target": self.target,
            "scenarios": {name: {**vars(cost), "requests": cost.requests} for name, cost in self.costs.items()},
            "unknown": list(self.unknown),
            "lacking": list(self.lacking),
            "total": {**vars(self.total), "requests": self.total.requests},
            "requests_per_minute": self.requests_per_minute,
            "retry_after": self.retry_after,
            "minutes": round(self.seconds / 60, 1),
        }


def estimate(
    target: Target,
    scenarios: Mapping[str, Scenario],
    needs: Iterable[Need],
    preparation: Cost,
    retry_after: float | None = None,
) -> Plan:
    """The plan of a run that plays what is needed; `retry_after` in seconds is what the target is expected to ask for.

    By default that is the declared duration of the slow report, else the published example.
    """
    declared = target.reports.get("slow", {}).get("seconds")
    expected = (
        retry_after if retry_after is not None else float(ceil(declared)) if declared is not None else RETRY_AFTER
    )
    wanted = sorted(set(needs))
    found = {need.key: scenarios[need.scenario] for need in wanted}
    possible = {name: one for name, one in found.items() if preparation.requests or not _lacks(target, one)}
    return Plan(
        target.name,
        {"preparation": preparation} | {name: one.cost for name, one in possible.items() if one.cost is not None},
        tuple(name for name, one in possible.items() if one.cost is None),
        tuple(name for name in found if name not in possible),
        target.limits.requests_per_minute,
        expected,
    )


def _lacks(target: Target, scenario: Scenario) -> bool:
    return any(purpose not in target.reports for purpose in scenario.needs)


def lines(plan: Plan) -> list[str]:
    """A plan as lines of text."""
    total, rate = plan.total, plan.requests_per_minute
    heads = ("submits", "polls", "others", "waits")
    width = max(map(len, plan.costs)) + 2
    table = [f"plan for {plan.target}", " " * width + "".join(f"{head:>9}" for head in heads)]
    for name, cost in [*plan.costs.items(), ("all", total)]:
        table.append(f"{name:{width}}" + "".join(f"{getattr(cost, head):9}" for head in heads))
    pace = f"{rate} a minute" if rate else "no rate limit"
    table.append(
        f"{total.requests} requests ({pace}) and {total.waits} x {plan.retry_after:g} s of waiting for the target: "
        f"at most {plan.seconds / 60:.1f} minutes"
    )
    for what, names in (("no report for", plan.lacking), ("cost not declared", plan.unknown)):
        if names:
            table.append(f"{what}: {', '.join(names)}")
    return table
