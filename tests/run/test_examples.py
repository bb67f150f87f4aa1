"""The packages of `examples/` are installed, listed and conformant, and their own tests pass."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from pytest_reportconformance import cli
from tests.run.fresh_environment import ROOT, environment, install, run

COMMAND = f"import sys; from {cli.__name__} import main; sys.exit(main(sys.argv[1:]))"
QUIET = ("-q", "-p", "no:cacheprovider")
MUTANT, MUTANTS = "test_a_mutant_violates_exactly_what_it_names[", 10
"""The default run judges so many mutants of an example."""


@pytest.fixture(scope="module")
def jasperreports_io(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A copy of the example, and the Python of an environment in which it is installed."""
    folder = tmp_path_factory.mktemp("examples")
    package = shutil.copytree(ROOT / "examples" / "jasperreports_io", folder / "jasperreports_io")
    python = environment(folder / "environment")
    install(package, python)
    return package, python


def test_the_requirements_of_an_example_are_listed(jasperreports_io: tuple[Path, Path]) -> None:
    package, python = jasperreports_io
    listed = run(package, python, "-c", COMMAND, "requirements", "jasperreports_io")
    assert "jasperreports_io.cancel.json" in listed
    assert "jasperserver." not in listed


def test_an_example_is_conformant_on_its_server(jasperreports_io: tuple[Path, Path]) -> None:
    package, python = jasperreports_io
    judged = run(package, python, "-m", "pytest", *QUIET, "--target", "embedded:jasperreports_io")
    assert "conformant: every judged requirement holds" in judged


def test_an_example_passes_its_own_tests(jasperreports_io: tuple[Path, Path], pytestconfig: pytest.Config) -> None:
    package, python = jasperreports_io
    left_out: list[str] = []
    if not pytestconfig.option.whole:
        listed = run(package, python, "-m", "pytest", *QUIET, "--collect-only").splitlines()
        mutants = [line for line in listed if MUTANT in line]
        left_out = random.Random(pytestconfig.option.sample_seed).sample(mutants, len(mutants) - MUTANTS)
    deselected = [f"--deselect={mutant}" for mutant in left_out]
    assert " passed" in run(package, python, "-m", "pytest", *QUIET, *deselected)
