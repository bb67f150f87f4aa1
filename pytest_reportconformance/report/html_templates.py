"""The templates of the HTML files: escaping, the policy that allows one style sheet and one script, shared words.

Rule: jinja2 for reports, with escaping on. The Content-Security-Policy allows the style sheet and the script of
the page by their digests, and nothing else. Nothing is loaded; without the script every word is there all the same.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.judging.outcome_table import VERDICTS, Outcome
from pytest_reportconformance.transcript.parsing import visible

FOLDER = Path(__file__).parent
PAGE, EXCHANGES = "page.html", "exchanges.html"
SCRIPT = "page.js"


def templates(folder: Path, **filters: Callable[..., Any]) -> Environment:
    """The templates of a folder, with escaping on; an unknown name is an error, control characters become escapes."""
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        finalize=_printable,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= filters
    return environment


@cache
def template(name: str) -> Template:
    """A template of this folder, compiled once."""
    return templates(FOLDER, slug=slug, seconds=seconds, visible=visible, link=link).get_template(name)


def prepare() -> None:
    """Compile what a run needs."""
    for name in (PAGE, EXCHANGES):
        template(name)


def page(name: str, rules: Iterable[str] = (), script: str = "", **values: Any) -> Iterator[str]:
    """A page in pieces; `rules` are added to the style sheet."""
    style = "\n".join([read("page.css"), *_tones(), *rules]) + "\n"
    yield from template(name).generate(
        style=Markup(style), script=Markup(script), policy=_policy(style, script), **values
    )


@cache
def read(name: str) -> str:
    """A file of this folder."""
    return (FOLDER / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """What the page may do: use its own style sheet and its own script, and show no picture from elsewhere."""
    allowed = f"style-src 'sha256-{_digest(style)}'; "
    if script:
        allowed += f"script-src 'sha256-{_digest(script)}'; "
    return f"default-src 'none'; {allowed}img-src data:; base-uri 'none'; form-action 'none'"


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _tones() -> Iterator[str]:
    """The colors of outcomes and verdicts."""
    for one in outcome_table.OUTCOMES:
        yield f".{slug(one.name)}{{--tone:var(--{one.tone});--fill:var(--{_fill(one)})}}"
    for verdict in VERDICTS:
        yield f"header.page.{slug(verdict.name)} .verdict{{color:var(--{verdict.tone})}}"


def _fill(outcome: Outcome) -> str:
    """The color of dots and of the bar: what is not decided is paler than what is wrong."""
    return "wait" if outcome.group == "undecided" and outcome.tone == "doubt" else outcome.tone


def _printable(value: Any) -> Any:
    """What a page prints: text without control characters; what is markup already stays."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def link(url: str) -> str:
    """An address that a reader may follow; '#' for every scheme but http and https."""
    return url if url.lower().startswith(("http://", "https://")) else "#"


@cache
def slug(text: str) -> str:
    """A text as a name in CSS and in links."""
    return "".join(char if char.isalnum() or char in "._-" else "-" for char in text)


def seconds(value: float) -> str:
    """A duration for readers."""
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.1f} s"


def short(text: str, longest: int) -> str:
    """A text in printable characters, cut if it is long."""
    return visible(text if len(text) <= longest else text[: longest - 1] + "…")
