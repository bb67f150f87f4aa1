"""Mutants: faulty variants of the reference server, each with one fault and the requirements that it violates."""
