"""The command line becomes the settings of runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_reportconformance.hooks import settings
from pytest_reportconformance.register import apis
from pytest_reportconformance.target.target import Target, TargetError

TARGETS = [Target(api, "http://127.0.0.1:1", api) for api in ("jasperserver", "akamai_reporting")]


def command_line(**given: str) -> Any:
    """A command line with those options, `explore_seed` for `--explore-seed`."""
    options = {"--" + name.replace("_", "-"): value for name, value in given.items()}
    return SimpleNamespace(getoption=options.get, invocation_params=SimpleNamespace(dir=Path()))


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.api)
def test_every_api_is_explored(target: Target) -> None:
    (one,) = settings.run_settings(command_line(explore="5", explore_seed="7"), [target])
    assert (one.exploration.steps, one.exploration.seed, one.exploration.asked) == (5, 7, True)


def test_exploring_an_api_without_walks_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    load = apis.load
    monkeypatch.setattr(apis, "load", lambda api: replace(load(api), explores=False))
    assert settings.run_settings(command_line(), TARGETS[:1])
    with pytest.raises(TargetError, match="--explore: found a target of jasperserver, which no scenario explores"):
        settings.run_settings(command_line(explore="5"), TARGETS[:1])
