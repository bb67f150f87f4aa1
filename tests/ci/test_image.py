"""The Dockerfile, as far as it can be tried without an engine: what it copies is all it needs, and its command runs."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

from tests.ci.local_action import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
INSTRUCTIONS = [
    line.split(maxsplit=1) for line in DOCKERFILE.replace("\\\n", " ").splitlines() if re.match("[A-Z]", line)
]


def copied() -> list[str]:
    """The files and folders of the repository that are copied into the image."""
    lines = [text.split()[:-1] for word, text in INSTRUCTIONS if word == "COPY" and not text.startswith("--from")]
    return [name for names in lines for name in names]


def test_what_is_copied_is_sent_to_the_engine() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert lines[0] == "*"
    assert {f"!{name}" for name in copied()} == {line for line in lines if line.startswith("!")}


def test_the_package_can_be_built_from_what_is_copied(tmp_path: Path) -> None:
    for name in copied():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert len(list(tmp_path.glob("pytest_reportconformance-*.whl"))) == 1


def test_the_image_has_the_versions_of_the_tests_and_every_dependency() -> None:
    def pinned(name: str) -> dict[str, str]:
        text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        return dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))

    image = pinned("runtime.txt")
    assert image.items() <= pinned("constraints.txt").items()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *(one for name in extras if name != "docs" for one in extras[name])]
    names = {re.match(r"[\w-]+", one)[0] for one in wanted} - {project["name"]}  # type: ignore[index]
    assert names <= set(image)


def test_the_container_runs_as_a_user_without_rights() -> None:
    words = [word for word, _ in INSTRUCTIONS]
    last = INSTRUCTIONS[len(words) - 1 - words[::-1].index("USER")]
    assert last == ["USER", "10001"]
    assert words.index("USER") > len(words) - 1 - words[::-1].index("RUN")


def test_the_command_of_the_image_certifies_and_ignores_other_tests(tmp_path: Path) -> None:
    report, empty = tmp_path / "report", tmp_path / "empty"
    for folder in (report, empty):
        folder.mkdir()
    for name in ("conftest.py", "test_own.py"):
        (report / name).write_text("import a_package_that_is_not_there\n", encoding="utf-8")
    (entry,) = [json.loads(text) for word, text in INSTRUCTIONS if word == "ENTRYPOINT"]
    places = {"/opt/no-tests": str(empty), "/report": str(report)}
    for old, new in places.items():
        entry = [one.replace(old, new) for one in entry]
    command = [
        sys.executable,
        "-m",
        *entry,
        "--target",
        "embedded:jasperserver",
        "-k",
        "jasperserver.status.unknown-id",
    ]
    environment = {key: value for key, value in os.environ.items() if not fnmatchcase(key, "PYTEST_*")}
    done = subprocess.run(
        command, cwd=report, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (report / "results.json").is_file()
