"""Which hooks a run with a target registers: those of a controller, or those of an xdist worker."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from pytest_reportconformance.hooks import own_fixtures
from pytest_reportconformance.hooks.controller import Controller
from pytest_reportconformance.hooks.end_of_run import Finishing
from pytest_reportconformance.hooks.faults import Faults, of_the_machine
from pytest_reportconformance.hooks.judging import INPUT, JudgingHooks
from pytest_reportconformance.hooks.worker import Worker
from pytest_reportconformance.judging import collection
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.register import apis
from pytest_reportconformance.register.entry_points import PackageError
from pytest_reportconformance.register.register import RegisterError
from pytest_reportconformance.register.sets import SetError
from pytest_reportconformance.run.judging_context import JudgingContext
from pytest_reportconformance.run.recognition import TargetUnreachable
from pytest_reportconformance.run.target_argument import choose
from pytest_reportconformance.target.target import TargetError
from pytest_reportconformance.transcript import files


def register(config: pytest.Config) -> None:
    """Register the hooks: those of a controller or of a worker."""
    try:
        _register(config)
    except (PackageError, RegisterError) as error:
        raise pytest.UsageError(str(error)) from None
    except Exception as error:
        if not of_the_machine(error):
            raise
        pytest.exit(files.sentence(error), returncode=ExitCode.ERROR)


def _register(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        given = config.workerinput.get(INPUT)
        if given is None:
            return
        values = json.loads(given)
        contexts = [JudgingContext.read(context) for context in values["contexts"]]
        hooks: Controller | Worker = Worker(config, contexts, values["secrets"], Path(values["needs"]))
    else:
        hooks = _controller(config)
    config.pluginmanager.register(hooks, "reportconformance-run")
    if isinstance(hooks, Controller):
        config.pluginmanager.register(Finishing(config, hooks.verdicts))
        config.pluginmanager.register(hooks.interrupts)
        config.pluginmanager.register(Faults(hooks.stop))
    config.pluginmanager.register(collection.PackagedFiles([context.api for context in hooks.contexts]))
    config.pluginmanager.register(own_fixtures.module(hooks), "reportconformance-target")
    for context in hooks.contexts:
        _register_fixtures(config, hooks, context)
    config.pluginmanager.register(hooks.own, "reportconformance-own")


def _controller(config: pytest.Config) -> Controller:
    try:
        target, api, live = (config.getoption(name) for name in ("--target", "--target-api", "--live"))
        return Controller(config, choose(target, api, live=live))
    except TargetUnreachable as error:
        pytest.exit(str(error), returncode=ExitCode.ERROR)
    except (TargetError, SetError) as error:
        raise pytest.UsageError(str(error)) from None


def _register_fixtures(config: pytest.Config, hooks: JudgingHooks, context: JudgingContext) -> None:
    assert context.register  # a fault of it ends the session here, with one sentence
    helps = any(config.getoption(name) for name in ("showfixtures", "show_fixtures_per_test"))
    transcript, every = partial(hooks.transcript, context), partial(hooks.transcripts, context)
    module = collection.fixtures(context.api, transcript, every, helps=helps)
    config.pluginmanager.register(module, module.__name__)
    if (apis.folder(context.api) / "fixtures.py").is_file():
        more = apis.imported(context.api, "fixtures")
        config.pluginmanager.register(more, more.__name__)
