"""Runs the steps of action.yml here, as GitHub's runner does: `python -m tests.ci.local_action STORE INPUT=VALUE…`.

Rule: the `run` steps are executed as they stand in action.yml. Only what another service does is played: the actions
that it uses, and the command `gh`, keep and find artifacts in the folder STORE, one folder for each run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.ci.expressions import STATUSES, evaluated, filled

ROOT = Path(__file__).parents[2]
FILES = {"GITHUB_PATH": "path", "GITHUB_OUTPUT": "output", "GITHUB_ENV": "env", "GITHUB_STEP_SUMMARY": "summary.md"}
SETUP_PYTHON, UPLOAD = "actions/setup-python", "actions/upload-artifact"
STEP_SECONDS = 900
BRANCH = "main"


def action() -> dict[str, Any]:
    """The action as it is described."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    return found


@dataclass
class Job:
    """One run of the action: `codes` has the exit code of each step that was run, by its name or action."""

    folder: Path
    codes: dict[str, int] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether a step failed."""
        return any(self.codes.values())

    @property
    def summary(self) -> str:
        """What the steps wrote to the summary of the job."""
        return (self.folder / FILES["GITHUB_STEP_SUMMARY"]).read_text(encoding="utf-8")

    def artifact(self, name: str) -> Path:
        """The folder of an artifact that was uploaded."""
        return self.folder / "artifacts" / name


def temporary(job: Job) -> Path:
    """The folder for what a job needs while it runs."""
    return job.folder / "temporary"


class Runner:
    """A workspace and a store of runs and their artifacts; `environment` is that of the job.

    `branch` is what the run is of, with `@fork` if the branch is of a fork. Steps named in `skipped` are not run;
    `added` are the folders that they would have added to the PATH.
    """

    def __init__(self, store: Path, workspace: Path, environment: Mapping[str, str]) -> None:
        self.store = store
        self.workspace = workspace
        self.environment = dict(environment)
        self.branch = BRANCH
        self.skipped: set[str] = set()
        self.added: list[str] = []

    def run(self, given: Mapping[str, str]) -> Job:
        """Run every step with these inputs, and the defaults of the others."""
        described = action()
        unknown = set(given) - set(described["inputs"])
        missing = [name for name, one in described["inputs"].items() if one.get("required") and not given.get(name)]
        if unknown or missing:
            raise SystemExit(f"unknown inputs: {sorted(unknown)}; missing inputs: {missing}")
        inputs = {name: one.get("default", "") for name, one in described["inputs"].items()} | dict(given)
        job = Job(self.store / str(1 + sum(1 for _ in self.store.glob("*"))))
        (job.folder / "artifacts").mkdir(parents=True)
        (job.folder / "branch").write_text(self.branch, encoding="utf-8")
        for name in FILES.values():
            (job.folder / name).touch()
        (job.folder / FILES["GITHUB_PATH"]).write_text("".join(f"{one}\n" for one in self.added), encoding="utf-8")
        for step in described["runs"]["steps"]:
            self._step(job, step, inputs)
        return job

    def _step(self, job: Job, step: Mapping[str, Any], inputs: Mapping[str, str]) -> None:
        contexts = self._contexts(job, inputs)
        condition = str(step.get("if", "success()"))
        wanted = evaluated(condition, contexts)
        if not any(f"{name}()" in condition for name in STATUSES):
            wanted = wanted and not job.failed
        name = str(step.get("name", step.get("uses", "").partition("@")[0]))
        if not wanted or name in self.skipped:
            return
        if "run" in step:
            job.codes[name] = self._shell(job, step, contexts)
        else:
            used = step["uses"].partition("@")[0]
            values = {key: filled(str(value), contexts) for key, value in step.get("with", {}).items()}
            self._use(job, used, values)
            job.codes[f"{name} {values.get('name', '')}".strip()] = 0

    def _contexts(self, job: Job, inputs: Mapping[str, str]) -> dict[str, Any]:
        github = {"repository": "owner/repository", "token": "a-token", "action_path": str(ROOT)}
        statuses = {"always": True, "success": not job.failed, "failure": job.failed, "cancelled": False}
        return {"inputs": inputs, "github": github, "runner": {"temp": str(temporary(job))}, **statuses}

    def _shell(self, job: Job, step: Mapping[str, Any], contexts: Mapping[str, Any]) -> int:
        """Execute a script as the runner's `shell: bash` does; its exit code."""
        if step["shell"] != "bash":
            raise ValueError(f"shell {step['shell']!r} is not known here")
        temporary(job).mkdir(exist_ok=True)
        script = job.folder / "step.sh"
        script.write_text(filled(step["run"], contexts), encoding="utf-8")
        variables = {name: filled(str(value), contexts) for name, value in step.get("env", {}).items()}
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
        environment = self._variables(job) | variables
        done = subprocess.run(command, cwd=self.workspace, env=environment, timeout=STEP_SECONDS, check=False)
        return done.returncode

    def _variables(self, job: Job) -> dict[str, str]:
        added = (job.folder / FILES["GITHUB_PATH"]).read_text(encoding="utf-8").splitlines()
        folders = [*reversed(added), str(Path(__file__).parent / "commands"), str(Path(sys.executable).parent)]
        fixed = {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_REF_NAME": self.branch.partition("@")[0],
            "GITHUB_REPOSITORY": "owner/repository",
            "GITHUB_RUN_ID": job.folder.name,
            "GITHUB_WORKSPACE": str(self.workspace),
            "PATH": os.pathsep.join([*folders, self.environment.get("PATH", os.defpath)]),
            "RUNNER_TEMP": str(temporary(job)),
            "LOCAL_ACTION_STORE": str(self.store),
            "LOCAL_ACTION_PYTHON": sys.executable,
        }
        return self.environment | fixed | {name: str(job.folder / file) for name, file in FILES.items()}

    def _use(self, job: Job, used: str, values: Mapping[str, str]) -> None:
        """Play an action of GitHub's."""
        if used == SETUP_PYTHON:
            return  # the interpreter of this process is the first in PATH
        if used != UPLOAD:
            raise ValueError(f"the action {used!r} is not known here")
        source, kept = self.workspace / values["path"], job.artifact(values["name"])
        if source.is_dir():
            shutil.copytree(source, kept)
        elif source.is_file():
            kept.mkdir()
            shutil.copy(source, kept)
        elif values["if-no-files-found"] != "ignore":
            raise FileNotFoundError(source)


def main(arguments: list[str]) -> int:
    """Run the action once in the current folder; 1 if a step failed."""
    store, *given = arguments
    inputs = dict(one.split("=", 1) for one in given)
    job = Runner(Path(store).resolve(), Path.cwd(), os.environ).run(inputs)
    for name, code in job.codes.items():
        print(f"{name}: exit code {code}")
    print(f"artifacts: {job.folder / 'artifacts'}")
    return int(job.failed)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(str(__doc__))
    sys.exit(main(sys.argv[1:]))
