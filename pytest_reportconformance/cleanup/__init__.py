"""Nothing that a run created stays on the target.

Before a request that creates something is sent, it is an entry in the `ledger`, which is closed after the removal.
At the normal end of each scenario, `removal` removes what the scenario created.
On Ctrl-C or SIGTERM the scenarios end, which removes the same; `interrupted` also removes what requests in flight
create.
After kill -9 the ledger file is still there: the next run against the same target, or `reportconformance cleanup`,
removes what it lists (`killed`) and finds what unanswered requests created (`unanswered`).
"""
