"""The files that publish: the release workflow, issue forms, the citation, and the oldest supported versions."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.ci.test_files import tool
from tests.tracked import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").iterdir())
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").iterdir())
PINNED = re.compile(r"^([\w.-]+)==([\w.]+)", re.MULTILINE)
BOUND = re.compile(r"([\w-]+)(?:\[[\w,]+\])?>=([\d.]+)")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_have_no_fault_and_use_pinned_actions(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    done = tool("jactionlint", "--no-hints", "--profile", "correctness", "-", given=text)
    assert done.returncode == 0, done.stdout
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {}
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    used = [step["uses"] for step in steps if "uses" in step]
    assert used
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", one) for one in used)
    assert all("${{" not in step.get("run", "") for step in steps)
    assert len(re.findall(r"uses: \S+ # v[\d.]+$", text, re.MULTILINE)) == len(used)


def test_a_fault_in_a_workflow_is_found() -> None:
    text = WORKFLOWS[0].read_text(encoding="utf-8")
    faulty = text.replace("github.ref_name", "github.ref_names")
    assert faulty != text
    assert tool("jactionlint", "--no-hints", "--profile", "correctness", "-", given=faulty).returncode == 1


def test_an_action_has_one_commit_everywhere() -> None:
    texts = [path.read_text(encoding="utf-8") for path in [*WORKFLOWS, ROOT / "action.yml"]]
    found: dict[str, set[str]] = {}
    for name, commit in re.findall(r"uses: ([\w/-]+)@([0-9a-f]{40})", "\n".join(texts)):
        found.setdefault(name, set()).add(commit)
    assert "actions/setup-python" in found
    assert [name for name, commits in found.items() if len(commits) > 1] == []


def test_only_the_job_that_publishes_may_ask_for_a_token() -> None:
    jobs: dict[str, Any] = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8"))["jobs"]
    assert {name: job["permissions"] for name, job in jobs.items()} == {
        "build": {"contents": "read"},
        "publish": {"id-token": "write"},
    }
    assert not [step for step in jobs["publish"]["steps"] if "run" in step]


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_issue_forms_fit_the_schema(path: Path) -> None:
    kind = "config" if path.name == "config.yml" else "forms"
    done = tool("check-jsonschema", "--builtin-schema", f"vendor.github-issue-{kind}", str(path))
    assert done.returncode == 0, done.stdout


def test_the_citation_fits_the_schema(tmp_path: Path) -> None:
    path = ROOT / "CITATION.cff"
    arguments = ("--builtin-schema", "vendor.citation-file-format", "--default-filetype", "yaml")
    done = tool("check-jsonschema", *arguments, str(path))
    assert done.returncode == 0, done.stdout
    faulty = tmp_path / "CITATION.cff"
    faulty.write_text(path.read_text(encoding="utf-8").replace("authors:", "writers:"), encoding="utf-8")
    assert tool("check-jsonschema", *arguments, str(faulty)).returncode == 1


def parts(version: str) -> tuple[int, ...]:
    """A version as numbers, without zeros at its end."""
    numbers = [int(number) for number in version.split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def test_the_oldest_versions_are_those_that_the_package_allows() -> None:
    """A version that the package allows and that no index offers any more has the next one in its place."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *(one for name, named in extras.items() if name != "docs" for one in named)]
    allowed = dict(found for one in wanted for found in BOUND.findall(one))
    pinned = dict(PINNED.findall((ROOT / "requirements" / "oldest.txt").read_text(encoding="utf-8")))
    assert set(allowed) <= set(pinned)
    for name, version in allowed.items():
        assert parts(pinned[name])[: len(parts(version))] == parts(version), f"{name}: found {pinned[name]}"
