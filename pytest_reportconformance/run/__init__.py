"""One run against one target, and what prepares it.

`target_argument` turns `--target` into targets, `prompts` asks for credentials at a terminal, `preparation` completes
the target and cleans it up, `run` plays and gives the verdict, `background` plays while checks are judged,
`judging_context` is what judging needs, `plan` estimates what a run costs, `provision` creates reports for later runs,
`doctor` and `rehearsal` check whether a target is as described. `own_part`, `own_requests` and `asking` are what a run
does for the user's own tests.
"""
