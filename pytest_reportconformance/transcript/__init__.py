"""The evidence: what was sent and what was answered, stored once, as HAR 1.2.

An `exchange` is one request with its answer, a `transcript` the exchanges of one scenario in order, `failures` what a
check raises about them. `har` writes and reads transcripts, `parsing` reads JSON and XML that others sent, `curl`
prints a request, `answer` what was answered, `usage` records which evidence a check inspected, `walk`
finds in the walks of an exploration what they violate.
"""
