"""From a scenario to its transcript.

`recorder` plays the scenarios that are needed, together; `steps` is what a scenario sends its requests with;
`polling` waits until something on the target is done.
"""
