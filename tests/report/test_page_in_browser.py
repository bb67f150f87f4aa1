"""The pages of a report in a browser: small, accessible, usable on a phone, printable, with and without script."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser

from pytest_reportconformance.report import renderings
from pytest_reportconformance.report.stored import Stored
from tests.report.browser import NARROW, OPEN_ALL, opened, started, violations

MOST_BYTES, MOST_NODES, MOST_PAGES = 1_000_000, 8_000, 8
OVERFLOW = "document.documentElement.scrollWidth - innerWidth"
NODES = "document.querySelectorAll('*').length"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests of this file."""
    with started() as found:
        yield found


@pytest.fixture
def page(stored: Stored, tmp_path: Path) -> Path:
    """The page of each report, with its exchanges beside it."""
    return written(stored, tmp_path)


def written(stored: Stored, folder: Path) -> Path:
    """Write the HTML files of a report; returns the page."""
    for name in ("html", "exchanges"):
        renderings.write(name, stored, folder / renderings.FORMATS[name].file)
    return folder / renderings.FORMATS["html"].file


def test_a_whole_run_fits_into_a_page_that_a_browser_likes(page: Path, browser: Browser) -> None:
    assert page.stat().st_size <= MOST_BYTES
    with opened(browser, page) as shown:
        assert 2_000 < shown.evaluate(NODES) <= MOST_NODES


@pytest.mark.sampled(0.4)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_on_the_page(page: Path, browser: Browser, dark: bool) -> None:
    assert violations(browser, page, dark=dark) == []


@pytest.mark.sampled(0.5)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_when_everything_is_open(bad: Stored, browser: Browser, tmp_path: Path, dark: bool) -> None:
    assert violations(browser, written(bad, tmp_path), dark=dark, width=NARROW, open_all=True) == []


def test_axe_finds_nothing_on_the_exchanges(bad: Stored, browser: Browser, tmp_path: Path) -> None:
    path = written(bad, tmp_path).with_name("exchanges.html")
    assert violations(browser, path) == []


def test_nothing_overflows_on_a_phone(page: Path, browser: Browser) -> None:
    for path in (page, page.with_name("exchanges.html")):
        with opened(browser, path, width=NARROW) as shown:
            assert shown.evaluate(OVERFLOW) == 0
            shown.evaluate(OPEN_ALL)
            assert shown.evaluate(OVERFLOW) == 0


def test_the_contents_stay_in_view(blocking: Stored, browser: Browser, tmp_path: Path) -> None:
    path = written(blocking, tmp_path)
    for width in (1280, NARROW):
        with opened(browser, path, width=width) as shown:
            shown.evaluate("scrollTo(0, 5000)")
            place = shown.locator("nav.toc").bounding_box()
            assert place is not None
            assert 0 <= place["y"] < 40
            assert shown.locator("nav.toc a").first.is_visible()


@pytest.mark.sampled(0.4)
def test_it_prints_on_a_few_pages_and_everything_on_demand(page: Path, stored: Stored, browser: Browser) -> None:
    passed = next(one["id"] for one in stored.record["requirements"] if one["outcome"] == "passed")
    with opened(browser, page) as shown:
        short = pypdf.PdfReader(io.BytesIO(shown.pdf()))
        shown.check("#print-all")
        whole = pypdf.PdfReader(io.BytesIO(shown.pdf()))
    assert len(short.pages) <= MOST_PAGES < len(whole.pages)
    assert "conformant" in short.pages[0].extract_text().lower()
    assert not any(passed in text for text in _texts(short))
    assert any(passed in text for text in _texts(whole))
    assert any("checks passed" in text for text in _texts(whole))


def _texts(found: pypdf.PdfReader) -> Iterator[str]:
    """The text of each page."""
    return (" ".join(page.extract_text().split()) for page in found.pages)


def test_search_and_filters_update_the_counts(blocking: Stored, browser: Browser, tmp_path: Path) -> None:
    total = len(blocking.record["requirements"])
    cancels = [one for one in blocking.record["requirements"] if one["operation"] == "cancel"]
    with opened(browser, written(blocking, tmp_path)) as shown:
        count = shown.locator("#shown")
        assert count.inner_text() == f"{total} of {total} shown"
        shown.select_option("#operation", "cancel")
        assert count.inner_text() == f"{len(cancels)} of {total} shown"
        shown.uncheck("#level-MUST")
        others = [one for one in cancels if one["level"] != "MUST"]
        assert count.inner_text() == f"{len(others)} of {total} shown"
        assert shown.locator("#operation-cancel h3 output").inner_text() == str(len(others))
        assert shown.locator(".requirement:visible").count() == len(others)
        shown.check("#level-MUST")
        shown.fill("#search", "  UNKNOWN-id ")
        assert count.inner_text() == f"1 of {total} shown"
        assert shown.locator(".requirement:visible code").inner_text() == "jasperserver.cancel.unknown-id"
        shown.fill("#search", "no such words")
        assert shown.locator("#none").is_visible()


def test_a_link_opens_what_it_leads_to(blocking: Stored, browser: Browser, tmp_path: Path) -> None:
    with opened(browser, written(blocking, tmp_path)) as shown:
        shown.locator(".cause .folded").first.evaluate("one => { one.open = true; }")
        link = shown.locator(".cause .folded a").first
        link.click()
        row = shown.locator(f"[id='{link.inner_text()}']")
        assert row.evaluate("one => one.open")
        assert row.locator("summary").is_visible()


def test_without_its_script_the_page_lacks_the_search_alone(bad: Stored, browser: Browser, tmp_path: Path) -> None:
    with opened(browser, written(bad, tmp_path), script=False) as shown:
        assert shown.locator("#search").is_hidden()
        assert shown.locator(".requirement:visible").count() == len(bad.record["requirements"])
        shown.uncheck("#show-passed")
        assert shown.locator(".requirement.passed:visible").count() == 0
        shown.select_option("#operation", "cancel")
        assert shown.locator("section.operation:visible").count() == 1
        shown.locator(".cause.warned summary").first.click()
        assert shown.locator(".cause.warned dl.pair").first.is_visible()
