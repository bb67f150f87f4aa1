"""Files beside Allure results: categories, one for each cause, and the environment; the messages that categories go by.

Rule: without Allure's own library. Patterns are regular expressions of both Java and JavaScript, because Allure 2 and
3 read them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.judging.outcomes import Judgement
from pytest_reportconformance.report import cause_text, causes
from pytest_reportconformance.report.causes import Cause
from pytest_reportconformance.transcript import files, strict_json
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.har_entry import entry
from pytest_reportconformance.transcript.parsing import visible

CATEGORIES, ENVIRONMENT = "categories.json", "environment.properties"
STATUSES = ("failed", "broken", "skipped")


def message(found: Judgement) -> str:
    """The message of a result: `blocked: <requirement>: blocked by <requirement>: <reason>`."""
    blocked = f"blocked by {found.by}: " if found.by else ""
    return f"{found.outcome}: {found.requirement}: {blocked}{found.reason}"


def har(exchanges: Sequence[Exchange]) -> str:
    """Some exchanges as one HAR 1.2 file."""
    creator = {"name": "pytest-reportconformance", "version": "1"}
    log = {"version": "1.2", "creator": creator, "pages": [], "entries": [entry(one) for one in exchanges]}
    return strict_json.dumps({"log": log}, indent=1)


def write(folder: Path, records: Sequence[Mapping[str, Any]]) -> None:
    """Write both files into a folder of results. Raises OSError."""
    categories = [_category(cause) for record in records for cause in causes.of(record)]
    for name, text in (
        (CATEGORIES, strict_json.dumps([*categories, *_others()], indent=1) + "\n"),
        (ENVIRONMENT, "".join(line for record in records for line in _environment(record, len(records) > 1))),
    ):
        with files.named(folder / name):
            (folder / name).write_text(text, encoding="utf-8", errors="backslashreplace")


def _category(cause: Cause) -> dict[str, Any]:
    """The results that a cause explains or blocks: their messages begin with an outcome and one of its requirements."""
    ids = dict.fromkeys(part.id for part in (*cause.explains, *cause.blocks))
    outcomes = [name for name in outcome_table.checked() if name not in outcome_table.names("held")]
    pattern = f"({'|'.join(outcomes)}): ({'|'.join(map(re.escape, ids))}): "
    return _pattern(cause_text.title(cause), pattern, "; ".join([cause.says, *cause_text.counts(cause)]))


def _others() -> Iterator[dict[str, Any]]:
    """Those of every outcome: for results that were recorded without a cause."""
    for name in outcome_table.checked():
        yield _pattern(name, f"{re.escape(name)}: ", outcome_table.find(name).means)


def _pattern(name: str, pattern: str, description: str) -> dict[str, Any]:
    return {
        "name": visible(name),
        "description": visible(description),
        "matchedStatuses": list(STATUSES),
        "messageRegex": pattern + r"[\s\S]*",
    }


def _environment(record: Mapping[str, Any], several: bool) -> Iterator[str]:
    target = record["target"]
    prefix = f"{target['api']}." if several else ""
    values = {
        "contract": target["api"],
        "target": target["name"],
        "url": target["url"],
        "product": " ".join(filter(None, (target["product"], target["version"], target["edition"]))),
        "suite": f"{record['suite']['name']} {record['suite']['version']}",
        "set": record["set"],
        "verdict": f"{record['verdict']}: {record['says']}",
        "started": record["started"],
    }
    for name, value in values.items():
        if value:
            yield f"{prefix}{name}={_property(str(value))}\n"


def _property(value: str) -> str:
    """A value of a properties file, in one line."""
    return " ".join(visible(value).split()).replace("\\", "\\\\")
