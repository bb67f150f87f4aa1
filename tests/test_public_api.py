"""The public API is what `__all__` lists; docs/public-api.md describes it, and importing it costs nothing."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import pytest_reportconformance
from pytest_reportconformance.hooks import own_fixtures

DOCS = Path(__file__).parents[1] / "docs"


def named(page: str) -> list[str]:
    """The names in the first column of the tables of a page."""
    rows = re.findall(r"^\| `(\w+)`", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE)
    return list(rows)


def test_the_page_describes_every_public_name_and_no_other() -> None:
    assert sorted(named("public-api.md")) == sorted(pytest_reportconformance.__all__)


@pytest.mark.parametrize("name", pytest_reportconformance.__all__)
def test_every_public_name_exists_and_has_a_docstring(name: str) -> None:
    found = getattr(pytest_reportconformance, name)
    assert name == "__version__" or inspect.getdoc(found)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        pytest_reportconformance.nothing  # noqa: B018


def test_the_page_of_fixtures_describes_every_fixture() -> None:
    text = (DOCS / "your-own-tests.md").read_text(encoding="utf-8").partition("## Fixtures")[2].partition("###")[0]
    assert set(own_fixtures.NAMES) <= set(re.findall(r"`(\w+)`", text))


def test_the_package_imports_nothing_before_a_name_is_used() -> None:
    code = "import sys, pytest_reportconformance; print([n for n in sys.modules if n.startswith('pytest_report')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['pytest_reportconformance']"


def test_no_public_name_is_that_of_a_module() -> None:
    """An imported module would take its place."""
    modules = {path.stem for path in Path(pytest_reportconformance.__file__).parent.iterdir()}
    assert modules & set(pytest_reportconformance.__all__) == set()
