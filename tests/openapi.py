"""The lists `x-requirements` of the OpenAPI documents, and how they follow from the register."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path

from pytest_reportconformance.register import register

FEATURES: dict[str, dict[str, tuple[str, ...]]] = {
    "jasperserver": {
        "run": ("jasperserver.run.*", "jasperserver.contract.run-*"),
        "search": ("jasperserver.search.*", "jasperserver.contract.search-*"),
        "details": ("jasperserver.details.*", "jasperserver.contract.details-*"),
        "delete": ("jasperserver.delete.*", "jasperserver.contract.delete-*"),
        "status": ("jasperserver.status.*", "jasperserver.contract.status-*"),
        "cancel": ("jasperserver.cancel.*", "jasperserver.contract.cancel-*"),
        "page-status": ("jasperserver.page-status.*", "jasperserver.contract.page-status-*"),
        "info": ("jasperserver.info.*", "jasperserver.contract.info-*"),
        "parameters": ("jasperserver.parameters.*", "jasperserver.contract.parameters-*"),
        "export": (
            "jasperserver.export.*",
            "jasperserver.contract.export-[!s]*",
            "jasperserver.contract.export-success",
            "jasperserver.contract.export-server-error",
        ),
        "export-status": ("jasperserver.export-status.*", "jasperserver.contract.export-status-*"),
        "output": ("jasperserver.output.*", "jasperserver.contract.output-*"),
        "attachment": ("jasperserver.attachments.*", "jasperserver.contract.attachment-*"),
    },
    "akamai_reporting": {
        "list-reports": ("akamai_reporting.discovery.*", "akamai_reporting.contract.list-*"),
        "list-reports-of-family": ("akamai_reporting.discovery.*", "akamai_reporting.contract.list-*"),
        "list-reports-of-area": ("akamai_reporting.discovery.*", "akamai_reporting.contract.list-*"),
        "options": ("akamai_reporting.options.*", "akamai_reporting.contract.options-*"),
        "submit": ("akamai_reporting.submit.*", "akamai_reporting.sync.*", "akamai_reporting.contract.submit-*"),
        "fetch": (
            "akamai_reporting.poll.*",
            "akamai_reporting.ready.*",
            "akamai_reporting.links.*",
            "akamai_reporting.pages.*",
            "akamai_reporting.rows.*",
            "akamai_reporting.ids.*",
            "akamai_reporting.csv.*",
            "akamai_reporting.contract.fetch-*",
        ),
    },
}
"""The requirements of each operation, as patterns. Those of no operation belong to all: they stand at the top."""

LIST = re.compile(r"^(?P<indent> *)x-requirements:(?: \[\])?\n(?P<items>(?:(?P=indent) *- \S+\n)*)", re.MULTILINE)
OPERATION = re.compile(r"^ +operationId: (\S+)$", re.MULTILINE)


def path(api: str) -> Path:
    """The OpenAPI document of an API."""
    return register.folder(api) / "openapi.yaml"


def requirements(api: str, operation: str | None) -> list[str]:
    """The requirements of an operation, or of none: those at the top of the document; in the order of the register."""
    if operation is not None:
        return [id for id in register.load(api).requirements if _matches(id, FEATURES[api][operation])]
    every = [pattern for patterns in FEATURES[api].values() for pattern in patterns]
    return [id for id in register.load(api).requirements if not _matches(id, every)]


def _matches(id: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(id, pattern) for pattern in patterns)


def updated(api: str) -> str:
    """The OpenAPI document with lists that follow from the register."""
    text = path(api).read_text(encoding="utf-8")

    def written(found: re.Match[str]) -> str:
        before = OPERATION.findall(text, 0, found.start())
        ids = requirements(api, before[-1] if before else None)
        lines = "".join(f"{found['indent']}- {id}\n" for id in ids)
        return f"{found['indent']}x-requirements:{'' if ids else ' []'}\n{lines}"

    return LIST.sub(written, text)
