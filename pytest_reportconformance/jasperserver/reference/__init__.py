"""A server that keeps every promise of the asynchronous report service; `serving.Server` puts it on a port."""

from __future__ import annotations

from pytest_reportconformance.jasperserver.reference.server import Reference

__all__ = ["Reference"]
