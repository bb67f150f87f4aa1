"""The flows of the reportExecutions service, one file an operation."""
