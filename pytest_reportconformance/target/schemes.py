"""Which authentication schemes there are: the entry points of the group `reportconformance.auth`, ours among them."""

from __future__ import annotations

from collections.abc import Collection

from pytest_reportconformance.register import entry_points
from pytest_reportconformance.register.entry_points import Group, PackageError
from pytest_reportconformance.target.scheme import NONE, Scheme

GROUP = Group("reportconformance.auth", "authentication scheme")
WITHOUT = "none"
DEFAULT = "basic"
"""Of an identity whose keys belong to no scheme."""


def names() -> list[str]:
    """The names of all schemes, sorted."""
    return sorted({*GROUP.names(), WITHOUT})


def find(name: str) -> Scheme:
    """The scheme of that name. Raises LookupError if there is none, PackageError if its package has a fault."""
    if name == WITHOUT:
        return NONE
    point = GROUP.one(name)
    try:
        found = point.load()
    except (Exception, SystemExit) as error:  # whatever a package does when it is imported
        raise GROUP.fault(point, f"{point.value} cannot be loaded: {entry_points.shown(error)}") from None
    if not isinstance(found, Scheme):
        raise GROUP.fault(point, f"{point.value} is no Scheme")
    return found


def known(name: str) -> Scheme | None:
    """The scheme of that name; None if no installed package brings it, or only one with a fault."""
    try:
        return find(name)
    except (LookupError, PackageError):
        return None


def guessed(keys: Collection[str]) -> str:
    """The scheme whose keys are those of an identity that names none: most secrets first, then most keys.

    Others than ours are asked only if no key is one of ours, so that a fault of a package concerns its own users.
    """
    for ours in (True, False):
        named = [name for name in GROUP.names() if GROUP.own(name) is ours]
        fits = {name: _fits(find(name), keys) for name in named}
        best = max(fits, key=lambda name: fits[name], default=DEFAULT)
        if fits.get(best, (0, 0)) > (0, 0):
            return best
    return DEFAULT


def _fits(scheme: Scheme, keys: Collection[str]) -> tuple[int, int]:
    return len({*scheme.secrets} & {*keys}), len({*scheme.keys} & {*keys})


def loggers() -> tuple[str, ...]:
    """The prefixes of all loggers that log secrets, of every scheme that can be used."""
    usable = [scheme for name in names() if (scheme := known(name)) is not None]
    return tuple(prefix for scheme in usable for prefix in scheme.loggers)


def example(role: str, used: Collection[str]) -> dict[str, str]:
    """Credentials for a commented target.toml, of a scheme that other identities of the target use."""
    for name in sorted(used):
        make = find(name).example
        if make is not None:
            return {"auth": name, **make(role)}
    return {"auth": DEFAULT, "username": role, "password": f"env:RC_{role.upper()}_PASSWORD"}
