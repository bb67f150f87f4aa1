"""Mutants of the reference server, each with one fault."""
