"""Which packages bring an API: the entry points of the group `reportconformance.apis`, ours among them.

Rule: no API is named here. A package is found without being imported.
"""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pytest_reportconformance.register import entry_points
from pytest_reportconformance.register.entry_points import Group, PackageError

GROUP = Group("reportconformance.apis", "API")
NAME = re.compile(r"[a-z][a-z0-9_]*")
RESERVED = ("embedded", "none", "own", "sets", "specs", "tests")
"""Names with a meaning of their own: of targets, of folders, and of requirements of a user's own."""
SPECS = "specs"
OWN = __name__.partition(".")[0]


@dataclass(frozen=True)
class Package:
    """The package of an API, as its entry point names it: a module, and in it the object that is the `Api`."""

    point: EntryPoint

    @property
    def module(self) -> str:
        """The name of the package."""
        return self.point.module

    @property
    def attribute(self) -> str:
        """The name of the `Api` in it."""
        return self.point.attr or "API"

    @property
    def folder(self) -> Path:
        """The folder of the package. Raises PackageError if there is none."""
        try:
            found = find_spec(self.module)
        except (Exception, SystemExit) as error:  # whatever a package does when the one above it is imported
            raise self.fault(f"{self.module} cannot be imported: {entry_points.shown(error)}") from None
        places = list(found.submodule_search_locations or ()) if found else []
        if not places:
            raise self.fault(f"{self.module} is no package that can be imported")
        return Path(places[0])

    @property
    def specs(self) -> Path:
        """The folder `specs/` with what is promised: in the package, or beside ours."""
        own = self.folder / SPECS
        return own if (own / self.point.name).is_dir() or not self.module.startswith(f"{OWN}.") else specs_folder()

    @property
    def register(self) -> Path:
        """The folder with the register of the API. Raises PackageError if there is none."""
        found = self.specs / self.point.name
        if not (found / "source.toml").is_file():
            raise self.fault(f"there is no file {found / 'source.toml'}")
        return found

    def imported(self, module: str = "") -> Any:
        """A module of the package, or the package itself. Raises PackageError."""
        name = f"{self.module}.{module}" if module else self.module
        try:
            return importlib.import_module(name)
        except (Exception, SystemExit) as error:  # whatever a module does when it is imported
            raise self.fault(f"{name} cannot be imported: {entry_points.shown(error)}") from None

    def fault(self, what: str) -> PackageError:
        """The error of this package."""
        return GROUP.fault(self.point, what)


def specs_folder() -> Path:
    """`specs/` of our own APIs: inside the package when installed from a wheel, beside it in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / SPECS
    return installed if installed.is_dir() else package.parent / SPECS


def names() -> list[str]:
    """The names of all APIs, sorted. Raises PackageError if there is none: then not even ours are registered."""
    found = GROUP.names()
    if not found:
        raise PackageError(
            f"no API is registered: the installation of {entry_points.OWN} is not whole, install it again"
        )
    return found


def package(api: str) -> Package:
    """The package that brings an API. Raises LookupError if none does, PackageError if it cannot be used."""
    found = Package(GROUP.one(api))
    if not NAME.fullmatch(api):
        raise found.fault("the name is not of lower-case letters, digits and underscores")
    if api in RESERVED:
        raise found.fault("the name is reserved; allowed: another name")
    return found
