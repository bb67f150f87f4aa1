"""Fixtures of all tests, and the options that choose how much of the long tables is run."""

from __future__ import annotations

import faulthandler
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest_plugins = ["pytester"]
IDLE_SECONDS = 0.5
STDERR = 2

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts what runs in the background deaf to SIGINT, and so would be the processes that tests interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True, scope="session")
def state_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep ledgers of tests apart from those of their user, and their summaries out of that of a CI job."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("state")
        patch.setenv("XDG_STATE_HOME", str(folder))
        patch.delenv("GITHUB_STEP_SUMMARY", raising=False)
        yield folder


@pytest.fixture(autouse=True, scope="session")
def idle_at_the_end() -> Iterator[None]:
    """No thread that a test left behind keeps a processor busy: it would slow down every later test."""
    yield
    before = time.process_time()
    time.sleep(IDLE_SECONDS)
    if time.process_time() - before > IDLE_SECONDS / 2:
        faulthandler.dump_traceback(STDERR)
        pytest.fail("a thread that a test left behind still computes; the stacks are on stderr")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that say how much of the long tables is run."""
    group = parser.getgroup("tests of this suite")
    group.addoption("--whole", action="store_true", help="run every case of the tests that are marked `sampled`")
    group.addoption("--sample-seed", default="1", help="choose other cases of the tests that are marked `sampled`")


def pytest_configure(config: pytest.Config) -> None:
    """Run whole tables if a path is given; workers of pytest-xdist do what the controller does."""
    if hasattr(config, "workerinput"):
        config.option.whole = config.workerinput["whole"]
    elif config.args_source is pytest.Config.ArgsSource.ARGS:
        config.option.whole = True


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker whether whole tables are run."""
    node.workerinput["whole"] = node.config.option.whole


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep a seeded share of the cases of the tests that are marked `sampled`, unless all are wanted."""
    if config.option.whole:
        return
    tables: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("sampled"):
            tables.setdefault(item.nodeid.partition("[")[0], []).append(item)
    left_out = {item for name, cases in tables.items() for item in _left_out(name, cases, config.option.sample_seed)}
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]


def _left_out(name: str, cases: list[pytest.Item], seed: str) -> list[pytest.Item]:
    """The cases of a table that its seeded share leaves out; one case stays in any case."""
    share = min(mark.args[0] for case in cases if (mark := case.get_closest_marker("sampled")))
    kept = max(1, round(share * len(cases)))
    return random.Random(f"{seed} {name}").sample(cases, len(cases) - kept)
