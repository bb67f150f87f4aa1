"""On the reference servers every check applies, except the few listed here: a step that no scenario sends is found.

The judged runs explore nothing: the checks over walks are left out.
"""

from __future__ import annotations

import pytest

from pytest_reportconformance.register import apis
from pytest_reportconformance.transcript.walk import NOT_EXPLORED
from tests.mutation.kill_matrix import judged

LISTED = {
    "akamai_reporting": {
        "akamai_reporting.limits.exceeded",
        "akamai_reporting.limits.exceeded-retry-time",
        "akamai_reporting.limits.query-becomes-ready",
        "akamai_reporting.limits.header-integers",
        "akamai_reporting.limits.header-remaining",
        "akamai_reporting.limits.header-next",
        "akamai_reporting.permission.replayed-signature",
        "akamai_reporting.permission.stale-signature",
    },
    "jasperserver": {"jasperserver.output.content-type"},
}
"""Requirements with a check that does not apply: no limit is exceeded, bearer tokens, no content type in an answer."""


@pytest.mark.parametrize("api", apis.names())
def test_every_check_applies_on_the_reference_server(api: str) -> None:
    judgements = judged(apis.load(api).reference(slow_seconds=4))
    missing = [one for one in judgements if one.outcome == "not applicable" and one.reason != NOT_EXPLORED]
    found = {one.requirement: f"{one.check}: {one.reason}" for one in missing}
    assert set(found) == LISTED[api], found
