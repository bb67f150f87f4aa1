"""A server that meets every requirement of the Reporting API v2; mutants of it prove the checks."""

from pytest_reportconformance.akamai_reporting.reference.server import Reference

__all__ = ["Reference"]
