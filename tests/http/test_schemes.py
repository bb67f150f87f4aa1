"""Authentication schemes: OAuth 2 client credentials, a header field of one's own, and schemes of other packages."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_reportconformance.http.client import Client
from pytest_reportconformance.http.oauth2 import MARGIN, UNKNOWN_LIFE, TokenRefused
from pytest_reportconformance.http.rate_limit import Clock
from pytest_reportconformance.http.server import Server
from pytest_reportconformance.register import entry_points
from pytest_reportconformance.register.entry_points import PackageError
from pytest_reportconformance.register.strict_toml import Table
from pytest_reportconformance.target import schemes
from pytest_reportconformance.target.scheme import CredentialsUnreachable
from pytest_reportconformance.target.target import WRONG_PASSWORD, Target, TargetError
from pytest_reportconformance.target.toml import parse
from pytest_reportconformance.transcript.exchange import Exchange, Request
from tests.fake_package import installed_package
from tests.http.token_server import CLIENT, SECRET, Guarded, TokenServer

KEY = "k3y-of-the-gateway"


class Watch(Clock):
    """A clock that a test sets forward."""

    ahead = 0.0

    def now(self) -> float:
        return super().now() + self.ahead


def target(url: str, **keys: str) -> Target:
    """A target whose owner has these keys."""
    tables = {"target": {"api": "akamai_reporting", "url": url}, "identities": {"owner": keys}}
    return parse(Table("target.toml", "", tables, TargetError), Path.cwd())


def oauth(url: str, tokens: Server, **keys: str) -> Target:
    """A target whose owner asks a server for tokens."""
    given = {"token_url": f"{tokens.url}/token", "client_id": CLIENT, "client_secret": SECRET, **keys}
    return target(url, **given)


def sent(client: Client, identity: str = "owner") -> Exchange:
    """A request by an identity."""
    return client.open(client.target.identity(identity)).send("a", Request("GET", "/x"))


@pytest.fixture
def tokens() -> TokenServer:
    return TokenServer()


@pytest.fixture
def token_server(tokens: TokenServer) -> Iterator[Server]:
    with Server(tokens) as server:
        yield server


@pytest.fixture
def guarded(tokens: TokenServer) -> Iterator[Server]:
    with Server(Guarded(tokens)) as server:
        yield server


def test_a_token_is_asked_for_once_and_shared(tokens: TokenServer, token_server: Server, guarded: Server) -> None:
    client = Client(oauth(guarded.url, token_server, scope="read reports"))
    assert [sent(client).status_code for _ in range(3)] == [200, 200, 200]
    assert tokens.forms == [{"grant_type": "client_credentials", "scope": "read reports"}]


def test_the_client_may_be_named_in_the_form(tokens: TokenServer, token_server: Server, guarded: Server) -> None:
    assert sent(Client(oauth(guarded.url, token_server, client_auth="post"))).status_code == 200
    assert tokens.forms[0]["client_secret"] == SECRET


@pytest.mark.parametrize("life", [3600, 40, None, "soon", True])
def test_a_token_is_renewed_before_it_ends(
    life: Any, tokens: TokenServer, token_server: Server, guarded: Server
) -> None:
    tokens.answers["expires_in"] = life
    seconds = float(life) if type(life) is int else UNKNOWN_LIFE
    client = Client(oauth(guarded.url, token_server), clock := Watch())
    used = seconds - min(MARGIN, seconds / 2)
    for clock.ahead, asked in ((0.0, 1), (used - 5, 1), (used + 1, 2), (used + 2, 2)):
        assert sent(client).status_code == 200
        assert len(tokens.given) == asked


def test_neither_secret_nor_token_is_shown(tokens: TokenServer, token_server: Server, guarded: Server) -> None:
    client = Client(oauth(guarded.url, token_server))
    exchange = sent(client)
    shown = repr(exchange)
    assert "Authorization=Bearer ***" in exchange.text
    assert exchange.request.header("Authorization") == "Bearer ***"
    assert tokens.given[0] not in shown
    assert {tokens.given[0], SECRET} <= client.redactor.known.keys()


def test_a_wrong_password_is_a_wrong_token(tokens: TokenServer, token_server: Server, guarded: Server) -> None:
    client = Client(oauth(guarded.url, token_server))
    assert sent(client, WRONG_PASSWORD).status_code == 401
    assert len(tokens.forms) == 1
    assert sent(client).status_code == 200


def test_a_refused_request_for_a_token_is_one_sentence(
    tokens: TokenServer, token_server: Server, guarded: Server
) -> None:
    client = Client(oauth(guarded.url, token_server, client_id="somebody"))
    with pytest.raises(TokenRefused) as raised:
        client.open(client.target.identity("owner")).credentials.ready()
    text = str(raised.value)
    assert text.startswith(
        f"identities.owner: the request for a token at {token_server.url}/token is answered 401 (inv"
    )
    assert text.endswith("no client has the secret ***): check client_id, client_secret and scope")


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"access_token": None}, "is answered 200 without an access_token"),
        ({"access_token": "two\nlines"}, "is answered 200 without an access_token"),
        ({"token_type": "mac"}, "the token_type 'mac'; allowed: 'Bearer'"),
        ({"token_type": None}, "the token_type 'None'; allowed: 'Bearer'"),
    ],
)
def test_an_answer_without_a_usable_token_is_refused(
    answers: dict[str, Any], says: str, tokens: TokenServer, token_server: Server, guarded: Server
) -> None:
    tokens.answers |= answers
    client = Client(oauth(guarded.url, token_server))
    with pytest.raises(TokenRefused, match=re.escape(says)):
        client.open(client.target.identity("owner")).credentials.ready()


def test_a_token_that_is_refused_later_is_no_failure_of_the_target(
    tokens: TokenServer, token_server: Server, guarded: Server
) -> None:
    client = Client(oauth(guarded.url, token_server), clock := Watch())
    assert sent(client).status_code == 200
    clock.ahead, tokens.refuses = 4000.0, True
    exchange = sent(client)
    assert exchange.response is None
    assert exchange.error is not None
    assert exchange.error.outcome == "error"
    assert "401 (invalid_client" in exchange.error.text
    assert SECRET not in repr(exchange)


def test_a_server_of_tokens_that_is_away_is_unreachable(guarded: Server) -> None:
    client = Client(target(guarded.url, token_url="http://127.0.0.1:9/", client_id="a", client_secret="bcdefgh"))
    with pytest.raises(
        CredentialsUnreachable, match=r"http://127\.0\.0\.1:9/ gives no token: the connection was refused"
    ):
        client.open(client.target.identity("owner")).credentials.ready()


@pytest.mark.parametrize("url", ["ftp://host/", "host/token", "http://me@host/", "http://[::1/"])
def test_the_url_of_a_token_is_read_strictly(url: str, guarded: Server) -> None:
    client = Client(target(guarded.url, token_url=url, client_id="a", client_secret="bcdefgh"))
    with pytest.raises(TargetError, match=r"identities.owner: token_url: found .*; allowed: http"):
        client.open(client.target.identity("owner"))


def test_the_ways_to_name_the_client_are_read_strictly() -> None:
    with pytest.raises(TargetError, match=r"client_auth: found 'digest'; allowed: .*basic"):
        target("http://127.0.0.1:9", token_url="http://a/", client_id="a", client_secret="b", client_auth="digest")


def test_a_header_field_carries_a_secret_and_is_redacted() -> None:
    with Server(Guarded(field="X-Gateway", value=KEY)) as server:
        client = Client(target(server.url, auth="header", field="X-Gateway", value=KEY))
        exchange = sent(client)
        assert exchange.status_code == 200
        assert sent(client, WRONG_PASSWORD).status_code == 401
    assert exchange.request.header("X-Gateway") == "***"
    assert KEY not in repr(exchange)


@pytest.mark.parametrize("name", ["X Key", "", "X:Key", "X-Key\r\nA"])
def test_the_name_of_a_header_field_is_read_strictly(name: str) -> None:
    client = Client(target("http://127.0.0.1:9", auth="header", field=name or ":", value=KEY))
    with pytest.raises(TargetError, match=r"identities.owner: field: found .*; allowed: the name of a header field"):
        client.open(client.target.identity("owner"))


@pytest.mark.parametrize("name", ["token", "value", "client_secret"])
def test_secrets_of_schemes_are_no_literals_on_another_host(name: str) -> None:
    keys = {"token": {}, "value": {"field": "X-Key"}, "client_secret": {"token_url": "https://a/", "client_id": "b"}}
    with pytest.raises(TargetError, match=f"{name}: found 'a literal secret'"):
        target("https://reports.example.com", **keys[name], **{name: "literal-0022"})


@pytest.fixture
def foreign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in which packages are found as if they were installed."""
    monkeypatch.syspath_prepend(tmp_path)
    entry_points._found.cache_clear()
    yield tmp_path
    entry_points._found.cache_clear()
    sys.modules.pop("acme_package", None)
    importlib.invalidate_caches()


SCHEME = """
from pytest_reportconformance.target.scheme import Scheme

def signer(identity, wire):
    def sign(prepared):
        prepared.headers["X-Signed-By"] = identity.value("seal")
        return prepared
    return sign

API = Scheme(keys=("seal",), secrets=("seal",), signer=signer)
"""


@pytest.mark.parametrize("keys", [{"auth": "acme"}, {}])
def test_another_package_brings_a_scheme(foreign: Path, keys: dict[str, str]) -> None:
    installed_package(foreign, "acme", SCHEME, group="reportconformance.auth")
    with Server(Guarded(field="X-Signed-By", value=KEY)) as server:
        client = Client(target(server.url, seal=KEY, **keys))
        exchange = sent(client)
    assert exchange.status_code == 200
    assert KEY not in repr(exchange)


@pytest.mark.parametrize(
    ("code", "says"), [("raise RuntimeError('broken')", "RuntimeError: broken"), ("API = 1", "is no Scheme")]
)
def test_a_scheme_with_a_fault_is_named_and_concerns_no_other(foreign: Path, code: str, says: str) -> None:
    installed_package(foreign, "acme", code, group="reportconformance.auth")
    with pytest.raises(PackageError, match=rf"authentication scheme 'acme' of the package acme-distr.*{says}"):
        target("http://127.0.0.1:9", auth="acme")
    assert target("http://127.0.0.1:9", username="a", password="b").identity("owner").auth == "basic"
    assert "akamai." in schemes.loggers()
