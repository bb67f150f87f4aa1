"""A plain client for the tests of the servers: one identity, no redirects, pages by their links."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin

import requests

BASE = "/reporting-api/v2/reports"
TRAFFIC = f"{BASE}/delivery/traffic/current"
HISTORY = f"{BASE}/delivery/traffic/history"
HOSTNAMES = f"{BASE}/delivery/traffic/hostnames"


class Client:
    """Sends requests as one identity and follows no redirects."""

    def __init__(self, url: str, name: str | None = "owner", auth: Any = None) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = auth or ((name, f"{name}-secret") if name else None)

    def send(self, method: str, path: str, **more: Any) -> requests.Response:
        url = urljoin(self.url, path)
        return self.session.request(method, url, allow_redirects=False, timeout=10, **more)

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.send("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> requests.Response:
        return self.send("POST", path, json=body, **more)

    def submit(self, report: str = TRAFFIC, parameters: str = "", body: Any = None) -> str:
        answer = self.post(f"{report}/data?async=true{parameters}", body)
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def ready(self, location: str, patience: float = 5.0) -> dict[str, Any]:
        end = time.monotonic() + patience
        while (answer := self.get(location)).status_code == 303 and time.monotonic() < end:
            time.sleep(0.02)
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()
        return found

    def pages(self, location: str) -> list[dict[str, Any]]:
        pages = [self.ready(location)]
        while (href := links(pages[-1]).get("next")) and len(pages) < 500:
            pages.append(self.get(href).json())
        return pages


def links(page: dict[str, Any]) -> dict[str, str]:
    return {link["rel"]: link["href"] for link in page["metadata"]["links"]}


def rows(pages: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for page in pages for row in page["data"]]


def bag(data: Iterable[Any]) -> Counter[str]:
    return Counter(json.dumps(row, sort_keys=True) for row in data)
