"""Which hooks a run with a target registers: those of a controller, or those of an xdist worker."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from pytest_reportconformance.hooks.controller import Controller
from pytest_reportconformance.hooks.end_of_run import Finishing
from pytest_reportconformance.hooks.judging import INPUT, JudgingHooks, Worker
from pytest_reportconformance.judging import collection
from pytest_reportconformance.register.sets import SetError
from pytest_reportconformance.run.run import Seat
from pytest_reportconformance.run.target_argument import choose
from pytest_reportconformance.target.target import TargetError


def register(config: pytest.Config) -> None:
    """Register the hooks: those of a controller or of a worker."""
    if hasattr(config, "workerinput"):
        given = config.workerinput.get(INPUT)
        if given is None:
            return
        values = json.loads(given)
        seats = [Seat.read(seat) for seat in values["seats"]]
        hooks: JudgingHooks = Worker(config, seats, values["secrets"], Path(values["needs"]))
    else:
        hooks = _controller(config)
    config.pluginmanager.register(hooks, "reportconformance-run")
    if isinstance(hooks, Controller):
        config.pluginmanager.register(Finishing(config, hooks.verdicts))
    config.pluginmanager.register(collection.PackagedFiles([seat.api for seat in hooks.seats]))
    config.pluginmanager.register(collection.address(hooks.seats[0].url), "reportconformance-target")
    for seat in hooks.seats:
        _register_fixtures(config, hooks, seat)


def _controller(config: pytest.Config) -> Controller:
    try:
        target, api, live = (config.getoption(name) for name in ("--target", "--target-api", "--live"))
        return Controller(config, choose(target, api, live=live))
    except (TargetError, SetError) as error:
        raise pytest.UsageError(str(error)) from None


def _register_fixtures(config: pytest.Config, hooks: JudgingHooks, seat: Seat) -> None:
    module = collection.fixtures(seat.api, partial(hooks.transcript, seat))
    config.pluginmanager.register(module, module.__name__)
    if (collection.PACKAGE / seat.api / "fixtures.py").is_file():
        config.pluginmanager.import_plugin(f"{collection.PACKAGE.name}.{seat.api}.fixtures")
