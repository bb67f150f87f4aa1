"""Bytes on the wire, both ends.

`client` sends one request and returns one exchange, `verbatim` keeps its bytes as they are, `bodies` reads answers
within bounds, `auth` signs on, `rate_limit` paces, `errors` names what went wrong, `retry_after` and `origin` are
pure rules of RFC 9110 and RFC 6454. `server` is what every reference server listens with.
"""
