"""Every mutant is caught by exactly the requirements that it names, and the clean servers by none."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_reportconformance.akamai_reporting.reference import Reference
from tests.akamai_reporting.permissive_variant import PermissiveVariant
from tests.mutation.kill_matrix import judged, mutants, verify

API = "akamai_reporting"
ALL = mutants("tests.akamai_reporting.mutants")
GOOD = ("passed", "not applicable")


@pytest.mark.sampled(0.06)
@pytest.mark.parametrize("mutant", ALL, ids=lambda mutant: mutant.__name__)
def test_a_mutant_is_caught_by_exactly_the_requirements_that_it_names(mutant: Any) -> None:
    verify(mutant, API, 0.6, 3.0)


def test_the_reference_server_is_conformant() -> None:
    assert [one for one in judged(Reference(slow_seconds=4)) if one.outcome not in GOOD] == []


def test_the_permissive_variant_is_conformant() -> None:
    judgements = judged(PermissiveVariant(slow_seconds=4))
    assert [one for one in judgements if one.outcome not in (*GOOD, "warned", "noted")] == []
