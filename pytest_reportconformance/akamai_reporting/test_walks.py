"""Random walks over the pages of queries violate nothing, in whatever order pages are read and repeated."""

from __future__ import annotations

import pytest

from pytest_reportconformance.akamai_reporting.walk_rules import QueryLife
from pytest_reportconformance.transcript import walk
from pytest_reportconformance.transcript.transcript import Transcript


def holds(id: str) -> object:
    """The parameter of a requirement, marked with it."""
    return pytest.param(id, marks=pytest.mark.requirement(id), id=id.partition(".")[2])


@pytest.mark.parametrize(
    "id",
    [
        holds("akamai_reporting.errors.never-issued-id"),
        holds("akamai_reporting.errors.changed-id"),
        holds("akamai_reporting.errors.truncated-id"),
        holds("akamai_reporting.errors.empty-id"),
        holds("akamai_reporting.errors.no-rows"),
        holds("akamai_reporting.ids.unique"),
        holds("akamai_reporting.ids.unique-when-equal"),
        holds("akamai_reporting.links.present"),
        holds("akamai_reporting.links.location-is-first"),
        holds("akamai_reporting.links.get-page"),
        holds("akamai_reporting.links.next-leads-on"),
        holds("akamai_reporting.links.next-ends"),
        holds("akamai_reporting.links.self-resolves"),
        holds("akamai_reporting.links.first-without-prev"),
        holds("akamai_reporting.links.prev-leads-back"),
        holds("akamai_reporting.links.first-on-every-page"),
        holds("akamai_reporting.links.first-equal"),
        holds("akamai_reporting.links.last-equal"),
        holds("akamai_reporting.links.last-leads-to-last-page"),
        holds("akamai_reporting.pages.full"),
        holds("akamai_reporting.pages.at-most"),
        holds("akamai_reporting.pages.same-rows"),
        holds("akamai_reporting.pages.same-order"),
        holds("akamai_reporting.pages.any-order"),
        holds("akamai_reporting.pages.total-rows-equal"),
        holds("akamai_reporting.pages.total-rows-sum"),
        holds("akamai_reporting.pages.name-equal"),
        holds("akamai_reporting.pages.request-time-equal"),
        holds("akamai_reporting.pages.eviction-time-equal"),
        holds("akamai_reporting.permission.anonymous-poll"),
        holds("akamai_reporting.permission.anonymous-page"),
        holds("akamai_reporting.permission.anonymous-no-data"),
        holds("akamai_reporting.permission.unscoped-poll"),
        holds("akamai_reporting.permission.unscoped-no-data"),
        holds("akamai_reporting.permission.other-user-poll"),
        holds("akamai_reporting.permission.other-user-page"),
        holds("akamai_reporting.permission.other-user-no-data"),
        holds("akamai_reporting.poll.stays-ready"),
        holds("akamai_reporting.ready.status"),
        holds("akamai_reporting.ready.same-rows"),
    ],
)
def test_no_walk_violates_it(explored_pages: Transcript, paged: Transcript, id: str) -> None:
    walk.judge(QueryLife, id, explored_pages, paged)
