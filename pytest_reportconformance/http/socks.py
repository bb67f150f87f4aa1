"""Connections through a SOCKS proxy, for urllib3; needs PySocks.

Rule: imported only if such a proxy is used.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from urllib3.contrib import socks


@cache
def pools(connection: type, pool: type) -> dict[str, Any]:
    """The connection pools by scheme, made of urllib3's and of what is mixed into connections and pools."""
    parts = {
        "http": (socks.SOCKSConnection, socks.SOCKSHTTPConnectionPool),
        "https": (socks.SOCKSHTTPSConnection, socks.SOCKSHTTPSConnectionPool),
    }
    return {
        scheme: type("SocksPool", (pool, base), {"ConnectionCls": type("SocksConnection", (connection, one), {})})
        for scheme, (one, base) in parts.items()
    }
