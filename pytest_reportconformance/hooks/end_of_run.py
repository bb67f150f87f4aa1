"""The end of a run: drafted waivers, the search for secrets in every artifact, and a new baseline.

Rule: the search runs after every other plugin has written its files.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from pytest_reportconformance.hooks import baseline
from pytest_reportconformance.judging import waivers
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.judging.verdicts import Verdict
from pytest_reportconformance.report import allure_files, job_summary
from pytest_reportconformance.report.renderings import FORMATS
from pytest_reportconformance.run.run import TARGET_FILE, Run
from pytest_reportconformance.secrets.scan import Secrets, scan
from pytest_reportconformance.transcript import files

WRITTEN_BY_OTHERS = ("xmlpath", "allure_report_dir", "htmlpath", "report_log", "json_report_file", "ctrf", "log_file")
"""Where pytest and its plugins write: names of their options."""
ENDED_EARLY = (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR)


class Finishing:
    """Ends the runs of a session; `verdicts` is the controller's list, changed in place."""

    def __init__(self, config: pytest.Config, verdicts: list[tuple[Run, Verdict]]) -> None:
        self.config = config
        self.verdicts = verdicts
        self.lines: list[str] = []
        _check_waivers(config)

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, Any, Any]:
        """Draft, search and create when all files are written, before the terminal's summary."""
        try:
            found = yield
        except (OSError, MemoryError) as error:  # of a plugin that writes its report, such as --junitxml
            found = None
            self._fault(session, error)
        self._try(session, self._draft)
        self._try(session, self._complete_allure)
        if self._search():
            session.exitstatus = ExitCode.ERROR
        self._try(session, lambda: self._create(session))
        self._summarize()
        return found

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print what was drafted and created."""
        for line in self.lines:
            terminalreporter.write_line(line)

    def _try(self, session: pytest.Session, action: Callable[[], None]) -> None:
        try:
            action()
        except OSError as error:
            self._fault(session, error)

    def _fault(self, session: pytest.Session, error: BaseException) -> None:
        """A file that could not be written: an error of the run, in one sentence."""
        session.exitstatus = ExitCode.ERROR
        if isinstance(error, OSError) and error.filename is None:
            given = [str(path) for name in WRITTEN_BY_OTHERS if (path := getattr(self.config.option, name, None))]
            error.filename = " or ".join(given) or None
        self.lines.append(f"error: {files.sentence(error)}")

    def _draft(self) -> None:
        path = self.config.getoption("--write-waivers")
        if path and self.verdicts:
            drafts = [waivers.draft(run.record, run.today) for run, _ in self.verdicts]
            with files.named(path):
                (self.config.invocation_params.dir / path).write_text("\n".join(drafts), encoding="utf-8")
            self.lines.append(f"waivers drafted: {path}")

    def _complete_allure(self) -> None:
        """Write the categories and the environment of Allure beside its results."""
        given = self.config.getoption("allure_report_dir", None)
        folder = self.config.invocation_params.dir / given if given else None
        if folder is not None and folder.is_dir() and self.verdicts:
            allure_files.write(folder, [run.record for run, _ in self.verdicts])

    def _summarize(self) -> None:
        """Append the summaries to that of the CI job. A job whose summary cannot be written has its verdict anyway."""
        found = [job_summary.append(run.folder, run.record) for run, _ in self.verdicts]
        self.lines += [line for line in found if line is not None]

    def _create(self, session: pytest.Session) -> None:
        """Create the baseline, unless the run was interrupted."""
        if session.exitstatus in ENDED_EARLY:
            return
        created = (baseline.create(self.config, run, verdict) for run, verdict in self.verdicts)
        self.lines += [line for line in created if line is not None]

    def _search(self) -> bool:
        found = [(run, searched(self.config, run, verdict)) for run, verdict in self.verdicts]
        leaked = found != self.verdicts
        self.verdicts[:] = found
        return leaked


def searched(config: pytest.Config, run: Run, verdict: Verdict) -> Verdict:
    """The verdict of a run after the search for secrets in everything that it and other plugins wrote."""
    base, option = config.invocation_params.dir, config.option
    others = [base / path for name in WRITTEN_BY_OTHERS if (path := getattr(option, name, None))]
    leaks = scan([*artifacts(run.folder), *others], Secrets(run.client.redactor.known), run.folder)
    return run.leaked(leaks) if leaks else verdict


def artifacts(folder: Path) -> list[Path]:
    """The files that we write into a folder, which may contain other files."""
    names = ["results.json", TARGET_FILE, "transcripts", *(one.file for one in FORMATS.values())]
    return [folder / name for name in names]


def _check_waivers(config: pytest.Config) -> None:
    """Refuse a file of --write-waivers that cannot be written, before anything is sent."""
    given = config.getoption("--write-waivers")
    path = config.invocation_params.dir / (given or ".")
    if given and (path.is_dir() or not path.parent.is_dir()):
        problem = "is a folder" if path.is_dir() else "is in a folder that does not exist"
        raise pytest.UsageError(f"--write-waivers: {given} {problem}: name a file that can be written")
