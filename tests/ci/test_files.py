"""The files for CI systems keep the rules of those systems, and say the same about exit codes.

Each linter is also given a fault, so that a linter that finds nothing is noticed.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import tree_sitter_groovy
import yaml
from tree_sitter import Language, Parser

from pytest_reportconformance.judging.exit_codes import ExitCode
from tests.ci.local_action import ROOT, action
from tests.ci.pipelines import JENKINS, Pipeline, gitlab, gitlab_documents, jenkins

ACTION, DOCKERFILE = ROOT / "action.yml", ROOT / "Dockerfile"
DOCS = ROOT / "docs" / "continuous-integration.md"
TOOLS = Path(sys.executable).parent
OF_PYTEST = {2, 3, 5}
PIPELINES = {"gitlab": gitlab({"target": "t"}), "jenkins": jenkins({})}
SHELL = {
    **{f"{name}-{part}": script for name, one in PIPELINES.items() for part, script in enumerate(one.scripts)},
    **{f"{name}-install": one.install for name, one in PIPELINES.items()},
    **{f"{name}-afterwards": one.afterwards for name, one in PIPELINES.items()},
}
SCRIPTS = [*sorted((ROOT / "scripts").iterdir()), ROOT / ".ci" / "run", ROOT / "tests" / "ci" / "commands" / "gh"]
WITH_CODES = (ACTION, ROOT / "ci" / "gitlab.yml", JENKINS, DOCKERFILE)


def tool(name: str, *arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a linter of this environment, without a configuration of its user."""
    command = [str(TOOLS / name), *arguments]
    environment = {"PATH": str(TOOLS), "HOME": "/nonexistent"}
    return subprocess.run(
        command, cwd=ROOT, input=given, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def schema(name: str, document: Any, folder: Path) -> subprocess.CompletedProcess[str]:
    """Validate a document against a schema that check-jsonschema brings along."""
    path = folder / "document.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return tool("check-jsonschema", "--builtin-schema", name, str(path))


def actionlint(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Lint an action: its expressions, and its scripts with shellcheck."""
    (folder / "action.yml").write_text(text, encoding="utf-8")
    return tool("jactionlint", "--no-hints", "--strict-exit", str(folder / "action.yml"))


def test_the_action_has_no_fault(tmp_path: Path) -> None:
    done = actionlint(ACTION.read_text(encoding="utf-8"), tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert schema("vendor.github-actions", action(), tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("inputs.explore", "inputs.explored"),
        ('rm -f "$BASELINE"', "rm -f $BASELINE"),
        ("uses: actions/setup", "use: x"),
    ],
    ids=["input", "shell", "key"],
)
def test_a_fault_in_the_action_is_found(old: str, new: str, tmp_path: Path) -> None:
    text = ACTION.read_text(encoding="utf-8")
    assert old in text
    assert actionlint(text.replace(old, new), tmp_path).returncode == 1


def test_the_component_fits_the_schema_of_gitlab(tmp_path: Path) -> None:
    header, jobs = gitlab_documents({"target": "t"})
    for document in (header, jobs):
        done = schema("vendor.gitlab-ci", document, tmp_path)
        assert done.returncode == 0, done.stdout
    (job,) = jobs.values()
    assert schema("vendor.gitlab-ci", {"job": {**job, "cache": {"when": "never"}}}, tmp_path).returncode == 1


def test_the_jenkinsfile_is_groovy() -> None:
    parser = Parser(Language(tree_sitter_groovy.language()))
    text = JENKINS.read_bytes()
    assert not parser.parse(text).root_node.has_error
    assert parser.parse(text.replace(b"stages {", b"stages (", 1)).root_node.has_error


@pytest.mark.parametrize("name", SHELL)
def test_shell_in_pipelines_has_no_fault(name: str) -> None:
    done = tool("shellcheck", "--shell=sh", "-", given=SHELL[name])
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_have_no_fault(path: Path) -> None:
    done = tool("shellcheck", str(path))
    assert done.returncode == 0, done.stdout
    assert path.stat().st_mode & 0o111


def test_shellcheck_finds_a_fault() -> None:
    assert tool("shellcheck", "--shell=sh", "-", given="rm -f $BASELINE\n").returncode == 1


def test_the_dockerfile_has_no_fault() -> None:
    text = DOCKERFILE.read_text(encoding="utf-8")
    done = tool("hadolint", "--no-color", "-", given=text)
    assert done.returncode == 0, done.stdout
    faulty = re.sub(r"@sha256:\w+", "", text).replace(":3.13.15-slim-trixie", ":latest")
    assert tool("hadolint", "--no-color", "-", given=faulty).returncode == 1


def test_everything_that_is_used_is_pinned() -> None:
    used = [step["uses"] for step in action()["runs"]["steps"] if "uses" in step]
    assert used
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", one) for one in used)
    texts = [path.read_text(encoding="utf-8") for path in WITH_CODES[1:]]
    images = [image for text in texts for image in re.findall(r"python:[\w.-]+(?:@sha256:[0-9a-f]{64})?", text)]
    digests = [image for image in images if "@" in image]
    assert len(digests) == 4
    assert len(set(digests)) == 1
    assert {image.partition("@")[0] for image in images} == {digests[0].partition("@")[0]}


def test_values_reach_scripts_through_variables_only() -> None:
    """An input that is inserted into a script would be executed."""
    assert all("${{" not in step.get("run", "") for step in action()["runs"]["steps"])
    body = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text(encoding="utf-8").partition("\n---\n")[2])
    (job,) = body.values()
    assert "$[[" not in str([job[key] for key in ("before_script", "script", "after_script")])
    assert "${" not in re.sub(r"\$\{(env\.\w+|API:)", "", JENKINS.read_text(encoding="utf-8"))


def codes(path: Path) -> dict[int, str]:
    """The exit codes that the comments of a file explain."""
    found = re.findall(r"^(?:#|//)   (\d)  (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {int(code): text for code, text in found}


def test_every_file_explains_every_exit_code_in_the_same_words() -> None:
    explained = [codes(path) for path in WITH_CODES]
    assert set(explained[0]) == {*ExitCode, *OF_PYTEST}
    assert all(one == explained[0] for one in explained)
    table = re.findall(r"^\| (\d) \| ", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert {int(code) for code in table} == set(explained[0])


def test_every_input_of_the_action_is_documented() -> None:
    text = DOCS.read_text(encoding="utf-8").partition("## GitHub Actions")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `([\w-]+)` \|", text, re.MULTILINE) == list(action()["inputs"])


def test_the_pipelines_have_the_same_options() -> None:
    def options(one: Pipeline) -> set[str]:
        return set(re.findall(r"--[a-z][a-z-]+", one.scripts[-1]))

    (certify,) = [step["run"] for step in action()["runs"]["steps"] if step.get("name") == "Certify"]
    wanted = set(re.findall(r"--[a-z][a-z-]+", certify))
    for one in PIPELINES.values():
        assert wanted <= options(one)


def test_the_workflows_of_the_documentation_have_no_fault() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    workflows = [block for block in blocks if "\njobs:" in block]
    assert workflows
    for workflow in workflows:
        done = tool("jactionlint", "--no-hints", "--profile", "correctness", "-", given=workflow)
        assert done.returncode == 0, done.stdout
        (steps,) = [job["steps"] for job in yaml.safe_load(workflow)["jobs"].values()]
        (used,) = [step for step in steps if "pytest-reportconformance" in step.get("uses", "")]
        assert set(used["with"]) <= set(action()["inputs"])
