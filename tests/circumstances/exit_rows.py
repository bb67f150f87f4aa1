"""What is odd around a run on the user's own machine: folders and files. None of it is the server's fault."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pytest_reportconformance.http.server import Reference, Server
from tests.circumstances.circumstance import GOOD, Circumstance

API = "jasperserver"
ONE = ("-k", "jasperserver.status.unknown-id")


def state_in(place: str) -> Mapping[str, str]:
    """The state folder is somewhere else."""
    return {"XDG_STATE_HOME": place}


def home_is_a_file(_url: str, folder: Path) -> Mapping[str, str]:
    """HOME is no folder, and no other state folder is named."""
    (folder / "home").write_text("", encoding="utf-8")
    return {"XDG_STATE_HOME": "", "HOME": str(folder / "home")}


@contextmanager
def report_is_a_file(reference: Reference, folder: Path) -> Iterator[str]:
    """A file is in the way of the report folder."""
    (folder / "report").write_text("", encoding="utf-8")
    with Server(reference) as server:
        yield server.url


@contextmanager
def report_is_in_use(reference: Reference, folder: Path) -> Iterator[str]:
    """Another run holds the report folder."""
    (folder / "report").mkdir()
    descriptor = os.open(folder / "report", os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        with Server(reference) as server:
            yield server.url
    finally:
        os.close(descriptor)


@contextmanager
def report_of_a_killed_run(reference: Reference, folder: Path) -> Iterator[str]:
    """A run that was killed left half of its report."""
    (folder / "report" / "transcripts").mkdir(parents=True)
    (folder / "report" / "results.json").write_text("{", encoding="utf-8")
    (folder / "report" / "transcripts" / "cancelled.har").write_text("{", encoding="utf-8")
    with Server(reference) as server:
        yield server.url


FULL = r"/dev/full cannot be written or read: No space left on device"

ROWS = [
    Circumstance(
        "a home that is a file",
        API,
        4,
        "the state folder .*set XDG_STATE_HOME",
        environment=home_is_a_file,
        options=ONE,
    ),
    Circumstance(
        "a state folder that cannot be created",
        API,
        4,
        "the state folder /proc/none/reportconformance cannot be written",
        environment=lambda url, folder: state_in("/proc/none"),
        options=ONE,
    ),
    Circumstance(
        "a report folder that is a file",
        API,
        4,
        r"report cannot be written \(File exists\)",
        serve=report_is_a_file,
        options=ONE,
    ),
    Circumstance(
        "a report folder that cannot be created",
        API,
        4,
        "the folder /proc/none cannot be written",
        options=("--conformance-report", "/proc/none", *ONE),
    ),
    Circumstance(
        "a report folder that another run uses",
        API,
        4,
        "another run writes .*/report: wait",
        serve=report_is_in_use,
        options=ONE,
    ),
    Circumstance("the report of a killed run", API, 0, "partial", GOOD, report_of_a_killed_run, options=ONE),
    Circumstance("waivers on a full device", API, 7, FULL, GOOD, options=("--write-waivers", "/dev/full", *ONE)),
    Circumstance("waivers into a folder", API, 4, "waivers: . is a folder", options=("--write-waivers", ".", *ONE)),
    Circumstance("JUnit on a full device", API, 7, FULL, GOOD, options=("--junitxml", "/dev/full", *ONE)),
]
