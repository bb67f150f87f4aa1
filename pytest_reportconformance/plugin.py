"""The pytest plugin's door: options, and nothing more until `--target` is given.

Rule: imports nothing but pytest, so that an ordinary pytest run pays next to nothing for it. Nobody imports it.
"""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of a conformance run."""
    group = parser.getgroup("conformance", "API conformance (pytest-reportconformance)")
    group.addoption(
        "--target",
        metavar="X",
        help="the server under test: a URL, a target.toml, 'embedded' (all reference servers) or 'embedded:<api>'; "
        "without paths its API's packaged checks are run",
    )
    group.addoption(
        "--target-api",
        metavar="API",
        help="which API a URL serves: jasperserver or akamai_reporting (default: found out by asking the server)",
    )
    group.addoption(
        "--conformance-report",
        metavar="DIR",
        help="folder for results.json, summary.md and transcripts (default: conformance/<target name>)",
    )
    group.addoption("--live", action="store_true", help="the target may be a host of the vendor's own service")
    group.addoption("--conformance-strict", action="store_true", help="a broken SHOULD fails as well")
    group.addoption(
        "--accept-deviations",
        action="store_true",
        help="exit with 0 where nothing is broken but what the product is known to do differently",
    )
    group.addoption(
        "--set", metavar="NAME", help="only the requirements of this frozen set count, e.g. jasperserver-2026.1"
    )
    group.addoption("--conformance-waivers", metavar="FILE", help="waivers beside those in target.toml")
    group.addoption("--write-waivers", metavar="FILE", help="draft waivers for everything that is broken")
    group.addoption(
        "--conformance-baseline",
        metavar="FILE",
        help="results.json of an earlier run: say what changed, and exit with 1 where something got worse",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marks, and where there is a target, everything else."""
    config.addinivalue_line("markers", "requirement(id): the documented requirement that a check asserts")
    for level in ("must", "should", "may"):
        config.addinivalue_line("markers", f"{level}: checks of requirements of the level {level.upper()}")
    if config.getoption("--target") or hasattr(config, "workerinput"):
        from pytest_reportconformance.hooks import registration

        registration.register(config)
