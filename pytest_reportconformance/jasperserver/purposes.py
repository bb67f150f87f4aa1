"""The reports that the checks need on a JasperReports Server, and the keys that describe each."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any

from pytest_reportconformance.api import Key, Purpose


def _purpose(says: str, **keys: Key) -> Purpose:
    uri = Key(str, "repository path of the report unit, as the owner writes it: /reports/fast", required=True)
    return Purpose(says, {"uri": uri, **keys})


def _text(default: str, says: str) -> Key:
    return Key(str, says, default)


def _table(says: str, default: Mapping[str, Any] | None = None) -> Key:
    return Key(dict, says, default)


def _duration(value: float) -> bool:
    return 0 < value < inf


PAGE_TEXT = "a text that each page shows, with {page} in it, and perhaps {pages}"


def page_text(facts: Mapping[str, Any], page: int) -> str:
    """The text that a page shows, counted from 1; braces of other words stay."""
    text: str = facts["page_text"]
    return text.replace("{page}", str(page)).replace("{pages}", str(facts["pages"]))


PARAMETERS = "parameters sent with each run: a list of texts for each name"
SNAPSHOTS = "whether data snapshots are enabled, the owner may save one, and it keeps the value: a run saves one"
CHANGED = "other values of these parameters, which updates set: needed if snapshots is true"

PURPOSES: dict[str, Purpose] = {
    "fast": _purpose("One page, generated at once.", text=_text("FAST", "a text that HTML, CSV and XML outputs show")),
    "multi": _purpose(
        "At least five pages, generated at once.",
        pages=Key(int, "the number of pages, at least 5", 7, fits=lambda value: value >= 5),
        page_text=Key(str, PAGE_TEXT, "PAGE-{page}-OF-{pages}", fits=lambda text: "{page}" in text),
    ),
    "slow": _purpose(
        "A long-running report that stops at once when it is cancelled.",
        seconds=Key(float, "how long a run takes, in seconds, above 0", 8, fits=_duration),
        parameters=_table(PARAMETERS, {}),
        child_uri=Key(str, "its repository path as the child_user writes it; default: uri"),
        output_folder=Key(str, "repository folder in which a scheduled run may leave its output"),
    ),
    "slowpages": _purpose(
        "At least four pages that appear one after another.",
        pages=Key(int, "the number of pages, at least 4", 8, fits=lambda value: value >= 4),
        seconds_per_page=Key(float, "how long a page takes, in seconds, above 0", 1, fits=_duration),
        page_text=Key(str, PAGE_TEXT, "PAGE-{page}-OF-{pages}", fits=lambda text: "{page}" in text),
        parameters=_table(PARAMETERS, {}),
    ),
    "images": _purpose(
        "A page with pictures that become attachments of an HTML export.",
        charts=Key(
            bool, "whether it has a chart that interactive HTML draws by a script, which is an attachment", False
        ),
    ),
    "bookmarks": _purpose(
        "At least two pages with bookmarks in two levels.",
        page_of=_table("the page, counted from 1, that bookmarks lead to: a number for each label", {}),
    ),
    "parts": _purpose("A book of several parts."),
    "params": _purpose(
        "Prints the value of each of its parameters, one of them a multi-select.",
        valid=_table(
            "valid values, not the defaults: a list of texts for each name",
            {"city": ["Rome"], "tags": ["a", "c"], "count": ["7"], "since": ["2020-01-02"], "flag": ["true"]},
        ),
        shows=Key(
            list,
            "texts that CSV output shows for the valid values",
            ["city=Rome", "tags=[a;c]", "count=7", "since=2020-01-02", "flag=true"],
        ),
        invalid=_table("values that input controls reject: a list of texts for each name", {"count": ["x"]}),
    ),
    "failing": _purpose("Fails before its first page."),
    "failinglate": _purpose("Fails after some pages."),
    "empty": _purpose("Succeeds without a page."),
    "runcounter": _purpose(
        "Prints a value that no other run prints.",
        varies=_text("RUN-[0-9a-f-]{36}", "a regular expression that matches the value"),
        snapshots=Key(bool, SNAPSHOTS, False),
        parameters=_table(PARAMETERS, {}),
        changed=_table(CHANGED, {}),
    ),
    "forbidden": _purpose("A report that neither owner nor other_user may run."),
    "executeonly": _purpose("A report that the owner may run, but not read."),
}
