"""What the command line asks for: the settings of the runs, and the plan of each."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_reportconformance.hooks import baseline, options
from pytest_reportconformance.judging import waivers
from pytest_reportconformance.register import apis, sets
from pytest_reportconformance.register.sets import RequirementSet, SetError
from pytest_reportconformance.run.plan import Plan, estimate
from pytest_reportconformance.run.run import RunSettings
from pytest_reportconformance.scenarios import Need
from pytest_reportconformance.target.target import Target, TargetError


def run_settings(config: pytest.Config, targets: list[Target]) -> list[RunSettings]:
    """The settings of the runs, one for each target. Raises TargetError, SetError, UsageError."""
    old = baseline.read(config, targets)
    accept_new = bool(config.getoption(baseline.NEW))
    base, given = config.invocation_params.dir, config.getoption("--conformance-report")
    given_waivers = config.getoption("--conformance-waivers")
    accepted = waivers.read(base / given_waivers, TargetError) if given_waivers else ()
    frozen = _frozen(config.getoption("--set"), [target.api for target in targets])
    exploration = options.exploration(config)
    if exploration.asked and targets and not any(apis.load(target.api).explores for target in targets):
        raise TargetError(f"--explore: found a target of {targets[0].api}, which no scenario explores; leave it out")
    settings = []
    for target in targets:
        folder = base / "conformance" / target.name
        if given:
            folder = base / given / target.api if len(targets) > 1 else base / given
        own = frozen if frozen and frozen.api == target.api else None
        settings.append(
            RunSettings(
                target,
                folder,
                accepted,
                own,
                exploration=exploration,
                baseline=old,
                accept_new_deviations=accept_new,
            )
        )
    return settings


def _frozen(name: str | None, apis: list[str]) -> RequirementSet | None:
    found = sets.load(name) if name else None
    if found is not None and found.api not in apis:
        raise SetError(f"--set: found {name}, a set of {found.api}; allowed: a set of {' or '.join(apis)}")
    return found


def plan(target: Target, asked: list[list[Any]]) -> Plan:
    """What a run that needs these scenarios will send to a target."""
    needs = [Need(*need) for need in asked]
    return estimate(target, apis.scenarios(target.api), needs, apis.load(target.api).preparation_cost(target))
