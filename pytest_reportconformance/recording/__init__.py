"""From a scenario to its transcript.

`recorder` runs the needed scenarios together; `steps` sends and records the requests of one scenario; `context` is
what all scenarios of a run share; `polling` does the waiting: polls, Retry-After, 429; `reachability` ends a run
whose target is unreachable; `walker` explores.
"""
