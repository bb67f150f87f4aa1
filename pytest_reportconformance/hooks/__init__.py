"""Everything that knows pytest's hooks.

`registration` decides what is registered: `controller` in the main process, `worker` in an xdist worker; both are
`judging`.
`own` finds what the user's own tests declare, `own_fixtures` are fixtures for them, `own_runs` plays and sends for
them, `missing_fixtures` works without a target.
`baseline` reads and creates the baseline; `end_of_run` drafts waivers and searches for secrets; `progress` writes to
the terminal.
`interrupts` handles signals, `faults` what this machine lacks, `settings` the command line.
"""
