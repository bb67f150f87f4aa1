"""A browser for tests: Chromium of the machine, without a window, driven by Playwright; and axe, which judges pages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

CHROMIUM = shutil.which("chromium")
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""What axe tests: WCAG 2.2 at levels A and AA, and its own advice."""
WIDE, NARROW = 1280, 400
PATIENCE = 180_000
"""How many milliseconds a page has for one action."""
OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true; })"


@contextmanager
def started() -> Iterator[Browser]:
    """A running browser. Without Chromium a developer's tests are skipped, and those of CI fail."""
    if CHROMIUM is None:
        text = "needs the browser chromium: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(text)
        pytest.skip(text)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(
    browser: Browser, path: Path, *, width: int = WIDE, dark: bool = False, script: bool = True
) -> Iterator[Page]:
    """A page in a window of its own; nothing may be logged, fail, or be loaded from elsewhere while it is open."""
    context = _context(browser, width, dark, java_script_enabled=script)
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: said.append(request.url) if not request.url.startswith("file:") else None)
    try:
        page.goto(path.as_uri())
        yield page
    finally:
        context.close()
    assert said == []


def _context(browser: Browser, width: int, dark: bool, **more: bool) -> BrowserContext:
    """A window; patient, because tests share the processors with others."""
    size = ViewportSize(width=width, height=1000)
    context = browser.new_context(viewport=size, color_scheme="dark" if dark else "light", **more)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    return context


def violations(
    browser: Browser, path: Path, *, dark: bool = False, width: int = WIDE, open_all: bool = False
) -> list[str]:
    """What axe finds on a page: rule, place and advice. The page's own policy is lifted, as it forbids axe's script."""
    context = _context(browser, width, dark, bypass_csp=True)
    try:
        page = context.new_page()
        page.goto(path.as_uri())
        if open_all:
            page.evaluate(OPEN_ALL)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found: dict[str, Any] = page.evaluate(f"axe.run({{runOnly: {RULES}}})")
    finally:
        context.close()
    assert len(found["passes"]) > 20
    return [
        f"{one['id']}: {node['target']}: {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]
