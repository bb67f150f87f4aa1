"""The independent server and its variants are conformant; every fault of its mutants is caught."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from pytest_reportconformance.http.server import Answer, Call
from pytest_reportconformance.judging.outcomes import Judgement
from pytest_reportconformance.register import register
from pytest_reportconformance.target.target import Target
from tests.akamai_reporting.independent import BASE, Independent
from tests.akamai_reporting.independent_selection import Refused
from tests.mutation.kill_matrix import judged, violated

API = "akamai_reporting"
FAULTS = {"failed", "blocked", "inconclusive", "untested", "error"}


class EveryPageByNumber(Independent):
    """Has only the metadata that the normative page shows: a link for each page, none of them `next`."""

    def page(self, record: dict[str, Any], id: str, rows: list[Any], page: int, pages: int) -> dict[str, Any]:
        document = super().page(record, id, rows, page, pages)
        return {**document, "metadata": {"links": document["metadata"]["links"]}}

    def links(self, report: str, id: str, page: int, pages: int) -> Iterable[dict[str, Any]]:
        for number in range(1, pages + 1):
            rel = "first" if number == 1 else f"page-{number}"
            yield {"rel": rel, "href": f"{id}?page={number}", "allow": ["GET"]}


class RedirectsSynchronousRequests(Independent):
    """Redirects synchronous requests of the slow report as well, with Retry-After of one second."""

    def submitted(self, call: Call, report: str, identity: str) -> Answer:
        if "slow" in report and call.argument("async") is None:
            target = call.target + ("&" if "?" in call.target else "?") + "async=true"
            call = type(call)(call.method, target, call.headers, call.body)
        return super().submitted(call, report, identity)

    def pending(self, call: Call, report: str, id: str) -> Answer:
        return super().pending(call, report, id).replace("Retry-After", "1")


class WorksOneByOne(Independent):
    """Has one worker: a query waits for the earlier queries."""

    free = 0.0

    def sealed(self, record: dict[str, Any]) -> str:
        self.free = max(self.free, record["at"]) + record["for"] / 4
        return super().sealed({**record, "for": self.free - record["at"]})


class UsesOtherNames(Independent):
    """Names the rows `records`, has no metadata without pageSize, and describes the query in the body of a 303."""

    def page(self, record: dict[str, Any], id: str, rows: list[Any], page: int, pages: int) -> dict[str, Any]:
        document = super().page(record, id, rows, page, pages)
        metadata = {"metadata": document["metadata"]} if "size" in record else {}
        return {**metadata, "records": document["data"]}

    def pending(self, call: Call, report: str, id: str) -> Answer:
        answer = super().pending(call, report, id)
        answer.body = json.dumps({"data": [{"type": "query", "status": "PENDING"}]}).encode()
        return answer.replace("content-type", "application/json")


class LinksToOtherThings(Independent):
    """Has links to other things than pages: to all rows, to CSV, to a cancellation, to help."""

    def fetched(self, call: Call, report: str, identity: str, id: str) -> Answer:
        if call.argument("as") == "csv":
            return Answer(200, b"a,b\n1,2\n", [("content-type", "text/csv")])
        if call.argument("as") == "one":
            return self.json({"data": self.rows(self.unsealed(id, report, identity), 0), "metadata": {}})
        return super().fetched(call, report, identity, id)

    def links(self, report: str, id: str, page: int, pages: int) -> Iterable[dict[str, Any]]:
        yield {"rel": "cancel", "href": f"./{id}", "allow": ["DELETE"]}
        yield {"rel": "alternate", "href": f"./{id}?as=csv", "allow": ["GET"]}
        yield {"rel": "view-all", "href": f"./{id}?as=one", "allow": ["GET"]}
        yield {"rel": "help", "href": "/help"}
        yield from super().links(report, id, page, pages)


class SelectsLoosely(Independent):
    """Ignores limit and sort order."""

    def rows(self, wanted: dict[str, Any], seed: int) -> list[dict[str, Any]]:
        body = {name: value for name, value in wanted["body"].items() if name not in ("limit", "sortBys")}
        return super().rows({**wanted, "body": body}, seed)


class RequiresABody(Independent):
    """Refuses a POST without a body."""

    def checked(self, call: Call, report: str) -> dict[str, Any]:
        if not call.body:
            raise Refused(400, "A body is required")
        return super().checked(call, report)


class LimitsWithoutOrder(Independent):
    """Applies the limit and ignores the sort order, so that any rows can remain."""

    def rows(self, wanted: dict[str, Any], seed: int) -> list[dict[str, Any]]:
        body = {name: value for name, value in wanted["body"].items() if name != "sortBys"}
        return super().rows({**wanted, "body": body}, seed)


class AddsUpInAnyOrder(Independent):
    """Adds fractions in another order for each query, so that their last digits differ."""

    def rows(self, wanted: dict[str, Any], seed: int) -> list[dict[str, Any]]:
        error = 1 + random.Random(seed).randrange(9) * 1e-15
        rows = super().rows(wanted, seed)
        return [{name: one * error if isinstance(one, float) else one for name, one in row.items()} for row in rows]


VARIANTS = [
    Independent,
    EveryPageByNumber,
    RedirectsSynchronousRequests,
    WorksOneByOne,
    UsesOtherNames,
    LinksToOtherThings,
    SelectsLoosely,
    RequiresABody,
    LimitsWithoutOrder,
    AddsUpInAnyOrder,
]


def faults(judgements: list[Judgement]) -> list[tuple[str, str, str]]:
    """The judgements of MUST requirements that a conformant server does not get."""
    levels = {one.id: one.level for one in register.load(API).requirements.values()}
    musts = [one for one in judgements if levels[one.requirement] == "MUST"]
    return [(one.outcome, one.check, one.reason) for one in musts if one.outcome in FAULTS]


@pytest.mark.parametrize("server", VARIANTS)
def test_a_variant_that_the_document_allows_has_no_fault(server: Any) -> None:
    assert faults(judged(server())) == []


@pytest.mark.parametrize("missing", [{"sorted"}, {"empty"}, {"slow"}, {"sorted", "empty", "slow"}])
def test_each_purpose_is_judged_without_the_others(missing: set[str]) -> None:
    def unknown(target: Target) -> Target:
        reports = {purpose: facts for purpose, facts in target.reports.items() if purpose not in missing}
        return replace(target, reports=reports)

    class Undiscovered(Independent):
        def catalogue(self, parts: list[str]) -> dict[str, Any]:
            raise Refused(404, "No list")

        def options(self, report: str, name: str) -> dict[str, Any]:
            raise Refused(404, "No options")

    found = judged(Undiscovered(), unknown)
    assert [one for one in faults(found) if "matches_nothing" not in one[1]] == []


def test_no_requirement_is_warned() -> None:
    found = judged(Independent())
    assert [(one.check, one.reason) for one in found if one.outcome in ("warned", "failed", "blocked")] == []
    assert set(violated(found)) == {
        "akamai_reporting.csv.media-type",
        "akamai_reporting.links.absolute-path",
        "akamai_reporting.submit.location-absolute-path",
    }


class Repeating(Independent):
    """Counts how often each page was fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.times: Counter[tuple[str, int]] = Counter()

    def page(self, record: dict[str, Any], id: str, rows: list[Any], page: int, pages: int) -> dict[str, Any]:
        document = super().page(record, id, rows, page, pages)
        self.times[id, page] += 1
        if self.times[id, page] > 1:
            self.repeated(document["metadata"], id, page)
        return document

    def repeated(self, metadata: dict[str, Any], id: str, page: int) -> None:
        raise NotImplementedError


class CountsOneMore(Repeating):
    """Has a number of rows that is one too high on the second page when it is fetched again."""

    def repeated(self, metadata: dict[str, Any], id: str, page: int) -> None:
        metadata["rows"] += page == 2


class RequestTimeIsTimeOfTheGet(Repeating):
    """Has the time of the GET as requestTime when a page is fetched again."""

    def repeated(self, metadata: dict[str, Any], id: str, page: int) -> None:
        metadata["requestTime"] = datetime.now(UTC).isoformat()


class ForbidsToGet(Repeating):
    """Allows only HEAD on the links of a page that is fetched again."""

    def repeated(self, metadata: dict[str, Any], id: str, page: int) -> None:
        metadata["links"] = [{**link, "allow": ["HEAD"]} for link in metadata["links"]]


class TurnsInCircles(Repeating):
    """Links to the page itself as the next page when it is fetched again."""

    def repeated(self, metadata: dict[str, Any], id: str, page: int) -> None:
        for link in metadata["links"]:
            if link["rel"] == "NEXT":
                link["href"] = f"./{id}?page={page}"


class DropsTheLinks(Repeating):
    """Has no links on a later page when it is fetched again."""

    def repeated(self, metadata: dict[str, Any], id: str, page: int) -> None:
        metadata["links"] = metadata["links"][: 0 if page > 1 else None]


class PointsTwoWays(Independent):
    """Sends a second Location with a poll."""

    def pending(self, call: Call, report: str, id: str) -> Answer:
        answer = super().pending(call, report, id)
        if call.method == "GET":
            answer.headers.append(("Location", f"{BASE}/{report}/queries/{id[:-1]}"))
        return answer


class LosesARow(Independent):
    """Omits the last row of a synchronous answer to a repeated request."""

    def __init__(self) -> None:
        super().__init__()
        self.requested: Counter[str] = Counter()

    def at_once(self, report: str, wanted: dict[str, Any]) -> dict[str, Any]:
        document = super().at_once(report, wanted)
        key = repr((report, wanted))
        self.requested[key] += 1
        rows = sorted(document["data"], key=repr)
        return {**document, "data": rows[: None if self.requested[key] == 1 else -1]}


class FiltersLater(Independent):
    """Ignores filters in the synchronous mode."""

    def at_once(self, report: str, wanted: dict[str, Any]) -> dict[str, Any]:
        return super().at_once(report, {**wanted, "body": {**wanted["body"], "filters": []}})


class SortsLater(Independent):
    """Ignores the sort order in the synchronous mode."""

    def at_once(self, report: str, wanted: dict[str, Any]) -> dict[str, Any]:
        return super().at_once(report, {**wanted, "body": {**wanted["body"], "sortBys": []}})


class AcceptsTruncatedIds(Independent):
    """Accepts a truncated id."""

    def unsealed(self, id: str, report: str, identity: str) -> dict[str, Any]:
        text, _, signature = id.partition("!")
        if len(signature) > 30 and self.signature(text).startswith(signature):
            id = f"{text}!{self.signature(text)}"
        return super().unsealed(id, report, identity)


@pytest.mark.parametrize(
    ("mutant", "requirement"),
    [
        (CountsOneMore, "akamai_reporting.ready.rows"),
        (RequestTimeIsTimeOfTheGet, "akamai_reporting.pages.request-time-equal"),
        (ForbidsToGet, "akamai_reporting.links.allow-get"),
        (TurnsInCircles, "akamai_reporting.links.distinct"),
        (DropsTheLinks, "akamai_reporting.links.present"),
        (PointsTwoWays, "akamai_reporting.poll.pending-same-link"),
        (LosesARow, "akamai_reporting.sync.same-rows"),
        (FiltersLater, "akamai_reporting.rows.filtered"),
        (SortsLater, "akamai_reporting.rows.sorted"),
        (AcceptsTruncatedIds, "akamai_reporting.errors.truncated-id"),
    ],
)
def test_a_fault_is_caught(mutant: Any, requirement: str) -> None:
    assert requirement in violated(judged(mutant())), mutant.__doc__


def test_undescribed_reports_are_discovered() -> None:
    class Unknown(Independent):
        def target_toml(self, url: str) -> str:
            return super().target_toml(url).partition("[reports.paged]")[0]

    assert [one.check for one in judged(Unknown()) if one.outcome in ("failed", "warned", "error")] == []
