"""Fixtures that exist without `--target`: the addresses of reference servers. And what to say about those that need it.

Rule: this module is imported only if a test asks for a fixture that may be one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from types import ModuleType

import pytest

from pytest_reportconformance.hooks.own_fixtures import NAMES
from pytest_reportconformance.http.server import Server
from pytest_reportconformance.register import apis

SUFFIX = "_url"


def reference_urls(names: Collection[str]) -> ModuleType:
    """A plugin module with the fixtures `<api>_url` that are among some names."""
    module = ModuleType("reportconformance_reference_urls")
    for api in apis.names():
        if api + SUFFIX in names:
            setattr(module, api + SUFFIX, _reference_url(api))
    return module


def every_reference_url() -> ModuleType:
    """A plugin module with the fixtures `<api>_url` of all APIs."""
    return reference_urls([api + SUFFIX for api in apis.names()])


def hint(name: str, given: str | None) -> str | None:
    """What to do about a fixture that does not exist; None if it is none of ours. `given` is what --target names."""
    owners = [api for api in apis.names() if name in apis.scenarios(api)]
    if not owners and name not in NAMES:
        return None
    what = f"the transcript of a scenario of {owners[0]}" if owners else "a fixture of pytest-reportconformance"
    target = f"embedded:{(owners or apis.names())[0]}"
    if given is None:
        return f"{name} is {what} and needs a target: pytest --target target.toml, or pytest --target {target}"
    return f"{name} is {what}, and --target {given} is of another API: add such a target, e.g. --target {target}"


def _reference_url(api: str) -> object:
    def read() -> Iterator[Callable[..., str]]:
        if not apis.has_reference(api):
            pytest.fail(f"{api}{SUFFIX}: pip install 'pytest-reportconformance[embedded]'", pytrace=False)
        servers: dict[str | None, Server] = {}

        def start(edition: str | None = None) -> str:
            if edition not in servers:
                servers[edition] = Server(apis.load(api).reference(**({"edition": edition} if edition else {})))
            return servers[edition].url

        yield start
        for server in servers.values():
            server.close()

    read.__doc__ = f"""Start a reference server of {api} and return its base URL: `{api}{SUFFIX}()`.

    With an edition, such as `{api}{SUFFIX}("8.1.1")`, it imitates that version of the product; without one it meets
    every requirement. Each is started once, on 127.0.0.1 and a free port, and stopped at the end of the session; its
    users and reports are those of its target.toml. Raises LookupError or TypeError for an unknown edition. It needs no
    `--target`, but the extra `embedded`.
    """
    return pytest.fixture(scope="session", name=api + SUFFIX)(read)
