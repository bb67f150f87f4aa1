"""Bytes on the wire, both ends.

`client` sends one request and returns one exchange, `verbatim` keeps its bytes as they are, `bodies` reads answers
within bounds, `cookies` holds those of a session, `auth` and `oauth2` authenticate with what `wire` gives
them, `rate_limit` limits requests in
flight and per minute, `errors` says why there is no answer, `retry_after` and `origin` are pure rules of RFC 9110 and
RFC 6454. `server` is the HTTP server of every reference server.
"""
