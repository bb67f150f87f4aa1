"""Playing a whole run against a hostile server, as a process of its own whose time and memory are measured."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_reportconformance.http.server import Reference
from pytest_reportconformance.register import apis

LIMITS = """
[limits]
answer_seconds = 1.5
connect_seconds = 1.5
deadline_seconds = 4
poll_seconds = 0.2
body_bytes = 8388608
"""
CHECKS = {
    "jasperserver": ("test_status.py", "test_run.py", "test_attachments.py"),
    "akamai_reporting": ("test_submit.py", "test_poll.py", "test_pages.py", "test_links.py", "test_navigation.py"),
}
"""Files of checks that between them ask for each kind of request of an API."""


def checks(api: str) -> list[str]:
    """The paths of some files of checks."""
    return [str(apis.folder(api) / file) for file in CHECKS[api]]


@dataclass(frozen=True)
class Played:
    """What came of a run: `peak` is its resident memory in MB at most, `output` what it printed."""

    code: int
    output: str
    seconds: float
    peak: float
    record: dict[str, Any]

    @property
    def checks(self) -> list[dict[str, Any]]:
        """All checks of the record."""
        return [check for one in self.record.get("requirements", []) for check in one["checks"]]

    @property
    def reasons(self) -> str:
        """All reasons in the record for what did not pass."""
        texts = [f"{check['outcome']}: {check['reason']}" for check in self.checks if check["outcome"] != "passed"]
        return "\n".join([str(self.record.get("trouble") or ""), *texts])

    @property
    def outcomes(self) -> set[str]:
        """The outcomes of all checks."""
        return {check["outcome"] for check in self.checks}


def describe(reference: Reference, url: str, limits: str = LIMITS) -> str:
    """The target.toml of a server, with small limits."""
    text = re.sub(r"(?ms)^\[limits\]\n.*?(?=^\[|\Z)", "", reference.target_toml(url))
    return text + limits


def start(folder: Path, target: str, *options: str) -> tuple[subprocess.Popen[bytes], Path]:
    """Start a run in a folder against the target that `target` describes; the process and the file of its output."""
    (folder / "target.toml").write_text(target, encoding="utf-8")
    output = folder / "output.txt"
    command = [sys.executable, "-m", "pytest", "--target", "target.toml", "--conformance-report", "report"]
    environment = {**os.environ, "XDG_STATE_HOME": str(folder / "state"), "PYTHONFAULTHANDLER": "1"}
    with output.open("wb") as file:
        process = subprocess.Popen(
            [*command, "-q", "-p", "no:cacheprovider", *options],
            cwd=folder,
            env=environment,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    return process, output


def finish(process: subprocess.Popen[bytes], output: Path, seconds: float) -> Played:
    """Wait for a run, at most so many seconds; raises TimeoutError after having killed it."""
    started, peak = time.monotonic(), 0.0
    while process.poll() is None:
        peak = max(peak, _most_memory(process.pid))
        if time.monotonic() - started > seconds:
            process.kill()
            process.wait()
            raise TimeoutError(f"the run goes on after {seconds:g} s:\n{output.read_text(errors='replace')[-3000:]}")
        time.sleep(0.02)
    results = output.parent / "report" / "results.json"
    record = json.loads(results.read_text(encoding="utf-8")) if results.is_file() else {}
    text = output.read_bytes().decode("utf-8", "replace")
    return Played(process.returncode, text, time.monotonic() - started, peak, record)


def _most_memory(pid: int) -> float:
    """The most resident memory of a process so far, in MB: its own, where rusage would count its parent's as well."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0
