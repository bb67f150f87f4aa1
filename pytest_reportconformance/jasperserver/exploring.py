"""Walks of a run: with executions of their own if they are asked for, else with an execution that exists anyway.

Rule: nothing is judged here.
"""

from __future__ import annotations

from functools import partial

from pytest_reportconformance.jasperserver.walk_moves import KINDS
from pytest_reportconformance.jasperserver.walk_rules import ExecutionLife
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.recording.walker import Walker
from pytest_reportconformance.target.target import Target


def explore(step: Steps, target: Target) -> None:
    """Walk with executions of the reports that the target has."""
    walker = _walker(step, target)
    walker.explore(step.exploration.steps, step.exploration.seed)


def walk_on(step: Steps, target: Target, purpose: str, id: str) -> None:
    """Walk with an execution that exists, unless more is asked for."""
    if step.exploration.steps and not step.exploration.asked:
        _walker(step, target).walk_on({purpose: id}, step.exploration.steps, step.exploration.seed)


def _walker(step: Steps, target: Target) -> Walker:
    purposes = {purpose for kind in KINDS for purpose in kind}
    reports = {purpose: dict(facts) for purpose, facts in target.reports.items() if purpose in purposes}
    facts = {"reports": reports, "steps": step.exploration.steps, "seed": step.exploration.seed}
    step.note(walks=facts)
    kinds = [kind for kind in KINDS if all(purpose in reports for purpose in kind)]
    return Walker(step, partial(ExecutionLife, facts), kinds)
