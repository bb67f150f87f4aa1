"""The supported APIs: what each one declares about itself, and its scenarios.

Rule: no API is named here. An API is supported if an installed package registers it, see `installed`; a third API is
a package of its own and no edit to this one.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_reportconformance.register import installed

if TYPE_CHECKING:
    from pytest_reportconformance.api import Api
    from pytest_reportconformance.scenarios import Scenario


def names() -> list[str]:
    """The names of all APIs, sorted."""
    return installed.names()


def load(name: str) -> Api:
    """The API of that name. Raises LookupError if there is none, PackageError if its package has a fault."""
    from pytest_reportconformance.api import Api

    if name not in names():
        raise LookupError(f"unknown API {name!r}; known: {', '.join(names())}")
    package = installed.package(name)
    found = getattr(package.imported(), package.attribute, None)
    if not isinstance(found, Api):
        raise package.fault(f"{package.module}:{package.attribute} is no Api")
    if found.name != name:
        raise package.fault(f"{package.module}:{package.attribute} has the name {found.name!r}")
    return found


def folder(name: str) -> Path:
    """The folder of an API's package: its scenarios and checks. Raises PackageError."""
    return installed.package(name).folder


def imported(name: str, module: str) -> Any:
    """A module of an API's package. Raises PackageError."""
    return installed.package(name).imported(module)


def has_reference(name: str) -> bool:
    """Whether the libraries of the API's reference server are installed."""
    library = load(name).reference_library
    return library is None or find_spec(library) is not None


@cache
def scenarios(name: str) -> dict[str, Scenario]:
    """Every scenario of an API by name, in order of modules and of definition. Raises PackageError."""
    from pytest_reportconformance.scenarios import Scenario

    package = installed.package(name)
    found: dict[str, Scenario] = {}
    for info in pkgutil.iter_modules(package.imported("scenarios").__path__):
        module = package.imported(f"scenarios.{info.name}")
        for value in vars(module).values():
            if isinstance(value, Scenario) and value.module == module.__name__:
                found[value.name] = value
    return found


def modules(package: str) -> Iterator[Any]:
    """The modules of a package, imported, in alphabetical order."""
    for info in pkgutil.iter_modules(importlib.import_module(package).__path__):
        yield importlib.import_module(f"{package}.{info.name}")
