"""Descriptions that cannot be true, and servers whose reports never end or are far shorter than declared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.circumstances.circumstance import Circumstance, replaced

UNJUDGED = frozenset({"passed", "inconclusive", "blocked", "not applicable", "noted", "untested"})
SLOW = r"(?<=\[reports\.slow\]\n)((?:.*\n)*?)seconds = .*"


def refused(name: str, pattern: str, replacement: str, sentence: str, api: str = "jasperserver") -> Circumstance:
    """A target.toml with a value that cannot be true: a configuration error that names the key."""
    return Circumstance(name, api, 4, sentence, target=replaced(pattern, replacement), options=("-k", "no_check"))


def limited(limits: str) -> Callable[[str, Path], str]:
    """Add limits to the target.toml."""
    return lambda text, _folder: f"{text}\n[limits]\n{limits}\n"


ROWS = [
    refused("a slow report of no time", SLOW, r"\1seconds = 0.0", "seconds: found 0.0; allowed: .*above 0"),
    refused("a slow report of negative time", SLOW, r"\1seconds = -2", "seconds: found -2; allowed: .*above 0"),
    refused("a slow report of endless time", SLOW, r"\1seconds = inf", "seconds: found .*; allowed: .*above 0"),
    refused("a slow query of no time", SLOW, r"\1seconds = 0", "seconds: found 0; allowed", "akamai_reporting"),
    refused("fewer pages than needed", "^pages = 7", "pages = -1", "pages: found -1; allowed: .*at least 5"),
    refused(
        "no time for a page", "^seconds_per_page = .*", "seconds_per_page = 0", "seconds_per_page: found 0; allowed"
    ),
    Circumstance(
        "a run of no time",
        "jasperserver",
        4,
        "run_seconds: found 0; allowed: a number of seconds above 0",
        target=limited("run_seconds = 0"),
    ),
    Circumstance(
        "a slow report far shorter than it has to be",
        "jasperserver",
        0,
        "",
        UNJUDGED,
        reference={"slow_seconds": 0.005},
        options=("-rs", "-k", "test_run.py and (early or slow)"),
    ),
    Circumstance(
        "a slow report far longer than declared",
        "jasperserver",
        0,
        "limits.run_seconds",
        UNJUDGED,
        target=lambda text, folder: limited("run_seconds = 3")(
            replaced(SLOW, r"\1seconds = 0.01")(text, folder), folder
        ),
        reference={"slow_seconds": 3600},
        options=("-rs", "-k", "test_run.py and (early or slow)"),
    ),
    Circumstance(
        "reports that never get ready",
        "jasperserver",
        0,
        r"the run was ended after 3 s \(limits.run_seconds\)",
        UNJUDGED,
        target=limited("run_seconds = 3"),
        reference={"slow_seconds": 3600},
        options=("-rs", "-k", "test_run.py and slow"),
        seconds=40,
    ),
]
