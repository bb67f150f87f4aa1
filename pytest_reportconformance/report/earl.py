"""EARL 1.0 (Evaluation and Report Language) as JSON-LD: one assertion for each requirement.

Rule: the file contains its context, so that it can be read without the network.
"""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.report.stored import Stored, all_requirements
from pytest_reportconformance.transcript import strict_json

CONTEXT = {
    "earl": "http://www.w3.org/ns/earl#",
    "dct": "http://purl.org/dc/terms/",
    "doap": "http://usefulinc.com/ns/doap#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "requirement": "urn:reportconformance:",
    "earl:assertedBy": {"@type": "@id"},
    "earl:subject": {"@type": "@id"},
    "earl:test": {"@type": "@id"},
    "earl:mode": {"@type": "@id"},
    "earl:outcome": {"@type": "@id"},
    "dct:source": {"@type": "@id"},
    "dct:date": {"@type": "xsd:dateTime"},
}
ASSERTOR, SUBJECT = "_:suite", "_:target"


def render(stored: Stored) -> list[str]:
    """The report as JSON-LD."""
    return [strict_json.dumps(build(stored.record), indent=1) + "\n"]


def build(record: dict[str, Any]) -> dict[str, Any]:
    """The report as JSON values."""
    suite, target = record["suite"], record["target"]
    assertor = {
        "@id": ASSERTOR,
        "@type": ["earl:Assertor", "earl:Software"],
        "doap:name": suite["name"],
        "doap:release": {"@type": "doap:Version", "doap:revision": suite["version"]},
    }
    subject = {
        "@id": SUBJECT,
        "@type": ["earl:TestSubject", "earl:Software"],
        "dct:title": target["name"],
        "dct:identifier": target["url"],
        "dct:description": " ".join(filter(None, [target["product"], target["version"], target["edition"]])),
    }
    requirements = all_requirements(record)
    tests = [_test(requirement) for requirement in requirements]
    return {
        "@context": CONTEXT,
        "@graph": [assertor, subject, *tests, *(_assertion(record, one) for one in requirements)],
    }


def _test(requirement: dict[str, Any]) -> dict[str, Any]:
    return {
        "@id": f"requirement:{requirement['id']}",
        "@type": ["earl:TestCriterion", "earl:TestRequirement"],
        "dct:title": requirement["id"],
        "dct:description": requirement["says"],
        "dct:subject": requirement["level"],
        "dct:source": requirement["source"]["url"],
    }


def _assertion(record: dict[str, Any], requirement: dict[str, Any]) -> dict[str, Any]:
    result = {
        "@type": "earl:TestResult",
        "earl:outcome": f"earl:{outcome_table.find(requirement['outcome']).earl}",
        "dct:date": record["finished"],
        "earl:info": ": ".join(filter(None, [requirement["outcome"], requirement["reason"]])),
    }
    return {
        "@type": "earl:Assertion",
        "earl:assertedBy": ASSERTOR,
        "earl:subject": SUBJECT,
        "earl:test": f"requirement:{requirement['id']}",
        "earl:mode": "earl:automatic",
        "earl:result": result,
    }
