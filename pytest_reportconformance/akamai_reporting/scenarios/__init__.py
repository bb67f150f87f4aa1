"""The flows of the Reporting API, one file an operation."""
