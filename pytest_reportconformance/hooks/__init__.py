"""Everything that knows pytest's hooks.

`registration` decides what is registered: in the controller `controller`, in an xdist worker `judging` alone.
`end_of_run` compares, drafts waivers and searches for secrets; `progress` writes to the terminal.
"""
