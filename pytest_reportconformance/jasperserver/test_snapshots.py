"""Checks of fresh data and saved data snapshots, for reports whose target.toml says that snapshots are enabled."""

from __future__ import annotations

import pytest

from pytest_reportconformance.jasperserver import output_text
from pytest_reportconformance.jasperserver.assertions import delivered
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

UNDECLARED = (
    "target.toml does not say that data snapshots are enabled: if they are, write snapshots = true under "
    "[reports.runcounter]"
)
BY_DEFAULT = "output-by-default"
ACCEPTED = {"json": "jasperserver.parameters.json", "xml": "jasperserver.parameters.xml"}
in_both = pytest.mark.parametrize("kind", list(ACCEPTED))


def _value(output: Exchange, transcript: Transcript) -> str:
    """The value of the data in an output; blocks if it is not delivered or shows none."""
    delivered(output)
    found = output_text.value(output, transcript.fact("varies"))
    expect.precondition(found is not None, f"{output.line} does not show the value", output)
    return found or ""


def _declared(recounted: Transcript) -> str:
    """The value of the run that saved its data; not applicable if snapshots are not declared.

    Blocks if a second run with fresh data shows the same: then it is not known whose data an output shows.
    """
    expect.applies(recounted.fact("snapshots"), UNDECLARED)
    saved, other = _value(recounted["output"], recounted), recounted["output-of-other"]
    differs = saved != _value(other, recounted)
    expect.precondition(differs, "two runs with fresh data show the same", other, "jasperserver.output.own-content")
    return saved


def _values(outputs: list[Exchange], transcript: Transcript) -> list[str | None]:
    return [output_text.value(output, transcript.fact("varies")) for output in outputs]


def _later(recounted: Transcript) -> list[Exchange]:
    """The outputs of runs and of updates that did not ask for fresh data."""
    return [one for one in recounted if one.name == BY_DEFAULT or one.name.startswith("output-returned-")]


def _shown_saved(recounted: Transcript) -> str:
    """The saved value; blocks if no later run and no update shows it."""
    saved, by = _declared(recounted), "jasperserver.run.save-data-snapshot"
    shown = _values(_later(recounted), recounted)
    expect.precondition(saved in shown, "no later run shows the saved data", recounted[BY_DEFAULT], by)
    return saved


def _before(recounted: Transcript, name: str) -> list[str | None]:
    """The values of all outputs that were downloaded before that of an update."""
    outputs = recounted.starting("output")
    earlier = outputs[: outputs.index(recounted[name])]
    return _values(earlier, recounted)


def _updated(recounted: Transcript, update: str, kind: str) -> Exchange:
    """The output after an update; blocks if the update was refused."""
    output, request = recounted[f"output-{update}-{kind}"], recounted[f"set-{update}-{kind}"]
    expect.precondition(request.succeeded, "the update was refused", request, ACCEPTED[kind])
    return output


@requirement("jasperserver.run.save-data-snapshot")
def test_saved_data_serve_later_runs(recounted: Transcript) -> None:
    saved = _declared(recounted)
    last = recounted[BY_DEFAULT]
    shown = _values(_later(recounted), recounted)
    expect.that(saved in shown, f"a later run that shows {saved}", _value(last, recounted), last)


@requirement("jasperserver.run.default-fresh-data")
def test_a_run_uses_the_saved_data_by_default(recounted: Transcript) -> None:
    saved, output = _shown_saved(recounted), recounted[BY_DEFAULT]
    expect.equal(_value(output, recounted), saved, "the value of a run without freshData", output)


@in_both
@requirement("jasperserver.parameters.fresh-data-forced")
def test_an_update_with_fresh_data_queries_them_again(recounted: Transcript, kind: str) -> None:
    _declared(recounted)
    output = _updated(recounted, "fresh", kind)
    found = _value(output, recounted)
    seen = _before(recounted, output.name)
    expect.that(found not in seen, "a value that no output before showed", found, output)


@in_both
@requirement("jasperserver.parameters.fresh-data-default")
def test_an_update_without_fresh_data_uses_known_data(recounted: Transcript, kind: str) -> None:
    """The saved data, or those that the execution read last: the chapter does not say which."""
    saved = _shown_saved(recounted)
    output = _updated(recounted, "returned", kind)
    earlier = [later for later in _later(recounted) if later.started < output.started]
    expect.seen(saved in _values(earlier, recounted), "it is not known whether the data were saved before the update")
    expect.among(_value(output, recounted), _before(recounted, output.name), "the value", output)
