"""Authorization on the reference server: credentials, scopes, objects, limits, signatures."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
import requests
from akamai.edgegrid import EdgeGridAuth
from requests import PreparedRequest

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.identities import OWNER
from pytest_reportconformance.http.server import Server
from tests.akamai_reporting.plain_client import BASE, TRAFFIC, Client


def test_requests_without_credentials_are_refused(owner: Client, identity: Callable[..., Client]) -> None:
    location = owner.submit()
    clients = [identity(None), identity("owner", auth=("owner", "wrong")), identity("owner", auth=("anonymous", ""))]
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


def test_without_the_scope_there_are_lists_and_no_data(owner: Client, identity: Callable[..., Client]) -> None:
    unscoped = identity("unscoped")
    assert unscoped.get(BASE).status_code == 200
    for answer in (unscoped.get(TRAFFIC), unscoped.post(f"{TRAFFIC}/data?async=true"), unscoped.get(owner.submit())):
        assert (answer.status_code, answer.json()["type"]) == (403, "/reporting-api/error-types/unauthorized")


def test_reports_and_objects_of_other_accounts_are_forbidden(owner: Client, identity: Callable[..., Client]) -> None:
    peering = f"{BASE}/delivery/traffic/peering"
    assert (owner.get(peering).status_code, owner.post(f"{peering}/data?async=true").status_code) == (403, 403)
    assert identity("other_user").post(f"{peering}/data?async=true").status_code == 303
    for code, status in (("12345", 303), ("99999", 403)):
        filters = [{"dimensionName": "cpcode", "operator": "IN_LIST", "expressions": [code]}]
        assert owner.post(f"{TRAFFIC}/data?async=true", {"filters": filters}).status_code == status


def test_a_rate_limit_is_reported_and_applied(identity: Callable[..., Client]) -> None:
    reference = Reference(requests_per_minute=3)
    with Server(reference) as server:
        client, other = identity("owner", at=server.url), identity("other_user", at=server.url)
        answers = [client.post(f"{TRAFFIC}/data?async=true") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
        assert [answer.headers["akamai-sync-ratelimit-remaining"] for answer in answers] == ["2", "1", "0", "0"]
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 20
        assert answers[-1].json()["rateLimitRemaining"] == "0"
        assert reference.submissions == 3
        assert other.post(f"{TRAFFIC}/data?async=true").status_code == 303


class Bearer(requests.auth.AuthBase):
    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


def test_bearer_tokens_are_accepted(identity: Callable[..., Client]) -> None:
    with Server(Reference(auth="bearer")) as server:
        assert identity("owner", Bearer(OWNER.token), server.url).get(BASE).status_code == 200
        assert identity("owner", Bearer("wrong"), server.url).get(BASE).status_code == 401


def edgegrid(secret: str = OWNER.client_secret) -> EdgeGridAuth:
    return EdgeGridAuth(client_token=OWNER.client_token, client_secret=secret, access_token=OWNER.access_token)


@pytest.fixture(scope="module")
def signed_url() -> Iterator[str]:
    with Server(Reference(auth="edgegrid")) as server:
        yield server.url


def test_signatures_of_the_vendors_client_are_accepted(signed_url: str, identity: Callable[..., Client]) -> None:
    client = identity("owner", edgegrid(), signed_url)
    location = client.submit(TRAFFIC, "&pageSize=20&accountSwitchKey=1-5C0YLB:1-8BYUX", {"dimensions": ["countryCode"]})
    assert len(client.pages(location)) == 1
    large = {"filters": [{"dimensionName": "countryCode", "operator": "IN_LIST", "expressions": ["x" * 140000]}]}
    assert client.post(f"{TRAFFIC}/data", large).status_code == 400
    assert identity("owner", edgegrid("wrong"), signed_url).get(BASE).status_code == 401


def test_an_edgegrid_signature_is_good_for_one_request(signed_url: str, identity: Callable[..., Client]) -> None:
    client, anonymous = identity("owner", edgegrid(), signed_url), identity(None, at=signed_url)
    first = client.get(BASE)
    authorization = {"Authorization": first.request.headers["Authorization"]}
    assert (first.status_code, anonymous.get(BASE, headers=authorization).status_code) == (200, 401)
    request = requests.Request("POST", f"{signed_url}{TRAFFIC}/data", json={"limit": 1}, auth=edgegrid()).prepare()
    for path, body in ((f"{TRAFFIC}/data?async=true", {"limit": 1}), (f"{TRAFFIC}/data", {"limit": 2})):
        answer = anonymous.post(path, body, headers={"Authorization": request.headers["Authorization"]})
        assert answer.status_code == 401
    for header in ("EG1-HMAC-SHA256", "EG1-HMAC-SHA256 signature=x", first.request.headers["Authorization"][:-9]):
        assert anonymous.get(BASE, headers={"Authorization": header}).status_code == 401


def test_a_stale_edgegrid_timestamp_is_refused(
    signed_url: str, identity: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    for skew, status in ((0, 200), (-25, 200), (25, 200), (-40, 401), (40, 401)):
        then = time.strftime("%Y%m%dT%H:%M:%S+0000", time.gmtime(time.time() + skew))
        monkeypatch.setattr("akamai.edgegrid.edgegrid.eg_timestamp", lambda moment=then: moment)
        assert identity("owner", edgegrid(), signed_url).get(BASE).status_code == status
