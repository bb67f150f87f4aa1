"""Accounts: `/rest_v2/users` and `/rest_v2/roles`, for administrators."""

from __future__ import annotations

from typing import Any

from pytest_reportconformance.http.server import Answer
from pytest_reportconformance.jasperserver.reference.bodies import json_object
from pytest_reportconformance.jasperserver.reference.faults import denied, not_found, unreadable
from pytest_reportconformance.jasperserver.reference.identities import ADMINISTRATOR, USER, Account, Caller, Identity
from pytest_reportconformance.jasperserver.reference.repository import RepositoryService

Members = dict[str, Any]


class Users(RepositoryService):
    """Creates, reads, changes and removes accounts of the administrator's organization and those below it."""

    def account_of(self, caller: Caller, name: str) -> Account | None:
        """An account that the caller administers; 403 for others."""
        if not caller.identity.is_admin:
            raise denied()
        account = self.accounts.known.get(name)
        if account and not caller.identity.organization.contains(account.identity.organization):
            raise denied()
        return account

    def put_user(self, caller: Caller, name: str) -> Answer:
        """Create an account (201), or replace an existing one (200)."""
        existing = self.account_of(caller, name)
        members = json_object(caller.call.body)
        roles = members.get("roles", [])
        if not isinstance(roles, list) or not all(isinstance(role, dict) for role in roles):
            raise unreadable("roles are objects in an array.")
        organization = existing.identity.organization if existing else caller.identity.organization
        account = Account(
            Identity(name, organization, frozenset(str(role.get("name")) for role in roles)),
            str(members.get("password", existing.password if existing else "")),
            full_name=str(members.get("fullName", name)),
            email=str(members.get("emailAddress", "")),
            enabled=members.get("enabled", True) is not False,
        )
        with self.lock:
            self.accounts.known[name] = account
        return self.json_answer(self.user_members(account), 200 if existing else 201)

    def user_members(self, account: Account) -> Members:
        """The members of an account, without the password."""
        roles = [{"name": role, "externallyDefined": False} for role in sorted(account.identity.roles)]
        return {
            "fullName": account.full_name,
            "emailAddress": account.email,
            "externallyDefined": False,
            "enabled": account.enabled,
            "username": account.username,
            "roles": roles,
        }

    def read_user(self, caller: Caller, name: str) -> Answer:
        """One account."""
        account = self.account_of(caller, name)
        if account is None:
            raise not_found(name)
        return self.json_answer(self.user_members(account))

    def list_users(self, caller: Caller) -> Answer:
        """The accounts that the caller administers."""
        known = [account for account in self.accounts.known.values() if self._below(caller, account)]
        listed = [
            {"fullName": account.full_name, "externallyDefined": False, "username": account.username}
            for account in known
        ]
        return self.json_answer({"user": listed})

    def _below(self, caller: Caller, account: Account) -> bool:
        if not caller.identity.is_admin:
            raise denied()
        return caller.identity.organization.contains(account.identity.organization)

    def list_roles(self, caller: Caller) -> Answer:
        """The roles in use."""
        used = {role for account in self.accounts.known.values() for role in account.identity.roles}
        roles = sorted(used | {USER, ADMINISTRATOR})
        return self.json_answer({"role": [{"name": role, "externallyDefined": False} for role in roles]})

    def delete_user(self, caller: Caller, name: str) -> Answer:
        """Remove an account; its sessions end."""
        if self.account_of(caller, name) is None:
            raise not_found(name)
        with self.lock:
            self.accounts.known.pop(name, None)
        return Answer(204)
