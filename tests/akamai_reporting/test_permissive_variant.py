"""The permissive variant meets the normative text in an unusual form."""

from __future__ import annotations

import http.client
import json
import math
import time
from email.message import Message
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest

from pytest_reportconformance.akamai_reporting.reference.identities import OTHER_USER, OWNER, UNSCOPED, Identity
from pytest_reportconformance.http.server import Server
from tests.akamai_reporting.permissive_variant import PermissiveVariant
from tests.akamai_reporting.plain_client import BASE, bag, rows


def raw(
    server: Server, path: str, method: str = "GET", body: str | None = None, identity: Identity = OWNER
) -> tuple[int, Message, bytes]:
    """Send a request-target byte for byte, for requests rewrites some."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        connection.request(method, path, body, {"Authorization": f"Bearer {identity.token}"})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def resolved(base: str, reference: str) -> str:
    """A reference as the target to send, its origin checked by the caller's `base`."""
    whole = urlsplit(urljoin(base, reference))
    assert whole.netloc == urlsplit(base).netloc
    return whole.geturl().removeprefix(f"http://{whole.netloc}")


def fetched(server: Server, report: str, parameters: str, body: str = "{}") -> list[dict[str, Any]]:
    submission = f"{BASE}/web_security/waf/{report}.v3/data?async=true{parameters}"
    status, headers, _ = raw(server, submission, "POST", body)
    assert status == 303
    at: str | None = resolved(server.url + submission, headers["location"])
    pages: list[dict[str, Any]] = []
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
def test_the_permissive_variant_keeps_the_promises_about_pages(size: int) -> None:
    with Server(PermissiveVariant()) as server:
        period = "&start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z"
        (whole,) = fetched(server, "attacks", period)
        pages = fetched(server, "attacks", f"{period}&pageSize={size}")
        assert [len(page["data"]) for page in pages[:-1]] == [size] * (math.ceil(29 / size) - 1)
        assert bag(rows(pages)) == bag(whole["data"])
        hrefs = [{link["rel"]: link for link in page["metadata"]["links"]} for page in pages]
        assert len({page["SELF"]["href"] for page in hrefs}) == len(pages)
        assert all("First" in page and "GET" in page["SELF"]["allow"] for page in hrefs)


def test_the_permissive_variant_pends_with_the_same_location() -> None:
    with Server(PermissiveVariant(slow_seconds=0.2)) as server:
        assert len(fetched(server, "trend", "&pageSize=10")) == 3


def test_the_permissive_variant_has_equal_rows() -> None:
    with Server(PermissiveVariant()) as server:
        (page,) = fetched(server, "events", "", '{"dimensions": ["verdict"]}')
        assert max(bag(page["data"]).values()) > 5


def test_the_permissive_variant_refuses_other_accounts_and_reports() -> None:
    with Server(PermissiveVariant()) as server:
        target = f"{BASE}/web_security/waf/events.v3/data?async=true"
        _, headers, _ = raw(server, target, "POST")
        at = resolved(server.url + target, headers["location"])
        assert [raw(server, at, identity=one)[0] for one in (OWNER, OTHER_USER, UNSCOPED)] == [200, 403, 403]
        assert raw(server, f"{at.partition('?')[0]}x?{at.partition('?')[2]}")[0] == 404
        assert raw(server, f"{BASE}/web_security/bots/scores.v3/data?async=true", "POST")[0] == 403
