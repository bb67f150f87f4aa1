"""An identity that the target lacks leaves untested what is about it, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.target.target import Target
from tests.mutation.kill_matrix import judged, violated

ABOUT = {
    "other_user": ("other-user-",),
    "child_user": ("child-organization", "search.report-uri-relative"),
    "admin": ("permission.admin-",),
    "other_admin": ("permission.other-admin-",),
    "superuser": ("permission.superuser-",),
}
"""What the IDs of the requirements about each identity have in common."""


@pytest.mark.sampled(0.5)
@pytest.mark.parametrize("role", ABOUT)
def test_only_what_is_about_an_absent_identity_is_untested(role: str) -> None:
    def without(target: Target) -> Target:
        return replace(target, identities={name: one for name, one in target.identities.items() if name != role})

    judgements = judged(Reference(slow_seconds=4), without)
    untested = {one.requirement for one in judgements if one.outcome == "untested"}
    assert untested
    assert {id for id in untested if not any(part in id for part in ABOUT[role])} == set()
    assert {one.requirement for one in judgements if one.outcome == "passed"} & untested == set()
    assert violated(judgements) == {}
