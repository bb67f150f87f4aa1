"""The summary of a run goes to that of the CI job by itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_reportconformance.report import job_summary
from pytest_reportconformance.report.stored import Stored
from tests.hooks.test_command_line import ONE, run


def test_a_run_appends_its_summary(tmp_path: Path) -> None:
    arguments = ["--target", "embedded:jasperserver", "-k", ONE, "--conformance-report", "report"]
    done = run(tmp_path, *arguments, GITHUB_STEP_SUMMARY=str(tmp_path / "job.md"))
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "job.md").read_text(encoding="utf-8").startswith("# embedded-jasperserver: partial")
    assert "summary appended" in done.stdout


def test_it_is_appended(bad: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "summary"
    path.write_text("# Build\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    said = job_summary.append(bad.folder, bad.record)
    summary = (bad.folder / "summary.md").read_text(encoding="utf-8")
    assert path.read_text(encoding="utf-8") == f"# Build\n{summary}\n"
    assert said is not None
    assert "appended" in said


def test_nothing_happens_elsewhere(bad: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    assert job_summary.append(bad.folder, bad.record) is None


def test_secrets_are_not_appended(bad: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))
    record = {**json.loads(json.dumps(bad.record)), "leaks": [{"file": "summary.md", "kind": "a credential"}]}
    assert job_summary.append(bad.folder, record) is None
    assert not (tmp_path / "summary").exists()


def test_what_is_too_long_is_left_out(bad: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "summary"
    path.write_bytes(b"x" * (1024 * 1024 - 10))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    said = job_summary.append(bad.folder, bad.record)
    assert said is not None
    assert "too long" in said
    assert path.stat().st_size == 1024 * 1024 - 10


def test_a_file_that_cannot_be_written_is_named(bad: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "absent" / "summary"))
    said = job_summary.append(bad.folder, bad.record)
    assert said is not None
    assert "nothing was appended" in said
