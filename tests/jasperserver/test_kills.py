"""Every mutant violates exactly the requirements that it names; the reference server and its variant violate none."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_reportconformance.jasperserver.reference import Reference
from tests.jasperserver.permissive_variant import PermissiveVariant
from tests.mutation.kill_matrix import judged, mutants, verify

API = "jasperserver"
ALL = mutants("tests.jasperserver.mutants")
GOOD = ("passed", "not applicable")


@pytest.mark.sampled(0.035)
@pytest.mark.parametrize("mutant", ALL, ids=lambda mutant: mutant.__name__)
def test_a_mutant_violates_exactly_what_it_names(mutant: Any) -> None:
    verify(mutant, API, 0.6, 3.0)


def test_the_reference_server_is_conformant() -> None:
    assert [one for one in judged(Reference(slow_seconds=4, page_seconds=1)) if one.outcome not in GOOD] == []


def test_the_permissive_variant_is_conformant() -> None:
    judgements = judged(PermissiveVariant(slow_seconds=4, page_seconds=1))
    # It saves data late, so that an update may lawfully use the data of before: that is undecided.
    decided = [one for one in judgements if one.requirement != "jasperserver.parameters.fresh-data-default"]
    assert [one for one in decided if one.outcome not in (*GOOD, "warned", "noted")] == []
    undecided = [one for one in judgements if one not in decided]
    assert {one.outcome for one in undecided} <= {*GOOD, "inconclusive"}
