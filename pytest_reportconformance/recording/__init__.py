"""From a scenario to its transcript.

`recorder` runs the needed scenarios together; `steps` sends and records the requests of one scenario; `context` is
what all scenarios of a run share; `polling` does the waiting: polls, Retry-After, 429; `reachability` ends a run
whose target is unreachable; `walker` explores. `identity_client` is what the user's own tests send requests with,
`declared_steps` reads the names of steps in their scenarios.
"""
