"""Checks of modifying report parameters, taken over from JasperReports Server."""

from __future__ import annotations

from functools import partial

from jasperreports_io_conformance.taken_over import taken_over
from pytest_reportconformance.jasperserver import test_parameters

take = partial(taken_over, __name__)
IN_JSON = {"kind": "json", "updated_in_xml": None}

test_new_parameters_in_json_answer_204 = take(
    "jasperreports_io.parameters.json", test_parameters.test_new_parameters_in_json_answer_204
)
test_the_answer_to_new_parameters_is_empty = take(
    "jasperreports_io.parameters.no-content", test_parameters.test_the_answer_to_new_parameters_is_empty, **IN_JSON
)
test_new_parameters_of_an_unknown_execution_answer_404 = take(
    "jasperreports_io.parameters.unknown-execution",
    test_parameters.test_new_parameters_of_an_unknown_execution_answer_404,
    **IN_JSON,
)
test_fresh_data_may_be_requested = take(
    "jasperreports_io.parameters.fresh-data", test_parameters.test_fresh_data_may_be_requested, **IN_JSON
)
test_an_export_shows_the_new_values = take(
    "jasperreports_io.parameters.new-values", test_parameters.test_an_export_shows_the_new_values, **IN_JSON
)
test_an_export_shows_values_that_are_set_again = take(
    "jasperreports_io.parameters.new-values", test_parameters.test_an_export_shows_values_that_are_set_again, **IN_JSON
)
test_an_export_shows_a_single_new_value = take(
    "jasperreports_io.parameters.new-values", test_parameters.test_an_export_shows_a_single_new_value, **IN_JSON
)
