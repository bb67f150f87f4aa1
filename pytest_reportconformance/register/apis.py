"""The supported APIs: what each one declares about itself, and its scenarios.

Rule: no API is named here. An API is supported if `specs/<api>/` and the subpackage of that name exist; a third API is
new folders and no edit to this file.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from pytest_reportconformance.register import register

if TYPE_CHECKING:
    from pytest_reportconformance.api import Api
    from pytest_reportconformance.scenario import Scenario

PACKAGE = __name__.partition(".")[0]


def names() -> list[str]:
    """The names of all APIs, sorted."""
    return register.api_names()


def load(name: str) -> Api:
    """The API of that name; raises LookupError."""
    if name not in names():
        raise LookupError(f"unknown API {name!r}; known: {', '.join(names())}")
    api: Api = importlib.import_module(f"{PACKAGE}.{name}").API
    return api


def has_reference(name: str) -> bool:
    """Whether the libraries of the API's reference server are installed."""
    library = load(name).reference_library
    return library is None or find_spec(library) is not None


@cache
def scenarios(name: str) -> dict[str, Scenario]:
    """Every scenario of an API by name, in order of modules and of definition."""
    from pytest_reportconformance.scenario import Scenario

    found: dict[str, Scenario] = {}
    for module in modules(f"{PACKAGE}.{name}.scenarios"):
        for value in vars(module).values():
            if isinstance(value, Scenario) and value.module == module.__name__:
                found[value.name] = value
    return found


def modules(package: str) -> Iterator[Any]:
    """The modules of a package, imported, in alphabetical order."""
    for info in pkgutil.iter_modules(importlib.import_module(package).__path__):
        yield importlib.import_module(f"{package}.{info.name}")
