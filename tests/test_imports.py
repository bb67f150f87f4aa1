"""The import table: who may import whom, and which third-party library has which home."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_reportconformance import register

PACKAGE = Path(__file__).parents[1] / "pytest_reportconformance"
NAME = PACKAGE.name
FILES = sorted(path for path in PACKAGE.rglob("*.py"))

HOMES = {
    "requests": {"client", "verbatim", "auth", "bodies", "troubles"},
    "urllib3": {"client", "verbatim", "troubles"},
    "jsonschema": {"expect"},
    "referencing": {"expect"},
    "xmlschema": {"expect"},
    "akamai": {"auth"},
    "pypdf": {"content"},
    "jinja2": {"report.html"},
    "allure_commons": {"report.allure"},
    "allure": {"report.allure"},
    "cryptography": {"bundling", "signing"},
    "xdist": set(),
}
"""Third-party libraries outside the reference servers, and the modules that may import each."""

PYTEST = {"plugin", "running", "judges", "controller", "finishing", "collecting", "judging", "register"}
"""Modules that may import pytest, beside the checks themselves and the fixtures of an API."""


def name_of(path: Path) -> str:
    """The module's name below the package: `report.card`."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, relative imports resolved."""
    package = [NAME, *path.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def is_check(name: str) -> bool:
    """Whether a module holds packaged checks."""
    return name.rpartition(".")[2].startswith("test_")


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_nobody_imports_the_plugin_module(path: Path) -> None:
    assert f"{NAME}.plugin" not in set(imported(path))


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_api_imports_another_and_the_core_imports_none(path: Path) -> None:
    apis = set(register.api_names())
    own = name_of(path).partition(".")[0]
    for module in imported(path):
        parts = module.split(".")
        if parts[0] == NAME and len(parts) > 1 and parts[1] in apis:
            assert parts[1] == own, f"{name_of(path)} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_each_library_has_one_home(path: Path) -> None:
    name = name_of(path)
    if ".reference" in name:
        return
    for module in imported(path):
        root = module.partition(".")[0]
        assert name in HOMES.get(root, {name}), f"{name} imports {root}, whose home is {sorted(HOMES[root])}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_only_a_few_modules_know_pytest(path: Path) -> None:
    name = name_of(path)
    knows = any(module.partition(".")[0] in ("pytest", "_pytest") for module in imported(path))
    allowed = name in PYTEST or is_check(name) or name.endswith(".fixtures") or name == "report.allure"
    assert allowed or not knows, f"{name} imports pytest"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_public_pytest_only(path: Path) -> None:
    assert not any(module.startswith("_pytest") for module in imported(path))


@pytest.mark.parametrize("path", [path for path in FILES if is_check(name_of(path))], ids=name_of)
def test_checks_are_pure(path: Path) -> None:
    forbidden = ("client", "recording", "polling", "ledger", "run", "operations", "serving", "target")
    for module in imported(path):
        last = module.removeprefix(NAME + ".")
        assert last.rpartition(".")[2] not in forbidden, f"{name_of(path)} imports {module}"
