"""The independent server is found conformant, in all its guises; each lie that it tells is caught."""

import json
import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.register import register
from tests.akamai_reporting.independent import BASE, Independent
from tests.akamai_reporting.independent_selection import Refused
from tests.mutation.kill_matrix import broken, judged

API = "akamai_reporting"
TAKEN_AMISS = {"failed", "blocked", "inconclusive", "untested", "error"}


class EveryPageByNumber(Independent):
    """Has the metadata that the normative page shows and no other: a link for each page, none of them `next`."""

    def page(self, record, id, rows, page, pages):
        document = super().page(record, id, rows, page, pages)
        return {**document, "metadata": {"links": document["metadata"]["links"]}}

    def links(self, report, id, page, pages):
        for number in range(1, pages + 1):
            rel = "first" if number == 1 else f"page-{number}"
            yield {"rel": rel, "href": f"{id}?page={number}", "allow": ["GET"]}


class CallsAgain(Independent):
    """Redirects the synchronous requests of the slow report as well, and says to come back in a second."""

    def submitted(self, call, report, identity):
        if "slow" in report and call.argument("async") is None:
            target = call.target + ("&" if "?" in call.target else "?") + "async=true"
            call = type(call)(call.method, target, call.headers, call.body)
        return super().submitted(call, report, identity)

    def pending(self, call, report, id):
        return super().pending(call, report, id).replace("Retry-After", "1")


class WorksOneByOne(Independent):
    """Has one worker: a query waits for those before it."""

    free = 0.0

    def sealed(self, record):
        self.free = max(self.free, record["at"]) + record["for"] / 4
        return super().sealed({**record, "for": self.free - record["at"]})


class CallsThingsOtherwise(Independent):
    """Calls the rows `records`, has no metadata unpaged, tells of the query in the body of a 303."""

    def page(self, record, id, rows, page, pages):
        document = super().page(record, id, rows, page, pages)
        told = {"metadata": document["metadata"]} if "size" in record else {}
        return {**told, "records": document["data"]}

    def pending(self, call, report, id):
        answer = super().pending(call, report, id)
        answer.body = json.dumps({"data": [{"type": "query", "status": "PENDING"}]}).encode()
        return answer.replace("content-type", "application/json")


class LinksToOtherThings(Independent):
    """Links pages to more than pages: to all rows at once, to CSV, to its own end, to help."""

    def fetched(self, call, report, identity, id):
        if call.argument("as") == "csv":
            return Answer(200, b"a,b\n1,2\n", [("content-type", "text/csv")])
        if call.argument("as") == "one":
            return self.json({"data": self.rows(self.unsealed(id, report, identity), 0), "metadata": {}})
        return super().fetched(call, report, identity, id)

    def links(self, report, id, page, pages):
        yield {"rel": "cancel", "href": f"./{id}", "allow": ["DELETE"]}
        yield {"rel": "alternate", "href": f"./{id}?as=csv", "allow": ["GET"]}
        yield {"rel": "view-all", "href": f"./{id}?as=one", "allow": ["GET"]}
        yield {"rel": "help", "href": "/help"}
        yield from super().links(report, id, page, pages)


class SelectsLoosely(Independent):
    """Keeps neither limit nor order, as if a body said nothing of them."""

    def rows(self, wanted, seed):
        body = {name: value for name, value in wanted["body"].items() if name not in ("limit", "sortBys")}
        return super().rows({**wanted, "body": body}, seed)


class WantsABody(Independent):
    """Refuses a POST without a body."""

    def checked(self, call, report):
        if not call.body:
            raise Refused(400, "What of the report?")
        return super().checked(call, report)


class LimitsWithoutOrder(Independent):
    """Keeps the limit, but no order, so that it is by chance which rows a limit leaves."""

    def rows(self, wanted, seed):
        body = {name: value for name, value in wanted["body"].items() if name != "sortBys"}
        return super().rows({**wanted, "body": body}, seed)


class AddsUpInAnyOrder(Independent):
    """Adds fractions up in another order for each query, so that their last digits differ."""

    def rows(self, wanted, seed):
        error = 1 + random.Random(seed).randrange(9) * 1e-15
        rows = super().rows(wanted, seed)
        return [{name: one * error if isinstance(one, float) else one for name, one in row.items()} for row in rows]


GUISES = [
    Independent,
    EveryPageByNumber,
    CallsAgain,
    WorksOneByOne,
    CallsThingsOtherwise,
    LinksToOtherThings,
    SelectsLoosely,
    WantsABody,
    LimitsWithoutOrder,
    AddsUpInAnyOrder,
]


def amiss(judgements):
    """What is not to be said of a lawful server."""
    levels = {one.id: one.level for one in register.load(API).requirements.values()}
    musts = [one for one in judgements if levels[one.requirement] == "MUST"]
    return [(one.outcome, one.check, one.reason) for one in musts if one.outcome in TAKEN_AMISS]


@pytest.mark.parametrize("server", GUISES)
def test_what_the_text_leaves_open_is_no_fault(server):
    assert amiss(judged(server())) == []


@pytest.mark.parametrize("missing", [{"sorted"}, {"empty"}, {"slow"}, {"sorted", "empty", "slow"}])
def test_what_one_purpose_shows_is_judged_without_another(missing):
    def unknown(target):
        reports = {purpose: facts for purpose, facts in target.reports.items() if purpose not in missing}
        return replace(target, reports=reports)

    class Undiscovered(Independent):
        def catalogue(self, parts):
            raise Refused(404, "No list")

        def options(self, report, name):
            raise Refused(404, "No options")

    found = judged(Undiscovered(), unknown)
    assert [one for one in amiss(found) if "matches_nothing" not in one[1]] == []


def test_nothing_is_warned_about():
    found = judged(Independent())
    assert [(one.check, one.reason) for one in found if one.outcome in ("warned", "failed", "blocked")] == []
    assert set(broken(found)) == {
        f"{API}.csv.media-type",
        f"{API}.links.absolute-path",
        f"{API}.submit.location-absolute-path",
    }


class Repeating(Independent):
    """Knows how often each page was fetched."""

    def __init__(self):
        super().__init__()
        self.times = Counter()

    def page(self, record, id, rows, page, pages):
        document = super().page(record, id, rows, page, pages)
        self.times[id, page] += 1
        if self.times[id, page] > 1:
            self.told_again(document["metadata"], id, page)
        return document

    def told_again(self, metadata, id, page):
        raise NotImplementedError


class CountsOneMore(Repeating):
    """Counts a row too many on the second page, when it is fetched again."""

    def told_again(self, metadata, id, page):
        metadata["rows"] += page == 2


class TellsTheTime(Repeating):
    """Tells the time of the GET as that of the request, when a page is fetched again."""

    def told_again(self, metadata, id, page):
        metadata["requestTime"] = datetime.now(UTC).isoformat()


class ForbidsToGet(Repeating):
    """Allows only HEAD on the links of a page that is fetched again."""

    def told_again(self, metadata, id, page):
        metadata["links"] = [{**link, "allow": ["HEAD"]} for link in metadata["links"]]


class TurnsInCircles(Repeating):
    """Links to the page itself as the next, when it is fetched again."""

    def told_again(self, metadata, id, page):
        for link in metadata["links"]:
            if link["rel"] == "NEXT":
                link["href"] = f"./{id}?page={page}"


class DropsTheLinks(Repeating):
    """Has no links on a later page that is fetched again."""

    def told_again(self, metadata, id, page):
        metadata["links"] = metadata["links"][: 0 if page > 1 else None]


class PointsTwoWays(Independent):
    """Sends a second Location with a poll."""

    def pending(self, call, report, id):
        answer = super().pending(call, report, id)
        if call.method == "GET":
            answer.headers.append(("Location", f"{BASE}/{report}/queries/{id[:-1]}"))
        return answer


class LosesARow(Independent):
    """Loses the last row of a synchronous answer when it is asked for again."""

    def __init__(self):
        super().__init__()
        self.asked = Counter()

    def at_once(self, report, wanted):
        document = super().at_once(report, wanted)
        asked = repr((report, wanted))
        self.asked[asked] += 1
        return {**document, "data": document["data"][: None if self.asked[asked] == 1 else -1]}


class FiltersLater(Independent):
    """Leaves filters to the asynchronous mode."""

    def at_once(self, report, wanted):
        return super().at_once(report, {**wanted, "body": {**wanted["body"], "filters": []}})


class SortsLater(Independent):
    """Leaves the order to the asynchronous mode."""

    def at_once(self, report, wanted):
        return super().at_once(report, {**wanted, "body": {**wanted["body"], "sortBys": []}})


class GuessesTheEnd(Independent):
    """Takes an id for good that lacks its end."""

    def unsealed(self, id, report, identity):
        text, _, signature = id.partition("!")
        if len(signature) > 30 and self.signature(text).startswith(signature):
            id = f"{text}!{self.signature(text)}"
        return super().unsealed(id, report, identity)


@pytest.mark.parametrize(
    ("liar", "requirement"),
    [
        (CountsOneMore, "ready.rows"),
        (TellsTheTime, "pages.request-time-equal"),
        (ForbidsToGet, "links.allow-get"),
        (TurnsInCircles, "links.distinct"),
        (DropsTheLinks, "links.present"),
        (PointsTwoWays, "poll.pending-same-link"),
        (LosesARow, "sync.same-rows"),
        (FiltersLater, "rows.filtered"),
        (SortsLater, "rows.sorted"),
        (GuessesTheEnd, "errors.truncated-id"),
    ],
)
def test_a_lie_is_caught(liar, requirement):
    assert f"{API}.{requirement}" in broken(judged(liar())), liar.__doc__


def test_a_target_without_reports_told_finds_them():
    class Unknown(Independent):
        def target_toml(self, url):
            return super().target_toml(url).partition("[reports.paged]")[0]

    assert [one.check for one in judged(Unknown()) if one.outcome in ("failed", "warned", "error")] == []
