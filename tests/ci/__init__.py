"""The files for CI systems: what can be run here is run, the rest is checked by linters and schemas."""
