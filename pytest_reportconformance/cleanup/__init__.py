"""Nothing that a run created stays on the target.

At the normal end each scenario removes what it created (`recording.steps`); `ledger` is written before a request is
sent and closed when the thing is gone.
On Ctrl-C or SIGTERM `interrupted` also removes what a request in flight is about to create.
After kill -9 the ledger file is still there: the next run against the same target, or `reportconformance cleanup`,
removes what it lists (`killed`) and finds what unanswered requests created (`unanswered`).
"""
