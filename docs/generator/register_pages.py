"""The register as pages: for each API an index, a page for each operation, and its known deviations."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from docs.generator import evidence, repository
from docs.generator.evidence import Evidence
from docs.generator.markdown import Page, bullets, code, counted, folded, link, prose, table, target, text, toctree
from pytest_reportconformance.register import apis, register
from pytest_reportconformance.register.register import LEVELS, Register, Requirement


def pages() -> Iterator[Page]:
    """The index of all registers, then the pages of each API."""
    listed = [f"{api.replace('_', '-')}/index" for api in repository.names()]
    rows = [
        (f"[{api}]({page}.md)", *counts(list(register.load(api).requirements.values())))
        for api, page in zip(repository.names(), listed, strict=True)
    ]
    yield Page(
        "register/index",
        "# The register\n\nWhat is promised: each documented sentence is one requirement. A page for each operation "
        "shows what checks it, which mutants (deliberately faulty servers) violate it, and which products deviate.\n\n"
        f"{table(('API', *LEVELS, 'unchecked'), rows)}\n{toctree(listed, hidden=True)}",
    )
    for api in repository.names():
        yield from of(api)


def of(api: str) -> Iterator[Page]:
    """The pages of one API."""
    known, found, folder = register.load(api), evidence.of(api), f"register/{api.replace('_', '-')}"
    operations = {
        name: list(group) for name, group in groupby(known.requirements.values(), key=lambda one: one.operation)
    }
    yield Page(f"{folder}/index", index(known, operations))
    for name, requirements in operations.items():
        parts = [f"# {api}: {name}\n\n", summary(requirements)]
        yield Page(f"{folder}/{name}", "".join([*parts, *(described(one, known, found) for one in requirements)]))
    if known.deviations:
        parts = [f"# {api}: known deviations\n\nHow products are known to differ from the document.\n\n"]
        parts += [part for one in known.deviations.values() for part in evidence.deviation(one)]
        yield Page(f"{folder}/known-deviations", "".join(parts))


def counts(requirements: list[Requirement]) -> tuple[str, ...]:
    """How many requirements there are of each level, and how many have no check."""
    levels = [sum(one.level == level for one in requirements) for level in LEVELS]
    return (*map(str, levels), str(sum(one.unchecked is not None for one in requirements)))


def index(known: Register, operations: dict[str, list[Requirement]]) -> str:
    """The index of an API: its operations with the number of requirements, and its documents."""
    rows = [(f"[{name}]({name}.md)", *counts(found)) for name, found in operations.items()]
    rows.append(("all", *counts(list(known.requirements.values()))))
    documents = [
        (f"[{text(one.title)}]({one.url})", "yes" if one.normative else "") for one in known.documents.values()
    ]
    more = ["known-deviations"] if known.deviations else []
    tree = toctree([*operations, *more], hidden=True)
    return (
        f"# Register of {known.api}\n\n{text(apis.load(known.api).title)}\n\n"
        f"{table(('operation', *LEVELS, 'unchecked'), rows)}\n"
        f"{'[Known deviations of products](known-deviations.md)' if more else ''}\n\n"
        f"## Documents\n\nOnly a normative document supports MUST requirements.\n\n"
        f"{table(('document', 'normative'), documents)}\n{permissions(known)}{tree}"
    )


def permissions(known: Register) -> str:
    """Who may do what, as far as the document says so."""
    rows = [
        (prose(one.says), ", ".join(map(link, one.allowed)), ", ".join(map(link, one.refused)))
        for one in known.permissions
    ]
    return f"## Permissions\n\n{table(('action', 'allowed', 'refused'), rows)}\n" if rows else ""


def summary(requirements: list[Requirement]) -> str:
    """The requirements of an operation at a glance."""
    rows = [(one.level, prose(one.says), link(one.id, code(one.id.rpartition(".")[2]))) for one in requirements]
    return f"{table(('level', 'requirement', 'ID'), rows)}\n"


def described(one: Requirement, known: Register, found: Evidence) -> str:
    """A requirement with everything that is known about it."""
    source = f"[{text(one.document.title)}]({one.source_url}), section “{text(one.section)}”"
    products = bullets(not_applicable(one, known))
    return "".join(
        [
            f"{target(one.id)}## {code(one.id)}\n\n**{one.level}.** {prose(one.says)}\n\n",
            f"Applies when: {prose(one.when)}\n\n" if one.when else "",
            f"Since version {text(one.since)} of the product.\n\n" if one.since else "",
            f"Source: {source}\n\n",
            f"No check: {prose(one.unchecked)}\n\n" if one.unchecked else evidence.checks(found, one.id),
            evidence.violating(found, one.id),
            evidence.deviating(found, one.id),
            f"Not applicable to:\n\n{products}\n" if products else "",
            follows(one),
        ]
    )


def not_applicable(one: Requirement, known: Register) -> Iterator[str]:
    """The products that leave a requirement without an object."""
    for facts in known.products.values():
        for fact in facts.facts:
            if one.id in fact.requirements:
                versions = "" if fact.versions == "*" else f" {code(fact.versions)}"
                product = f"{facts.product} {facts.edition or ''}".rstrip()
                yield f"{text(product)}{versions}: {prose(fact.reason)}"


def follows(one: Requirement) -> str:
    """The requirements whose violation may violate this one as well."""
    says = f"May follow from the violation of {counted(len(one.implied_by), 'other')}"
    return f"{folded(says, bullets(map(link, one.implied_by)))}\n" if one.implied_by else ""
