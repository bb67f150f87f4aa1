"""The route to a target: proxies and certificates of the environment, and hosts that are signed as they are sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_reportconformance.akamai_reporting.reference.edgegrid import is_signed
from pytest_reportconformance.http.client import Client
from pytest_reportconformance.http.origin import authority
from pytest_reportconformance.http.route import Route
from pytest_reportconformance.http.server import Server
from pytest_reportconformance.secrets.secret import Secret
from pytest_reportconformance.target.target import Identity, Target, TargetError
from pytest_reportconformance.transcript.exchange import Request
from tests.http import private_ca
from tests.http.proxy import Proxy
from tests.http.test_client import Plain

FAR = Target("jasperserver", "http://reports.example", "t")
SECURE = replace(FAR, url="https://reports.example")
VARIABLES = (
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
)
TOKENS: Mapping[str, str | Secret] = {"client_token": "ct", "client_secret": Secret("cs-secret"), "access_token": "at"}


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of this machine decides."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def plain() -> Iterator[tuple[Plain, Server]]:
    reference = Plain()
    with Server(reference) as server:
        yield reference, server


@pytest.mark.parametrize(
    ("variables", "proxy"),
    [
        ({}, None),
        ({"HTTP_PROXY": "http://p:1"}, "http://p:1"),
        ({"http_proxy": "p:1"}, "http://p:1"),
        ({"all_proxy": "http://p:1"}, "http://p:1"),
        ({"ALL_PROXY": "http://p:1", "HTTP_PROXY": "http://q:2"}, "http://q:2"),
        ({"HTTPS_PROXY": "http://p:1"}, None),
        ({"HTTP_PROXY": "http://p:1", "NO_PROXY": "other.example, .example"}, None),
        ({"HTTP_PROXY": "http://p:1", "no_proxy": "*"}, None),
    ],
)
def test_the_environment_names_the_proxy(
    variables: dict[str, str], proxy: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert Route.to(FAR).proxy == proxy


@pytest.mark.parametrize("host", ["127.0.0.1", "LOCALHOST", "[::1]", "x.localhost"])
def test_a_loopback_host_is_reached_past_every_proxy(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "socks5://nowhere")
    assert Route.to(replace(FAR, url=f"http://{host}:9/x")).proxy is None


@pytest.mark.parametrize("url", ["ftp://p:1", "http://", "http://p:99999", "http://[::1"])
def test_a_proxy_that_is_none_is_a_fault_of_the_configuration(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", url)
    with pytest.raises(TargetError, match=r"^ALL_PROXY: found .*; allowed: http://"):
        Client(FAR)


def test_the_password_of_a_proxy_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://joe:pw%40secret@127.0.0.1:1")
    client = Client(FAR)
    exchange = client.open(Identity("anonymous")).send("a", Request("GET", "/pw@secret"))
    client.close()
    assert exchange.error is not None
    assert exchange.error.outcome == "error"
    assert "the proxy http://127.0.0.1:1 failed" in exchange.error.text
    assert "secret" not in repr(exchange)
    assert "secret" not in repr(client.route)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_407_is_the_answer_of_the_proxy(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Proxy(1, user="joe:pw") as proxy:
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        client = Client(replace(FAR, url=f"{scheme}://reports.example"))
        exchange = client.open(Identity("anonymous")).send("a", Request("GET", "/x"))
        client.close()
    assert exchange.response is not None
    assert exchange.response.status_code == 407
    assert exchange.error is not None
    assert exchange.error.outcome == "error"
    assert f"the proxy {proxy.url} answered 407" in exchange.error.text


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_the_environment_names_authorities_unless_target_toml_does(name: str, tmp_path: Path) -> None:
    authority_file = str(private_ca.write(tmp_path)[0])
    assert Route.to(SECURE, {name: authority_file}).verify == authority_file
    assert Route.to(replace(SECURE, ca_bundle=authority_file), {name: "nowhere"}).verify == authority_file
    assert Route.to(SECURE, {name: ""}).verify is True
    assert Route.to(FAR, {name: "nowhere"}).verify is True
    with pytest.raises(TargetError, match=rf"^{name}: found 'nowhere'; allowed: an existing file of PEM"):
        Route.to(SECURE, {name: "nowhere"})


def test_a_certificate_without_its_key_is_a_fault_of_the_configuration(tmp_path: Path) -> None:
    private_ca.write(tmp_path)
    cert, key = str(tmp_path / "client.pem"), str(tmp_path / "client.key")
    assert Route.to(replace(SECURE, cert=cert, key=key), {}).certificate == (cert, key)
    for wrong in (None, str(tmp_path / "server.pem")):
        with pytest.raises(TargetError, match=r"^cert: found"):
            Route.to(replace(SECURE, cert=cert, key=wrong), {})


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("http://LOCALHOST/x", "localhost"),
        ("HTTP://LocalHost:80/x", "localhost"),
        ("https://h:443", "h"),
        ("https://h:80/", "h:80"),
        ("http://[::1]:8080/x", "[::1]:8080"),
        ("http://[2001:DB8::1]/", "[2001:db8::1]"),
        ("http://b\u00fccher.example/", "xn--bcher-kva.example"),
    ],
)
def test_a_host_is_sent_in_one_form(url: str, sent: str) -> None:
    assert authority(url) == sent
    assert Client(Target("jasperserver", url.rstrip("/"), "t")).own(f"{url.partition('://')[0].lower()}://{sent}/y")


@pytest.mark.parametrize("spelled", ["http://LOCALHOST:{}", "http://localhost:{}", "HTTP://127.0.0.1:{}"])
def test_a_host_is_signed_as_it_is_sent(spelled: str, plain: tuple[Plain, Server]) -> None:
    reference, server = plain
    target = Target("akamai_reporting", spelled.format(server.port), "t")
    client = Client(target)
    sent = client.open(Identity("owner", "edgegrid", TOKENS)).send("a", Request("POST", "/x?a=%2b", body=b"{}"))
    client.close()
    assert sent.status_code == 200
    assert is_signed(reference.calls[0], "cs-secret")
    assert reference.calls[0].header("Host") == authority(target.url)


def test_a_proxy_that_closes_idle_connections_is_asked_again(
    plain: tuple[Plain, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    reference, server = plain
    with Proxy(server.port, most=1) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        client = Client(FAR)
        conversation = client.open(Identity("anonymous"))
        statuses = [
            conversation.send("a", Request(method, "/x#top")).status_code for method in ("GET", "PUT", "POST", "GET")
        ]
        client.close()
    assert statuses == [200] * 4
    assert [call.method for call in reference.calls] == ["GET", "PUT", "POST", "GET"]
    assert {line.split()[1] for line in proxy.lines} == {"http://reports.example/x"}
