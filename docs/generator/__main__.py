"""Write the source of the site: `python -m docs.generator FOLDER`."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from docs.generator import (
    command_line,
    fixtures,
    handwritten,
    operations,
    outcome_names,
    record_format,
    register_pages,
    repository,
    scenarios,
)
from pytest_reportconformance.register import installed, register

GENERATORS = (command_line, outcome_names, fixtures, scenarios, record_format, operations, register_pages)
RECORD = "results.schema.json"


def main(folder: Path) -> None:
    """Write every page to `source/` and the files that pages link to to `files/`, in a folder that is made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    generated = [page for generator in GENERATORS for page in generator.pages()]
    listed = [page.path for page in generated if page.path.count("/") == 1]
    for page in [*handwritten.pages(listed), *generated]:
        path = folder / "source" / f"{page.path}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page.text, encoding="utf-8")
    for name, file in files():
        copy = folder / "files" / "files" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
    print(f"{len(generated)} generated pages")


def files() -> Iterator[tuple[str, Path]]:
    """The files that pages link to, with their paths on the site."""
    yield RECORD, installed.specs_folder() / RECORD
    for api in repository.names():
        specs = register.folder(api)
        for file in [*specs.glob("openapi.yaml"), *specs.glob("schemas/*")]:
            yield f"{api}/{file.relative_to(specs).as_posix()}", file


if __name__ == "__main__":
    main(Path(sys.argv[1]))
