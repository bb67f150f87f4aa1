"""CSV blocks, and links that were never issued."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_reportconformance.akamai_reporting import csv_blocks, ids
from pytest_reportconformance.akamai_reporting.links import query_id

TEXT = """#METADATA_START
start,2026-01-01T00:00:00Z
rowCount,2

#METADATA_END

#COLUMN_START
name,hits
#COLUMN_END

#DATA_START
"a; ""b"", c",1
c,2.50
#DATA_END
"""
LINK = "https://host/reporting-api/v2/reports/a/b/c/queries/.kRGhl+JDv5%7e4L8Ht=?trace=1"


def test_blocks_are_separated() -> None:
    found = csv_blocks.blocks(TEXT)
    assert list(found) == ["METADATA", "COLUMN", "DATA"]
    assert csv_blocks.metadata(found) == {"start": "2026-01-01T00:00:00Z", "rowCount": "2"}
    assert csv_blocks.rows(found) == [{"name": 'a; "b", c', "hits": "1"}, {"name": "c", "hits": "2.50"}]


@pytest.mark.parametrize("text", ["", "no blocks at all", "#DATA_END\n", '#DATA_START\n"unfinished'])
def test_text_without_blocks_has_no_rows(text: str) -> None:
    found = csv_blocks.blocks(text)
    assert csv_blocks.metadata(found) == {}
    assert csv_blocks.rows({name: block for name, block in found.items() if name != "DATA"}) == []


@pytest.mark.parametrize(
    ("cell", "value", "agrees"),
    [
        ("2.50", 2.5, True),
        ("2", 2.0, True),
        ("2.51", 2.5, False),
        ("x", 1, False),
        ("", None, True),
        ("TRUE", True, True),
        ("1", True, False),
        ("a", "a", True),
        (" a", "a", False),
        (None, "a", False),
        ("{}", {}, False),
    ],
)
def test_a_cell_agrees_with_a_value_in_any_notation_of_numbers(cell: str | None, value: Any, agrees: bool) -> None:
    assert csv_blocks.agrees(cell, value) is agrees


def test_wrong_links_differ_in_one_thing_and_keep_the_rest() -> None:
    found = dict(ids.wrong(LINK, "d/e/f"))
    assert found["other-report"] == LINK.replace("a/b/c", "d/e/f")
    assert all(url.startswith("https://host/") and url.endswith("?trace=1") for url in found.values())
    assert len(set(found.values()) | {LINK}) == len(found) + 1
    own = query_id(LINK)
    for name in ("changed-early", "changed-middle", "changed-late"):
        changed = query_id(found[name])
        assert len(changed) == len(own)
        assert sum(one != other for one, other in zip(own, changed, strict=True)) == 1
        assert "%7e" in changed
    assert own.startswith(query_id(found["truncated"]))
    assert query_id(found["empty"]) == ""


def test_short_ids_are_not_changed() -> None:
    found = dict(ids.wrong("https://host/reporting-api/v2/reports/a/b/c/queries/17", None))
    assert sorted(found) == ["empty", "never-issued"]
