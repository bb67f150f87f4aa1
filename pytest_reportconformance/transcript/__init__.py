"""The evidence: what was sent and what was answered, stored once, as HAR 1.2.

An `exchange` is one request with its answer, a transcript those of one scenario in order. `har` writes and reads
them, `parsing` reads JSON and XML that other users sent, `curl` prints a request, `usage` knows what a check looked at.
"""
