"""A server that meets every requirement of the asynchronous report service; `http.server.Server` binds it to a port."""

from __future__ import annotations

from pytest_reportconformance.jasperserver.reference.server import Reference

__all__ = ["Reference"]
