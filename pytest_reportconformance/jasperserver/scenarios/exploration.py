"""Exploration: random walks through the life of executions."""

from __future__ import annotations

from pytest_reportconformance.jasperserver import exploring
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import scenario
from pytest_reportconformance.target.target import Target


@scenario(late=True)
def explored(step: Steps, target: Target) -> None:
    """Executions are read, exported, cancelled and deleted in random order, by their owner and by others."""
    if step.exploration.asked and step.exploration.steps:
        exploring.explore(step, target)
