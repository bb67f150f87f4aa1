"""Checks of the attachments of HTML outputs."""

from __future__ import annotations

from urllib.parse import quote, unquote, urljoin

import pytest

from pytest_reportconformance.jasperserver import descriptors, html_links
from pytest_reportconformance.jasperserver.assertions import INLINED, attachment_references, references_begin_with
from pytest_reportconformance.jasperserver.scenarios.attachments import MOST
from pytest_reportconformance.judging import expect, file_formats
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

IMAGES = {"image/png": "png", "image/jpeg": "jpeg", "image/jpg": "jpeg", "image/gif": "gif"}
DETAILS = {"attachment-": "details", "again-": "details-exports"}
HTML = {"attachment-": "output", "again-": "output-html"}
NO_CHART = (
    "target.toml does not say that the report has a chart that is drawn by a script: if it has, write charts = true "
    "under [reports.images]"
)
of_every_export = pytest.mark.parametrize("prefix", [*DETAILS, "anew-", "anew-again-"])


def listed(transcript: Transcript, prefix: str) -> list[tuple[dict[str, str], Exchange]]:
    """The attachments in the details, each with its download; the check is blocked if none is listed."""
    details, html = transcript[DETAILS.get(prefix, "renewed-details")], transcript[HTML.get(prefix, "renewed-output")]
    export = transcript.fact("renewed") if prefix.startswith("anew") else transcript.fact("export")
    export = descriptors.made(transcript, "html") if prefix == "again-" else export
    found = descriptors.attachments(details, export)
    inlined = html.status_code == 200 and not html_links.pictures(html)
    expect.applies(bool(found) or not inlined, INLINED)
    expect.precondition(bool(found), "no attachment is listed", details, by="jasperserver.details.lists-attachments")
    downloads = [transcript[f"{prefix}{number}"] for number in range(min(len(found), MOST))]
    return list(zip(found, downloads, strict=False))


@of_every_export
@requirement("jasperserver.attachments.delivered")
def test_each_attachment_is_delivered(illustrated: Transcript, prefix: str) -> None:
    for _, attachment in listed(illustrated, prefix):
        expect.status(attachment, 200)
        expect.that(attachment.answer.size > 0, "content", "no bytes", attachment)


@of_every_export
@requirement("jasperserver.attachments.content-type")
def test_each_attachment_has_the_content_type_of_its_descriptor(illustrated: Transcript, prefix: str) -> None:
    for one, attachment in listed(illustrated, prefix):
        expect.precondition(
            attachment.status_code == 200, "it was not delivered", by="jasperserver.attachments.delivered"
        )
        declared = str(one.get("contentType") or "").partition(";")[0].strip().lower()
        if declared:
            expect.equal(attachment.media_type, declared, "Content-Type", attachment)


@requirement("jasperserver.attachments.content-type")
def test_each_attachment_has_the_content_type_of_its_descriptor_in_xml(illustrated: Transcript) -> None:
    shown = descriptors.attachments(illustrated["details-xml"], illustrated.fact("export"))
    types = {one["fileName"]: str(one.get("contentType") or "") for one in shown}
    for one, attachment in listed(illustrated, "attachment-"):
        declared = types.get(one["fileName"], "").partition(";")[0].strip().lower()
        if declared and attachment.status_code == 200:
            expect.equal(attachment.media_type, declared, "Content-Type", attachment)


@of_every_export
@requirement("jasperserver.attachments.genuine")
def test_each_picture_is_a_picture_of_its_type(illustrated: Transcript, prefix: str) -> None:
    for one, attachment in listed(illustrated, prefix):
        expect.precondition(
            attachment.status_code == 200, "it was not delivered", by="jasperserver.attachments.delivered"
        )
        expect.precondition(attachment.answer.size > 0, "it is empty", by="jasperserver.attachments.delivered")
        format = IMAGES.get(str(one.get("contentType")).partition(";")[0].strip().lower())
        if format is not None:
            found = file_formats.of(attachment)
            expect.equal(found.format, format, "the format of the bytes", attachment)
            expect.that(found.opens, f"a {format} that opens", found.broken, attachment)


@requirement("jasperserver.attachments.genuine")
def test_each_picture_has_the_file_extension_of_its_format(illustrated: Transcript) -> None:
    """A file extension of a picture format names bytes of that format."""
    for one, attachment in listed(illustrated, "attachment-"):
        ending = one["fileName"].rpartition(".")[2].lower().replace("jpg", "jpeg")
        if ending in IMAGES.values() and attachment.status_code == 200 and attachment.answer.size:
            expect.equal(file_formats.of(attachment).format, ending, f"the format of {one['fileName']}", attachment)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("unknown-execution", marks=requirement("jasperserver.attachments.unknown-execution")),
        pytest.param("unknown-export", marks=requirement("jasperserver.attachments.unknown-export")),
        pytest.param("unknown-name", marks=requirement("jasperserver.attachments.unknown-name")),
    ],
)
def test_an_attachment_with_an_unknown_id_or_name_answers_404(illustrated: Transcript, name: str) -> None:
    expect.refused(illustrated[name], 404, control=illustrated["attachment-0"])


def under_default_path(illustrated: Transcript, output: str, details: str) -> None:
    """The references to attachments lead to the attachments of the export that the HTML belongs to."""
    found = attachment_references(illustrated, output, details)
    page = illustrated[output]
    expected = html_links.attachments_folder(page)
    expect.that(bool(found), f"references under {expected}", html_links.pictures(page), page)
    for address in found:
        expect.equal(html_links.folder(address), expected, "the folder of a reference", page)


@requirement("jasperserver.attachments.default-path")
def test_html_refers_to_the_attachments_of_its_export(illustrated: Transcript) -> None:
    under_default_path(illustrated, "output", "details")


@requirement("jasperserver.attachments.default-path")
def test_html_exported_later_refers_to_its_own_attachments(illustrated: Transcript) -> None:
    under_default_path(illustrated, "output-html", "details-exports")


@requirement("jasperserver.attachments.default-path")
def test_the_references_to_attachments_answer_200(illustrated: Transcript) -> None:
    wanted = set(attachment_references(illustrated))
    for reference in illustrated.starting("reference-"):
        if reference.request.url in wanted:
            expect.status(reference, 200)


@requirement("jasperserver.attachments.prefix")
def test_the_references_begin_with_the_prefix_of_the_run(prefixed: Transcript) -> None:
    references_begin_with(prefixed, "output", "details", prefixed.fact("prefix"))


@requirement("jasperserver.attachments.prefix")
def test_the_references_begin_with_the_text_before_placeholders(placed: Transcript) -> None:
    start = urljoin(html_links.base(placed["output"]), placed.fact("prefix").partition("{")[0])
    for address in attachment_references(placed):
        begins = unquote(address).startswith(start)
        expect.that(begins, f"a reference that begins with {start}", address, placed["output"])


@requirement("jasperserver.attachments.prefix-placeholders")
def test_placeholders_of_the_prefix_are_replaced(placed: Transcript) -> None:
    context = placed["output"].request.url.partition("/rest_v2/")[0].partition("://")[2].partition("/")[2]
    values = {
        "{contextPath}": f"/{context}" if context else "",
        "{reportExecutionId}": quote(placed.fact("id"), safe=""),
        "{exportExecutionId}": quote(placed.fact("export"), safe=""),
    }
    prefix = placed.fact("prefix")
    for placeholder, value in values.items():
        prefix = prefix.replace(placeholder, value)
    references_begin_with(placed, "output", "details", prefix)


@requirement("jasperserver.run.interactive-charts")
def test_the_attachments_of_an_interactive_run_hold_the_script_of_its_chart(placed: Transcript) -> None:
    expect.applies(placed.fact("charts"), NO_CHART)
    details = placed["details"]
    expect.precondition(details.succeeded, f"the details were answered with {details.status_code}", details)
    listed = descriptors.attachments(details, placed.fact("export"))
    scripts = [one for one in listed if "script" in str(one.get("contentType")) or one["fileName"].endswith(".js")]
    expect.that(bool(scripts), "a script among the attachments", listed, details)


@requirement("jasperserver.attachments.referenced-are-listed")
def test_every_reference_is_listed(illustrated: Transcript) -> None:
    names = [one["fileName"] for one in descriptors.attachments(illustrated["details"], illustrated.fact("export"))]
    folder = html_links.attachments_folder(illustrated["output"])
    for address in html_links.pictures(illustrated["output"]):
        if html_links.folder(address) == folder:
            expect.among(html_links.file_name(address), names, "the name of a reference", illustrated["details"])


@requirement("jasperserver.attachments.listed-are-referenced")
def test_every_picture_listed_is_referred_to(illustrated: Transcript) -> None:
    page = illustrated["output"]
    referred = {html_links.file_name(address) for address in html_links.pictures(page)}
    for one in descriptors.attachments(illustrated["details"], illustrated.fact("export")):
        if str(one.get("contentType")).startswith("image/"):
            expect.that(one["fileName"] in referred, f"a reference to {one['fileName']}", sorted(referred), page)
