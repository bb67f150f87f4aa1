"""A server that keeps every promise of the Reporting API v2, to prove the checks on and to be lied with."""

from pytest_reportconformance.akamai_reporting.reference.server import Reference

__all__ = ["Reference"]
