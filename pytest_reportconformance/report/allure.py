"""Allure results: what allure-pytest writes, with our labels, links and history, and the exchanges attached.

Rule: allure-pytest writes the files; here its results are completed. A result's history follows from requirement and
check, never from file names or values of parameters, so that no two checks merge. The message of a result begins with
its outcome and its requirement: the categories of `allure_files` go by them.
"""

from __future__ import annotations

import hashlib
from typing import Any

import allure
import allure_commons
import pytest

from pytest_reportconformance.judging.outcomes import Judgement
from pytest_reportconformance.register.register import Requirement
from pytest_reportconformance.report import allure_files
from pytest_reportconformance.secrets.scan import Secrets
from pytest_reportconformance.transcript.failures import Broken

SEVERITY = {
    "MUST": allure.severity_level.CRITICAL,
    "SHOULD": allure.severity_level.NORMAL,
    "MAY": allure.severity_level.MINOR,
}
LABEL = "requirement"
LABELS: Any = allure
"""Allure's own decorators, which are not typed."""


def mark(item: pytest.Item, requirement: Requirement, title: str) -> None:
    """Label a check: the API as epic, the operation as feature, the source as link, the level as severity."""
    for one in (
        LABELS.epic(title),
        LABELS.feature(requirement.operation),
        LABELS.story(requirement.says),
        LABELS.severity(SEVERITY[requirement.level]),
        LABELS.label(LABEL, requirement.id),
        LABELS.link(requirement.source_url, name=f"{requirement.document.title}, {requirement.section}"),
    ):
        item.add_marker(one)


class Completed:
    """A plugin of allure-commons: gives results their history, and redacts secrets."""

    def __init__(self, secrets: Secrets) -> None:
        self.secrets = secrets
        self.judged: dict[tuple[str, str], Judgement] = {}

    def judge(self, found: Judgement, error: BaseException | None) -> None:
        """Take the judgement of the check that is shown now, and attach the exchanges that show it."""
        self.judged[found.requirement, found.check] = found
        shown = (error.walk or (error.exchange,)) if isinstance(error, Broken) else ()
        exchanges = [one for one in shown if one is not None]
        if exchanges:
            name = f"{exchanges[-1].name}: the exchange" if len(exchanges) == 1 else f"{len(exchanges)} exchanges"
            LABELS.attach(self.secrets.text(allure_files.har(exchanges)), name, "application/json", "har")

    @allure_commons.hookimpl(tryfirst=True)
    def report_result(self, result: Any) -> None:
        """Complete a result before it is written."""
        ids = [label.value for label in result.labels if label.name == LABEL]
        if ids:
            result.testCaseId = _digest(ids[0], result.fullName.rpartition("#")[2])
            result.historyId = _digest(ids[0], result.name)
            found = self.judged.pop((ids[0], result.name), None)
            if found is not None and result.statusDetails is not None:
                result.statusDetails.message = allure_files.message(found)
        self.secrets.scrub(result)

    @allure_commons.hookimpl(tryfirst=True)
    def report_container(self, container: Any) -> None:
        """Redact secrets in what a fixture raised."""
        self.secrets.scrub(container)


def register(config: pytest.Config, secrets: Secrets) -> Completed:
    """Complete the results of this run."""
    plugin = Completed(secrets)
    allure_commons.plugin_manager.register(plugin)
    config.add_cleanup(lambda: allure_commons.plugin_manager.unregister(plugin))
    return plugin


def _digest(*words: str) -> str:
    return hashlib.md5("\0".join(words).encode(), usedforsecurity=False).hexdigest()
