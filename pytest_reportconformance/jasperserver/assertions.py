"""The assertions that checks of several operations share.

Rule: pure functions over transcripts; nothing is sent here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

import pytest

from pytest_reportconformance.jasperserver import descriptors, html_links, output_text
from pytest_reportconformance.jasperserver.contract import OPERATIONS
from pytest_reportconformance.jasperserver.media import STATUS_MEDIA
from pytest_reportconformance.jasperserver.timing import SURELY_RUNNING
from pytest_reportconformance.judging import expect, file_formats
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Broken, NotReached
from pytest_reportconformance.transcript.transcript import Transcript

IN_JSON = pytest.mark.parametrize("run_documented", ["json"], indirect=True)
IN_XML = pytest.mark.parametrize("run_documented", ["xml"], indirect=True)
SLOW_IN_JSON = pytest.mark.parametrize("run_slow", ["json"], indirect=True)
FAILED = pytest.mark.parametrize("failed", ["failing"], indirect=True)
NEEDED = ("html", "pdf", "csv")
EXCEL = ("xlsx", "xls")
"""The chapter names Excel without a file format."""
READABLE = ("csv", "xml", "html")
"""Formats of outputs whose text is read."""
INLINED = "the HTML holds all its pictures inline"
every_medium = pytest.mark.parametrize("media", list(STATUS_MEDIA))
extended = pytest.mark.parametrize("media", ["extended-json", "extended-xml"])


def cells(table: Mapping[Any, str]) -> list[Any]:
    """Parameters of a check, one for each cell of a table, with the requirement of the cell."""
    keys = [(key if isinstance(key, tuple) else (key,), id) for key, id in table.items()]
    return [pytest.param(*key, marks=requirement(id)) for key, id in keys]


def started(transcript: Transcript) -> Exchange:
    """The run that was accepted: with all properties, or without them if they were refused."""
    return transcript["run-plain"] if "run-plain" in transcript else transcript["run"]


def accepted(transcript: Transcript) -> Exchange:
    """The answer to an accepted run; blocks if the run was refused."""
    run = started(transcript)
    expect.precondition(run.status_code == 200, f"the run was answered with {run.status_code}", run)
    return run


def error_code(answer: Exchange, status: int) -> object:
    """The error code of a refusal; not applicable if the status differs or there is no descriptor."""
    found = descriptors.error_descriptor(answer)
    expect.applies(answer.status_code == status and found is not None, f"no {status} answer with a descriptor")
    return (found or {}).get("errorCode")


def of_identities(transcript: Transcript, names: Iterable[str]) -> Iterator[Exchange]:
    """The exchanges of these steps, without those of identities that the target lacks.

    Raises NotReached for a step that is absent for another reason.
    """
    for name in names:
        if name in transcript:
            yield transcript[name]
        elif (why := transcript.not_reached(name)).outcome != "untested":
            raise why


def delivered(output: Exchange) -> None:
    """Precondition: the output was delivered."""
    expect.precondition(
        output.status_code == 200, f"the output answered {output.status_code}", output, by="jasperserver.output.ready"
    )


def output_resource(details: Exchange, export: str) -> dict[str, object]:
    """The output resource of an export that is ready; the check is blocked if the details show none."""
    found = descriptors.export(details, export).get("outputResource")
    typed = isinstance(found, dict) and isinstance(found.get("contentType"), str)
    expect.precondition(
        typed, "the details show no contentType of the output", details, by="jasperserver.details.lists-output"
    )
    return dict(found or {})


def downloads(finished: Transcript) -> list[Exchange]:
    """All downloads of the first output."""
    names = ("output", "output-again", "output-as-json", "output-late")
    return [finished[name] for name in names if name in finished]


def same_output(again: Exchange, first: Exchange) -> None:
    """Two outputs are the same: byte for byte, or at least in everything that a reader of the format sees."""
    delivered(first)
    delivered(again)
    if again.answer.sha256 != first.answer.sha256:
        found, expected = file_formats.of(again), file_formats.of(first)
        for what in ("format", "broken", "pages", "text"):
            expect.equal(getattr(found, what), getattr(expected, what), f"its {what}", again)


def pages_shown(output: Exchange, texts: list[str]) -> list[int]:
    """The numbers of the pages that an output shows; blocks if it is not delivered or cannot be read."""
    expect.precondition(output.status_code == 200, f"the output was answered with {output.status_code}", output)
    found = file_formats.of(output)
    expect.precondition(found.opens and found.text is not None, "the output cannot be read", output)
    expect.seen(len(found.text or "") < file_formats.LONGEST_TEXT, "the output is too long to find its pages")
    return [number for number, text in enumerate(texts, start=1) if found.shows(text)]


def format_offered(run_used: Transcript, format: str) -> None:
    """The server offers a format: the chapter names HTML, PDF, CSV and Excel, and leaves the others open."""
    bound = format in NEEDED or (format in EXCEL and all(_lacks(run_used, one) for one in EXCEL))
    lacks = not bound and _lacks(run_used, format)
    expect.applies(not lacks, f"{format} is not offered; see jasperserver.run.formats")


def _lacks(run_used: Transcript, format: str) -> bool:
    """Whether an export to a format is refused, or fails."""
    answer, id = run_used[f"export-{format}"], run_used.fact("exports").get(format)
    listed = descriptors.exports(run_used["exported"]) if answer.succeeded else []
    return 400 <= answer.status_code < 500 or any(
        one.get("id") == id and one.get("status") == "failed" for one in listed
    )


def attachment_references(transcript: Transcript, output: str = "output", details: str = "details") -> list[str]:
    """The addresses in HTML whose last segment is the name of an attachment that some export lists."""
    expect.precondition(transcript[output].succeeded, "the HTML was not sent", by="jasperserver.output.ready")
    expect.applies(bool(html_links.pictures(transcript[output])), INLINED)
    names = {
        str(one.get("fileName")) for export in descriptors.exports(transcript[details]) for one in _attachments(export)
    }
    expect.precondition(bool(names), "no attachment is listed", by="jasperserver.details.lists-attachments")
    return [one for one in html_links.pictures(transcript[output]) if html_links.file_name(one) in names]


def _attachments(export: dict[str, object]) -> list[dict[str, str]]:
    found = export.get("attachments") or []
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def references_begin_with(transcript: Transcript, output: str, details: str, prefix: str) -> None:
    """The references to attachments are the prefix followed by their names."""
    found = attachment_references(transcript, output, details)
    page = transcript[output]
    expect.that(bool(found), f"references to attachments under {prefix}", html_links.pictures(page), page)
    expected = html_links.folder(urljoin(html_links.base(page), prefix))
    for address in found:
        expect.equal(html_links.folder(address), expected, "the folder of a reference", page)


def has_form(exchange: Exchange, media: str) -> None:
    """A status has the form of its media type; of the media types themselves only the plain ones are judged."""
    expect.status(exchange, 200)
    if not media.startswith("extended"):
        expect.media_type(exchange, STATUS_MEDIA[media])
    if media.endswith("json"):
        expect.among(exchange.field("value"), descriptors.STATES, "value", exchange)
        return
    root = exchange.xml
    expect.equal(root.tag, "status", "the root element", exchange)
    if media != "xml":
        expect.equal(len(root.findall("value")), 1, "the number of elements value", exchange)
    found = root.text if media == "xml" else root.findtext("value")
    expect.among((found or "").strip(), descriptors.STATES, "the status", exchange)


def explains_failure(exchange: Exchange) -> None:
    """An extended status that is failed holds an error descriptor with a text."""
    expect.precondition(
        exchange.succeeded and descriptors.status(exchange) == "failed", "the status is not failed", exchange
    )
    found = descriptors.descriptor(exchange).get("errorDescriptor")
    members = found if isinstance(found, dict) else {}
    texts = [members.get("message"), *(members.get("parameters") or [])]
    has_one = any(str(text or "").strip() for text in texts)
    expect.that(has_one, "an errorDescriptor with a text for display", exchange.text, exchange)


def cancel_in_time(transcript: Transcript, awaited: Transcript, name: str, run: str, after: str) -> Exchange:
    """A cancel of a running report; inconclusive if the report may have become ready before it.

    It cannot have if `awaited` shows that such a report takes the seconds that target.toml declares.
    """
    cancel = transcript[name]
    if cancel.status_code == 204 and _over(transcript, after):
        running = SURELY_RUNNING * transcript.fact("seconds")
        last = awaited["poll"]
        took = last.started + last.seconds - awaited["run"].started
        expect.seen(took >= running, f"a slow report was done after {took:.1f} s")
        spent = cancel.started + cancel.seconds - transcript[run].started
        expect.seen(spent < running, "the report may have been over when the cancel came")
    return cancel


def _over(transcript: Transcript, after: str) -> bool:
    """Whether the report was ready after the cancel or, if its status is not readable, no longer found."""
    if after in transcript:
        return descriptors.status(transcript[after]) == "ready"
    return transcript.ended is not None and transcript.ended.outcome == "inconclusive"


BOOKMARKED = ("info-json", "info-xml")
"""The steps that request the info of a report with bookmarks or parts."""


def established(exchange: Exchange) -> None:
    """A step whose success later steps rely on succeeded: a run shows an id, a status is a known one.

    The document does not exclude that the info of a report without bookmarks is not found.
    """
    plain = OPERATIONS["info"].parameters(exchange) is not None and exchange.name not in BOOKMARKED
    if plain and exchange.status_code == 404:
        return
    expect.that(exchange.granted, "a success, which later steps rely on", exchange.status_code, exchange)
    try:
        if OPERATIONS["run"].parameters(exchange) is not None:
            descriptors.id_of(exchange)
        if any(OPERATIONS[name].parameters(exchange) is not None for name in ("status", "export-status")):
            descriptors.status(exchange)
    except NotReached as unread:
        raise Broken("an answer that later steps can read", unread.reason, exchange) from None


def complete(output: Exchange, transcript: Transcript) -> None:
    """Every page is in an output whose text can be read."""
    facts = {"pages": transcript.fact("pages"), "page_text": transcript.fact("page_text")}
    found = output_text.pages(output, facts)
    expect.equal(found, list(range(1, facts["pages"] + 1)), "the pages that it shows", output)
