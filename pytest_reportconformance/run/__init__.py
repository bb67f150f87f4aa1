"""One run against one target, and what prepares it.

`target_argument` turns `--target` into targets, `prompts` asks for credentials at a terminal, `run` prepares, plays
and finishes, `background` plays while checks are judged, `plan` says what a run will cost, `provision` creates
reports for later runs, `doctor` and `rehearsal` look whether a target is as described.
"""
