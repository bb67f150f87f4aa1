"""Servers that refuse a run with the wrong code or status."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Fault, Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from tests.jasperserver.faults import asks_xml, is_run, sends_xml
from tests.jasperserver.mutants.run_refused import RefusedRuns
from tests.mutation.kill_matrix import kills


class _Coded(RefusedRuns):
    """Changes the code of an error."""

    codes: ClassVar[dict[str, str]]

    def changed(self, refusal: Refusal, caller: Caller) -> Refusal:
        fault = refusal.fault
        if fault is None or fault.code not in self.codes or not self.applies(caller):
            return refusal
        return Refusal(refusal.status, replace(fault, code=self.codes[fault.code]))

    def applies(self, caller: Caller) -> bool:
        return True


@kills("jasperserver.run.bad-pages-code", "jasperserver.run.reversed-pages-code")
class PagesAreIllegal(_Coded):
    """Returns a general code for malformed page ranges."""

    codes: ClassVar = dict.fromkeys(
        ("report.invalid.page.range", "report.start.page.greater.then.end.page"), "illegal.parameter.value.error"
    )


@kills("jasperserver.run.reversed-pages-code")
class SpellsThan(_Coded):
    """Corrects the documented spelling of the code of a reversed range, in XML."""

    codes: ClassVar = {"report.start.page.greater.then.end.page": "report.start.page.greater.than.end.page"}

    def applies(self, caller: Caller) -> bool:
        return asks_xml(caller)


@kills(
    "jasperserver.run.bad-pages-code",
    "jasperserver.errors.descriptor",
)
class PagesWithoutCode(Reference):
    """Returns an error without a code for a malformed page range."""

    def fault_members(self, fault: Fault) -> dict[str, Any]:
        members = super().fault_members(fault)
        if fault.parameters in (("abc",), ("1,2",), ("-1",), ("1-",)):
            del members["errorCode"]
        return members


@kills("jasperserver.errors.access-denied-code")
class DeniesWithAnotherCode(_Coded):
    """Returns another code for a forbidden report."""

    codes: ClassVar = {"access.denied": "forbidden"}


@kills("jasperserver.errors.not-found-code")
class NotFoundWithAnotherCode(_Coded):
    """Returns another code for an unknown report, in XML."""

    codes: ClassVar = {"resource.not.found": "report.not.found"}

    def applies(self, caller: Caller) -> bool:
        return asks_xml(caller)


@kills("jasperserver.errors.missing-report-uri-code")
class MissingUriWithAnotherCode(_Coded):
    """Returns the code of an unreadable body for a run without a report."""

    codes: ClassVar = {"mandatory.parameter.error": "serialization.error"}


class _Status(RefusedRuns):
    """Changes the HTTP status of an error."""

    code = ""
    status = 500

    def changed(self, refusal: Refusal, caller: Caller) -> Refusal:
        wrong = refusal.fault is not None and refusal.fault.code == self.code and self.applies(caller)
        return Refusal(self.status, refusal.fault) if wrong else refusal

    def applies(self, caller: Caller) -> bool:
        return is_run(caller)


@kills(
    "jasperserver.errors.missing-report-uri",
    "jasperserver.errors.not-found-code",
)
class NoReportIsNotFound(_Status):
    """Answers 404 to a run without a report."""

    code = "mandatory.parameter.error"
    status = 404


@kills("jasperserver.errors.missing-report-uri")
class NoReportBreaksIt(_Status):
    """Answers 500 to a run without a report, in XML."""

    code = "mandatory.parameter.error"

    def applies(self, caller: Caller) -> bool:
        return sends_xml(caller)


@kills("jasperserver.errors.malformed-json")
class BrokenByJson(_Status):
    """Answers 500 to malformed JSON."""

    code = "serialization.error"

    def applies(self, caller: Caller) -> bool:
        return caller.call.body.startswith(b'{"reportUnitUri": "/')


@kills("jasperserver.errors.malformed-xml")
class BrokenByXml(_Status):
    """Answers 500 to malformed XML."""

    code = "serialization.error"

    def applies(self, caller: Caller) -> bool:
        return sends_xml(caller) and bool(caller.call.body)


@kills("jasperserver.errors.empty-body")
class BrokenByNothing(_Status):
    """Answers 500 to an empty body."""

    code = "serialization.error"

    def applies(self, caller: Caller) -> bool:
        return not caller.call.body


@kills("jasperserver.errors.empty-body")
class BrokenByNull(_Status):
    """Answers 500 to the JSON value null."""

    code = "serialization.error"

    def applies(self, caller: Caller) -> bool:
        return caller.call.body == b"null"
