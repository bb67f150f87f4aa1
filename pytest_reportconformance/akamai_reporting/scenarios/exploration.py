"""Exploration: random walks over the pages of queries."""

from __future__ import annotations

from pytest_reportconformance.akamai_reporting import exploring
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import Cost, scenario
from pytest_reportconformance.target.target import Target


@scenario(late=True, read_only=True, cost=Cost())
def explored_pages(step: Steps, target: Target) -> None:
    """Pages of queries are read in random order and repeatedly, by their owner and by others, and in new sessions."""
    if step.exploration.asked and step.exploration.steps:
        exploring.explore(step, target)
