"""Servers that lose or change the parameters of a run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.faults import Fault, Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.options import RunOptions, Values
from pytest_reportconformance.jasperserver.reference.reports import Plan
from pytest_reportconformance.jasperserver.reference.resources import Resource
from pytest_reportconformance.jasperserver.reference.state import Execution
from tests.jasperserver.faults import is_run, sends_xml
from tests.mutation.kill_matrix import kills

REFUSED = "input.controls.validation.error"


class _Sent(Reference):
    """Changes the parameters of a run in one family of media types."""

    xml = False

    def run_options(self, caller: Caller) -> RunOptions:
        options = super().run_options(caller)
        return replace(options, values=self.changed(options.values)) if sends_xml(caller) == self.xml else options

    def changed(self, values: Values) -> Values:
        raise NotImplementedError


class _SentInXml(_Sent):
    xml = True


@kills("jasperserver.run.parameters-xml")
class IgnoresXmlParameters(_SentInXml):
    """Ignores the parameters of a run in XML."""

    def changed(self, values: Values) -> Values:
        return {}


@kills("jasperserver.run.parameters-xml")
class FirstXmlValue(_SentInXml):
    """Uses only the first value of each parameter in XML."""

    def changed(self, values: Values) -> Values:
        return {name: texts[:1] for name, texts in values.items()}


@kills("jasperserver.run.parameters-xml")
class LastXmlValue(_SentInXml):
    """Uses only the last value of each parameter in XML."""

    def changed(self, values: Values) -> Values:
        return {name: texts[-1:] for name, texts in values.items()}


@kills("jasperserver.run.parameters-xml")
class LosesTheLastParameter(_SentInXml):
    """Loses the last parameter in XML."""

    def changed(self, values: Values) -> Values:
        return dict(list(values.items())[:-1])


@kills("jasperserver.run.parameters-json")
class LosesAJsonParameter(_Sent):
    """Loses the third parameter in JSON."""

    def changed(self, values: Values) -> Values:
        return {name: texts for number, (name, texts) in enumerate(values.items()) if number != 2}


@kills("jasperserver.run.parameters-json", "jasperserver.parameters.fresh-data-default")
class OnlyOneJsonParameter(_Sent):
    """Ignores parameters with one value in JSON."""

    def changed(self, values: Values) -> Values:
        return {name: texts for name, texts in values.items() if len(texts) > 1 or texts in (["x"], ["60"])}


@kills("jasperserver.run.parameters-multi-value")
class LastJsonValue(_Sent):
    """Uses only the last value of each parameter in JSON."""

    def changed(self, values: Values) -> Values:
        return {name: texts[-1:] for name, texts in values.items()}


@kills("jasperserver.run.parameters-multi-value")
class TwiceTheFirst(_Sent):
    """Repeats the first value of a parameter in JSON as often as it has values."""

    def changed(self, values: Values) -> Values:
        return {name: texts[:1] * len(texts) for name, texts in values.items()}


@kills("jasperserver.run.parameters-bare-array")
class TakesABareArray(Reference):
    """Accepts parameters as a bare array."""

    def run(self, caller: Caller) -> Answer:
        body = caller.call.body
        if b'"parameters":[' in body:
            bare = body.replace(b'"parameters":[{"name":"a","value":["1"]}],', b"")
            return super().run(replace(caller, call=replace(caller.call, body=bare)))
        return super().run(caller)


class _Invalid(Reference):
    """Changes the plan of a run with a value that an input control refuses."""

    def plan(self, unit: Resource, values: Values) -> Plan:
        plan = super().plan(unit, values)
        return self.changed(plan) if plan.fault is not None and plan.fault.code == REFUSED else plan

    def changed(self, plan: Plan) -> Plan:
        raise NotImplementedError


@kills("jasperserver.run.invalid-parameter-fails", "jasperserver.run.invalid-parameter-sync")
class TakesTheDefault(Reference):
    """Uses the default if an input control refuses the value of a run."""

    def run_options(self, caller: Caller) -> RunOptions:
        options = super().run_options(caller)
        return replace(options, values={}) if options.values.get("count") == ["x"] else options


@kills(
    "jasperserver.run.invalid-parameter-code",
    "jasperserver.run.invalid-parameter-sync",
    "jasperserver.parameters.invalid-value",
)
class GenericCode(_Invalid):
    """Returns another code for an invalid value."""

    def changed(self, plan: Plan) -> Plan:
        assert plan.fault is not None
        return replace(plan, fault=replace(plan.fault, code="validation.failed"))


class _ChangedDescriptor(Reference):
    """Changes the error descriptor of an invalid value."""

    def status_body(self, value: str, fault: Fault | None, *, extended: bool) -> tuple[str, dict[str, Any]]:
        kind, members = super().status_body(value, fault, extended=extended)
        if fault is not None and fault.code == REFUSED and "errorDescriptor" in members:
            members["errorDescriptor"] = self.changed(dict(members["errorDescriptor"]))
        return kind, members

    def changed(self, descriptor: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError


@kills("jasperserver.run.invalid-parameter-message", "jasperserver.run.invalid-parameter-text")
class ReturnsTheCodeOnly(_ChangedDescriptor):
    """Returns only the code for an invalid value."""

    def changed(self, descriptor: dict[str, Any]) -> dict[str, Any]:
        return {"errorCode": descriptor["errorCode"]}


@kills("jasperserver.run.invalid-parameter-text")
class NoTexts(_ChangedDescriptor):
    """Omits the texts about an invalid value."""

    def changed(self, descriptor: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in descriptor.items() if name != "parameters"}


@kills("jasperserver.run.invalid-parameter-text")
class BlankTexts(_ChangedDescriptor):
    """Returns blank texts about an invalid value."""

    def changed(self, descriptor: dict[str, Any]) -> dict[str, Any]:
        return descriptor | {"parameters": [" "]}


@kills("jasperserver.run.invalid-parameter-code")
class NoCodeInXml(Reference):
    """Omits the code of an invalid value from the extended status in XML."""

    def as_xml(self, kind: str, members: Any) -> bytes:
        body = super().as_xml(kind, members)
        code = f"<errorCode>{REFUSED}</errorCode>".encode()
        return body.replace(code, b"") if kind == "extendedStatus" else body


@kills("jasperserver.run.invalid-parameter-sync")
class ServerErrorWhenWaiting(Reference):
    """Answers 500 to a synchronous run with an invalid value."""

    def finish_before_answer(self, execution: Execution, caller: Caller) -> None:
        try:
            super().finish_before_answer(execution, caller)
        except Refusal as refusal:
            wrong = is_run(caller) and refusal.fault is not None and refusal.fault.code == REFUSED
            raise Refusal(500 if wrong else refusal.status, refusal.fault) from None
