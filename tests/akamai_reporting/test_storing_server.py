"""The storing server and its variants are conformant."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.akamai_reporting.storing_server import Moment, Stored, StoringServer
from tests.akamai_reporting.test_independent import faults
from tests.mutation.kill_matrix import judged_in_process, violated


class IssuesNewLinks(StoringServer):
    """Issues a new link to each page at every GET; the earlier ones remain valid."""

    def document(self, query: Stored, page: int) -> dict[str, Any]:
        query.ids = [self.location(query, number) for number in range(query.pages)]
        return super().document(query, page)


class RepeatsItself(StoringServer):
    """Has only equal rows."""

    def said(self, value: Any, moment: Moment) -> Any:
        if moment.point == "query":
            value.rows = [value.rows[0] for _ in value.rows]
        return value


class AnswersInAnyOrder(StoringServer):
    """Has the rows of an unsorted query in an order of its own."""

    def said(self, value: Any, moment: Moment) -> Any:
        if moment.point == "query" and not moment.wanted.sort_bys:
            random.shuffle(value.rows)
        return value


@pytest.mark.parametrize("server", [StoringServer, IssuesNewLinks, RepeatsItself, AnswersInAnyOrder])
def test_a_variant_that_the_document_allows_has_no_fault(server: Any) -> None:
    assert faults(judged_in_process(server())) == []


def test_no_requirement_is_warned() -> None:
    assert set(violated(judged_in_process(StoringServer()))) == {"akamai_reporting.csv.media-type"}
