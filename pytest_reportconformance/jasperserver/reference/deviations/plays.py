"""Ties a class of the reference server to the registered deviations that it shows, by their ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import ModuleType
from typing import TypeVar

Played = TypeVar("Played", bound=type)


def plays(*ids: str) -> Callable[[Played], Played]:
    """Mark a class with the deviations (ids of `specs/jasperserver/deviations.toml`) that it shows."""

    def mark(played: Played) -> Played:
        setattr(played, "plays", ids)  # noqa: B010  # a mark, not an attribute of the server
        return played

    return mark


def played(modules: Iterable[ModuleType]) -> list[tuple[str, type]]:
    """Every deviation that a class of these modules shows, with the class, in order of definition."""
    classes = [
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__
    ]
    return [(id, one) for one in classes for id in vars(one).get("plays", ())]
