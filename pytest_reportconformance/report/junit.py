"""JUnit XML: a suite for each operation, a case for each check, with requirement, level and outcome as properties.

A case that did not pass has its cause as a property, a suite the causes that begin in its operation. A comparison with
a baseline is a suite of one case.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.judging.outcome_table import WORSE
from pytest_reportconformance.report import card, cause_text, causes, change_groups, diff
from pytest_reportconformance.report.causes import Cause
from pytest_reportconformance.report.stored import Stored, all_requirements
from pytest_reportconformance.transcript.parsing import visible


def render(stored: Stored) -> Iterator[str]:
    """The report as XML."""
    record = stored.record
    found = causes.of(record)
    root = Element("testsuites", name=_clean(f"{record['target']['api']} at {record['target']['name']}"))
    operations = dict.fromkeys(
        requirement["operation"] for requirement in all_requirements(record) if requirement["checks"]
    )
    for operation in operations:
        _suite(root, record, operation, found)
    if record.get("comparison") is not None:
        _baseline(root, record)
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    root.set("time", f"{record['seconds']:.3f}")
    indent(root)
    yield '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _suite(root: Element, record: dict[str, Any], operation: str, found: Sequence[Cause]) -> None:
    api, why = record["target"]["api"], cause_text.by_check(found)
    suite = SubElement(root, "testsuite", name=_clean(f"{api}.{operation}"), timestamp=_clean(record["started"][:19]))
    own = [cause for cause in found if (*cause.explains, *cause.blocks)[0].requirement["operation"] == operation]
    if own:
        properties = SubElement(suite, "properties")
        for one in own:
            SubElement(properties, "property", name="cause", value=_clean(cause_text.sentence(one)))
    for requirement in all_requirements(record):
        if requirement["operation"] == operation:
            for check in requirement["checks"]:
                cause = why.get((requirement["id"], check["name"]))
                _case(suite, f"{api}.{operation}", requirement, check, cause)
    suite.set("tests", str(len(suite.findall("testcase"))))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("time", f"{sum(float(case.get('time', '0')) for case in suite.iter('testcase')):.3f}")


def _baseline(root: Element, record: dict[str, Any]) -> None:
    """A suite of one case, which fails if anything is worse than the baseline."""
    found, name = record["comparison"], f"{record['target']['api']}.baseline"
    suite = SubElement(root, "testsuite", name=_clean(name), timestamp=_clean(record["started"][:19]), time="0.000")
    properties = SubElement(suite, "properties")
    for value in found["changed"]:
        SubElement(properties, "property", name="changed", value=_clean(value))
    case = SubElement(suite, "testcase", classname=_clean(name), name=change_groups.CASE, time="0.0000")
    if found["worse"]:
        failure = SubElement(case, "failure", message=_clean(f"{WORSE}: {change_groups.counted(found)}"), type=WORSE)
        failure.text = _clean(diff.text(found))
    counts = {"tests": 1, "failures": int(bool(found["worse"])), "errors": 0, "skipped": 0}
    for key, count in counts.items():
        suite.set(key, str(count))


def _case(suite: Element, group: str, requirement: dict[str, Any], check: dict[str, Any], cause: Cause | None) -> None:
    case = SubElement(
        suite, "testcase", classname=_clean(group), name=_clean(check["name"]), time=f"{check['seconds']:.4f}"
    )
    properties = SubElement(case, "properties")
    for name, value in (
        ("requirement", requirement["id"]),
        ("level", requirement["level"]),
        ("outcome", check["outcome"]),
        *([("cause", cause_text.title(cause))] if cause is not None else ()),
    ):
        SubElement(properties, "property", name=name, value=_clean(value))
    tag = outcome_table.find(check["outcome"]).junit
    if tag is None:
        return
    element = SubElement(case, tag, message=_clean(f"{check['outcome']}: {check['reason']}"))
    if tag != "skipped":
        element.set("type", check["outcome"])
        lines = [f"{label}: {value}" for label, value in card.rows(requirement, check)]
        element.text = _clean("\n".join([*lines, *([cause_text.sentence(cause)] if cause is not None else ())]))


def _clean(text: str) -> str:
    """Text without characters that XML 1.0 cannot hold."""
    return "".join(char if char in "\t\n\r" or _lawful(ord(char)) else "\ufffd" for char in visible(text))


def _lawful(code: int) -> bool:
    return 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000
