"""The reference server keeps its promises over real HTTP, and so does the lawful one that differs wherever it may."""

import http.client
import json
import math
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urljoin, urlsplit

import pytest
import requests
from akamai.edgegrid import EdgeGridAuth

from pytest_reportconformance import target
from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.people import OWNER
from pytest_reportconformance.serving import Server
from tests.akamai_reporting.contrarian import Contrarian

BASE = "/reporting-api/v2/reports"
TRAFFIC = f"{BASE}/delivery/traffic/current"
HISTORY = f"{BASE}/delivery/traffic/history"
HOSTNAMES = f"{BASE}/delivery/traffic/hostnames"


class Client:
    """Sends as one person, follows nothing."""

    def __init__(self, url, name="owner", auth=None):
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = auth or ((name, f"{name}-secret") if name else None)

    def send(self, method, path, **more):
        url = urljoin(self.url, path)
        return self.session.request(method, url, allow_redirects=False, timeout=10, **more)

    def get(self, path, **more):
        return self.send("GET", path, **more)

    def post(self, path, body=None, **more):
        return self.send("POST", path, json=body, **more)

    def submit(self, report=TRAFFIC, parameters="", body=None):
        answer = self.post(f"{report}/data?async=true{parameters}", body)
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def ready(self, location, patience=5.0):
        end = time.monotonic() + patience
        while (answer := self.get(location)).status_code == 303 and time.monotonic() < end:
            time.sleep(0.02)
        assert answer.status_code == 200
        return answer.json()

    def walk(self, location):
        pages = [self.ready(location)]
        while (href := links(pages[-1]).get("next")) and len(pages) < 500:
            pages.append(self.get(href).json())
        return pages


def links(page):
    return {link["rel"]: link["href"] for link in page["metadata"]["links"]}


def rows(pages):
    return [row for page in pages for row in page["data"]]


def bag(data):
    return Counter(json.dumps(row, sort_keys=True) for row in data)


@pytest.fixture(scope="module")
def reference():
    return Reference(slow_seconds=0.3)


@pytest.fixture(scope="module")
def url(reference):
    with Server(reference) as server:
        yield server.url


@pytest.fixture(scope="module")
def owner(url):
    client = Client(url)
    yield client
    client.session.close()


@pytest.fixture
def person(url):
    made = []

    def make(name, auth=None, at=None):
        made.append(Client(at or url, name, auth))
        return made[-1]

    yield make
    for client in made:
        client.session.close()


def test_a_submission_is_answered_303_with_an_opaque_location(owner):
    answer = owner.post(f"{TRAFFIC}/data?pageSize=5&async=true")
    path, _, identifier = answer.headers["Location"].rpartition("/")
    assert (answer.status_code, answer.content, path) == (303, b"", f"{TRAFFIC}/queries")
    assert identifier.startswith(".")
    assert identifier.endswith("=")
    assert "+" in identifier
    assert answer.headers["Retry-After"] == "0"


def test_a_slow_query_is_pending_with_the_same_location_and_then_ready_for_good(owner):
    location = owner.submit(HISTORY, "&pageSize=2")
    polls = [owner.get(location) for _ in range(3)]
    assert [(poll.status_code, poll.headers["Location"], poll.content) for poll in polls] == [(303, location, b"")] * 3
    assert polls[0].headers["Retry-After"] == "1"
    first = owner.ready(location)
    assert [owner.get(location).json() for _ in range(3)] == [first] * 3


@pytest.mark.parametrize("size", [1, 5, 8, 23, 24, 25, 1000])
def test_pages_partition_the_unpaged_rows(owner, size):
    (whole,) = owner.walk(owner.submit())
    pages = owner.walk(owner.submit(TRAFFIC, f"&pageSize={size}"))
    assert rows(pages) == whole["data"]
    assert len(pages) == math.ceil(24 / size)
    assert {len(page["data"]) for page in pages[:-1]} <= {size}
    for page in pages:
        assert (page["metadata"]["rows"], page["metadata"]["totalRows"]) == (len(page["data"]), 24)


def test_links_lead_to_pages_of_their_own(owner):
    location = owner.submit(TRAFFIC, "&pageSize=7")
    pages = owner.walk(location)
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


def test_pages_come_in_any_order_on_any_connection(owner, person):
    pages = owner.walk(owner.submit(TRAFFIC, "&pageSize=5"))
    for page in reversed(pages):
        assert person("owner").get(links(page)["self"]).json() == page


def test_ids_are_taken_as_sent_and_nothing_else_is(owner, person):
    location = owner.submit()
    family, identifier = location.rsplit("/", 1)
    changed = [f"{identifier[:at]}{'A' if identifier[at] != 'A' else 'B'}{identifier[at + 1 :]}" for at in (1, 20, -2)]
    mangled = ["", identifier[:-1], identifier[1:], identifier.replace("+", "%2B"), *changed]
    assert [owner.get(f"{family}/{one}").status_code for one in mangled] == [404] * len(mangled)
    assert owner.get(location.replace("/current/", "/hostnames/")).status_code == 404
    assert person("stranger").get(location).status_code == 404
    assert owner.get(f"{location}?pageSize=2").json() == owner.get(location).json()


def test_two_submissions_never_share_an_id(owner, reference):
    before = reference.submissions
    assert len({owner.submit() for _ in range(5)}) == 5
    assert reference.submissions == before + 5


def test_synchronous_and_asynchronous_rows_agree(owner, reference):
    body = {"dimensions": ["countryCode"], "metrics": ["originHitsSum"]}
    now = time.gmtime(time.time() - 86400)
    period = (
        f"start={time.strftime('%Y-%m-%dT00:00:00Z', now)}&end={time.strftime('%Y-%m-%dT12:00:00.123456789Z', now)}"
    )
    before = reference.submissions
    answer = owner.post(f"{TRAFFIC}/data?pageSize=2&async=false&{period}", body).json()
    assert reference.submissions == before
    assert answer["data"] == rows(owner.walk(owner.submit(TRAFFIC, f"&{period}&pageSize=4", body)))
    assert answer["metadata"]["start"] == time.strftime("%Y-%m-%dT00:00:00.000Z", now)
    assert answer["metadata"]["links"] == [{"rel": "self", "href": f"{TRAFFIC}/data", "allow": ["POST"]}]
    assert answer["metadata"]["hasMoreRows"] is False


def test_no_body_is_an_empty_body(owner):
    assert owner.ready(owner.submit())["data"] == owner.ready(owner.submit(body={}))["data"]


def test_limit_bounds_rows_and_says_whether_there_are_more(owner):
    for limit, more in ((3, True), (24, False), (99, False)):
        answer = owner.post(f"{TRAFFIC}/data", {"limit": limit}).json()
        assert (len(answer["data"]), answer["metadata"]["hasMoreRows"]) == (min(limit, 24), more)
    assert owner.ready(owner.submit(body={"limit": 3}))["metadata"]["totalRows"] == 3


FILTERS = [
    ("IN_LIST", ["DE", "FR"], {"DE", "FR"}),
    ("NOT_IN_LIST", ["DE", "FR"], {"AT", "BR", "CH", "JP"}),
    ("EXACT", ["DE"], {"DE"}),
    ("BEGINS_WITH", ["D", "J"], {"DE", "JP"}),
    ("NOT_BEGINS_WITH", ["D", "J"], {"AT", "BR", "CH", "FR"}),
    ("ENDS_WITH", ["R"], {"BR", "FR"}),
    ("NOT_ENDS_WITH", ["R"], {"AT", "CH", "DE", "JP"}),
    ("CONTAINS", ["H"], {"CH"}),
    ("NOT_CONTAINS", ["R", "T"], {"CH", "DE", "JP"}),
    ("MATCH_REGEXP", ["^[A-C]"], {"AT", "BR", "CH"}),
    ("NOT_MATCH_REGEXP", ["^[A-C]"], {"DE", "FR", "JP"}),
]


@pytest.mark.parametrize(("operator", "expressions", "left"), FILTERS, ids=[case[0] for case in FILTERS])
def test_dimension_filters_let_pass_what_they_say(owner, operator, expressions, left):
    filters = [{"dimensionName": "countryCode", "operator": operator, "expressions": expressions}]
    data = owner.post(f"{TRAFFIC}/data", {"filters": filters}).json()["data"]
    assert {row["countryCode"] for row in data} == left


@pytest.mark.parametrize("operator", ["EQUAL", "NOT_EQUAL", "LESS_THAN", "GREATER_THAN"])
def test_metric_filters_let_pass_what_they_say(owner, operator):
    data = owner.post(f"{TRAFFIC}/data").json()["data"]
    middle = sorted(row["edgeHitsSum"] for row in data)[12]
    filters = [{"metricName": "edgeHitsSum", "operator": operator, "expression": str(middle)}]
    found = {row["edgeHitsSum"] for row in owner.post(f"{TRAFFIC}/data", {"filters": filters}).json()["data"]}
    passes = {"EQUAL": (0,), "NOT_EQUAL": (-1, 1), "LESS_THAN": (-1,), "GREATER_THAN": (1,)}[operator]
    hits = [row["edgeHitsSum"] for row in data]
    assert found == {hit for hit in hits if (hit > middle) - (hit < middle) in passes}


def test_rows_are_sorted_over_all_pages(owner):
    sort_bys = [{"name": "responseClass", "sortOrder": "DESCENDING"}, {"name": "edgeHitsSum", "sortOrder": "ASCENDING"}]
    found = rows(owner.walk(owner.submit(TRAFFIC, "&pageSize=5", {"sortBys": sort_bys})))
    assert found == sorted(found, key=lambda row: (-int(row["responseClass"][0]), row["edgeHitsSum"]))
    descending = {"sortBys": [{"name": "hostname", "sortOrder": "DESCENDING"}], "limit": 2}
    assert [row["hostname"][:11] for row in owner.post(f"{HOSTNAMES}/data", descending).json()["data"]] == [
        "host-000236", "host-000235",
    ]  # fmt: skip


def test_nothing_matched_is_an_empty_page(owner):
    filters = [{"dimensionName": "hostname", "operator": "EXACT", "expressions": ["nothing.invalid"]}]
    location = owner.submit(TRAFFIC, "&pageSize=5", {"filters": filters})
    page = owner.ready(location)
    assert (page["data"], page["metadata"]["rows"], page["metadata"]["totalRows"]) == ([], 0, 0)
    assert links(page) == {"first": location, "self": location, "last": location}


def test_lists_and_options_lead_to_the_data(owner):
    everything = owner.get(BASE).json()["reports"]
    for path in ("delivery", "delivery/traffic"):
        listed = [one for one in everything if one["reportLink"].startswith(f"{BASE}/{path}/")]
        assert owner.get(f"{BASE}/{path}").json()["reports"] == listed
    for entry in everything:
        options = owner.get(entry["reportLink"]).json()
        assert {"rel": "data", "href": f"{entry['reportLink']}/data", "allow": ["POST"]} in options["links"]
        assert (options["name"], options["status"]) == (entry["reportName"], entry["status"])


def test_every_offered_time_range_is_taken(owner):
    for name in owner.get(HOSTNAMES).json()["predefinedTimeRanges"]:
        assert owner.post(f"{HOSTNAMES}/data?timeRange={name}", {"limit": 1}).status_code == 200


BAD_BODIES = {
    "unknown metric": {"metrics": ["nope"]},
    "unknown dimension": {"dimensions": ["nope"]},
    "too many dimensions": {"dimensions": ["countryCode", "responseClass", "cpcode", "dayPart", "hostname"]},
    "named twice": {"metrics": ["edgeHitsSum", "edgeHitsSum"]},
    "names of no text": {"metrics": [{"name": "edgeHitsSum"}]},
    "unknown member": {"metric": ["edgeHitsSum"]},
    "unknown operator": {"filters": [{"dimensionName": "countryCode", "operator": "IS", "expressions": ["DE"]}]},
    "number for an operator": {"filters": [{"dimensionName": "countryCode", "operator": [], "expressions": ["DE"]}]},
    "no expression": {"filters": [{"dimensionName": "countryCode", "operator": "IN_LIST", "expressions": []}]},
    "half a filter": {"filters": [{"dimensionName": "countryCode"}]},
    "not filterable": {"filters": [{"dimensionName": "dayPart", "operator": "IN_LIST", "expressions": ["1"]}]},
    "metric by text": {"filters": [{"metricName": "edgeHitsSum", "operator": "EQUAL", "expression": "many"}]},
    "no regular expression": {
        "filters": [{"dimensionName": "countryCode", "operator": "MATCH_REGEXP", "expressions": ["("]}]
    },
    "sorted by what is not there": {"sortBys": [{"name": "cpcode", "sortOrder": "ASCENDING"}]},
    "sorted sideways": {"sortBys": [{"name": "countryCode", "sortOrder": "SIDEWAYS"}]},
    "negative limit": {"limit": -1},
    "limit of text": {"limit": "5"},
    "an array": ["edgeHitsSum"],
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES)
def test_a_bad_body_is_a_problem_and_makes_nothing(owner, reference, body):
    before = reference.submissions
    assert_invalid(owner.post(f"{TRAFFIC}/data?async=true", body))
    assert reference.submissions == before


BAD_PARAMETERS = [
    "pageSize=0", "pageSize=-1", "pageSize=abc", "pageSize=1.5", "pageSize=", "async=banana", "timeRange=last_1_minute",
    "start=2026-01-02T00:00:00Z", "start=yesterday&end=today", "start=2026-01-02T00:00:00Z&end=2026-01-01T00:00:00Z",
    "start=2025-01-01T00:00:00Z&end=2026-01-01T00:00:00Z",
]  # fmt: skip


@pytest.mark.parametrize("parameters", BAD_PARAMETERS)
def test_a_bad_parameter_is_a_problem(owner, parameters):
    joined = parameters if parameters.startswith("async") else f"async=true&{parameters}"
    assert_invalid(owner.post(f"{TRAFFIC}/data?{joined}"))


def assert_invalid(answer):
    problem = answer.json()
    assert (answer.status_code, problem["status"]) == (400, 400)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "Location" not in answer.headers
    assert all({"type", "title", "detail"} == {*error} for error in problem["errors"])
    assert problem["errors"]


def test_malformed_bodies_are_refused(owner):
    as_json = {"Content-Type": "application/json; charset=utf-8"}
    for text in ("{", '{"limit": }', "[" * 100000, b"\xff"):
        assert_invalid(owner.send("POST", f"{TRAFFIC}/data?async=true", data=text, headers=as_json))
    form = owner.send("POST", f"{TRAFFIC}/data?async=true", data="{}", headers={"Content-Type": "text/plain"})
    assert form.status_code == 415


def test_a_mandatory_dimension_is_filtered_by(owner):
    streams = f"{BASE}/media/delivery/streams/data"
    assert_invalid(owner.post(streams))
    filters = [{"dimensionName": "streamType", "operator": "IN_LIST", "expressions": ["LIVE"]}]
    assert owner.post(streams, {"filters": filters}).status_code == 200


def test_what_costs_too_much_is_refused(owner):
    body = {"dimensions": ["countryCode", "responseClass", "cpcode", "dayPart"]}
    body["metrics"] = ["edgeHitsSum", "edgeBytesSum", "originHitsSum", "offloadedHitsPercentage"]
    answer = owner.post(f"{TRAFFIC}/data?async=true&timeRange=LAST_90_DAYS", body)
    assert (answer.status_code, answer.json()["status"]) == (422, 422)


NOWHERE = ["/", f"{BASE}/nope", f"{BASE}/delivery/nope", f"{TRAFFIC}x", f"{TRAFFIC}/nope", f"{TRAFFIC}/queries"]


@pytest.mark.parametrize("path", [*NOWHERE, f"{TRAFFIC}/queries/", f"{TRAFFIC}/queries/a/b", f"{BASE}/"])
def test_unknown_paths_are_404_problems(owner, path):
    answer = owner.get(path)
    assert (answer.status_code, answer.json()["status"]) == (404, 404)


def test_wrong_methods_name_the_right_ones(owner):
    location = owner.submit()
    cases = [("GET", f"{TRAFFIC}/data", "POST"), ("POST", location, "GET, HEAD"), ("DELETE", location, "GET, HEAD")]
    for method, path, allow in cases:
        answer = owner.send(method, path)
        assert (answer.status_code, answer.headers["Allow"]) == (405, allow)
    head = owner.send("HEAD", location)
    assert (head.status_code, head.content) == (200, b"")


def test_accept_chooses_the_format(owner):
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


def test_who_does_not_sign_on_gets_nothing(owner, person):
    location = owner.submit()
    clients = [person(None), person("owner", auth=("owner", "wrong")), person("owner", auth=("nobody", ""))]
    for client in clients:
        for answer in (
            client.get(BASE),
            client.get(TRAFFIC),
            client.post(f"{TRAFFIC}/data?async=true"),
            client.get(location),
        ):
            assert answer.status_code == 401
            assert answer.headers["WWW-Authenticate"].startswith("Basic ")
            assert {"Location", "Retry-After"}.isdisjoint(answer.headers)
            assert {*answer.json()} == {"code", "title", "incidentId", "solution"}


def test_without_the_scope_there_are_lists_and_no_data(owner, person):
    unscoped = person("unscoped")
    assert unscoped.get(BASE).status_code == 200
    for answer in (unscoped.get(TRAFFIC), unscoped.post(f"{TRAFFIC}/data?async=true"), unscoped.get(owner.submit())):
        assert (answer.status_code, answer.json()["type"]) == (403, "/reporting-api/error-types/unauthorized")


def test_reports_and_objects_of_others_are_forbidden(owner, person):
    peering = f"{BASE}/delivery/traffic/peering"
    assert (owner.get(peering).status_code, owner.post(f"{peering}/data?async=true").status_code) == (403, 403)
    assert person("stranger").post(f"{peering}/data?async=true").status_code == 303
    for code, status in (("12345", 303), ("99999", 403)):
        filters = [{"dimensionName": "cpcode", "operator": "IN_LIST", "expressions": [code]}]
        assert owner.post(f"{TRAFFIC}/data?async=true", {"filters": filters}).status_code == status


def test_a_limit_is_told_and_kept(person):
    with Server(Reference(requests_per_minute=3)) as server:
        client, other = person("owner", at=server.url), person("stranger", at=server.url)
        answers = [client.post(f"{TRAFFIC}/data?async=true") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
        assert [answer.headers["akamai-sync-ratelimit-remaining"] for answer in answers] == ["2", "1", "0", "0"]
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 20
        assert answers[-1].json()["rateLimitRemaining"] == "0"
        assert server.reference.submissions == 3
        assert other.post(f"{TRAFFIC}/data?async=true").status_code == 303


class Bearer(requests.auth.AuthBase):
    def __init__(self, token):
        self.token = token

    def __call__(self, request):
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


def test_bearer_tokens_sign_on(person):
    with Server(Reference(auth="bearer")) as server:
        assert person("owner", Bearer(OWNER.token), server.url).get(BASE).status_code == 200
        assert person("owner", Bearer("wrong"), server.url).get(BASE).status_code == 401


def edgegrid(secret=OWNER.client_secret):
    return EdgeGridAuth(client_token=OWNER.client_token, client_secret=secret, access_token=OWNER.access_token)


@pytest.fixture(scope="module")
def signed_url():
    with Server(Reference(auth="edgegrid")) as server:
        yield server.url


def test_edgegrid_signatures_are_those_of_the_vendors_client(signed_url, person):
    client = person("owner", edgegrid(), signed_url)
    location = client.submit(TRAFFIC, "&pageSize=20&accountSwitchKey=1-5C0YLB:1-8BYUX", {"dimensions": ["countryCode"]})
    assert len(client.walk(location)) == 1
    large = {"filters": [{"dimensionName": "countryCode", "operator": "IN_LIST", "expressions": ["x" * 140000]}]}
    assert client.post(f"{TRAFFIC}/data", large).status_code == 400
    assert person("owner", edgegrid("wrong"), signed_url).get(BASE).status_code == 401


def test_an_edgegrid_signature_is_good_for_one_request(signed_url, person):
    client, nobody = person("owner", edgegrid(), signed_url), person(None, at=signed_url)
    first = client.get(BASE)
    authorization = {"Authorization": first.request.headers["Authorization"]}
    assert (first.status_code, nobody.get(BASE, headers=authorization).status_code) == (200, 401)
    request = requests.Request("POST", f"{signed_url}{TRAFFIC}/data", json={"limit": 1}, auth=edgegrid()).prepare()
    for path, body in ((f"{TRAFFIC}/data?async=true", {"limit": 1}), (f"{TRAFFIC}/data", {"limit": 2})):
        answer = nobody.post(path, body, headers={"Authorization": request.headers["Authorization"]})
        assert answer.status_code == 401
    for header in ("EG1-HMAC-SHA256", "EG1-HMAC-SHA256 signature=x", first.request.headers["Authorization"][:-9]):
        assert nobody.get(BASE, headers={"Authorization": header}).status_code == 401


def test_a_stale_edgegrid_timestamp_is_refused(signed_url, person, monkeypatch):
    for skew, status in ((0, 200), (-25, 200), (25, 200), (-40, 401), (40, 401)):
        then = time.strftime("%Y%m%dT%H:%M:%S+0000", time.gmtime(time.time() + skew))
        monkeypatch.setattr("akamai.edgegrid.edgegrid.eg_timestamp", lambda then=then: then)
        assert person("owner", edgegrid(), signed_url).get(BASE).status_code == status


@pytest.mark.parametrize("auth", ["basic", "bearer", "edgegrid"])
def test_the_target_description_names_people_and_reports(tmp_path, auth):
    for bare in (False, True):
        (tmp_path / "target.toml").write_text(Reference(auth=auth, bare=bare).target_toml("http://127.0.0.1:1"))
        described = target.read(tmp_path / "target.toml")
        assert ({*described.people}, described.people["owner"].auth) == ({"owner", "stranger", "unscoped"}, auth)
        assert bool(described.reports) != bare


@pytest.mark.parametrize("purpose", ["paged", "sorted", "slow", "empty", "forbidden", "unseen"])
def test_each_purpose_is_served(owner, reference, purpose):
    facts = reference.purposes()[purpose]
    names = {"metrics": "metrics", "dimensions": "dimensions", "filters": "filters", "sort_bys": "sortBys"}
    body = {member: facts[key] for key, member in names.items() if key in facts}
    period = f"&start={facts['start']}&end={facts['end']}"
    answer = owner.post(f"{BASE}/{facts['path']}/data?async=true{period}", body)
    assert answer.status_code == (403 if purpose in ("forbidden", "unseen") else 303)
    if answer.status_code == 303:
        count = {"empty": 0, "slow": 6}.get(purpose, 24)
        assert owner.ready(answer.headers["Location"])["metadata"]["totalRows"] == count


def test_many_at_once_never_mix(url):
    def one(number):
        client = Client(url)
        body = {"limit": number + 1}
        try:
            return len(rows(client.walk(client.submit(TRAFFIC, f"&pageSize={number % 5 + 1}", body))))
        finally:
            client.session.close()

    with ThreadPoolExecutor(8) as pool:
        assert [*pool.map(one, range(16))] == [*range(1, 17)]


def test_a_large_report_costs_no_time_to_submit():
    with Server(Reference(rows=100000)) as server:
        client = Client(server.url)
        started = time.perf_counter()
        page = client.ready(client.submit(HOSTNAMES, "&pageSize=5"))
        assert time.perf_counter() - started < 1
        last = client.get(links(page)["last"]).json()
        client.session.close()
    assert (page["metadata"]["totalRows"], last["data"][-1]["hostname"]) == (100000, "host-099999.example")


def raw(server, path, method="GET", body=None):
    """Send a request-target byte for byte, for requests rewrites some."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        connection.request(method, path, body, {"Authorization": f"Bearer {OWNER.token}"})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def resolved(base, reference):
    """A reference as the target to send, its origin checked by the caller's `base`."""
    whole = urlsplit(urljoin(base, reference))
    assert whole.netloc == urlsplit(base).netloc
    return whole.geturl().removeprefix(f"http://{whole.netloc}")


def contrary_walk(server, report, parameters, body="{}"):
    submission = f"{BASE}/web_security/waf/{report}.v3/data?async=true{parameters}"
    status, headers, _ = raw(server, submission, "POST", body)
    assert status == 303
    at, pages = resolved(server.url + submission, headers["location"]), []
    while at and len(pages) < 50:
        status, headers, content = raw(server, at)
        if status == 303:
            assert resolved(server.url + at, headers["location"]) == at
            time.sleep(0.05)
            continue
        assert status == 200
        pages.append(json.loads(content))
        found = {link["rel"].lower(): link["href"] for link in pages[-1]["metadata"]["links"]}
        at = resolved(server.url + at, found["next"]) if "next" in found else None
    return pages


@pytest.mark.parametrize("size", [1, 5, 29, 40])
def test_the_contrarian_keeps_the_promises_about_pages(size):
    with Server(Contrarian()) as server:
        period = "&start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z"
        (whole,) = contrary_walk(server, "attacks", period)
        pages = contrary_walk(server, "attacks", f"{period}&pageSize={size}")
        assert [len(page["data"]) for page in pages[:-1]] == [size] * (math.ceil(29 / size) - 1)
        assert bag(rows(pages)) == bag(whole["data"])
        hrefs = [{link["rel"]: link for link in page["metadata"]["links"]} for page in pages]
        assert len({page["SELF"]["href"] for page in hrefs}) == len(pages)
        assert all("First" in page and "GET" in page["SELF"]["allow"] for page in hrefs)


def test_the_contrarian_pends_with_the_same_location():
    with Server(Contrarian(slow_seconds=0.2)) as server:
        assert len(contrary_walk(server, "trend", "&pageSize=10")) == 3


def test_the_contrarian_has_equal_rows():
    with Server(Contrarian()) as server:
        (page,) = contrary_walk(server, "events", "", '{"dimensions": ["verdict"]}')
        assert max(bag(page["data"]).values()) > 5
