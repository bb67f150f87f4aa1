"""Servers that accept only one way to write a request."""

from __future__ import annotations

import json

from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.jasperserver.reference.bodies import Members
from pytest_reportconformance.jasperserver.reference.faults import Refusal
from pytest_reportconformance.jasperserver.reference.identities import Caller
from tests.jasperserver.faults import is_run, sends_xml
from tests.jasperserver.mutants.negotiation import exports
from tests.mutation.kill_matrix import kills


class _Members(Reference):
    """Refuses members of a JSON request, or reads them differently."""

    def members_of(self, caller: Caller, root: str) -> Members:
        members = super().members_of(caller, root)
        return members if sends_xml(caller) else self.changed(dict(members), caller)

    def changed(self, members: Members, caller: Caller) -> Members:
        raise NotImplementedError


@kills("jasperserver.negotiation.boolean-as-text")
class StrictBooleans(_Members):
    """Answers 400 to a boolean that is written as a string."""

    def changed(self, members: Members, caller: Caller) -> Members:
        if any(value in ("true", "false") for value in members.values() if isinstance(value, str)):
            raise Refusal(400)
        return members


@kills("jasperserver.negotiation.boolean-as-text")
class TextIsTrue(_Members):
    """Treats every string except the empty one as true in a run."""

    def changed(self, members: Members, caller: Caller) -> Members:
        text = isinstance(members.get("ignorePagination"), str) and is_run(caller)
        return members | {"ignorePagination": True} if text else members


@kills("jasperserver.negotiation.pages-as-number")
class StrictPages(_Members):
    """Answers 400 to a page that is written as a number."""

    def changed(self, members: Members, caller: Caller) -> Members:
        if isinstance(members.get("pages"), int):
            raise Refusal(400)
        return members


@kills("jasperserver.negotiation.pages-as-number")
class IgnoresNumbers(_Members):
    """Ignores a page that is written as a number in a run."""

    def changed(self, members: Members, caller: Caller) -> Members:
        if isinstance(members.get("pages"), int) and is_run(caller):
            del members["pages"]
        return members


@kills("jasperserver.negotiation.unknown-json-members")
class StrictRuns(_Members):
    """Answers 400 to a run with unknown members."""

    def changed(self, members: Members, caller: Caller) -> Members:
        if is_run(caller) and any(name.startswith("x-") for name in members):
            raise Refusal(400)
        return members


@kills("jasperserver.negotiation.unknown-json-members")
class StrictExports(_Members):
    """Answers 400 to an export with unknown members."""

    def changed(self, members: Members, caller: Caller) -> Members:
        if exports(caller) and any(name.startswith("x-") for name in members):
            raise Refusal(400)
        return members


@kills("jasperserver.negotiation.unknown-xml-elements")
class StrictXml(Reference):
    """Answers 400 to an export with unknown elements."""

    def members_of(self, caller: Caller, root: str) -> Members:
        if sends_xml(caller) and b"<xPurpose>" in caller.call.body:
            raise Refusal(400)
        return super().members_of(caller, root)


class _Nulls(Reference):
    """Treats some members with the value null as present."""

    def members_of(self, caller: Caller, root: str) -> Members:
        members = super().members_of(caller, root)
        if sends_xml(caller):
            return members
        given = json.loads(caller.call.body)
        nulls = [name for name, value in given.items() if value is None] if isinstance(given, dict) else []
        return self.changed(dict(members), nulls, caller)

    def changed(self, members: Members, nulls: list[str], caller: Caller) -> Members:
        raise NotImplementedError


@kills("jasperserver.negotiation.null-members")
class NoNulls(_Nulls):
    """Answers 400 to members with the value null."""

    def changed(self, members: Members, nulls: list[str], caller: Caller) -> Members:
        if nulls:
            raise Refusal(400)
        return members


@kills("jasperserver.negotiation.null-members")
class NullIsAnAnchor(_Nulls):
    """Looks for an anchor named null in a run."""

    def changed(self, members: Members, nulls: list[str], caller: Caller) -> Members:
        return members | {"anchor": "null"} if "anchor" in nulls and is_run(caller) else members


@kills("jasperserver.negotiation.null-members")
class NullIsAPage(_Nulls):
    """Treats null as the first page after the end, in an export."""

    def changed(self, members: Members, nulls: list[str], caller: Caller) -> Members:
        return members | {"pages": "99"} if "pages" in nulls and exports(caller) else members


@kills("jasperserver.negotiation.null-members")
class NullIsTheFirstPage(_Nulls):
    """Exports the first page if the pages are null."""

    def changed(self, members: Members, nulls: list[str], caller: Caller) -> Members:
        return members | {"pages": "1"} if "pages" in nulls and exports(caller) else members
