"""The shell of the GitLab component and of the Jenkinsfile, run here by `sh`: green, and red after an upgrade."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.ci.local_action import Job, temporary
from tests.ci.nights import BASELINE, REPORT, WORSE, environment, served
from tests.ci.pipelines import Pipeline, gitlab, jenkins

CACHE = ".conformance-cache"
NAMES = {
    "gitlab": {"target": "target", "accept": "accept-deviations", "new": "new-baseline", "wait": "wait-seconds"},
    "jenkins": {"target": "TARGET", "accept": "ACCEPT", "new": "NEW", "wait": "WAIT_SECONDS"},
}
READ: dict[str, Callable[[Mapping[str, str]], Pipeline]] = {"gitlab": gitlab, "jenkins": jenkins}


class Nights:
    """Builds of one pipeline in one workspace, without the installation."""

    def __init__(self, name: str, workspace: Path, installed: Job) -> None:
        self.name = name
        self.workspace = workspace
        (workspace / ".conformance").symlink_to(temporary(installed) / "reportconformance")

    def build(self, **given: str) -> subprocess.CompletedProcess[str]:
        """One build; how its last script ended. The scripts after it run in any case."""
        values = {
            NAMES[self.name][key]: value for key, value in {"target": "target.toml", "accept": "true", **given}.items()
        }
        pipeline = READ[self.name](values)
        done = subprocess.CompletedProcess("", 0, "", "")
        for script in pipeline.scripts:
            done = self._shell(script, pipeline)
            if done.returncode:
                break
        assert self._shell(pipeline.afterwards, pipeline).returncode == 0
        return done

    def fresh(self) -> None:
        """What the CI system does between two builds: a fresh checkout, and what it keeps."""
        kept = (self.workspace / BASELINE).read_bytes()
        (self.workspace / BASELINE).unlink()
        shutil.rmtree(self.workspace / REPORT)
        if self.name == "jenkins":  # the step copyArtifacts
            (self.workspace / BASELINE).write_bytes(kept)

    def _shell(self, script: str, pipeline: Pipeline) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-e", "-c", script],
            cwd=self.workspace,
            env={**environment(self.workspace), **pipeline.variables},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )


@pytest.fixture(params=list(NAMES))
def nights(request: pytest.FixtureRequest, workspace: Path, installed: Job) -> Nights:
    """The builds of each pipeline."""
    return Nights(request.param, workspace, installed)


@pytest.mark.sampled(0.5)
def test_the_first_build_is_green_and_the_build_after_an_upgrade_is_red(nights: Nights) -> None:
    with served(nights.workspace, "6.4.2") as url:
        done = nights.build()
        assert done.returncode == 0, done.stdout + done.stderr
        assert (nights.workspace / REPORT / "junit.xml").is_file()
    nights.fresh()
    with served(nights.workspace, "8.1.1", url):
        done = nights.build()
    assert done.returncode == 1, done.stdout + done.stderr
    for text in WORSE:
        assert text in done.stdout
    assert (nights.workspace / REPORT / "junit.xml").is_file()


def test_a_server_that_does_not_start_ends_the_build_with_the_code_of_the_wait(nights: Nights) -> None:
    done = nights.build(target="http://127.0.0.1:1", wait="1")
    assert done.returncode == 7
    assert "is not ready after 1 s" in done.stderr
    assert not (nights.workspace / BASELINE).exists()
