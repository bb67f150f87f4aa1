"""Checks of requesting report output, taken over from JasperReports Server."""

from __future__ import annotations

from functools import partial

from jasperreports_io_conformance.kinds import FORMATS
from jasperreports_io_conformance.taken_over import taken_over
from pytest_reportconformance.jasperserver import test_output

take = partial(taken_over, __name__)

test_a_ready_output_answers_200 = take("jasperreports_io.output.ready", test_output.test_a_ready_output_answers_200)
test_the_ready_output_of_a_slow_report_answers_200 = take(
    "jasperreports_io.output.ready", test_output.test_the_ready_output_of_a_slow_report_answers_200
)
test_the_output_has_the_content_type_of_its_descriptor = take(
    "jasperreports_io.output.content-type",
    test_output.test_the_output_has_the_content_type_of_its_descriptor,
    details=("details", "details-after"),
)
test_each_export_has_the_content_type_that_its_first_answer_told = take(
    "jasperreports_io.output.content-type",
    test_output.test_each_export_has_the_content_type_that_its_first_answer_told,
    format=FORMATS,
)
test_html_is_html = take("jasperreports_io.output.genuine", test_output.test_html_is_html)
test_csv_is_csv = take("jasperreports_io.output.genuine", test_output.test_csv_is_csv)
test_an_export_opens = take("jasperreports_io.output.genuine", test_output.test_an_export_opens, format=FORMATS)
test_html_shows_every_page = take(
    "jasperreports_io.output.complete", test_output.test_html_shows_every_page, name="output"
)
test_each_export_shows_every_page = take(
    "jasperreports_io.output.complete", test_output.test_each_export_shows_every_page, format="csv"
)
test_a_pdf_has_every_page = take("jasperreports_io.output.complete", test_output.test_a_pdf_has_every_page)
test_each_execution_has_its_own_output = take(
    "jasperreports_io.output.own-content", test_output.test_each_execution_has_its_own_output
)
test_an_execution_keeps_its_own_output = take(
    "jasperreports_io.output.own-content", test_output.test_an_execution_keeps_its_own_output
)
test_outputs_of_two_reports_differ = take(
    "jasperreports_io.output.own-content", test_output.test_outputs_of_two_reports_differ
)
test_the_output_of_an_unknown_execution_answers_404 = take(
    "jasperreports_io.output.unknown-execution", test_output.test_the_output_of_an_unknown_execution_answers_404
)
test_wrong_options_answer_400 = take(
    "jasperreports_io.output.bad-options",
    test_output.test_wrong_options_answer_400,
    name=("unknown-format", "bad-pages"),
)
