"""The repository: `/rest_v2/resources` and `/rest_v2/permissions`."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any
from urllib.parse import unquote

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference.bodies import json_object
from pytest_reportconformance.jasperserver.reference.core import Core
from pytest_reportconformance.jasperserver.reference.faults import (
    GENERIC,
    Fault,
    Refusal,
    denied,
    illegal,
    not_found,
    unreadable,
)
from pytest_reportconformance.jasperserver.reference.identities import Caller
from pytest_reportconformance.jasperserver.reference.negotiation import JSON
from pytest_reportconformance.jasperserver.reference.reports import default_waits, design_name
from pytest_reportconformance.jasperserver.reference.resources import (
    ADMINISTER,
    CREATE,
    DELETE,
    READ,
    WRITE,
    Resource,
    parent_of,
)
from pytest_reportconformance.jasperserver.reference.serialization import as_json

TYPE = re.compile(r"application/repository\.(\w+)\+json", re.IGNORECASE)
Members = dict[str, Any]


class RepositoryService(Core):
    """Lists, reads, creates and removes resources; sets permissions. Bodies are JSON."""

    def json_answer(self, members: Any, status: int = 200, content_type: str = JSON) -> Answer:
        """An answer in JSON."""
        return Answer(status, as_json(members), [("Content-Type", content_type)])

    def allowed(self, caller: Caller, uri: str, *rights: int) -> bool:
        """Whether the caller has one of the rights on an absolute path, or administers it."""
        return bool(self.repository.mask(caller.identity, uri) & (ADMINISTER | sum(rights)))

    def list_resources(self, caller: Caller) -> Answer:
        """The resources below `folderUri` that the caller may read; 204 if there is none."""
        argument = caller.call.argument
        folder = self.absolute(caller.identity.organization, argument("folderUri") or "")
        deep = (argument("recursive") or "true").lower() != "false"
        found = [
            resource
            for resource in self.repository.below(folder, deep=deep)
            if self.allowed(caller, resource.uri, READ) and (argument("type") or resource.type) == resource.type
        ]
        total, limit = len(found), self.limit(argument("limit") or "100")
        found = found[:limit] if limit else found
        if not found:
            return Answer(204)
        answer = self.json_answer({"resourceLookup": [self.lookup_members(one, caller) for one in found]})
        answer.headers += [("Start-Index", "0"), ("Result-Count", str(len(found))), ("Total-Count", str(total))]
        return answer

    def limit(self, text: str) -> int:
        """How many resources to list at most; 0 means all."""
        if not text.isascii() or not text.isdigit():
            raise illegal("limit", text)
        return int(text)

    def lookup_members(self, resource: Resource, caller: Caller) -> Members:
        """A summary of a resource."""
        return self.common_members(resource, caller) | {"resourceType": resource.type}

    def common_members(self, resource: Resource, caller: Caller) -> Members:
        """The members of a resource of any type."""
        made = resource.made.strftime("%Y-%m-%dT%H:%M:%S")
        members: Members = {
            "version": resource.version,
            "permissionMask": self.repository.mask(caller.identity, resource.uri),
            "creationDate": made,
            "updateDate": made,
            "label": resource.label,
        }
        if "description" in resource.members:
            members["description"] = resource.members["description"]
        return members | {"uri": self.relative(caller.identity.organization, resource.uri) or "/"}

    def resource_members(self, resource: Resource, caller: Caller) -> Members:
        """All members of a resource."""
        return self.common_members(resource, caller) | resource.members

    def read_resource(self, caller: Caller, uri: str) -> Answer:
        """One resource; the media type names its type."""
        resource = self.repository.resources.get(self.absolute(caller.identity.organization, uri))
        if resource is None:
            raise not_found(uri)
        if not self.repository.mask(caller.identity, resource.uri):
            raise denied()
        kind = f"application/repository.{resource.type}+json"
        return self.json_answer(self.resource_members(resource, caller), content_type=kind)

    def create_resource(self, caller: Caller, parent: str) -> Answer:
        """Create a resource in a folder; its name is derived from the label."""
        members = json_object(caller.call.body)
        name = re.sub(r"\W", "_", str(members.get("label", "")))
        return self.store(caller, f"{parent.rstrip('/')}/{name}", members, existing=Refusal(500, GENERIC))

    def put_resource(self, caller: Caller, uri: str) -> Answer:
        """Create a resource at a path; replace an existing one only with `overwrite=true`."""
        overwrite = (caller.call.argument("overwrite") or "").lower() == "true"
        folder = self.absolute(caller.identity.organization, parent_of(uri))
        make_folders = (caller.call.argument("createFolders") or "true").lower() == "true"
        if not make_folders and folder not in self.repository.resources:
            raise Refusal(404, Fault("folder.not.found", f"There is no folder {parent_of(uri)}.", (parent_of(uri),)))
        conflict = Refusal(409, Fault("version.not.match", "The resource exists.", (uri,)))
        return self.store(caller, uri, json_object(caller.call.body), existing=None if overwrite else conflict)

    def store(self, caller: Caller, uri: str, members: Members, existing: Refusal | None) -> Answer:
        """Store a resource; raise `existing` if there is one already."""
        path = self.absolute(caller.identity.organization, uri)
        if not self.allowed(caller, parent_of(path), CREATE, WRITE):
            raise denied()
        resource = self.resource_from(caller, path, dict(members))
        with self.lock:
            if path in self.repository.resources:
                if existing:
                    raise existing
                self.repository.remove(path)
            self.repository.put(resource)
        return self.json_answer(self.resource_members(resource, caller), 201)

    def resource_from(self, caller: Caller, path: str, members: Members) -> Resource:
        """The resource that a request describes; its type is in the Content-Type, else it is a file of type json."""
        found = TYPE.fullmatch(caller.call.header("Content-Type").partition(";")[0].strip())
        resource = Resource(path, found[1] if found else "file", str(members.pop("label", path.rpartition("/")[2])))
        resource.members = {name: value for name, value in members.items() if name not in ("uri", "version")}
        if resource.type == "reportUnit":
            self.furnish_unit(caller, resource)
        return resource

    def furnish_unit(self, caller: Caller, unit: Resource) -> None:
        """Recognise the report of an uploaded definition, and refer to its parts."""
        file = unit.members.get("jrxml", {}).get("jrxmlFile", {})
        try:
            definition = base64.b64decode(str(file.get("content", "")), validate=True)
        except binascii.Error:
            raise unreadable("the definition is not in base64.") from None
        design = design_name(definition)
        if design is None:
            raise illegal("jrxml", str(file.get("label", "")))
        unit.design, unit.waits = design, default_waits(definition)
        uri = self.relative(caller.identity.organization, unit.uri)
        reference = {"uri": f"{uri}_files/{file.get('label')}", "version": 0}
        unit.members["jrxml"] = {"jrxmlFileReference": reference}
        parts = unit.members.get("resources", {}).get("resource", [])
        if parts:
            files = [
                {"name": one["name"], "file": {"fileReference": {"uri": f"{uri}_files/{one['name']}"}}} for one in parts
            ]
            unit.members["resources"] = {"resource": files}
        controls = [str(one["inputControlReference"]["uri"]) for one in unit.members.get("inputControls", [])]
        unit.controls = tuple(control.rpartition("/")[2] for control in controls)

    def delete_resource(self, caller: Caller, uri: str) -> Answer:
        """Remove a resource with all below it; 204 also if there is none."""
        path = self.absolute(caller.identity.organization, uri)
        if path in self.repository.resources:
            if not self.allowed(caller, path, DELETE):
                raise denied()
            with self.lock:
                self.repository.remove(path)
        return Answer(204)

    def administered(self, caller: Caller, uri: str) -> str:
        """The absolute path of a resource that the caller administers; 403 or 404 if there is no such resource."""
        path = self.absolute(caller.identity.organization, uri)
        if not self.allowed(caller, path):
            raise denied()
        if path not in self.repository.resources:
            raise not_found(uri)
        return path

    def set_permission(self, caller: Caller) -> Answer:
        """Set the mask of a recipient on a resource."""
        members = json_object(caller.call.body)
        uri, recipient = str(members.get("uri", "")), str(members.get("recipient", ""))
        try:
            mask = int(members.get("mask", ""))
        except (TypeError, ValueError):
            raise illegal("mask", str(members.get("mask"))) from None
        path = self.administered(caller, uri)
        self.apply_permission(path, recipient, mask)
        return self.json_answer({"uri": uri, "recipient": recipient, "mask": mask}, 201)

    def apply_permission(self, path: str, recipient: str, mask: int) -> None:
        """Make a mask effective."""
        self.repository.masks.setdefault(path, {})[recipient] = mask

    def read_permissions(self, caller: Caller, uri: str) -> Answer:
        """The masks set on a resource itself; 204 if there is none."""
        masks = self.repository.masks.get(self.administered(caller, uri), {})
        listed = [{"uri": uri, "recipient": recipient, "mask": mask} for recipient, mask in masks.items()]
        return self.json_answer({"permission": listed}) if listed else Answer(204)

    def delete_permission(self, caller: Caller, uri: str) -> Answer:
        """Remove the mask of one recipient, written as `{uri};recipient=…`, or of all."""
        path, _, recipient = uri.partition(";recipient=")
        masks = self.repository.masks.get(self.administered(caller, path), {})
        for name in [unquote(recipient)] if recipient else list(masks):
            masks.pop(name, None)
        return Answer(204)
