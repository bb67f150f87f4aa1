"""Walks of a run: with queries of their own if they are asked for, else with a query that exists anyway.

Rule: nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from pytest_reportconformance.akamai_reporting import page_sizes
from pytest_reportconformance.akamai_reporting.query_steps import Query
from pytest_reportconformance.akamai_reporting.scenarios import permission
from pytest_reportconformance.akamai_reporting.walk_moves import KINDS
from pytest_reportconformance.akamai_reporting.walk_rules import QueryLife
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.recording.walker import Walker
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.failures import NotReached

ROWS = 10
"""The most rows of a query of a walk: with a page size of 4 they fill three pages, the last one not full."""


def explore(step: Steps, target: Target) -> None:
    """Walk with queries of the reports that the target has, in pages of several sizes."""
    queries = {}
    for name in {name for kind in KINDS for name in kind}:
        purpose, _, size = name.rpartition("-")
        if purpose in target.reports:
            facts = target.reports[purpose]
            limited = {**facts, "limit": page_sizes.narrowed(facts, ROWS)}
            queries[name] = {"report": limited, "size": int(size)}
    walker = _walker(step, target, queries)
    walker.explore(step.exploration.steps, step.exploration.seed)


def walk_on(step: Steps, target: Target, query: Query) -> None:
    """Walk with a query that is ready, unless more is asked for, or the target limits the rate of requests."""
    wanted = step.exploration.steps and not step.exploration.asked
    if wanted and target.limits.requests_per_minute is None and query.size is not None:
        queries = {query.name: {"report": dict(query.facts), "size": query.size}}
        walker = _walker(step, target, queries)
        walker.walk_on({query.name: query.link}, step.exploration.steps, step.exploration.seed)


def _walker(step: Steps, target: Target, queries: Mapping[str, Any]) -> Walker:
    facts = {
        "queries": queries,
        "guarded": _is_guarded(target),
        "steps": step.exploration.steps,
        "seed": step.exploration.seed,
    }
    step.note(walks=facts)
    kinds = [kind for kind in KINDS if all(name in queries for name in kind)]
    return Walker(step, partial(QueryLife, facts), kinds)


def _is_guarded(target: Target) -> bool:
    """Whether the target tells identities apart."""
    try:
        permission.only_for_members(target)
    except NotReached:
        return False
    return True
