"""The history of one target: what its runs found, one after the other. `series` has the facts; `table` and `drawing`
show them in a terminal and as SVG.

Rule: pure functions over `report.runs`.
"""
