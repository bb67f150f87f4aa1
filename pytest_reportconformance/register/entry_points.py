"""What installed packages bring: the entry points of one group, ours among them.

Rule: entry points are found without an import, so that a fault of one package concerns no other.
A fault is a `PackageError` that names the distribution and what failed.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import metadata

from pytest_reportconformance.transcript import files

OWN = "pytest-reportconformance"


class PackageError(Exception):
    """A package that is installed brings something that cannot be used; the message names its distribution."""


class Group:
    """The entry points of a group; `what` names in messages what each of them brings."""

    def __init__(self, name: str, what: str) -> None:
        self.name = name
        self.what = what

    def names(self) -> list[str]:
        """The names of all, sorted."""
        return sorted(_found(self.name))

    def one(self, name: str) -> metadata.EntryPoint:
        """The entry point of that name. Raises LookupError if there is none, PackageError if there are several."""
        found = _found(self.name)[name]
        if len(found) > 1:
            several = " and ".join(sorted(map(distribution, found)))
            raise PackageError(f"{self.what} {name!r} is brought by several packages, {several}: uninstall all but one")
        return found[0]

    def own(self, name: str) -> bool:
        """Whether this package brings what has that name."""
        return any(one.dist is not None and one.dist.name == OWN for one in _found(self.name)[name])

    def fault(self, point: metadata.EntryPoint, what: str) -> PackageError:
        """The error of the package that brings it."""
        says = f"{self.what} {point.name!r} of the package {distribution(point)}: {what}"
        return PackageError(f"{says}; repair or uninstall the package")


def distribution(point: metadata.EntryPoint) -> str:
    """The name and version of the distribution that brings it."""
    return f"{point.dist.name} {point.dist.version}" if point.dist is not None else "of an unknown name"


def shown(error: BaseException) -> str:
    """What a package raised when it was imported, in one line. Raises a fault of the machine, which is none of it."""
    if files.exhausted(error):
        raise error
    return f"{type(error).__name__}: {error}"


@cache
def _found(group: str) -> dict[str, list[metadata.EntryPoint]]:
    return grouped(metadata.entry_points(group=group))


def grouped(found: Iterable[metadata.EntryPoint]) -> dict[str, list[metadata.EntryPoint]]:
    """Entry points by their names."""
    groups: dict[str, list[metadata.EntryPoint]] = {}
    for one in found:
        groups.setdefault(one.name, []).append(one)
    return groups
