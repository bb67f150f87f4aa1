"""A comparison as text, Markdown and JSON.

Rule: what is read is a comparison as the record has it, so that `diff` and every rendering of a run say the same.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pytest_reportconformance.report.change_groups import HEADINGS, Group, counted, explained, lists, quiet, sentence
from pytest_reportconformance.report.markdown_text import code, escaped
from pytest_reportconformance.transcript import strict_json
from pytest_reportconformance.transcript.parsing import visible

Found = Mapping[str, Any]
WIDTH = 80
LONGEST = 300


def text(found: Found, most: int | None = None) -> str:
    """The comparison for a terminal; `most` is how many requirements of a group are named that are not worse."""
    lines = [line for one in found["changed"] for line in _wrapped(one, "")]
    for direction, groups in lists(found):
        lines += ["", f"{direction} ({len(found[direction])})"]
        for group in groups:
            lines += _group(group, direction, most)
    if found["slower"]:
        lines += ["", f"slower ({len(found['slower'])})", *_slower(found)]
    return visible("\n".join(lines).strip("\n") or "nothing changed")


def _group(group: Group, direction: str, most: int | None) -> Iterator[str]:
    yield from _wrapped(group.title, "  ")
    yield from _wrapped(_cut(group.says), "      ")
    shown = group.changes if most is None or direction == "worse" else group.changes[:most]
    for one in shown:
        yield f"    {one['level']:<6}  {one['id']}"
        yield from _wrapped(_cut(explained(group, direction, one)), " " * 12)
    if len(shown) < len(group.changes):
        yield f"    and {len(group.changes) - len(shown)} more"


def _wrapped(line: str, indent: str) -> list[str]:
    """A line in lines for a terminal; names stay whole."""
    return textwrap.wrap(
        line,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _cut(reason: str) -> str:
    reason = " ".join(visible(reason).split())
    return reason if len(reason) <= LONGEST else reason[: LONGEST - 1] + "…"


def _slower(found: Found) -> list[str]:
    return [f"  {one['scenario']}: {one['before']:.1f} s → {one['after']:.1f} s" for one in found["slower"]]


def markdown_lines(found: Found, level: str = "##") -> Iterator[str]:
    """The comparison as sections of Markdown."""
    for one in found["changed"]:
        yield f"- {escaped(one)}"
    for direction, groups in lists(found):
        yield from ("", f"{level} {HEADINGS[direction]} ({len(found[direction])})", "")
        for group in groups:
            yield from _markdown_group(group, direction)
    if found["slower"]:
        yield from ("", f"{level} Slower ({len(found['slower'])})", "")
        for one in found["slower"]:
            yield f"- `{code(one['scenario'])}`: {one['before']:.1f} s → {one['after']:.1f} s"


def _markdown_group(group: Group, direction: str) -> Iterator[str]:
    yield f"- **{escaped(group.title)}**{': ' + escaped(group.says) if group.says else ''}"
    for one in group.changes:
        why = explained(group, direction, one)
        yield f"  - {one['level']} `{code(one['id'])}`{': ' + escaped(why) if why else ''}"


def plain(found: Found) -> str:
    """`diff` for a terminal: the comparison, and what follows from it in the last line."""
    if quiet(found):
        return "nothing changed"
    return f"{text(found)}\n\n{counted(found)}"


def markdown(found: Found) -> str:
    """`diff` as Markdown."""
    return "\n".join([f"# {sentence(found)}", "", *markdown_lines(found)]).rstrip()


def as_json(found: Found) -> str:
    """`diff` as JSON: the lists of the record's `comparison`."""
    return strict_json.dumps(found, indent=1)


FORMATS: Mapping[str, Callable[[Found], str]] = {"text": plain, "markdown": markdown, "json": as_json}
