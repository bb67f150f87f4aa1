"""Virtual environments that have all packages of this one, into which a test installs one more."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
PIP = ("-m", "pip", "--disable-pip-version-check", "--quiet")


def run(folder: Path, *command: str | Path) -> str:
    """The output of a command that ends well."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([*command], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def environment(folder: Path) -> Path:
    """The Python of a new virtual environment that has all packages of this one."""
    venv.create(folder)
    python = folder / "bin" / "python"
    place = run(folder, python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    ours = sysconfig.get_path("purelib")
    (Path(place) / "ours.pth").write_text(f"import site; site.addsitedir({ours!r})\n", encoding="utf-8")
    return python


def install(package: Path, python: Path) -> None:
    """Install the package of a folder into the environment of a Python, without the network."""
    options = ("--no-deps", "--no-build-isolation", "--editable", ".")
    run(package, sys.executable, *PIP, "--python", python, "install", *options)
