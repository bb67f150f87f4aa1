"""Conformance suite for asynchronous report APIs, as a pytest plugin.

What `__all__` lists is the public API, described in docs/public-api.md; everything else may change in any version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_reportconformance.judging.conformance import Conformance
    from pytest_reportconformance.recording.identity_client import IdentityClient
    from pytest_reportconformance.recording.polling import wait_until
    from pytest_reportconformance.recording.steps import Steps
    from pytest_reportconformance.register.register import requirement
    from pytest_reportconformance.scenarios import Scenario, scenario
    from pytest_reportconformance.target.target import Target
    from pytest_reportconformance.transcript.exchange import Exchange, Request
    from pytest_reportconformance.transcript.failures import Broken, Missing, NotReached, UnknownStep
    from pytest_reportconformance.transcript.transcript import Transcript

__version__ = "0.1.0"
__all__ = [
    "Broken",
    "Conformance",
    "Exchange",
    "IdentityClient",
    "Missing",
    "NotReached",
    "Request",
    "Scenario",
    "Steps",
    "Target",
    "Transcript",
    "UnknownStep",
    "__version__",
    "requirement",
    "scenario",
    "wait_until",
]

_HOMES = {
    "Broken": "transcript.failures",
    "Conformance": "judging.conformance",
    "Exchange": "transcript.exchange",
    "IdentityClient": "recording.identity_client",
    "Missing": "transcript.failures",
    "NotReached": "transcript.failures",
    "Request": "transcript.exchange",
    "Scenario": "scenarios",
    "Steps": "recording.steps",
    "Target": "target.target",
    "Transcript": "transcript.transcript",
    "UnknownStep": "transcript.failures",
    "requirement": "register.register",
    "scenario": "scenarios",
    "wait_until": "recording.polling",
}
"""Where each name is defined: it is imported when it is used, because pytest imports this module in every run."""


def __getattr__(name: str) -> Any:
    """A public name, imported at its first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found
