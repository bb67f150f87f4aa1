"""Recorded runs against running servers, replayed to the editions of the reference server.

`runs/<version>.json.gz` holds the exchanges of one run, reduced by `reduce` to what is compared. `replay` sends
the same requests to an edition in the same states; `test_replay` lists what may differ, each with its reason.
"""
