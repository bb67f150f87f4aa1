"""A server that keeps every promise of the asynchronous report service; `serving.Server` puts it on a port."""

from __future__ import annotations

from .server import Reference

__all__ = ["Reference"]
