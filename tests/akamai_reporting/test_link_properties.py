"""Links that strange servers send: any text is resolved, compared and shown without an exception."""

from __future__ import annotations

from random import Random
from urllib.parse import urljoin

import pytest

from pytest_reportconformance.akamai_reporting import links

BASE = "http://h:80/reporting-api/v2/reports/a/b/c/queries/1?page=2"
CASES = 2000
PIECES = (
    *(
        "http:",
        "https:",
        "//",
        "/",
        "h",
        ":80",
        ":",
        "?",
        "#",
        "..",
        ".",
        "a",
        "%41",
        "%",
        "%zz",
        "@",
        "[",
        "]",
        "\x00",
    ),
    *(
        " ",
        "\\",
        "é",
        "\u202e",
        "queries/1",
        "page=3",
        "&",
        "=",
        ";x",
        "reporting-api/v2/reports/a/b/c/queries/2",
        "\n",
    ),
)


def texts() -> list[str]:
    """Texts that are links, nearly links, or none."""
    return ["".join(Random(number).choices(PIECES, k=Random(~number).randrange(9))) for number in range(CASES)]


def test_any_text_is_resolved_once_and_for_all() -> None:
    references = [text for text in texts() if links.is_reference(text)]
    assert 100 < len(references) < CASES
    for text in texts():
        links.resolve(BASE, text)
    for text in references:
        found = links.resolve(BASE, text)
        if found.startswith(("http://", "https://")):
            assert "#" not in found, text
            assert links.resolve(BASE, found) == found, text


@pytest.mark.parametrize(
    "text", ["", "2", "../3?page=1", "?page=1", "/x/./y/../z", "//other/x", "https://o/p", "./", ".."]
)
def test_a_reference_is_resolved_as_by_the_standard_library(text: str) -> None:
    assert links.resolve(BASE, text) == urljoin(BASE, text)
