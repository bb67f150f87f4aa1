"""Ways to a server: proxies, private authorities, client certificates, and spellings of its host."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from pytest_reportconformance.http.route import AUTHORITIES
from pytest_reportconformance.http.server import Reference, Server
from tests.circumstances.circumstance import GOOD, Circumstance, Serve, as_it_is, plainly, replaced, whole
from tests.circumstances.http_rows import BOTH, FEW
from tests.http import private_ca
from tests.http.proxy import Proxy

HOST = "reports.example"
"""The name under which a server behind a proxy is known; no resolver knows it."""

VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy")

Environment = Callable[[str, Path], Mapping[str, str]]


def _only(variables: Mapping[str, str]) -> Mapping[str, str]:
    """These variables, and none that this machine sets; an empty one is unset, in the other letter case as well."""
    given = {name.lower() for name in variables}
    return {**{name: "" for name in (*VARIABLES, *AUTHORITIES) if name.lower() not in given}, **variables}


def behind_proxy(*, user: str | None = None, most: int = 1_000_000, tls: bool = False) -> Serve:
    """Serve under a name that only a proxy knows; its address is in the file `proxy`."""

    @contextmanager
    def serve(reference: Reference, folder: Path) -> Iterator[str]:
        certificate = private_ca.write(folder, (HOST,))[1]
        serving = private_ca.secured(reference, certificate) if tls else plainly(reference, folder)
        with serving as url, Proxy(urlsplit(url).port or 0, user, most) as proxy:
            (folder / "proxy").write_text(proxy.address, encoding="utf-8")
            yield url.replace("127.0.0.1", HOST)
            assert proxy.lines, "the run goes past the proxy"
            assert all(line.startswith("CONNECT ") == tls for line in proxy.lines)

    return serve


def elsewhere(text: str, folder: Path) -> str:
    """A target.toml for a server that is not on this machine: secrets are in files, and no rate holds it up."""

    def in_file(found: re.Match[str]) -> str:
        name = f"password-{found.start()}"
        (folder / name).write_text(found[1], encoding="utf-8")
        return f'password = "file:{name}"'

    text = re.sub('^password = "(.*)"$', in_file, text, flags=re.MULTILINE)
    return (
        text.replace("[target]\n", '[target]\nca_bundle = "ca.pem"\n', 1) + "\n[limits]\nrequests_per_minute = 100000\n"
    )


def proxy_in(*names: str, scheme: str = "http", user: str = "") -> Environment:
    """Variables that name the proxy."""

    def environment(_url: str, folder: Path) -> Mapping[str, str]:
        address = (folder / "proxy").read_text(encoding="utf-8")
        return _only(dict.fromkeys(names, f"{scheme}://{user}{address}"))

    return environment


@contextmanager
def behind_socks(reference: Reference, folder: Path) -> Iterator[str]:
    """Serve under a name that only a proxy knows, which no request reaches."""
    private_ca.write(folder)
    (folder / "proxy").write_text("127.0.0.1:9", encoding="utf-8")
    with Server(reference) as server:
        yield server.url.replace("127.0.0.1", HOST)


def fixed(**variables: str) -> Environment:
    """Variables with fixed values."""
    return lambda _url, _folder: _only(variables)


def trusting(name: str) -> Environment:
    """A variable that names the authority's certificate."""
    return lambda _url, folder: _only({name: str(folder / "ca.pem")})


def over_tls(*, clients: bool = False) -> Serve:
    """Serve over TLS with a certificate of a private authority."""

    @contextmanager
    def serve(reference: Reference, folder: Path) -> Iterator[str]:
        authority, certificate = private_ca.write(folder)
        with private_ca.secured(reference, certificate, authority if clients else None) as url:
            yield url

    return serve


def rows(
    name: str,
    serve: Serve,
    environment: Environment,
    target: Callable[[str, Path], str | None] = whole,
    code: int = 0,
    sentence: str = "passed",
    only: tuple[str, ...] = BOTH,
    **reference: object,
) -> list[Circumstance]:
    """The rows of a circumstance, for one API or for both."""
    return [
        Circumstance(name, api, code, sentence, GOOD, serve, target, environment, FEW[api], reference) for api in only
    ]


FIRST = BOTH[:1]
CERTIFIED = replaced(r"^\[target\]$", '[target]\nca_bundle = "ca.pem"\ncert = "client.pem"\nkey = "client.key"')
KEYLESS = replaced(r"^\[target\]$", '[target]\nca_bundle = "ca.pem"\ncert = "client.pem"')
SHOUTED = replaced("http://127.0.0.1", "HTTP://LOCALHOST")
NOWHERE = "http://127.0.0.1:9"
DIRECT = fixed(HTTP_PROXY=NOWHERE, https_proxy=NOWHERE, ALL_PROXY=NOWHERE)
PASSED_BY = fixed(all_proxy="socks5h://127.0.0.1:9")

ROWS = [
    *rows("HTTP_PROXY names the way", behind_proxy(), proxy_in("http_proxy"), elsewhere),
    *rows("ALL_PROXY names the way", behind_proxy(), proxy_in("ALL_PROXY"), elsewhere),
    *rows(
        "a proxy with a password",
        behind_proxy(user="joe:pw"),
        proxy_in("http_proxy", user="joe:pw@"),
        elsewhere,
        only=FIRST,
    ),
    *rows("a proxy closes idle connections", behind_proxy(most=1), proxy_in("http_proxy"), elsewhere),
    *rows("a tunnel through HTTPS_PROXY", behind_proxy(tls=True), proxy_in("HTTPS_PROXY"), elsewhere),
    *rows(
        "a proxy demands credentials",
        behind_proxy(user="joe:pw"),
        proxy_in("http_proxy"),
        elsewhere,
        4,
        "proxy.*407|407.*proxy",
        FIRST,
    ),
    *rows(
        "a proxy demands credentials for a tunnel",
        behind_proxy(user="joe:pw", tls=True),
        proxy_in("https_proxy"),
        elsewhere,
        4,
        "407",
        FIRST,
    ),
    *rows("a loopback host is reached past every proxy", plainly, DIRECT),
    *rows("a loopback host needs no package for SOCKS", plainly, PASSED_BY, only=FIRST),
    *rows("REQUESTS_CA_BUNDLE names the authority", over_tls(), trusting("REQUESTS_CA_BUNDLE")),
    *rows("CURL_CA_BUNDLE names the authority", over_tls(), trusting("CURL_CA_BUNDLE"), only=FIRST),
    *rows("SSL_CERT_FILE names the authority", over_tls(), trusting("SSL_CERT_FILE"), only=BOTH[1:]),
    *rows(
        "nothing names the authority", over_tls(), fixed(), whole, 7, "not trusted .*ca_bundle.*SSL_CERT_FILE", FIRST
    ),
    *rows(
        "a bundle that is not there",
        over_tls(),
        fixed(SSL_CERT_FILE="no.pem"),
        whole,
        4,
        "SSL_CERT_FILE: found 'no.pem'",
        FIRST,
    ),
    *rows("a client certificate", over_tls(clients=True), as_it_is, CERTIFIED),
    *rows(
        "a client certificate without its key", over_tls(clients=True), as_it_is, KEYLESS, 4, "cert: found .*key", FIRST
    ),
    *rows("the host in capitals", plainly, as_it_is, SHOUTED),
]
if find_spec("socks") is None:
    SOCKS = proxy_in("ALL_PROXY", scheme="socks5")
    ROWS += rows("a SOCKS proxy needs a package", behind_socks, SOCKS, elsewhere, 4, "pip install pysocks", FIRST)
