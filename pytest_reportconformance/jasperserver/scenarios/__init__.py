"""The scenarios of the reportExecutions service, one file an operation."""
