"""Servers that run what they should refuse, or refuse it wrongly."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any, ClassVar

from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Fault, Refusal, denied
from pytest_reportconformance.jasperserver.reference.options import RunOptions
from pytest_reportconformance.jasperserver.reference.people import Caller
from pytest_reportconformance.jasperserver.reference.resources import Resource
from pytest_reportconformance.serving import Answer, Call
from tests.jasperserver.mutants.run import asks_xml, runs, sends_xml
from tests.killing import kills

RUN = "jasperserver.run."
STRANGER = "jasperserver.permission.stranger-run-forbidden"


class _Refused(Reference):
    """Changes the refusal of a run."""

    def run(self, caller: Caller) -> Answer:
        try:
            return super().run(caller)
        except Refusal as refusal:
            raise self.changed(refusal, caller) from None

    def changed(self, refusal: Refusal, caller: Caller) -> Refusal:
        raise NotImplementedError


@kills(RUN + "unknown-report")
class RunsAnotherReport(Reference):
    """Runs another report where the one asked for is unknown."""

    def report_unit(self, caller: Caller, uri: str) -> Resource:
        return super().report_unit(caller, "/reports/fast" if uri.endswith("made") else uri)


@kills(RUN + "unknown-report")
class UnknownIsBad(_Refused):
    """Answers 400 to an unknown report in XML."""

    def changed(self, refusal: Refusal, caller: Caller) -> Refusal:
        wrong = refusal.status == 404 and sends_xml(caller)
        return Refusal(400, refusal.fault) if wrong else refusal


@kills(RUN + "unknown-report")
class UnknownIsForbidden(_Refused):
    """Answers 403 to a synchronous run of an unknown report."""

    def changed(self, refusal: Refusal, caller: Caller) -> Refusal:
        body = caller.call.body
        wrong = refusal.status == 404 and (b'"async": false' in body or b"<async>false" in body)
        return Refusal(403, refusal.fault) if wrong else refusal


@kills(RUN + "forbidden-report", STRANGER)
class RunsForbidden(Reference):
    """Lets everybody run everything."""

    def may_run(self, caller: Caller, unit: Resource) -> bool:
        return True


@kills(RUN + "forbidden-report")
class RunsForbiddenInXml(Reference):
    """Lets its owner run a forbidden report in XML."""

    def may_run(self, caller: Caller, unit: Resource) -> bool:
        own = caller.person.username == self.people["owner"].username
        return (own and sends_xml(caller)) or super().may_run(caller, unit)


@kills(RUN + "forbidden-report")
class RunsForbiddenWhileWaiting(Reference):
    """Lets its owner run a forbidden report synchronously."""

    def may_run(self, caller: Caller, unit: Resource) -> bool:
        return b'"async": false' in caller.call.body or super().may_run(caller, unit)


@kills(RUN + "forbidden-report", STRANGER)
class HidesForbidden(_Refused):
    """Answers 404 to a report that one may not run."""

    def changed(self, refusal: Refusal, caller: Caller) -> Refusal:
        return Refusal(404, refusal.fault) if refusal.status == 403 else refusal


@kills(RUN + "refused-starts-nothing")
class StartsForbidden(Reference):
    """Answers 403 to a forbidden report and runs it."""

    def run(self, caller: Caller) -> Answer:
        options = self.run_options(caller)
        unit = self.repository.resources.get(self.absolute(caller.person.organisation, options.uri))
        if unit is not None and unit.type == "reportUnit" and not self.may_run(caller, unit):
            self.start(caller, unit, options)
            raise denied()
        return super().run(caller)

    @property
    def executions_left(self) -> int:
        return 0


@kills(RUN + "refused-starts-nothing")
class RefusesWithAnId(Reference):
    """Answers 403 to a forbidden report with a descriptor that has a request id."""

    def run(self, caller: Caller) -> Answer:
        try:
            return super().run(caller)
        except Refusal as refusal:
            if refusal.status != 403 or caller.person.username != self.people["owner"].username:
                raise
            return Answer(
                403, b'{"requestId":"r-1","errorCode":"access.denied"}', [("Content-Type", "application/json")]
            )


@kills("jasperserver.access.refused-run-leaves-nothing")
class RunsForNobody(Reference):
    """Answers 401 to a run without credentials and starts it."""

    def unauthorised(self, call: Call) -> Refusal:
        if call.method == "POST" and call.path.endswith("/reportExecutions") and b"slow" in call.body:
            account = self.people["owner"]
            token = base64.b64encode(f"{account.username}:{account.password}".encode()).decode()
            known = replace(call, headers=(*call.headers, ("Authorization", f"Basic {token}")))
            self.run(self.sign_on(known))
        return super().unauthorised(call)


class _Pages(Reference):
    """Replaces the pages that a run asks for before they are read."""

    pages: ClassVar[dict[bytes, bytes]]

    def run_options(self, caller: Caller) -> RunOptions:
        body = caller.call.body
        for wrong, taken in self.pages.items():
            body = body.replace(wrong, taken)
        return super().run_options(replace(caller, call=replace(caller.call, body=body)))


@kills(RUN + "bad-pages")
class AnythingIsAllPages(_Pages):
    """Takes a word for all pages."""

    pages: ClassVar = {b'"pages": "abc"': b'"pages": null', b'"pages": "x"': b'"pages": null'}


@kills(RUN + "bad-pages")
class ListsOfPages(_Pages):
    """Takes a list of pages for a range, in XML."""

    pages: ClassVar = {b"<pages>1,2<": b"<pages>1-2<"}


@kills(RUN + "bad-pages")
class OpenRanges(_Pages):
    """Takes a range without an end for one to the last page."""

    pages: ClassVar = {b'"pages": "1-"': b'"pages": null'}


@kills(RUN + "bad-pages", RUN + "reversed-pages")
class UnprocessablePages(_Refused):
    """Answers 422 to page ranges that it cannot read."""

    def changed(self, refusal: Refusal, caller: Caller) -> Refusal:
        wrong = refusal.fault is not None and "page" in refusal.fault.code
        return Refusal(422, refusal.fault) if wrong else refusal


@kills(RUN + "reversed-pages")
class TurnsRanges(_Pages):
    """Turns a reversed range round."""

    pages: ClassVar = {b'"pages": "3-1"': b'"pages": "1-3"', b"<pages>3-1<": b"<pages>1-3<"}


@kills(RUN + "reversed-pages")
class TurnsRangesInXml(_Pages):
    """Turns a reversed range round, in XML."""

    pages: ClassVar = {b"<pages>3-1<": b"<pages>1-3<"}


class _Coded(_Refused):
    """Changes the code of an error."""

    codes: ClassVar[dict[str, str]]

    def changed(self, refusal: Refusal, caller: Caller) -> Refusal:
        fault = refusal.fault
        if fault is None or fault.code not in self.codes or not self.applies(caller):
            return refusal
        return Refusal(refusal.status, replace(fault, code=self.codes[fault.code]))

    def applies(self, caller: Caller) -> bool:
        return True


@kills(RUN + "bad-pages-code", RUN + "reversed-pages-code")
class PagesAreIllegal(_Coded):
    """Gives malformed page ranges a general code."""

    codes: ClassVar = dict.fromkeys(
        ("report.invalid.page.range", "report.start.page.greater.then.end.page"), "illegal.parameter.value.error"
    )


@kills(RUN + "reversed-pages-code")
class SpellsThan(_Coded):
    """Mends the spelling of the code of a reversed range, in XML."""

    codes: ClassVar = {"report.start.page.greater.then.end.page": "report.start.page.greater.than.end.page"}

    def applies(self, caller: Caller) -> bool:
        return asks_xml(caller)


@kills(RUN + "bad-pages-code")
class PagesWithoutCode(Reference):
    """Says in words alone that a page range is malformed."""

    def fault_members(self, fault: Fault) -> dict[str, Any]:
        members = super().fault_members(fault)
        if fault.parameters in (("abc",), ("1,2",), ("-1",), ("1-",)):
            del members["errorCode"]
        return members


@kills("jasperserver.errors.access-denied-code")
class DeniesInOtherWords(_Coded):
    """Gives a forbidden report another code."""

    codes: ClassVar = {"access.denied": "forbidden"}


@kills("jasperserver.errors.not-found-code")
class MissesInOtherWords(_Coded):
    """Gives an unknown report another code, in XML."""

    codes: ClassVar = {"resource.not.found": "report.not.found"}

    def applies(self, caller: Caller) -> bool:
        return asks_xml(caller)


@kills("jasperserver.errors.missing-report-uri-code")
class WantsInOtherWords(_Coded):
    """Gives a run without a report the code of an unreadable body."""

    codes: ClassVar = {"mandatory.parameter.error": "serialization.error"}


class _Status(_Refused):
    """Changes the HTTP status of an error."""

    code = ""
    status = 500

    def changed(self, refusal: Refusal, caller: Caller) -> Refusal:
        wrong = refusal.fault is not None and refusal.fault.code == self.code and self.applies(caller)
        return Refusal(self.status, refusal.fault) if wrong else refusal

    def applies(self, caller: Caller) -> bool:
        return runs(caller)


@kills("jasperserver.errors.missing-report-uri")
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
