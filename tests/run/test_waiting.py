"""`reportconformance wait`: until a server is recognized, bounded in time, with the last answer in one sentence."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from pytest_reportconformance import cli
from pytest_reportconformance.akamai_reporting import reference as akamai
from pytest_reportconformance.http.server import Answer, Call, Server
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.run import waiting

GONE = "http://127.0.0.1:1"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "INTERVAL_SECONDS", 0.05)
    for name in ("USERNAME", "PASSWORD", "TOKEN"):
        monkeypatch.delenv(f"RC_OWNER_{name}", raising=False)


class Starting(Reference):
    """Answers 503 until it has started: to the first `until` requests, or always."""

    def __init__(self, until: float) -> None:
        super().__init__()
        self.until = until
        self.asked = 0

    def answer(self, call: Call) -> Answer:
        self.asked += 1
        return Answer(503) if self.asked <= self.until else super().answer(call)


class Refusing(Reference):
    """Answers 401 to everything, whatever the credentials."""

    def __init__(self) -> None:
        super().__init__()
        self.with_credentials = 0

    def answer(self, call: Call) -> Answer:
        self.with_credentials += bool(call.header("Authorization"))
        return Answer(401)


def wait(target: str, *options: str) -> int:
    """The exit code of a wait of half a second."""
    try:
        return cli.main(["wait", target, "--seconds", "0.5", *options])
    except SystemExit as error:
        return int(error.code or 0)


@pytest.mark.parametrize("make", [Reference, akamai.Reference], ids=["jasperserver", "akamai_reporting"])
def test_a_server_that_answers_is_ready_at_once(make: Any, tmp_path: Path, capsys: Any) -> None:
    reference = make()
    with Server(reference) as server:
        path = tmp_path / "t.toml"
        path.write_text(reference.target_toml(server.url), encoding="utf-8")
        assert wait(str(path)) == 0
        assert f"{server.url} is ready after 0 s: recognized as" in capsys.readouterr().out


def test_a_server_is_recognized_at_its_url_and_below_its_host(capsys: Any) -> None:
    with Server(Reference()) as server:
        for url in (server.url, server.url.removesuffix("/jasperserver")):
            assert wait(url) == 0
            assert f"{server.url} is ready" in capsys.readouterr().out


def test_a_server_that_listens_later_is_waited_for() -> None:
    servers: list[Server] = []
    with socket.socket() as held:  # no other process gets the port; the server may listen there
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        later = threading.Timer(0.5, lambda: servers.append(Server(Reference(), port)))
        started = time.monotonic()
        later.start()
        assert cli.main(["wait", f"http://127.0.0.1:{port}/jasperserver", "--seconds", "20"]) == 0
        assert time.monotonic() - started >= 0.5
        later.join()
        for server in servers:
            server.close()


def test_a_server_that_is_still_starting_is_waited_for() -> None:
    reference = Starting(until=7)
    with Server(reference) as server:
        assert cli.main(["wait", server.url, "--target-api", "jasperserver", "--seconds", "20"]) == 0
    assert reference.asked == 8


def test_what_never_listens_is_unreachable(capsys: Any) -> None:
    assert wait(GONE) == 7
    error = capsys.readouterr().err
    assert f"wait: {GONE} is not ready after 0.5 s; last answer: the connection was refused" in error
    assert error.count("\n") == 1


def test_what_answers_otherwise_is_named_with_its_last_answer(capsys: Any) -> None:
    with Server(Starting(until=float("inf"))) as server:
        assert wait(server.url, "--target-api", "jasperserver") == 4
    error = capsys.readouterr().err
    assert f"last answer: GET {server.url}/rest_v2/serverInfo → 503" in error
    assert error.count("\n") == 1


def test_a_server_of_another_api_is_not_taken_for_the_named_one() -> None:
    with Server(Reference()) as server:
        assert wait(server.url, "--target-api", "akamai_reporting") == 4


def test_a_server_that_never_answers_does_not_prolong_the_wait() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begun = time.monotonic()
        assert wait(f"http://127.0.0.1:{silent.getsockname()[1]}") == 7
    assert time.monotonic() - begun < 4


def test_progress_is_told_with_the_last_answer(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(waiting, "PROGRESS_SECONDS", 0.2)
    assert wait(GONE) == 7
    lines = capsys.readouterr().out.splitlines()
    assert 1 <= len(lines) <= 2
    assert lines[0].startswith(f"waiting for {GONE}: 0 of 0.5 s; last answer: the connection was refused")


def test_an_account_that_is_refused_twice_is_not_tried_again(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv("RC_OWNER_USERNAME", "joeuser")
    monkeypatch.setenv("RC_OWNER_PASSWORD", "not-his-password")
    reference = Refusing()
    with Server(reference) as server:
        assert cli.main(["wait", server.url, "--target-api", "jasperserver", "--seconds", "60"]) == 4
    assert reference.with_credentials == 2
    error = capsys.readouterr().err
    assert "joeuser is refused, and waiting will not change that" in error
    assert "not-his-password" not in error


def test_an_embedded_server_needs_no_wait(capsys: Any) -> None:
    assert wait("embedded:jasperserver") == 0
    assert "nothing to wait for" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no.toml"], "a target.toml that exists"),
        (["http://"], "allowed: http(s)://host[:port][/path]"),
        (["http://[::1"], "allowed: http(s)://host[:port][/path]"),
        (["http://a b/"], "allowed: http(s)://host[:port][/path]"),
        (["http://name:word@host/"], "allowed: http(s)://host[:port][/path]"),
        (["https://x.luna.akamaiapis.net"], "allowed: with --live"),
        ([GONE, "--seconds", "0"], "allowed: a number of seconds above 0"),
        ([GONE, "--seconds", "nan"], "allowed: a number of seconds above 0"),
        ([GONE, "--seconds", "soon"], "allowed: a number of seconds above 0"),
        ([GONE, "--target-api", "soap"], "unknown API 'soap'"),
    ],
    ids=["file", "no-host", "bracket", "space", "user", "live", "zero", "nan", "word", "api"],
)
def test_bad_input_is_a_usage_error_in_one_sentence(arguments: list[str], words: str, capsys: Any) -> None:
    assert wait(*arguments) == 4
    error = capsys.readouterr().err
    assert words in error
    assert "Traceback" not in error
    assert "error in the suite" not in error
