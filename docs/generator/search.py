"""Searches a built site in Chromium, opened from disk: each search has to find the page of a requirement.

`python -m docs.generator.search FOLDER` exits with 1 if a search finds nothing, or if a page logs an error or loads
anything from elsewhere. Without Chromium nothing is tried, which in CI is an error.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from docs.generator import repository
from pytest_reportconformance.register import register
from tests.report.browser import CHROMIUM, opened, started

BOX = "input.sidebar-search"
RESULT = "#search-results li a"
FINISHED = "#search-results .search-summary:has-text('Search finished')"


def found(browser: Browser, folder: Path, query: str) -> str:
    """The heading below the address to which the result of a search for a heading leads; empty if there is none."""
    with opened(browser, folder / "index.html") as page:
        page.fill(BOX, query)
        page.press(BOX, "Enter")
        page.wait_for_selector(FINISHED)
        results = page.locator(RESULT).filter(has_text=f"> {query}")
        if not results.count():
            return ""
        results.first.click()
        page.wait_for_selector("article h1")
        anchor = urlsplit(page.url).fragment
        return page.locator(f"[id='{anchor}'] h2").first.inner_text().rstrip("#¶ \n")


def main() -> int:
    """Search for the first requirement of each API by its ID."""
    folder = Path(sys.argv[1]).resolve()
    if CHROMIUM is None:
        print("the search was not tried: it needs the browser chromium (apt-get install chromium)")
        return 1 if os.environ.get("CI") else 0
    faults = 0
    with started() as browser:
        for api in repository.names():
            id = next(iter(register.load(api).requirements))
            heading = found(browser, folder, id)
            print(f"the search for {id} finds {heading or 'nothing'}")
            faults += heading != id
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
