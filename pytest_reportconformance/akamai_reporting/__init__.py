"""The Akamai Reporting API v2: its operations, scenarios, checks and reference server."""
