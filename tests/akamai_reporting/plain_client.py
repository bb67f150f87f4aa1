"""A plain client for the tests of the servers: it sends as one person, follows nothing, walks pages by their links."""

import json
import time
from collections import Counter
from urllib.parse import urljoin

import requests

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
