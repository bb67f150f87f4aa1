"""Exploration accuses no correct server, and walks the same way with the same seed."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_reportconformance.jasperserver.reference import Reference
from tests.jasperserver import explored_mutants
from tests.jasperserver.independent import Independent
from tests.jasperserver.permissive_variant import PermissiveVariant
from tests.jasperserver.test_independent import CancelsTooLate, DropsExports, FewFormats, NumbersExecutions
from tests.mutation.exploration import assert_shown, explore, mutants

STATES = ("multi", "fast", "slow", "failing")


def test_the_reference_server_violates_nothing() -> None:
    """Which executions a walk deletes depends on the time that reports take as well: one of the walks deletes each."""
    deleted = set()
    for seed in (1, 2, 3):
        found = explore(Reference(slow_seconds=1.5), 300, seed)
        assert found.violated == {}
        assert {one.outcome for one in found.judgements} <= {"passed", "not applicable"}
        assert len(found.transcript.exchanges) > 300
        deleted |= {name for name in STATES if any(f" {name}.delete" in one for one in found.names)}
    assert deleted == set(STATES)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_permissive_variant_violates_no_must(seed: int) -> None:
    found = explore(PermissiveVariant(slow_seconds=1.5), 200, seed)
    assert [one for one in found.judgements if one.outcome not in ("passed", "not applicable", "warned", "noted")] == []


def test_equal_seeds_walk_the_same_way() -> None:
    names = [explore(explored_mutants.CountsTime(slow_seconds=4), 60, seed).names for seed in (5, 5, 6)]
    assert names[0] == names[1] != names[2]


def test_no_steps_play_nothing() -> None:
    found = explore(Reference(), 0)
    assert found.transcript.exchanges == ()
    assert {one.outcome for one in found.judgements} == {"not applicable"}


@pytest.mark.sampled(0.4)
@pytest.mark.parametrize("server", [Independent, DropsExports, NumbersExecutions, FewFormats, CancelsTooLate])
def test_the_independent_servers_violate_nothing(server: type[Independent]) -> None:
    assert explore(server(slow_seconds=0.8), 80, 3).violated == {}


@pytest.mark.sampled(0.4)
@pytest.mark.parametrize("mutant", mutants(explored_mutants), ids=lambda mutant: mutant.__name__)
def test_a_walk_shows_a_fault_that_depends_on_the_order_of_requests(mutant: Any) -> None:
    assert_shown(mutant)
