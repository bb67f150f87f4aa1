"""An API comes from an installed package: found by its entry point, and refused with one sentence if it has a fault."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_reportconformance import cli
from pytest_reportconformance.register import apis, entry_points, installed, register
from pytest_reportconformance.register.entry_points import PackageError
from tests.fake_package import installed_package
from tests.tracked import ROOT, tracked

CORE = ROOT / "pytest_reportconformance"
TOML = '[target]\napi = "{api}"\nurl = "http://127.0.0.1:9"\n'


@pytest.fixture(autouse=True)
def found_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Packages in the temporary folder are found as if they were installed."""
    before = {*sys.modules}
    found = entry_points._found
    monkeypatch.syspath_prepend(tmp_path)
    found.cache_clear()
    yield
    found.cache_clear()
    for name in {*sys.modules} - before:
        if name.endswith("_package"):
            del sys.modules[name]
    importlib.invalidate_caches()


def pytest_of(folder: Path, api: str) -> tuple[int, str]:
    """The exit code and the output of a run with a target.toml of that API, in a process of its own."""
    (folder / "target.toml").write_text(TOML.format(api=api), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--target", "target.toml"],
        check=False,
        cwd=folder,
        env={"PYTHONPATH": f"{folder}:{ROOT}", "PATH": "", "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def test_our_apis_are_registered_as_those_of_others() -> None:
    found = installed.package("jasperserver")
    assert entry_points.distribution(found.point).startswith("pytest-reportconformance ")
    assert found.folder == CORE / "jasperserver"
    assert found.register == ROOT / "specs" / "jasperserver"


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("raise RuntimeError('no such thing')", "acme_package cannot be imported: RuntimeError: no such thing"),
        ("raise SystemExit(3)", "acme_package cannot be imported: SystemExit: 3"),
        ("import acme_misses", "acme_package cannot be imported: ModuleNotFoundError"),
        ("def broken(:", "acme_package cannot be imported: SyntaxError"),
        (None, "acme_package cannot be imported: ModuleNotFoundError"),
        ("", "acme_package:API is no Api"),
        ("API = 1", "acme_package:API is no Api"),
        ("from pytest_reportconformance.jasperserver import API", "acme_package:API has the name 'jasperserver'"),
    ],
)
def test_a_package_with_a_fault_is_named(tmp_path: Path, code: str | None, says: str) -> None:
    installed_package(tmp_path, "acme", code)
    with pytest.raises(PackageError) as raised:
        apis.load("acme")
    text = str(raised.value)
    assert text.startswith("API 'acme' of the package acme-distribution 1.5: ")
    assert says in text
    assert text.endswith("repair or uninstall the package")


@pytest.mark.parametrize("fault", ["MemoryError", "OSError(28, 'No space left on device')"])
def test_a_fault_of_the_machine_is_none_of_the_package(tmp_path: Path, fault: str) -> None:
    installed_package(tmp_path, "acme", f"raise {fault}")
    with pytest.raises((MemoryError, OSError)):
        apis.load("acme")


def test_a_package_without_a_register_is_refused(tmp_path: Path) -> None:
    installed_package(tmp_path, "acme", "from tests.fake_package import named; API = named('acme')")
    assert apis.load("acme").name == "acme"
    with pytest.raises(PackageError, match=r"there is no file .*acme_package/specs/acme/source\.toml"):
        register.folder("acme")


def test_two_packages_with_the_same_api_are_refused(tmp_path: Path) -> None:
    installed_package(tmp_path, "acme", "")
    installed_package(tmp_path, "acme", "", distribution="other-distribution")
    with pytest.raises(PackageError, match=r"several packages, acme-distribution 1\.5 and other-distribution 1\.5"):
        apis.load("acme")


def test_a_package_cannot_replace_one_of_our_apis(tmp_path: Path) -> None:
    installed_package(tmp_path, "jasperserver", "")
    with pytest.raises(PackageError, match=r"several packages, .*pytest-reportconformance"):
        apis.load("jasperserver")


def test_a_name_that_no_id_can_begin_with_is_refused(tmp_path: Path) -> None:
    installed_package(tmp_path, "Acme", "", distribution="acme-distribution")
    with pytest.raises(PackageError, match="the name is not of lower-case letters"):
        apis.load("Acme")


def test_a_name_with_a_meaning_of_its_own_is_refused(tmp_path: Path) -> None:
    installed_package(tmp_path, "own", "", distribution="acme-distribution")
    with pytest.raises(PackageError, match="the name is reserved"):
        apis.load("own")


@pytest.mark.parametrize("arguments", [("requirements",), ("requirements", "acme"), ("serve", "acme")])
def test_commands_refuse_it_in_one_sentence(
    tmp_path: Path, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    installed_package(tmp_path, "acme", "raise RuntimeError('broken')")
    assert cli.main(arguments) == 4
    error = capsys.readouterr().err
    assert "acme-distribution 1.5" in error
    assert len(error.splitlines()) == 1


def test_a_run_refuses_it_in_one_sentence_and_others_run(tmp_path: Path) -> None:
    installed_package(tmp_path, "acme", "raise RuntimeError('broken')")
    code, output = pytest_of(tmp_path, "acme")
    assert code == 4, output
    assert [line for line in output.splitlines() if line.strip()] == [
        "ERROR: API 'acme' of the package acme-distribution 1.5: acme_package cannot be imported: RuntimeError: broken"
        "; repair or uninstall the package"
    ]
    assert pytest_of(tmp_path, "akamai_reporting")[0] == 7  # nothing listens there


def test_an_installation_without_entry_points_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(entry_points, "_found", lambda group: {})
    assert cli.main(["requirements"]) == 4
    assert "no API is registered: the installation of pytest-reportconformance is not whole" in capsys.readouterr().err


def test_a_broken_package_is_listed_by_help(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    installed_package(tmp_path, "acme", "raise RuntimeError('broken')")
    with pytest.raises(SystemExit) as raised:
        cli.main(["serve", "--help"])
    assert raised.value.code == 0
    assert "acme" in capsys.readouterr().out


def test_the_core_names_no_api() -> None:
    listed = [path.as_posix() for path in tracked() if path.parts[0] == CORE.name]
    own = tuple(f"{CORE.name}/{name}/" for name in ("akamai_reporting", "jasperserver"))
    files = [ROOT / name for name in listed if not name.startswith(own)]
    assert len(files) > 100
    named = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if any(word in line.lower() for word in ("akamai", "jasper", *apis.names()))
    ]
    assert named == []
