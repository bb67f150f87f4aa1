"""Checks of requesting report bookmarks and parts."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_reportconformance.jasperserver import descriptors
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

Tree = list[dict[str, Any]]
CONTAINS = {"bookmarks": "jasperserver.info.bookmarks", "parts": "jasperserver.info.parts"}
in_both = pytest.mark.parametrize("kind", ["json", "xml"])
every_time = pytest.mark.parametrize("name", ["info-json", "info-xml", "again-json", "again-xml"])


def part_of(exchange: Exchange, name: str) -> dict[str, Any]:
    """The structure `bookmarks` or `parts`; the check is blocked if the info was not answered."""
    expect.precondition(
        exchange.status_code == 200 and descriptors.readable(exchange), "the info cannot be read", exchange
    )
    found = descriptors.descriptor(exchange).get(name)
    return found if isinstance(found, dict) else {}


def entries(exchange: Exchange, name: str) -> Tree:
    """The entries of the structure; the check is blocked if it has none."""
    found = part_of(exchange, name).get(name)
    present = isinstance(found, list) and bool(found) and all(isinstance(one, dict) for one in found)
    expect.precondition(present, f"it holds no {name}", exchange, by=CONTAINS[name])
    return list(found or [])


def flat(tree: Tree) -> Tree:
    """All bookmarks of a tree, in the order of reading."""
    return [one for top in tree for one in (top, *flat(below(top)))]


def below(bookmark: dict[str, Any]) -> Tree:
    """The bookmarks under one; what is none is left to the checks of their members."""
    found = bookmark.get("bookmarks")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


@pytest.mark.parametrize("name", ["bookmarks", "parts"])
@requirement("jasperserver.info.json")
def test_the_info_is_answered_in_json(bookmarked: Transcript, parted: Transcript, name: str) -> None:
    exchange = (bookmarked if name == "bookmarks" else parted)["info-json"]
    expect.status(exchange, 200)
    expect.media_type(exchange, "application/json")
    expect.that(isinstance(exchange.json(), dict), "a JSON object", exchange.text, exchange)


@pytest.mark.parametrize("name", ["bookmarks", "parts"])
@requirement("jasperserver.info.xml")
def test_the_info_is_answered_in_xml(bookmarked: Transcript, parted: Transcript, name: str) -> None:
    exchange = (bookmarked if name == "bookmarks" else parted)["info-xml"]
    expect.status(exchange, 200)
    expect.media_type(exchange, "application/xml")
    expect.that(bool(exchange.xml.tag), "an XML document", exchange.text, exchange)


@in_both
@requirement("jasperserver.info.unknown-id")
def test_the_info_of_an_unknown_id_answers_404(bookmarked: Transcript, kind: str) -> None:
    expect.refused(bookmarked[f"unknown-{kind}"], 404, control=bookmarked[f"info-{kind}"])


@in_both
@requirement("jasperserver.info.bookmarks")
def test_the_info_contains_the_bookmarks(bookmarked: Transcript, kind: str) -> None:
    exchange = bookmarked[f"info-{kind}"]
    found = part_of(exchange, "bookmarks").get("bookmarks")
    expect.that(isinstance(found, list) and bool(found), "bookmarks", exchange.text, exchange)


@requirement("jasperserver.info.bookmarks")
def test_the_info_contains_the_same_bookmarks_in_both(bookmarked: Transcript) -> None:
    json, xml = (flat(entries(bookmarked[f"info-{kind}"], "bookmarks")) for kind in ("json", "xml"))
    labels = [one.get("label") for one in xml]
    expect.equal(labels, [one.get("label") for one in json], "the labels in XML", bookmarked["info-xml"])


@in_both
@requirement("jasperserver.info.parts")
def test_the_info_contains_the_parts(parted: Transcript, kind: str) -> None:
    exchange = parted[f"info-{kind}"]
    found = part_of(exchange, "parts").get("parts")
    expect.that(isinstance(found, list) and bool(found), "parts", exchange.text, exchange)


@requirement("jasperserver.info.parts")
def test_the_info_contains_the_same_parts_in_both(parted: Transcript) -> None:
    json, xml = (entries(parted[f"info-{kind}"], "parts") for kind in ("json", "xml"))
    names = [one.get("name") for one in xml]
    expect.equal(names, [one.get("name") for one in json], "the names in XML", parted["info-xml"])


def pages(transcript: Transcript) -> int | None:
    """The number of pages that the details show, None if they show none."""
    details = transcript["details"]
    found = descriptors.descriptor(details).get("totalPages") if details.succeeded else None
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def is_index(value: Any, limit: int | None) -> bool:
    """Whether a value is a page index from zero, below the number of pages if that is known."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0 and (limit is None or value < limit)


@every_time
@requirement("jasperserver.info.bookmark-tree")
def test_each_bookmark_has_label_page_and_address(bookmarked: Transcript, name: str) -> None:
    exchange = bookmarked[name]
    tree = entries(exchange, "bookmarks")
    expect.equal(part_of(exchange, "bookmarks").get("type"), "bookmarks", "type", exchange)
    for one in flat(tree):
        expect.that(isinstance(one.get("label"), str) and bool(one["label"]), "a label", one, exchange)
        expect.that(is_index(one.get("pageIndex"), pages(bookmarked)), "a pageIndex within the report", one, exchange)
        expect.that(bool(str(one.get("elementAddress", ""))), "an elementAddress", one, exchange)


@in_both
@requirement("jasperserver.info.bookmark-tree")
def test_the_nesting_of_bookmarks_is_kept(bookmarked: Transcript, kind: str) -> None:
    tree = entries(bookmarked[f"info-{kind}"], "bookmarks")
    nested = any(below(one) for one in tree)
    expect.that(nested, "bookmarks in two levels", bookmarked[f"info-{kind}"].text, bookmarked[f"info-{kind}"])


def shape(tree: Tree) -> list[Any]:
    """Labels and page indices as they are nested."""
    return [[one.get("label"), one.get("pageIndex"), shape(below(one))] for one in tree]


@requirement("jasperserver.info.bookmark-tree")
def test_the_tree_of_bookmarks_is_the_same_in_both(bookmarked: Transcript) -> None:
    json, xml = (entries(bookmarked[f"info-{kind}"], "bookmarks") for kind in ("json", "xml"))
    expect.equal(shape(xml), shape(json), "the tree in XML", bookmarked["info-xml"])


@in_both
@requirement("jasperserver.info.bookmark-tree")
def test_the_tree_of_bookmarks_is_the_same_again(bookmarked: Transcript, kind: str) -> None:
    first, again = (entries(bookmarked[f"{when}-{kind}"], "bookmarks") for when in ("info", "again"))
    expect.equal(shape(again), shape(first), "the tree", bookmarked[f"again-{kind}"])


@in_both
@requirement("jasperserver.info.bookmark-tree")
def test_each_bookmark_leads_to_its_page(bookmarked: Transcript, kind: str) -> None:
    known = bookmarked.fact("page_of")
    expect.applies(bool(known), "target.toml does not declare the pages of the bookmarks: page_of")
    info = bookmarked[f"info-{kind}"]
    tree = flat(entries(info, "bookmarks"))
    found = {str(one.get("label")): one.get("pageIndex") for one in tree if str(one.get("label")) in known}
    expect.equal(found, {label: page - 1 for label, page in known.items()}, "the page index of each label", info)


@every_time
@requirement("jasperserver.info.part-list")
def test_each_part_has_index_and_name_in_order(parted: Transcript, name: str) -> None:
    exchange = parted[name]
    listed = entries(exchange, "parts")
    expect.equal(part_of(exchange, "parts").get("type"), "reportparts", "type", exchange)
    for one in listed:
        expect.that(isinstance(one.get("name"), str) and bool(one["name"]), "a name", one, exchange)
        expect.that(is_index(one.get("idx"), pages(parted)), "an index within the report", one, exchange)
    found = [one["idx"] for one in listed]
    expect.equal(found, sorted(set(found)), "the indices, in order", exchange)
    expect.equal(found[0], 0, "the first index", exchange)


@requirement("jasperserver.info.part-list")
def test_the_parts_are_the_same_in_both(parted: Transcript) -> None:
    json, xml = (entries(parted[f"info-{kind}"], "parts") for kind in ("json", "xml"))
    found, expected = [one.get("idx") for one in xml], [one.get("idx") for one in json]
    expect.equal(found, expected, "the indices in XML", parted["info-xml"])


@in_both
@requirement("jasperserver.info.part-list")
def test_the_parts_are_the_same_again(parted: Transcript, kind: str) -> None:
    first, again = (entries(parted[f"{when}-{kind}"], "parts") for when in ("info", "again"))
    found, expected = ([[one.get("idx"), one.get("name")] for one in listed] for listed in (again, first))
    expect.equal(found, expected, "the parts", parted[f"again-{kind}"])


@requirement("jasperserver.info.no-bookmarks")
def test_a_report_without_bookmarks_has_none_in_its_info(finished: Transcript) -> None:
    expect.status(finished["info"], 200)
    found = descriptors.descriptor(finished["info"])
    expect.that(not found.get("bookmarks"), "no bookmarks", found, finished["info"])
