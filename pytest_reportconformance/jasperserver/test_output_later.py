"""Checks of outputs of failed reports and exports, and of later downloads."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from pytest_reportconformance.jasperserver import descriptors, output_text
from pytest_reportconformance.jasperserver.assertions import delivered
from pytest_reportconformance.jasperserver.scenarios.export import LATE
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript


def refused(output: Exchange) -> None:
    """The output of a failed report or export answers 4xx."""
    expect.that(400 <= output.status_code < 500, "a refusal (4xx)", output.status_code, output)


@requirement("jasperserver.output.failed-refused")
def test_the_output_of_a_failed_report_is_refused(failed: Transcript) -> None:
    refused(failed["output"])


@requirement("jasperserver.output.failed-refused")
def test_the_output_of_a_failed_export_is_refused(misexported: Transcript) -> None:
    polls = [poll for poll in misexported.starting("poll-") if poll.succeeded and descriptors.status(poll) == "failed"]
    expect.applies(bool(polls), "no export failed")
    for poll in polls:
        refused(misexported[poll.name.replace("poll", "output")])


def explained(output: Exchange) -> None:
    """A refusal holds an error descriptor."""
    expect.precondition(400 <= output.status_code < 500, "it was not refused", by="jasperserver.output.failed-refused")
    expect.that(descriptors.error_descriptor(output) is not None, "an errorDescriptor", output.text[:200], output)


@requirement("jasperserver.output.failed-descriptor")
def test_the_refused_output_of_a_failed_report_holds_an_error_descriptor(failed: Transcript) -> None:
    explained(failed["output"])


@requirement("jasperserver.output.failed-descriptor")
def test_the_refused_output_of_a_failed_export_holds_an_error_descriptor(misexported: Transcript) -> None:
    expect.applies(misexported["export-page-past-end"].succeeded, "the export itself was refused")
    explained(misexported["output-page-past-end"])


def still_there(late: Exchange, first: Exchange) -> None:
    """An output that was delivered before is delivered later."""
    delivered(first)
    expect.status(late, 200)


@requirement("jasperserver.output.available-until-delete")
def test_an_output_stays_available(finished: Transcript) -> None:
    for name in ("output-again", "output-late"):
        still_there(finished[name], finished["output"])


@pytest.mark.parametrize("name", LATE)
@requirement("jasperserver.output.available-until-delete")
def test_exports_stay_available(exported: Transcript, name: str) -> None:
    still_there(exported[f"late-{name}"], exported[f"output-{name}"])


@requirement("jasperserver.output.available-until-delete")
def test_the_output_of_a_run_outlives_a_failed_export(misexported: Transcript) -> None:
    still_there(misexported["output-after"], misexported["output-before"])


@requirement("jasperserver.output.available-until-delete")
def test_attachments_stay_available(illustrated: Transcript) -> None:
    for late in illustrated.starting("late-"):
        first = illustrated[late.name.replace("late", "attachment")]
        expect.precondition(
            first.status_code == 200, "it was not delivered before", by="jasperserver.attachments.delivered"
        )
        expect.status(late, 200)


def _foreign(recounted: Transcript, name: str) -> Exchange:
    """A request under one execution with the id of an export of another one; not applicable if both have that id."""
    id = recounted[name].request.url.rpartition("/exports/")[2].partition("/")[0]
    own = [quote(one, safe="") for one in descriptors.export_ids(recounted["details-before"])]
    expect.applies(id not in own, "the exports of both executions have the same ids")
    return recounted[name]


@requirement("jasperserver.output.own-content")
def test_no_execution_delivers_the_output_of_another_one(recounted: Transcript) -> None:
    foreign, other = _foreign(recounted, "foreign-output"), recounted["output-of-other"]
    delivered(other)
    shown = re.search(recounted.fact("varies"), output_text.text(other))
    expect.precondition(shown is not None, "the output does not show its value", other)
    found = re.search(recounted.fact("varies"), output_text.text(foreign)) if foreign.status_code == 200 else None
    expect.that(found is None or found[0] != (shown or found)[0], "no output of another execution", found, foreign)


@requirement("jasperserver.output.unknown-export")
def test_an_export_of_another_execution_is_unknown(recounted: Transcript) -> None:
    expect.refused(_foreign(recounted, "foreign-output"), 404, control=recounted["output"])


@requirement("jasperserver.export-status.unknown-export")
def test_the_status_of_an_export_of_another_execution_answers_404(recounted: Transcript) -> None:
    expect.refused(_foreign(recounted, "foreign-status"), 404, control=recounted["details-before"])
