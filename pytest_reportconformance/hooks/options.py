"""Options of the command line that hold numbers, in words for the user if they do not."""

from __future__ import annotations

import pytest

from pytest_reportconformance.recording.context import STEPS, Exploration

MOST_STEPS = 100_000


def exploration(config: pytest.Config) -> Exploration:
    """How many random steps the run makes, and their seed. Raises UsageError."""
    asked = config.getoption("--explore") is not None
    return Exploration(_whole(config, "--explore", STEPS, MOST_STEPS), _whole(config, "--explore-seed", 0), asked)


def _whole(config: pytest.Config, option: str, default: int, most: int | None = None) -> int:
    given = config.getoption(option)
    if given is None:
        return default
    if not (given.isascii() and given.isdigit()) or (most is not None and int(given) > most):
        upto = f"from 0 to {most}" if most is not None else "of 0 or more"
        raise pytest.UsageError(f"{option}: found {given!r}; allowed: a whole number {upto}")
    return int(given)
