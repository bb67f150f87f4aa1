"""Checks of the attachments of HTML outputs, taken over from JasperReports Server."""

from __future__ import annotations

from functools import partial

from jasperreports_io_conformance.taken_over import taken_over
from pytest_reportconformance.jasperserver import test_attachments

take = partial(taken_over, __name__)

test_each_attachment_is_delivered = take(
    "jasperreports_io.attachments.delivered", test_attachments.test_each_attachment_is_delivered
)
test_each_attachment_has_the_content_type_of_its_descriptor = take(
    "jasperreports_io.attachments.content-type",
    test_attachments.test_each_attachment_has_the_content_type_of_its_descriptor,
)
test_each_picture_is_a_picture_of_its_type = take(
    "jasperreports_io.attachments.genuine", test_attachments.test_each_picture_is_a_picture_of_its_type
)
test_an_attachment_with_an_unknown_id_or_name_answers_404 = take(
    "jasperreports_io.attachments.unknown-execution",
    test_attachments.test_an_attachment_with_an_unknown_id_or_name_answers_404,
    name="unknown-execution",
)
test_html_refers_to_the_attachments_of_its_export = take(
    "jasperreports_io.attachments.default-path", test_attachments.test_html_refers_to_the_attachments_of_its_export
)
test_html_exported_later_refers_to_its_own_attachments = take(
    "jasperreports_io.attachments.default-path", test_attachments.test_html_exported_later_refers_to_its_own_attachments
)
test_the_references_to_attachments_answer_200 = take(
    "jasperreports_io.attachments.default-path", test_attachments.test_the_references_to_attachments_answer_200
)
test_the_references_begin_with_the_text_before_placeholders = take(
    "jasperreports_io.attachments.prefix", test_attachments.test_the_references_begin_with_the_text_before_placeholders
)
test_every_reference_is_listed = take(
    "jasperreports_io.attachments.referenced-are-listed", test_attachments.test_every_reference_is_listed
)
