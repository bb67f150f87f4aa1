"""From a transcript to a verdict.

`collection` finds the packaged checks, `evaluate` calls them over transcripts, `expect` and `file_formats` are their
assertions. `outcome_table` is the one table of outcomes and verdicts, `outcomes` and `verdicts` hold the rules over it,
`waivers` are failures that the operator accepts, `conformance` is what the user's own tests read.
"""
