"""The register reads both APIs and refuses, with file and key, everything that is not in its format."""

from pathlib import Path

import pytest

from pytest_reportconformance.register import installed, register
from pytest_reportconformance.register.register import RegisterError
from pytest_reportconformance.register.versions import is_range, lies_in

SOURCE = """
[documents.page]
title = "Page"
url = "https://example.test/page"
normative = true
[documents.rfc]
title = "RFC"
url = "https://example.test/rfc"
normative = false
"""
ENTRY = """
["coffee.long-brew.hot"]
level = "MUST"
says = "It is hot."
source = { document = "page", section = "Brewing" }
when = "a pot is there"
since = "7.8"
unchecked = "the pot has no thermometer"
["coffee.long-brew.black"]
level = "SHOULD"
says = "It is black."
source = { document = "rfc", section = "2" }
implied_by = ["coffee.long-brew.hot"]
"""
DEVIATION = """
["lukewarm-brew"]
product = "Pot"
versions = ">=6.2.1,<=8.2"
requirements = ["coffee.long-brew.h*"]
occurs = "always"
instead = "It is lukewarm."
observed_on = ["6.4.2"]
"""
PRODUCT = """
["Pot CE"]
product = "Pot"
edition = "CE"
[["Pot CE".not_applicable]]
requirements = ["coffee.long-brew.black"]
versions = "<7"
reason = "it makes tea"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "coffee"
    (folder / "requirements").mkdir(parents=True)
    (folder / "source.toml").write_text(SOURCE)
    (folder / "requirements" / "long_brew.toml").write_text(ENTRY)
    (folder / "deviations.toml").write_text(DEVIATION)
    (folder / "products.toml").write_text(PRODUCT)
    return folder


def test_a_requirement_is_read_whole(folder: Path) -> None:
    hot, black = register.read(folder).requirements.values()
    assert (hot.id, hot.api, hot.operation, hot.level) == ("coffee.long-brew.hot", "coffee", "long-brew", "MUST")
    assert (hot.says, hot.section, hot.source_url) == ("It is hot.", "Brewing", "https://example.test/page")
    assert (hot.when, hot.since) == ("a pot is there", "7.8")
    assert hot.unchecked == "the pot has no thermometer"
    assert black.implied_by == ("coffee.long-brew.hot",)
    assert black.unchecked is black.when is black.since is None


def test_a_glob_names_ids_in_order(folder: Path) -> None:
    assert register.read(folder).match("coffee.*") == ["coffee.long-brew.hot", "coffee.long-brew.black"]
    assert register.read(folder).match("coffee.*.black") == ["coffee.long-brew.black"]


def test_a_deviation_applies_to_its_product_and_versions(folder: Path) -> None:
    (deviation,) = register.read(folder).deviations.values()
    assert deviation.requirements == ("coffee.long-brew.hot",)
    assert deviation.applies("Pot", "8.2.1")
    assert not deviation.applies("Pot", "8.3")
    assert not deviation.applies("Kettle", "8.2")
    assert not deviation.applies(None, None)
    assert deviation.observed_on == ("6.4.2",)


def test_a_product_fact_gives_its_reason(folder: Path) -> None:
    (facts,) = register.read(folder).products.values()
    assert facts.not_applicable("coffee.long-brew.black", "Pot", "CE", "6.4") == "it makes tea"
    assert facts.not_applicable("coffee.long-brew.black", "Pot", "CE", "7.1") is None
    assert facts.not_applicable("coffee.long-brew.black", "Pot", "PRO", "6.4") is None
    assert facts.not_applicable("coffee.long-brew.hot", "Pot", "CE", "6.4") is None


def test_deviations_and_products_are_optional(folder: Path) -> None:
    (folder / "deviations.toml").unlink()
    (folder / "products.toml").unlink()
    found = register.read(folder)
    assert (found.deviations, found.products) == ({}, {})


def test_the_digest_covers_every_file(folder: Path) -> None:
    digests = {register.read(folder).digest}
    (folder / "schema.json").write_text("{}")
    digests.add(register.read(folder).digest)
    (folder / "schema.json").write_text("[]")
    digests.add(register.read(folder).digest)
    assert len(digests) == 3


FAULTS = {
    "unknown key": ("long_brew.toml", "since =", "sinse =", "sinse", "did you mean 'since'"),
    "unknown level": ("long_brew.toml", '"SHOULD"', '"SHOLD"', "SHOLD", "did you mean 'SHOULD'"),
    "other api": ("long_brew.toml", '["coffee.long-brew.hot"]', '["tea.long-brew.hot"]', "tea.long-brew.hot", "coffee"),
    "other operation": ("long_brew.toml", '["coffee.long-brew.hot"]', '["coffee.brew.hot"]', "brew.hot", "long-brew"),
    "no slug": ("long_brew.toml", '["coffee.long-brew.hot"]', '["coffee.long-brew.Hot!"]', "Hot!", "<slug>"),
    "no says": ("long_brew.toml", 'says = "It is hot."', "", "says", "found nothing"),
    "modal verb": ("long_brew.toml", "It is hot.", "It must be hot.", "says", "'must'"),
    "no period": ("long_brew.toml", "It is hot.", "It is hot", "says", "period"),
    "unknown document": ("long_brew.toml", 'document = "page"', 'document = "pages"', "pages", "did you mean 'page'"),
    "normative": ("long_brew.toml", 'document = "page"', 'document = "rfc"', "level", "not normative"),
    "unknown implication": (
        "long_brew.toml",
        'by = ["coffee.long-brew.hot',
        'by = ["coffee.long-brew.hott',
        "hott",
        "hot'",
    ),
    "itself implied": (
        "long_brew.toml",
        'by = ["coffee.long-brew.hot',
        'by = ["coffee.long-brew.black',
        "black",
        "other",
    ),
    "no source": ("long_brew.toml", 'source = { document = "rfc", section = "2" }', "", "source", "a table"),
    "duplicate": ("long_brew.toml", "long-brew.black", "long-brew.hot", "long_brew.toml", "twice"),
    "unknown deviation target": ("deviations.toml", "brew.h*", "brew.hod", "brew.hod", "did you mean"),
    "deviation without effect": ("deviations.toml", '["coffee.long-brew.h*"]', "[]", "quirk", "either"),
    "quirk with effect": ("deviations.toml", "occurs", "quirk = true\noccurs", "quirk", "either"),
    "range": ("deviations.toml", ">=6.2.1,<=8.2", "6.2 to 8.2", "versions", "separated by commas"),
    "unknown occurrence": ("deviations.toml", "always", "allways", "occurs", "did you mean 'always'"),
    "deviation without a word": ("deviations.toml", "lukewarm-brew", "DEV-01", "DEV-01", "<slug>"),
    "observed elsewhere": ("deviations.toml", '"6.4.2"', '"9.0"', "9.0", ">=6.2.1,<=8.2"),
    "unknown product target": ("products.toml", "brew.black", "brew.blak", "brew.blak", "did you mean"),
    "unknown fact key": ("products.toml", "reason", "raison", "raison", "did you mean 'reason'"),
    "flag": ("source.toml", "true", '"yes"', "normative", "true or false"),
    "unknown source key": ("source.toml", "documents.rfc", "document.rfc", "document", "did you mean 'documents'"),
}


@pytest.mark.parametrize(("name", "good", "bad", "found", "allowed"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_refused_with_file_found_and_allowed(
    folder: Path, name: str, good: str, bad: str, found: str, allowed: str
) -> None:
    file = next(folder.rglob(name))
    assert good in file.read_text()
    file.write_text(file.read_text().replace(good, bad, 1))
    with pytest.raises(RegisterError) as refused:
        register.read(folder)
    message = str(refused.value)
    assert message.startswith(file.relative_to(folder.parent).as_posix())
    assert found in message
    assert allowed in message


def test_an_id_stands_in_one_file_only(folder: Path) -> None:
    (folder / "requirements" / "zest.toml").write_text(ENTRY)
    with pytest.raises(RegisterError, match=r"zest\.toml: .*each ID once"):
        register.read(folder)


def test_an_unknown_api_is_refused() -> None:
    with pytest.raises(RegisterError, match="did you mean 'akamai_reporting'"):
        register.load("akamai-reporting")


@pytest.mark.parametrize("api", register.api_names())
def test_every_register_loads(api: str) -> None:
    found = register.load(api)
    assert found is register.load(api)
    assert found.requirements
    assert len(found.digest) == 64


def test_a_wheel_carries_its_specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "package"
    (package / "specs").mkdir(parents=True)
    monkeypatch.setattr(installed, "__file__", str(package / "register" / "installed.py"))
    assert installed.specs_folder() == package / "specs"
    (package / "specs").rmdir()
    assert installed.specs_folder() == Path(tmp_path / "specs")


def test_the_mark_carries_the_id() -> None:
    mark = register.requirement("coffee.long-brew.hot").mark
    assert (mark.name, mark.args) == ("requirement", ("coffee.long-brew.hot",))


@pytest.mark.parametrize(
    ("version", "range", "inside"),
    [
        ("8.2.1", "<=8.2", True),
        ("8.2.1", ">8.2", False),
        ("8.2", "<8.2.1", True),
        ("8.10", "<=8.2", False),
        ("6.2", ">=6.2.1", False),
        ("7.8.0-ce (build 3)", ">=7.8,!=8", True),
        ("8.0.2", "==8", True),
        (None, "*", True),
        (None, ">=1", False),
        ("unknown", ">=1", False),
    ],
)
def test_versions_compare_by_number(version: str | None, range: str, inside: bool) -> None:
    assert lies_in(version, range) is inside


def test_a_range_is_recognised() -> None:
    assert all(is_range(text) for text in ("*", ">=1, <2", "==8.2"))
    assert not any(is_range(text) for text in ("", "1.2", ">=1,", "~=1"))
