"""The steps that a scenario of the user's own can have: the texts in its code."""

from __future__ import annotations

from collections.abc import Iterator
from types import CodeType, FunctionType
from typing import Any

from pytest_reportconformance.scenarios import Scenario

DEPTH = 3
"""How far functions are followed that a scenario calls."""


def texts(scenario: Scenario) -> frozenset[str]:
    """The texts in the code of a scenario, and of the functions of its module that it calls."""
    play: Any = scenario.play
    return frozenset(_texts(play, DEPTH)) if isinstance(play, FunctionType) else frozenset()


def _texts(function: FunctionType, depth: int) -> Iterator[str]:
    for code in _codes(function.__code__):
        yield from (value for value in code.co_consts if isinstance(value, str))
        called = [function.__globals__.get(name) for name in code.co_names] if depth else []
        for other in called:
            if isinstance(other, FunctionType) and other is not function:
                yield from _texts(other, depth - 1)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for value in code.co_consts:
        if isinstance(value, CodeType):
            yield from _codes(value)
