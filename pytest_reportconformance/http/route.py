"""The route to a target: its proxy, the authorities that are trusted, and the client certificate.

target.toml comes first, then the variables of the environment that requests and curl read. Rule: what cannot work is a
TargetError that names the key or the variable, before anything is sent.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote, urlsplit

from requests.utils import get_environ_proxies, select_proxy

from pytest_reportconformance.target.target import Target, TargetError, is_loopback

AUTHORITIES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
SOCKS = ("socks4", "socks4a", "socks5", "socks5h")
PROXIES = ("http", "https", *SOCKS)
PROXY_FORM = "http://[user:password@]host:port"


@dataclass(frozen=True)
class Route:
    """`verify` and `certificate` are the arguments `verify` and `cert` of requests; `proxy` is a URL."""

    proxy: str | None = field(default=None, repr=False)
    verify: str | bool = True
    certificate: tuple[str, str] | str | None = None

    @classmethod
    def to(cls, target: Target, environment: Mapping[str, str] = os.environ) -> Route:
        """The route to a target. Raises TargetError."""
        if not target.url.lower().startswith("https:"):
            return cls(_proxy(target))
        return cls(_proxy(target), _authorities(target, environment), _certificate(target))

    @property
    def proxies(self) -> dict[str, str]:
        """The proxy as requests expects it."""
        return {"all": self.proxy} if self.proxy else {}

    @property
    def absolute_form(self) -> bool:
        """Whether requests without TLS name the whole URL, as a proxy needs it (RFC 9112 section 3.2.2)."""
        return self.proxy is not None and urlsplit(self.proxy).scheme not in SOCKS

    @property
    def secret(self) -> str:
        """The password of the proxy; empty if there is none."""
        return unquote(urlsplit(self.proxy or "").password or "")

    @property
    def shown(self) -> str | None:
        """The URL of the proxy without credentials."""
        return _shown(self.proxy) if self.proxy else None


def _proxy(target: Target) -> str | None:
    """The proxy that the environment names, chosen as requests does; none for a loopback host. Raises TargetError."""
    found = None if is_loopback(target.url) else select_proxy(target.url, get_environ_proxies(target.url))
    if not found:
        return None
    proxy = found if "://" in found else f"http://{found}"
    scheme = proxy.partition("://")[0].lower()
    try:
        usable = scheme in PROXIES and urlsplit(proxy).hostname and urlsplit(proxy).port != 0
    except ValueError:
        usable = False
    if not usable:
        _refuse(_variable(target), _shown(proxy), PROXY_FORM)
    if scheme in SOCKS and find_spec("socks") is None:
        raise TargetError(f"{_variable(target)}: the proxy {_shown(proxy)} needs a package: pip install pysocks")
    return proxy


def _variable(target: Target) -> str:
    """The variable of the environment that names the proxy."""
    name = f"{urlsplit(target.url).scheme}_proxy"
    return next((one for one in (name, name.upper(), "all_proxy") if os.environ.get(one)), "ALL_PROXY")


def _shown(proxy: str) -> str:
    scheme, mark, rest = proxy.partition("://")
    return scheme + mark + rest.rpartition("@")[2]


def _authorities(target: Target, environment: Mapping[str, str]) -> str | bool:
    """The file or folder of trusted certificates; True for those of requests. Raises TargetError."""
    names = [(name, environment.get(name)) for name in AUTHORITIES]
    name, found = next(((name, path) for name, path in [("ca_bundle", target.ca_bundle), *names] if path), ("", None))
    if not found:
        return True
    if Path(found).is_dir():
        return found
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(found)
    except (OSError, ValueError) as error:
        _refuse(name, found, f"an existing file of PEM certificates ({_reason(error)})")
    return found


def _certificate(target: Target) -> tuple[str, str] | str | None:
    """The client certificate, with its key unless one file holds both. Raises TargetError."""
    if target.cert is None:
        return None
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(target.cert, target.key, _no_passphrase)
    except (OSError, ValueError) as error:
        found = target.cert if target.key is None else f"{target.cert}, key {target.key}"
        _refuse("cert", found, f"PEM files of a certificate and its key, without a passphrase ({_reason(error)})")
    return target.cert if target.key is None else (target.cert, target.key)


def _no_passphrase() -> str:
    raise ValueError("the key is encrypted")


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)


def _refuse(name: str, found: str, allowed: str) -> NoReturn:
    raise TargetError(f"{name}: found {found!r}; allowed: {allowed}")
