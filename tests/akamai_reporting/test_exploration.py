"""Exploration of the Reporting API accuses no correct server, and finds faults that depend on the order of requests."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_reportconformance.akamai_reporting.reference import Reference
from tests.akamai_reporting import explored_mutants
from tests.akamai_reporting.permissive_variant import PermissiveVariant
from tests.akamai_reporting.storing_server import StoringServer
from tests.akamai_reporting.test_independent import VARIANTS
from tests.akamai_reporting.test_storing_server import IssuesNewLinks, RepeatsItself
from tests.mutation.exploration import assert_shown, explore, explore_over_http, mutants


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_reference_server_violates_nothing(seed: int) -> None:
    found = explore(Reference(), 300, seed)
    assert found.violated == {}
    assert {one.outcome for one in found.judgements} <= {"passed", "not applicable"}
    assert len(found.transcript.exchanges) > 300


def test_the_permissive_variant_violates_no_must() -> None:
    found = explore_over_http(PermissiveVariant(slow_seconds=1.0), 100, 1)
    assert [one for one in found.judgements if one.outcome not in ("passed", "not applicable", "warned", "noted")] == []


@pytest.mark.sampled(0.3)
@pytest.mark.parametrize("server", [*VARIANTS, StoringServer, RepeatsItself])
def test_the_independent_servers_violate_nothing(server: Any) -> None:
    assert explore_over_http(server(slow_seconds=1.0), 60, 1).violated == {}


def test_new_links_at_every_get_violate_no_must() -> None:
    found = explore(IssuesNewLinks(), 100, 1)
    assert [one for one in found.judgements if one.outcome not in ("passed", "not applicable", "warned", "noted")] == []


def test_equal_seeds_walk_the_same_way() -> None:
    names = [explore(explored_mutants.CountsTime(), 60, seed).names for seed in (5, 5, 6)]
    assert names[0] == names[1] != names[2]


def test_no_steps_play_nothing() -> None:
    found = explore(Reference(), 0)
    assert found.transcript.exchanges == ()
    assert {one.outcome for one in found.judgements} == {"not applicable"}


@pytest.mark.sampled(0.3)
@pytest.mark.parametrize("mutant", mutants(explored_mutants), ids=lambda mutant: mutant.__name__)
def test_a_walk_shows_a_fault_that_depends_on_the_order_of_requests(mutant: Any) -> None:
    assert_shown(mutant)
