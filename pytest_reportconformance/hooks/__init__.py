"""Everything that knows pytest's hooks.

`registration` decides what is registered: `controller` in the main process, `judging` alone in an
xdist worker.
`baseline` reads and creates the baseline; `end_of_run` drafts waivers and searches for secrets; `progress` writes to
the terminal.
`interrupts` handles signals, `faults` what this machine lacks, `settings` the command line.
"""
