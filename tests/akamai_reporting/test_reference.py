"""The reference server meets its requirements over real HTTP: submissions, polls, pages, lists."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.http.server import Server
from pytest_reportconformance.target import toml
from tests.akamai_reporting.plain_client import BASE, HISTORY, HOSTNAMES, TRAFFIC, Client, links, rows


def test_a_submission_is_answered_303_with_an_opaque_location(owner: Client) -> None:
    answer = owner.post(f"{TRAFFIC}/data?pageSize=5&async=true")
    path, _, identifier = answer.headers["Location"].rpartition("/")
    assert (answer.status_code, answer.content, path) == (303, b"", f"{TRAFFIC}/queries")
    assert identifier.startswith(".")
    assert identifier.endswith("=")
    assert "+" in identifier
    assert answer.headers["Retry-After"] == "0"


def test_a_slow_query_is_pending_with_the_same_location_and_then_stays_ready(owner: Client) -> None:
    location = owner.submit(HISTORY, "&pageSize=2")
    polls = [owner.get(location) for _ in range(3)]
    assert [(poll.status_code, poll.headers["Location"], poll.content) for poll in polls] == [(303, location, b"")] * 3
    assert polls[0].headers["Retry-After"] == "1"
    first = owner.ready(location)
    assert [owner.get(location).json() for _ in range(3)] == [first] * 3


@pytest.mark.parametrize("size", [1, 5, 8, 23, 24, 25, 1000])
def test_pages_partition_the_unpaged_rows(owner: Client, size: int) -> None:
    (whole,) = owner.pages(owner.submit())
    pages = owner.pages(owner.submit(TRAFFIC, f"&pageSize={size}"))
    assert rows(pages) == whole["data"]
    assert len(pages) == math.ceil(24 / size)
    assert {len(page["data"]) for page in pages[:-1]} <= {size}
    for page in pages:
        assert (page["metadata"]["rows"], page["metadata"]["totalRows"]) == (len(page["data"]), 24)


def test_every_page_has_a_link_of_its_own(owner: Client) -> None:
    location = owner.submit(TRAFFIC, "&pageSize=7")
    pages = owner.pages(location)
    hrefs = [links(page)["self"] for page in pages]
    assert len({*hrefs}) == 4
    assert hrefs[0] == location
    for number, page in enumerate(pages):
        expected = {"first": hrefs[0], "self": hrefs[number], "last": hrefs[-1]}
        if number > 0:
            expected["prev"] = hrefs[number - 1]
        if number < 3:
            expected["next"] = hrefs[number + 1]
        assert links(page) == expected
        assert all(link["allow"] == ["GET"] for link in page["metadata"]["links"])


def test_pages_come_in_any_order_on_any_connection(owner: Client, identity: Callable[..., Client]) -> None:
    pages = owner.pages(owner.submit(TRAFFIC, "&pageSize=5"))
    for page in reversed(pages):
        assert identity("owner").get(links(page)["self"]).json() == page


def test_only_ids_that_were_issued_are_accepted(owner: Client, identity: Callable[..., Client]) -> None:
    location = owner.submit()
    family, identifier = location.rsplit("/", 1)
    changed = [f"{identifier[:at]}{'A' if identifier[at] != 'A' else 'B'}{identifier[at + 1 :]}" for at in (1, 20, -2)]
    mangled = ["", identifier[:-1], identifier[1:], identifier.replace("+", "%2B"), *changed]
    assert [owner.get(f"{family}/{one}").status_code for one in mangled] == [404] * len(mangled)
    assert owner.get(location.replace("/current/", "/hostnames/")).status_code == 404
    assert identity("other_user").get(location).status_code == 404
    assert owner.get(f"{location}?pageSize=2").json() == owner.get(location).json()


def test_two_submissions_never_share_an_id(owner: Client, reference: Reference) -> None:
    before = reference.submissions
    assert len({owner.submit() for _ in range(5)}) == 5
    assert reference.submissions == before + 5


def test_synchronous_and_asynchronous_rows_agree(owner: Client, reference: Reference) -> None:
    body = {"dimensions": ["countryCode"], "metrics": ["originHitsSum"]}
    now = time.gmtime(time.time() - 86400)
    period = (
        f"start={time.strftime('%Y-%m-%dT00:00:00Z', now)}&end={time.strftime('%Y-%m-%dT12:00:00.123456789Z', now)}"
    )
    before = reference.submissions
    answer = owner.post(f"{TRAFFIC}/data?pageSize=2&async=false&{period}", body).json()
    assert reference.submissions == before
    assert answer["data"] == rows(owner.pages(owner.submit(TRAFFIC, f"&{period}&pageSize=4", body)))
    assert answer["metadata"]["start"] == time.strftime("%Y-%m-%dT00:00:00.000Z", now)
    assert answer["metadata"]["links"] == [{"rel": "self", "href": f"{TRAFFIC}/data", "allow": ["POST"]}]
    assert answer["metadata"]["hasMoreRows"] is False


def test_no_body_is_an_empty_body(owner: Client) -> None:
    assert owner.ready(owner.submit())["data"] == owner.ready(owner.submit(body={}))["data"]


def test_limit_bounds_rows_and_sets_has_more_rows(owner: Client) -> None:
    for limit, more in ((3, True), (24, False), (99, False)):
        answer = owner.post(f"{TRAFFIC}/data", {"limit": limit}).json()
        assert (len(answer["data"]), answer["metadata"]["hasMoreRows"]) == (min(limit, 24), more)
    assert owner.ready(owner.submit(body={"limit": 3}))["metadata"]["totalRows"] == 3


def test_an_empty_result_is_an_empty_page(owner: Client) -> None:
    filters = [{"dimensionName": "hostname", "operator": "EXACT", "expressions": ["nothing.invalid"]}]
    location = owner.submit(TRAFFIC, "&pageSize=5", {"filters": filters})
    page = owner.ready(location)
    assert (page["data"], page["metadata"]["rows"], page["metadata"]["totalRows"]) == ([], 0, 0)
    assert links(page) == {"first": location, "self": location, "last": location}


def test_lists_and_options_lead_to_the_data(owner: Client) -> None:
    everything = owner.get(BASE).json()["reports"]
    for path in ("delivery", "delivery/traffic"):
        listed = [one for one in everything if one["reportLink"].startswith(f"{BASE}/{path}/")]
        assert owner.get(f"{BASE}/{path}").json()["reports"] == listed
    for entry in everything:
        options = owner.get(entry["reportLink"]).json()
        assert {"rel": "data", "href": f"{entry['reportLink']}/data", "allow": ["POST"]} in options["links"]
        assert (options["name"], options["status"]) == (entry["reportName"], entry["status"])


def test_every_listed_time_range_is_accepted(owner: Client) -> None:
    for name in owner.get(HOSTNAMES).json()["predefinedTimeRanges"]:
        assert owner.post(f"{HOSTNAMES}/data?timeRange={name}", {"limit": 1}).status_code == 200


@pytest.mark.parametrize("auth", ["basic", "bearer", "edgegrid"])
def test_the_target_description_names_identities_and_reports(tmp_path: Path, auth: Any) -> None:
    for bare in (False, True):
        (tmp_path / "target.toml").write_text(Reference(auth=auth, bare=bare).target_toml("http://127.0.0.1:1"))
        described = toml.read(tmp_path / "target.toml")
        assert ({*described.identities}, described.identities["owner"].auth) == (
            {"owner", "other_user", "unscoped"},
            auth,
        )
        assert bool(described.reports) != bare


@pytest.mark.parametrize("purpose", ["paged", "sorted", "slow", "empty", "forbidden", "unseen"])
def test_each_purpose_is_served(owner: Client, reference: Reference, purpose: str) -> None:
    facts = reference.purposes()[purpose]
    names = {"metrics": "metrics", "dimensions": "dimensions", "filters": "filters", "sort_bys": "sortBys"}
    body = {member: facts[key] for key, member in names.items() if key in facts}
    period = f"&start={facts['start']}&end={facts['end']}"
    answer = owner.post(f"{BASE}/{facts['path']}/data?async=true{period}", body)
    assert answer.status_code == (403 if purpose in ("forbidden", "unseen") else 303)
    if answer.status_code == 303:
        count = {"empty": 0, "slow": 6}.get(purpose, 24)
        assert owner.ready(answer.headers["Location"])["metadata"]["totalRows"] == count


def test_concurrent_queries_do_not_mix(url: str) -> None:
    def one(number: int) -> int:
        client = Client(url)
        body = {"limit": number + 1}
        try:
            return len(rows(client.pages(client.submit(TRAFFIC, f"&pageSize={number % 5 + 1}", body))))
        finally:
            client.session.close()

    with ThreadPoolExecutor(8) as pool:
        assert [*pool.map(one, range(16))] == [*range(1, 17)]


def test_a_large_report_costs_no_time_to_submit() -> None:
    with Server(Reference(rows=100000)) as server:
        client = Client(server.url)
        started = time.perf_counter()
        page = client.ready(client.submit(HOSTNAMES, "&pageSize=5"))
        assert time.perf_counter() - started < 1
        last = client.get(links(page)["last"]).json()
        client.session.close()
    assert (page["metadata"]["totalRows"], last["data"][-1]["hostname"]) == (100000, "host-099999.example")


def test_accept_chooses_the_format(owner: Client) -> None:
    location = owner.submit(TRAFFIC, "&pageSize=5")
    text = owner.get(location, headers={"Accept": "application/json;q=0.5, text/csv"}).text
    page = owner.get(location, headers={"Accept": "text/csv;q=0.5, application/*"}).json()
    blocks = {part.split("_START\n")[0].strip("\n#"): part.splitlines() for part in text.split("\n\n")}
    assert [*blocks] == ["METADATA", "LINKS", "COLUMN", "DATA"]
    assert "totalRowCount,24" in blocks["METADATA"]
    assert dict(line.split(",") for line in blocks["LINKS"][1:-1]) == links(page)
    assert blocks["COLUMN"][1].split(",") == [*page["data"][0]]
    assert [line.split(",") for line in blocks["DATA"][1:-1]] == [
        [str(v) for v in row.values()] for row in page["data"]
    ]
    assert "groupBy,countryCode,responseClass" in owner.post(f"{TRAFFIC}/data", headers={"Accept": "text/csv"}).text
    assert owner.get(location, headers={"Accept": "image/png"}).status_code == 406
