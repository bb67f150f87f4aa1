"""Conformance suite for asynchronous report APIs, as a pytest plugin."""

__version__ = "0.1.0"
__all__ = ["__version__"]
