"""The reports that the checks need: those of JasperReports Server, without what only a repository with users has."""

from __future__ import annotations

from dataclasses import replace

from pytest_reportconformance.api import Purpose
from pytest_reportconformance.jasperserver import purposes

ABSENT = ("forbidden", "executeonly")
"""Purposes of reports that some users may not run or read."""
ABSENT_KEYS = ("child_uri", "output_folder", "snapshots", "changed")
"""Keys about organizations, the scheduler and data snapshots."""


def _own(purpose: Purpose) -> Purpose:
    return replace(purpose, keys={name: key for name, key in purpose.keys.items() if name not in ABSENT_KEYS})


PURPOSES = {name: _own(purpose) for name, purpose in purposes.PURPOSES.items() if name not in ABSENT}
