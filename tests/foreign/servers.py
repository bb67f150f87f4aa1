"""Foreign servers of the Reporting API: three well-known mock servers from npm, and what each plays.

`tests/foreign/install` puts them into `tests/foreign/node_modules`.
"""

from __future__ import annotations

import json
import socket
import subprocess
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
BIN = FOLDER / "node_modules" / ".bin"
REPORT = "/reporting-api/v2/reports/delivery/traffic/current"
QUERIES = 60
ROWS = [{"hostname": f"{name}.example", "edgeHitsSum": hits} for name, hits in (("a", 5), ("b", 3), ("c", 2))]


def link(number: int) -> str:
    """The link of a query; its id begins with a dot and holds + and =."""
    return f"{REPORT}/queries/.q+{number}="


def page(href: str, rows: int = len(ROWS)) -> dict[str, Any]:
    """The only page of a result."""
    links = [{"rel": rel, "href": href, "allow": ["GET"]} for rel in ("first", "self", "last")]
    return {"data": ROWS[:rows], "metadata": {"name": "Traffic", "rows": rows, "totalRows": rows, "links": links}}


def mountebank(folder: Path, port: int) -> list[str]:
    """Plays 303, 303, 200 for each of sixty queries, and says 200 for good; every other one is limited to a row."""
    submit = {"equals": {"method": "POST", "query": {"async": "true"}}}
    limited, whole = range(0, QUERIES, 2), range(1, QUERIES, 2)
    stubs = [
        {"predicates": [submit, {"contains": {"body": '"limit"'}}], "responses": _accepted(limited)},
        {"predicates": [submit], "responses": _accepted(whole)},
        *(_polled(number, 1) for number in limited),
        *(_polled(number, len(ROWS)) for number in whole),
    ]
    imposter = {
        "protocol": "http",
        "port": port,
        "host": "127.0.0.1",
        "stubs": stubs,
        "defaultResponse": {"statusCode": 404},
    }
    (folder / "imposters.json").write_text(json.dumps({"imposters": [imposter]}), encoding="utf-8")
    files = ["--configfile", str(folder / "imposters.json"), "--pidfile", str(folder / "mb.pid")]
    return [str(BIN / "mb"), *files, "--nologfile", "--localOnly", "--host", "127.0.0.1", "--port", str(free_port())]


def _accepted(numbers: Iterable[int]) -> list[dict[str, Any]]:
    return [_is(303, {"Location": link(number)}) for number in numbers]


def _polled(number: int, rows: int) -> dict[str, Any]:
    href = link(number)
    pending = _is(303, {"Location": href, "Retry-After": "0"})
    ready = _is(200, {"Content-Type": "application/json"}, json.dumps(page(href, rows)))
    pending["repeat"], ready["repeat"] = 2, 100_000
    return {"predicates": [{"equals": {"method": "GET", "path": href}}], "responses": [pending, ready]}


def _is(status: int, headers: dict[str, str], body: str = "") -> dict[str, Any]:
    return {"is": {"statusCode": status, "headers": headers, "body": body}}


def mockoon(folder: Path, port: int) -> list[str]:
    """Plays 303, 303, 200 in turn for ever: what was ready is pending again."""
    href = link(0)
    pending = (303, {"Location": href, "Retry-After": "0"}, "")
    ready = (200, {"Content-Type": "application/json"}, json.dumps(page(href)))
    routes = [
        _route("post", f"{REPORT[1:]}/data", [(303, {"Location": href}, "")]),
        _route("get", f"{REPORT[1:]}/queries/*", [pending, pending, ready]),
    ]
    environment = {
        "uuid": str(uuid.uuid4()),
        "lastMigration": 33,
        "name": "reporting",
        "port": port,
        "hostname": "127.0.0.1",
        "endpointPrefix": "",
        "latency": 0,
        "routes": routes,
        "folders": [],
        "proxyMode": False,
        "proxyHost": "",
        "proxyRemovePrefix": False,
        "cors": False,
        "headers": [],
        "proxyReqHeaders": [],
        "proxyResHeaders": [],
        "data": [],
        "callbacks": [],
        "rootChildren": [{"type": "route", "uuid": one["uuid"]} for one in routes],
        "tlsOptions": {
            "enabled": False,
            "type": "CERT",
            "pfxPath": "",
            "certPath": "",
            "keyPath": "",
            "caPath": "",
            "passphrase": "",
        },
    }
    (folder / "mockoon.json").write_text(json.dumps(environment), encoding="utf-8")
    quiet = ["--disable-log-to-file", "--repair"]
    return [str(BIN / "mockoon-cli"), "start", "--data", str(folder / "mockoon.json"), "--port", str(port), *quiet]


def _route(method: str, endpoint: str, answers: list[tuple[int, dict[str, str], str]]) -> dict[str, Any]:
    responses = [
        {
            "uuid": str(uuid.uuid4()),
            "body": body,
            "latency": 0,
            "statusCode": status,
            "label": "",
            "filePath": "",
            "headers": [{"key": key, "value": value} for key, value in headers.items()],
            "bodyType": "INLINE",
            "databucketID": "",
            "sendFileAsBody": False,
            "rules": [],
            "rulesOperator": "OR",
            "crudKey": "id",
            "disableTemplating": True,
            "fallbackTo404": False,
            "default": number == 0,
            "callbacks": [],
        }
        for number, (status, headers, body) in enumerate(answers)
    ]
    return {
        "uuid": str(uuid.uuid4()),
        "type": "http",
        "documentation": "",
        "method": method,
        "endpoint": endpoint,
        "responses": responses,
        "responseMode": "SEQUENTIAL" if len(answers) > 1 else None,
        "streamingMode": None,
        "streamingInterval": 0,
    }


def prism(document: Path, port: int, errors: bool = False) -> list[str]:
    """Answers each request by itself, from the examples of an OpenAPI document; `errors`: or says why it is invalid."""
    options = ["--host", "127.0.0.1", "--port", str(port), "--errors", "true" if errors else "false"]
    return [str(BIN / "prism"), "mock", str(document), *options]


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


@contextmanager
def serving(name: str, folder: Path) -> Iterator[str]:
    """Start a server; its base URL. Raises RuntimeError where it does not listen within 40 seconds."""
    port = free_port()
    commands = {"mountebank": mountebank, "mockoon": mockoon}
    command = commands[name](folder, port) if name in commands else prism(FOLDER / "openapi.json", port)
    with listening(name, command, folder, port) as url:
        yield url


@contextmanager
def listening(name: str, command: list[str], folder: Path, port: int) -> Iterator[str]:
    """Start a server by a command; its base URL. Raises RuntimeError where it does not listen within 40 seconds."""
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    try:
        _wait(port, folder / f"{name}.log", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int, log: Path, process: subprocess.Popen[bytes]) -> None:
    for _ in range(400):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"it does not listen: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}")
