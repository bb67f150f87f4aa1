"""From a transcript to a verdict.

`collection` finds the packaged checks, `evaluate` calls them over transcripts, `expect` and `file_formats` are their
assertions, `outcomes` is the table of outcomes and the rules for groups and the verdict, `waivers` are failures that
the operator accepts.
"""
