"""The entry point of the pytest plugin: its options, and nothing more until `--target` is given.

Rule: it imports nothing but pytest, so that an ordinary pytest run costs next to nothing more. No module imports it.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import NoReturn

import pytest

LEAST_MEMORY = 96 * 2**20
"""Bytes of address space below which pytest itself ends with a traceback now and then."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of a conformance run."""
    group = parser.getgroup(
        "conformance", "API conformance (pytest-reportconformance; outcomes: reportconformance docs outcomes)"
    )
    group.addoption(
        "--target",
        metavar="X",
        help="test this server: a URL, a target.toml, 'embedded' (all reference servers) or 'embedded:<api>'; without "
        "paths, run all packaged checks of its API",
    )
    group.addoption(
        "--target-api",
        metavar="API",
        help="name the API of a URL (default: detected)",
    )
    group.addoption(
        "--conformance-report",
        metavar="DIR",
        help="write the conformance report to this folder (default: conformance/<target name>)",
    )
    group.addoption(
        "--explore",
        metavar="N",
        help="make N random steps through the life of executions or queries, beside the scenarios, and shorten "
        "what violates a requirement (default: 12; 0: none)",
    )
    group.addoption(
        "--explore-seed",
        metavar="S",
        help="choose these steps with another seed: equal seeds make equal steps if the answers are equal (default: 0)",
    )
    group.addoption("--live", action="store_true", help="allow a target on a live service of the vendor")
    group.addoption("--conformance-strict", action="store_true", help="treat violated SHOULD requirements as failures")
    group.addoption(
        "--accept-deviations",
        action="store_true",
        help="exit 0 if the only failures are known deviations of the product; with a baseline: those that it had",
    )
    group.addoption(
        "--set",
        metavar="NAME",
        help="count only the requirements of this frozen set, such as <api>-2026.1; newer requirements still run",
    )
    group.addoption(
        "--conformance-waivers", metavar="FILE", help="read more waivers from this file, in addition to target.toml"
    )
    group.addoption("--write-waivers", metavar="FILE", help="write draft waivers for all violated requirements")
    group.addoption(
        "--conformance-baseline",
        metavar="FILE",
        help="compare with this results.json of an earlier run, requirement by requirement; exit 1 if one is worse",
    )
    group.addoption(
        "--conformance-baseline-create",
        action="store_true",
        help="write the file of --conformance-baseline at the end of the run if it does not exist",
    )
    group.addoption(
        "--accept-new-deviations",
        action="store_true",
        help="with a baseline: also accept known deviations that it did not have, as after an upgrade of the product",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marks and, if there is a target, everything else."""
    config.addinivalue_line("markers", "requirement(id): the documented requirement that a check asserts")
    for level in ("must", "should", "may"):
        config.addinivalue_line("markers", f"{level}: checks of requirements of the level {level.upper()}")
    if config.option.showfixtures:
        from pytest_reportconformance.hooks import missing_fixtures

        config.pluginmanager.register(missing_fixtures.every_reference_url())
    if config.getoption("--target") or hasattr(config, "workerinput"):
        if _memory_is_short():
            _exit_without_memory()
        try:
            from pytest_reportconformance.hooks import registration

            registration.register(config)
        except MemoryError:
            _exit_without_memory()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Register the addresses of reference servers if a test asks for one: `<api>_url`."""
    names = {name for item in items for name in getattr(item, "fixturenames", ()) if name.endswith("_url")}
    if names - {"target_url"}:
        from pytest_reportconformance.hooks import missing_fixtures

        config.pluginmanager.register(missing_fixtures.reference_urls(names))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say what to do if a fixture does not exist because there is no target."""
    report = yield
    error = call.excinfo.value if call.excinfo is not None else None
    if isinstance(error, pytest.FixtureLookupError) and error.argname is not None:
        from pytest_reportconformance.hooks import missing_fixtures

        hint = missing_fixtures.hint(error.argname, item.config.getoption("--target"))
        if hint is not None:
            report.sections.append(("what to do", hint))
    return report


def _exit_without_memory() -> NoReturn:
    pytest.exit("the memory is exhausted: raise the memory limit of this process (ulimit -v)", returncode=7)


def _memory_is_short() -> bool:
    """Whether this process may have so little memory that not even an error could be reported."""
    try:
        import resource
    except ImportError:  # not on every system
        return False
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return limit != resource.RLIM_INFINITY and limit < LEAST_MEMORY
