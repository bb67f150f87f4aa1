"""What `--target` means: a target.toml, a URL, `embedded`, or `embedded:<api>[@edition]`.

Rule: embedded servers are started here, in this process, and the caller closes them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from urllib.parse import urlsplit

from pytest_reportconformance.http.server import Reference, Server
from pytest_reportconformance.register import apis
from pytest_reportconformance.register.strict_toml import Table
from pytest_reportconformance.run.recognition import recognize
from pytest_reportconformance.target.target import Target, TargetError
from pytest_reportconformance.target.toml import from_url, parse, read

EMBEDDED = "embedded"


@dataclass
class Targets:
    """The targets of a run, and the embedded servers that serve them."""

    targets: list[Target]
    servers: list[Server] = field(default_factory=list)

    @property
    def fault(self) -> BaseException | None:
        """What an embedded server lacked on this machine to answer, if anything."""
        return next((server.fault for server in self.servers if server.fault is not None), None)

    def close(self) -> None:
        """Stop the embedded servers."""
        for server in self.servers:
            server.close()


def is_embedded(text: str) -> bool:
    """Whether a target is started by the run itself."""
    return text == EMBEDDED or text.startswith(EMBEDDED + ":")


def choose(text: str, api: str | None = None, *, live: bool = False) -> Targets:
    """The targets that `--target` names. Raises TargetError with what was found and what is allowed.

    Without `live` hosts of a vendor's own service, and those that target.toml names so, are refused.
    """
    if is_embedded(text):
        return _embedded(text.partition(":")[2])
    target = described_or_named(text, api, live=live)
    if target is None:
        found = recognize(text)
        target = replace(from_url(found.url, found.api), notes=(found.how,))
    return Targets([target])


def described_or_named(text: str, api: str | None, *, live: bool) -> Target | None:
    """The target of a target.toml, or of a URL whose API is named; None if the API has to be recognized.

    Nothing is sent. Raises TargetError.
    """
    if text.startswith(("http://", "https://")):
        target = from_url(text, _known(api) if api else apis.names()[0])
        globs = [glob for name in apis.names() for glob in apis.load(name).live_hosts]
        _guard(target.url, globs, live)
        return target if api else None
    path = Path(text)
    if not path.is_file():
        raise TargetError(
            f"--target: found {text!r}; allowed: a URL, a target.toml that exists, {EMBEDDED}, "
            + ", ".join(f"{EMBEDDED}:{name}" for name in apis.names())
        )
    target = read(path)
    _guard(target.url, [*apis.load(target.api).live_hosts, *target.live_hosts], live)
    return target


def _guard(url: str, globs: Iterable[str], live: bool) -> None:
    """Refuse a live host without `--live`."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    glob = next((glob for glob in globs if fnmatchcase(host, glob.lower())), None)
    if glob is not None and not live:
        raise TargetError(
            f"--target: found {url}, a live host ({glob}): requests use the account's quota; allowed: with --live"
        )


def _known(api: str) -> str:
    try:
        return apis.load(api).name
    except LookupError as error:
        raise TargetError(f"--target-api: {error}") from None


def _embedded(which: str) -> Targets:
    name, _, edition = which.partition("@")
    names = [_known(name)] if name else apis.names()
    if not all(apis.has_reference(api) for api in names):
        raise TargetError("embedded targets need an extra: pip install 'pytest-reportconformance[embedded]'")
    found = Targets([])
    for api in names:
        try:
            reference = apis.load(api).reference(**({"edition": edition} if edition else {}))
        except (LookupError, TypeError, ValueError) as error:
            raise TargetError(f"--target: found {EMBEDDED}:{which}; {error}") from None
        server = Server(reference)
        found.servers.append(server)
        target = describe(server)
        label = f"{EMBEDDED}-{api}" + (f"-{edition}" if edition else "")
        found.targets.append(replace(target, name=label))
    return found


def describe(server: Server) -> Target:
    """The target that an embedded server is, by its own target.toml."""
    return described(server.reference, server.url)


def described(reference: Reference, url: str) -> Target:
    """The target that a reference server is at a URL, by its own target.toml."""
    text = reference.target_toml(url)
    return parse(Table("target.toml of the embedded server", "", tomllib.loads(text), TargetError), Path.cwd())
