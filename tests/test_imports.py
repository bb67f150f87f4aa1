"""The layers of the package, who may import whom, and which third-party library has which home."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from pytest_reportconformance.register import register

PACKAGE = Path(__file__).parents[1] / "pytest_reportconformance"
NAME = PACKAGE.name
FILES = sorted(path for path in PACKAGE.rglob("*.py"))

LAYERS = (
    "secrets",
    "transcript",
    "scenarios",
    "api",
    "register",
    "target",
    "http",
    "cleanup",
    "recording",
    "judging",
    "<api>",
    "report",
    "run",
    "hooks",
    "cli",
    "plugin",
)
"""The folders and modules of the package's root, lowest first: each imports itself and what stands before it."""

HOMES = {
    "requests": {"http"},
    "urllib3": {"http"},
    "jsonschema": {"judging.expect", "report.record_schema"},
    "referencing": {"judging.expect"},
    "xmlschema": {"judging.expect"},
    "akamai": {"akamai_reporting.edgegrid"},
    "pypdf": {"judging.file_formats"},
    "jinja2": {"report.html_templates"},
    "allure_commons": {"report.allure"},
    "allure": {"report.allure"},
    "cryptography": {"report.bundle", "report.signing"},
    "xdist": set(),
    "pytest": {"plugin", "hooks", "judging.collection", "judging.evaluate", "register.register", "report.allure"},
}
"""Third-party libraries outside the reference servers, and the folders or modules that may import each."""

PURE = {f"{NAME}.http.origin", f"{NAME}.http.retry_after"}
"""Rules of the wire that send nothing."""

SENDING = ("http", "recording", "cleanup", "run", "target", "hooks")
"""What a check never imports: it reads transcripts and sends nothing."""


def name_of(path: Path) -> str:
    """The module's name below the package: `report.card`."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


NAMES = {name_of(path) for path in FILES}


def _type_only(tree: ast.Module) -> set[ast.AST]:
    """The nodes below `if TYPE_CHECKING:`."""
    blocks = [node for node in ast.walk(tree) if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    return {inner for block in blocks for statement in block.body for inner in ast.walk(statement)}


def imported(path: Path, *, types: bool = True) -> Iterator[str]:
    """Every module that a file imports, relative imports resolved; `types` includes type-only imports."""
    package = [NAME, *path.relative_to(PACKAGE).parts[:-1]]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = set() if types else _type_only(tree)
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            names = [f"{module}.{alias.name}" for alias in node.names]
            yield from names
            if not all(name.removeprefix(f"{NAME}.") in NAMES for name in names):
                yield module


def ours(path: Path) -> set[str]:
    """The modules of the package that a file imports at run time, without the folders that contain it."""
    found = {name.removeprefix(f"{NAME}.") for name in imported(path, types=False) if name.startswith(f"{NAME}.")}
    name = name_of(path)
    return {other for other in found & NAMES if not f"{name}.".startswith(f"{other}.")}


def layer_of(name: str) -> int:
    """The layer of a module; raises ValueError for one that has none."""
    root = name.partition(".")[0]
    return LAYERS.index("<api>" if root in register.api_names() else root)


def is_check(name: str) -> bool:
    """Whether a module holds packaged checks."""
    return name.rpartition(".")[2].startswith("test_")


def is_judgement(name: str) -> bool:
    """Whether a module holds packaged checks, or the assertions that they share."""
    return is_check(name) or name.endswith(".assertions")


def at_home(name: str, homes: set[str]) -> bool:
    """Whether a module is one of those, or is in a folder of them."""
    return any(name == home or name.startswith(f"{home}.") for home in homes)


def upward(path: Path) -> list[str]:
    """The imports of a file that lead to a higher layer."""
    name = name_of(path)
    return [other for other in ours(path) if layer_of(other) > layer_of(name)]


def circle(graph: dict[str, set[str]]) -> list[str]:
    """The modules of one circle of imports; empty if there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize("path", [path for path in FILES if name_of(path)], ids=name_of)
def test_nothing_imports_upwards(path: Path) -> None:
    assert upward(path) == []


def test_an_upward_import_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / NAME / "secrets" / "secret.py"
    path.parent.mkdir(parents=True)
    path.write_text(f"def f():\n    from {NAME}.run import run\n", encoding="utf-8")
    monkeypatch.setattr(f"{__name__}.PACKAGE", tmp_path / NAME)
    assert "run.run" in upward(path)


def _graph() -> dict[str, set[str]]:
    return {name_of(path): ours(path) for path in FILES}


def test_there_is_no_circle() -> None:
    assert circle(_graph()) == []


def test_a_circle_is_found() -> None:
    graph = _graph()
    graph["secrets.secret"] = {"run.run"}
    assert {"secrets.secret", "run.run"} <= set(circle(graph))


def test_the_root_reads_like_a_table_of_contents() -> None:
    entries = [path.name for path in PACKAGE.iterdir() if path.name not in ("__pycache__", "specs")]
    assert len(entries) <= 20


@pytest.mark.parametrize("folder", sorted({path.parent for path in FILES}), ids=lambda path: path.name)
def test_each_folder_says_its_duty(folder: Path) -> None:
    duty = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
    assert duty, f"{folder.name}/__init__.py has no docstring"
    assert len(duty.splitlines()) <= 10


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_module_imports_the_plugin(path: Path) -> None:
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
        if root == "pytest" and (is_judgement(name) or name.endswith(".fixtures")):
            continue
        homes = HOMES.get(root, {name})
        assert at_home(name, homes), f"{name} imports {root}, whose home is {sorted(homes)}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_public_pytest_only(path: Path) -> None:
    assert not any(module.startswith("_pytest") for module in imported(path))


@pytest.mark.parametrize("path", [path for path in FILES if is_judgement(name_of(path))], ids=name_of)
def test_checks_are_pure(path: Path) -> None:
    for module in imported(path, types=False):
        parts = module.split(".")
        if parts[0] == NAME and len(parts) > 1:
            pure = module in PURE or module.rpartition(".")[0] in PURE
            assert pure or parts[1] not in SENDING, f"{name_of(path)} imports {module}"
            assert parts[-1] != "operations", f"{name_of(path)} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_module_imports_a_check(path: Path) -> None:
    """What several files of checks need is in the API's `assertions`."""
    assert [module for module in ours(path) if is_check(module)] == []


ROOT = PACKAGE.parent


def _lengths(folder: str) -> dict[str, int]:
    """The number of lines of each Python file of a folder of the repository."""
    files = (path for path in (ROOT / folder).rglob("*.py") if "node_modules" not in path.parts)
    return {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in files}


@pytest.mark.parametrize(
    ("folder", "most"), [(NAME, 300), ("tests", 400), ("benchmarks", 300), ("docs", 300), ("examples", 300)]
)
def test_no_file_is_long(folder: str, most: int) -> None:
    lengths = _lengths(folder)
    assert lengths
    assert {name: lines for name, lines in lengths.items() if lines > most} == {}


def test_the_root_of_the_package_is_a_table_of_contents() -> None:
    entries = [path.name for path in PACKAGE.iterdir() if path.name not in ("__pycache__", "specs")]
    assert len(entries) <= 20, sorted(entries)


def test_few_functions_are_excepted_from_the_bound_of_complexity() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    folders = (PACKAGE, ROOT / "tests", ROOT / "benchmarks")
    paths = [path for folder in folders for path in folder.rglob("*.py")]
    marks = [str(path) for path in paths if re.search(r"# noqa: .*C901", path.read_text("utf-8"))]
    files = [name for name, rules in settings["per-file-ignores"].items() if "C901" in rules]
    assert settings["mccabe"]["max-complexity"] == 10
    assert len(marks) + len(files) <= 5
